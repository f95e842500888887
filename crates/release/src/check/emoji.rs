//! Which characters are emoji: those that are shown as pictures unless a text asks otherwise
//! (`Emoji_Presentation` of Unicode Technical Standard 51), and any that a text asks to be.

/// The first emoji of a text, with what belongs to it.
pub(super) fn first(text: &str) -> Option<&str> {
    use unicode_segmentation::UnicodeSegmentation as _;
    text.graphemes(true).find(|grapheme| grapheme.chars().any(is_shown_as_picture))
}

fn is_shown_as_picture(c: char) -> bool {
    /// Asks that the character before it be a picture; frames a key.
    const ASKS: [char; 2] = ['\u{fe0f}', '\u{20e3}'];
    ASKS.contains(&c) || PICTURES.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

const PICTURES: &[(char, char)] = &[
    ('\u{231a}', '\u{231b}'),
    ('\u{23e9}', '\u{23ec}'),
    ('\u{23f0}', '\u{23f0}'),
    ('\u{23f3}', '\u{23f3}'),
    ('\u{25fd}', '\u{25fe}'),
    ('\u{2614}', '\u{2615}'),
    ('\u{2648}', '\u{2653}'),
    ('\u{267f}', '\u{267f}'),
    ('\u{2693}', '\u{2693}'),
    ('\u{26a1}', '\u{26a1}'),
    ('\u{26aa}', '\u{26ab}'),
    ('\u{26bd}', '\u{26be}'),
    ('\u{26c4}', '\u{26c5}'),
    ('\u{26ce}', '\u{26ce}'),
    ('\u{26d4}', '\u{26d4}'),
    ('\u{26ea}', '\u{26ea}'),
    ('\u{26f2}', '\u{26f3}'),
    ('\u{26f5}', '\u{26f5}'),
    ('\u{26fa}', '\u{26fa}'),
    ('\u{26fd}', '\u{26fd}'),
    ('\u{2705}', '\u{2705}'),
    ('\u{270a}', '\u{270b}'),
    ('\u{2728}', '\u{2728}'),
    ('\u{274c}', '\u{274c}'),
    ('\u{274e}', '\u{274e}'),
    ('\u{2753}', '\u{2755}'),
    ('\u{2757}', '\u{2757}'),
    ('\u{2795}', '\u{2797}'),
    ('\u{27b0}', '\u{27b0}'),
    ('\u{27bf}', '\u{27bf}'),
    ('\u{2b1b}', '\u{2b1c}'),
    ('\u{2b50}', '\u{2b50}'),
    ('\u{2b55}', '\u{2b55}'),
    ('\u{1f004}', '\u{1f004}'),
    ('\u{1f0cf}', '\u{1f0cf}'),
    ('\u{1f18e}', '\u{1f18e}'),
    ('\u{1f191}', '\u{1f19a}'),
    ('\u{1f1e6}', '\u{1f1ff}'),
    ('\u{1f201}', '\u{1f201}'),
    ('\u{1f21a}', '\u{1f21a}'),
    ('\u{1f22f}', '\u{1f22f}'),
    ('\u{1f232}', '\u{1f236}'),
    ('\u{1f238}', '\u{1f23a}'),
    ('\u{1f250}', '\u{1f251}'),
    // Pictographs and faces. A few among them are text at first, and still pictures.
    ('\u{1f300}', '\u{1f64f}'),
    ('\u{1f680}', '\u{1f6ff}'),
    ('\u{1f7e0}', '\u{1f7f0}'),
    ('\u{1f90c}', '\u{1faff}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_from_signs_and_letters() {
        for text in
            ["", "Harbour", "Café", "Nº 5 ™ © ®", "A ♪ B ♭ C ♯", "I ❤ NY", "#1 * 2", "ليلة", "夜", "हिन्दी", "Vol. Ⅱ"]
        {
            assert_eq!(first(text), None, "{text}");
        }
        for (text, emoji) in [
            ("Fire 🔥 walk", "🔥"),
            ("I ❤️ NY", "❤️"),
            ("👩‍🚀", "👩‍🚀"),
            ("🇩🇪", "🇩🇪"),
            ("1️⃣", "1️⃣"),
            ("⭐", "⭐"),
            ("🫠", "🫠"),
        ] {
            assert_eq!(first(text), Some(emoji), "{text}");
        }
    }
}

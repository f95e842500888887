//! How tracks, titles and figures are written in messages.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::{Release, Track};

/// `Track 2 "Harbour Lights"`; with its disc where there are several.
pub(super) fn track_name(release: &Release, track: &Track) -> String {
    let several_discs = release.tracks.iter().any(|other| other.disc != track.disc);
    let disc = if several_discs { format!(" of disc {}", track.disc) } else { String::new() };
    let title = track.display_title();
    let title = if title.trim().is_empty() { String::new() } else { format!(" {}", quoted(&title)) };
    format!("Track {}{disc}{title}", track.number)
}

/// A text from a person or a file inside a sentence: in quotes, cut where it is very long, without characters that
/// would steer a terminal, and with right-to-left writing kept from turning the sentence around it.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.trim().graphemes(true).take(LONGEST).collect();
    if shown.len() < text.trim().len() {
        shown.push('…');
    }
    let shown = shown.replace(|c: char| c.is_control(), "\u{fffd}");
    if shown.chars().any(turns_direction) {
        // First strong isolate, pop directional isolate (Unicode Standard Annex 9).
        format!("\"\u{2068}{shown}\u{2069}\"")
    } else {
        format!("\"{shown}\"")
    }
}

/// Whether a character is of a script written from right to left, or a sign that embeds or overrides a direction.
fn turns_direction(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
        | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `3,000`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 track`, `2,000 tracks`.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// A rate in Hz as `44.1 kHz`.
pub(super) fn kilohertz(hertz: u32) -> String {
    format!("{} kHz", f64::from(hertz) / 1000.0)
}

/// `−0.26`, with the sign that print uses for minus.
pub(super) fn decibels(value: f64) -> String {
    let hundredths = format!("{value:.2}");
    match hundredths.strip_prefix('-') {
        Some("0.00") => "0.00".to_owned(),
        Some(positive) => format!("−{positive}"),
        None => hundredths,
    }
}

/// `A`, `A and B`, `A, B and C`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_are_written_as_people_write_them() {
        let written = [0, 7, 999, 1_000, 44_100, 1_234_567, u64::MAX].map(thousands);
        let expected = ["0", "7", "999", "1,000", "44,100", "1,234,567", "18,446,744,073,709,551,615"];
        assert_eq!(written, expected);
        assert_eq!([44_100, 48_000, 176_400, 8].map(kilohertz), ["44.1 kHz", "48 kHz", "176.4 kHz", "0.008 kHz"]);
        assert_eq!([-0.264, -1.0, 0.004, -0.004, 1.33].map(decibels), ["−0.26", "−1.00", "0.00", "0.00", "1.33"]);
        assert_eq!(
            [counted(1, "packet", "packets"), counted(1200, "packet", "packets")],
            ["1 packet", "1,200 packets"]
        );
    }

    #[test]
    fn texts_of_others_cannot_disturb_a_sentence() {
        assert_eq!(quoted(" Harbour "), "\"Harbour\"");
        assert_eq!(quoted("\u{1b}[31mred"), "\"\u{fffd}[31mred\"");
        assert_eq!(quoted("ليلة"), "\"\u{2068}ليلة\u{2069}\"");
        assert_eq!(quoted(&"x".repeat(200)), format!("\"{}…\"", "x".repeat(60)));
        // A family of four is one character to a person.
        let family = "👨‍👩‍👧‍👦".repeat(60);
        assert_eq!(quoted(&family), format!("\"{family}\""));
    }

    proptest! {
        #[test]
        fn no_text_makes_quoting_panic(text in any::<String>()) {
            let shown = quoted(&text);
            prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}

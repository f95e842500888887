//! The ways in which titles and names mention a guest.

/// The word by which a guest is mentioned in another form than `(feat. A, B & C)` or `(with X)`; none where nobody is,
/// or where the form is right.
pub(super) fn misspelt(text: &str) -> Option<&str> {
    mentions(text).into_iter().find(|mention| !mention.right).map(|mention| mention.word)
}

/// Whether a guest is mentioned in any form but `with`, which stands in many a name.
pub(super) fn names_a_guest(text: &str) -> bool {
    !mentions(text).is_empty()
}

struct Mention<'a> {
    word: &'a str,
    right: bool,
}

fn mentions(text: &str) -> Vec<Mention<'_>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut mentions = Vec::new();
    for (i, written) in words.iter().enumerate() {
        let word = written.trim_start_matches(['(', '[']);
        let bracketed = word.len() < written.len();
        // Without a name before it or after it, it is part of a title: "Featuring You", "No Small Feat".
        let between = (i > 0 || bracketed) && i + 1 < words.len();
        let before = if i > 0 { words[i - 1] } else { "" };
        let after = words.get(i + 1).copied().unwrap_or_default();
        let mention = match word.to_lowercase().as_str() {
            "feat." => between,
            // "A Feat of Strength", "Six Ft Under" and "6 ft Under" are no guests.
            "feat" => between && !after.eq_ignore_ascii_case("of"),
            "ft" | "ft." => between && !is_number(before),
            "featuring" => between,
            "w/" => between,
            slashed => slashed.starts_with("w/") && !slashed.starts_with("w/o") && i > 0,
        };
        if mention {
            mentions.push(Mention { word, right: bracketed && word == "feat." });
        }
    }
    mentions
}

fn is_number(word: &str) -> bool {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    word.chars().all(|c| c.is_ascii_digit()) || WORDS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_mentioned_in_one_form_only() {
        for right in [
            "Harbour",
            "Harbour (feat. Bo Birk)",
            "Harbour (feat. Bo Birk, Cy Cole & Di Dahl)",
            "Harbour (Live) [feat. Bo Birk]",
            "Harbour (with Bo Birk)",
            "Defeat",
            "No Small Feat",
            "A Feat of Strength",
            "Featuring You",
            "6 ft Under",
            "Six Ft Under",
            "Drift",
            "W/O You",
            "Me w/o You",
            "",
        ] {
            assert_eq!(misspelt(right), None, "{right}");
        }
        for (wrong, word) in [
            ("Harbour featuring Bo Birk", "featuring"),
            ("Harbour (Featuring Bo Birk)", "Featuring"),
            ("Harbour Feat. Bo Birk", "Feat."),
            ("Harbour (Feat. Bo Birk)", "Feat."),
            ("Harbour feat. Bo Birk", "feat."),
            ("Harbour (feat Bo Birk)", "feat"),
            ("Harbour ft Bo Birk", "ft"),
            ("Harbour [ft. Bo Birk]", "ft."),
            ("Harbour w/ Bo Birk", "w/"),
            ("Harbour w/Bo Birk", "w/Bo"),
            ("ليلة ft. بو", "ft."),
        ] {
            assert_eq!(misspelt(wrong), Some(word), "{wrong}");
        }
    }
}

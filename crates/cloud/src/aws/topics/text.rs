//! Texts as SNS takes them.

use unicode_segmentation::UnicodeSegmentation as _;

/// A subject has fewer than 100 characters.
const LONGEST_SUBJECT: usize = 99;
/// And a sender's name at most 100.
const LONGEST_NAME: usize = 100;

/// What a topic shows as sender: SNS takes a hundred characters.
pub(super) fn display_name(artist: &str) -> String {
    let plain: String = artist.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    within_characters(plain.trim(), LONGEST_NAME)
}

/// A subject as SNS takes it. Its wording is on one line already.
pub(super) fn subject(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    within_characters(plain.trim(), LONGEST_SUBJECT)
}

/// A text of at most so many characters, an ellipsis where something is left out, and no letter cut apart. Characters are
/// counted as Java does, by halves of UTF-16: whichever way SNS counts, it is not more.
fn within_characters(text: &str, most: usize) -> String {
    if halves(text) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut length = 1;
    for letter in text.graphemes(true) {
        length += halves(letter);
        if length > most {
            break;
        }
        short.push_str(letter);
    }
    format!("{}…", short.trim_end())
}

fn halves(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// A text of at most so many bytes.
pub(super) fn within(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(most - '…'.len_utf8())])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_title_is_cut_between_letters() {
        assert_eq!(subject("“Tidewater” is live"), "“Tidewater” is live");
        let long = subject(&"é\u{301}".repeat(80));
        assert!(long.ends_with("\u{301}…"), "{long}");
        assert_eq!(long.chars().count(), 99);
        assert_eq!(subject(&"𝄞".repeat(80)), format!("{}…", "𝄞".repeat(49)));
        assert_eq!(within("aéb", 3), "…");
        assert_eq!(within(&"é".repeat(10), 12), format!("{}…", "é".repeat(4)));
    }

    proptest! {
        #[test]
        fn whatever_a_title_is_sns_takes_it(text in any::<String>(), most in 3_usize..300) {
            let subject = subject(&text);
            prop_assert!(halves(&subject) < 100);
            prop_assert!(!subject.chars().any(char::is_control));
            prop_assert!(halves(&display_name(&text)) <= 100);
            prop_assert!(within(&text, most).len() <= most);
        }
    }
}

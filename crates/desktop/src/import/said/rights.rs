//! Copyright tags hold the © line, the ℗ line, or both.

/// The © and the ℗ line of a copyright tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rights<'a> {
    pub(super) c_line: Option<&'a str>,
    pub(super) p_line: Option<&'a str>,
}

/// Reads a copyright tag. What bears no sign is a © line.
pub(super) fn read(text: &str) -> Rights<'_> {
    let text = text.trim();
    if text.is_empty() {
        return Rights::default();
    }
    let (first, after) = signs_at_start(text);
    // "© 1994 Owner ℗ 1994 Other": the second sign begins the other line.
    let second = text
        .char_indices()
        .skip_while(|(at, _)| *at < text.len() - after.len())
        .find(|(at, _)| sign_at(&text[*at..]).is_some());
    let (head, tail) = match second {
        Some((at, _)) if first != Signs::Both => (&text[..at], Some(&text[at..])),
        _ => (text, None),
    };
    let head = some(head.trim_end_matches([' ', ',', ';', '/', '|', '&']));
    let mut rights = match first {
        Signs::Both => Rights { c_line: some(after), p_line: some(after) },
        Signs::P => Rights { c_line: None, p_line: head },
        Signs::C | Signs::None => Rights { c_line: head, p_line: None },
    };
    if let Some(tail) = tail {
        let other = read(tail);
        rights.c_line = rights.c_line.or(other.c_line);
        rights.p_line = rights.p_line.or(other.p_line);
    }
    rights
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signs {
    None,
    C,
    P,
    Both,
}

/// The signs that a text begins with, "© & ℗", and what follows them.
fn signs_at_start(text: &str) -> (Signs, &str) {
    let mut found = Signs::None;
    let mut rest = text;
    // The word is a sign at the start only: "© 1994 Copyright Control".
    if let Some(after) = text.get(..9).filter(|word| word.eq_ignore_ascii_case("copyright")).map(|_| &text[9..]) {
        found = Signs::C;
        rest = after.trim_start();
    }
    while let Some((sign, length)) = sign_at(rest) {
        found = if found == Signs::None || found == sign { sign } else { Signs::Both };
        let after = rest[length..].trim_start_matches([' ', '\u{a0}']);
        // What joins two signs is dropped only where another sign follows.
        let joined = after.trim_start_matches([' ', '&', '+', '/', ',']);
        let joined = joined.strip_prefix("and ").unwrap_or(joined);
        rest = if sign_at(joined).is_some() { joined } else { after };
    }
    (found, rest)
}

fn sign_at(text: &str) -> Option<(Signs, usize)> {
    [("℗", Signs::P), ("ⓟ", Signs::P), ("(p)", Signs::P), ("©", Signs::C), ("(c)", Signs::C)].into_iter().find_map(
        |(sign, kind)| {
            let start = text.get(..sign.len())?;
            start.eq_ignore_ascii_case(sign).then_some((kind, sign.len()))
        },
    )
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_copyright_tag_is_one_line_or_both() {
        for (text, c_line, p_line) in [
            ("1994 Owner", Some("1994 Owner"), None),
            ("© 1994 Owner", Some("© 1994 Owner"), None),
            ("(C) 1994 Owner", Some("(C) 1994 Owner"), None),
            ("Copyright © 1994 Owner", Some("Copyright © 1994 Owner"), None),
            ("Copyright 1994 Owner", Some("Copyright 1994 Owner"), None),
            ("© 1994 Copyright Control", Some("© 1994 Copyright Control"), None),
            ("℗ 1994 Owner", None, Some("℗ 1994 Owner")),
            ("(P) 1994 Owner", None, Some("(P) 1994 Owner")),
            ("℗ & © 1994 Owner", Some("1994 Owner"), Some("1994 Owner")),
            ("©℗1994 Owner", Some("1994 Owner"), Some("1994 Owner")),
            ("(P) and (C) 1994 Owner", Some("1994 Owner"), Some("1994 Owner")),
            ("© 1994 Owner ℗ 1993 Other", Some("© 1994 Owner"), Some("℗ 1993 Other")),
            ("℗ 1993 Other, © 1994 Owner", Some("© 1994 Owner"), Some("℗ 1993 Other")),
            ("℗ Smith & Sons", None, Some("℗ Smith & Sons")),
            ("All rights reserved", Some("All rights reserved"), None),
            ("  ", None, None),
        ] {
            assert_eq!(read(text), Rights { c_line, p_line }, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "(©|℗|\\(p\\)|\\(C\\)|&|, |and |1994|é|\\PC){0,12}") {
            let rights = read(&text);
            for line in [rights.c_line, rights.p_line].into_iter().flatten() {
                prop_assert!(text.contains(line) && !line.is_empty());
            }
        }
    }
}

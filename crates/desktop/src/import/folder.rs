//! What the names of folders say of a release.

/// The disc that a folder is named after, and what its name says of the release beside.
///
/// `CD1`, `CD 1`, `Disc 2`, `disk_03`, and the same behind a title: `Some Album (Disc 1)`, `Some Album - CD2`.
pub(super) fn disc(name: &str) -> Option<(u32, &str)> {
    let name = name.trim();
    // Titles of discs follow a separator: "CD1 - The Early Years".
    if let Some((number, rest)) = disc_at_start(name)
        && (rest.is_empty() || rest.starts_with(is_break))
    {
        return Some((number, ""));
    }
    name.char_indices().filter(|(_, c)| is_break(*c)).find_map(|(at, c)| {
        let (number, rest) = disc_at_start(&name[at + c.len_utf8()..])?;
        let before = name[..at].trim_end_matches(is_break);
        (rest.chars().all(is_break) && !before.is_empty()).then_some((number, before))
    })
}

/// What a folder's name says of a release: its artist where it says one, and its title.
///
/// A year at the end and what shops and rippers put in brackets there are not part of the title.
pub(super) fn album(name: &str) -> Option<(Option<&str>, &str)> {
    let name = disc(name).map_or(name, |(_, rest)| rest).trim();
    let name = strip_trailing_brackets(name);
    if name.is_empty() {
        return None;
    }
    let parts: Vec<&str> = name.split(" - ").map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [artist, title] if !is_year(artist) => Some((Some(artist), title)),
        [artist, year, title] if is_year(year) => Some((Some(artist), title)),
        [year, artist, title] if is_year(year) => Some((Some(artist), title)),
        [year, title] if is_year(year) => Some((None, title)),
        _ => Some((None, name)),
    }
}

fn disc_at_start(text: &str) -> Option<(u32, &str)> {
    let word = ["cd", "disc", "disk"]
        .into_iter()
        .find(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))?;
    let rest = text[word.len()..].trim_start_matches([' ', '_', '-', '.', '#']);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest[..digits].parse().ok().filter(|number| digits <= 2 && *number > 0)?;
    Some((number, &rest[digits..]))
}

fn is_break(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '–' | '_' | '.' | ',' | ':' | '(' | ')' | '[' | ']' | '{' | '}')
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) && (text.starts_with("19") || text.starts_with("20"))
}

/// Drops `(1994)`, `[FLAC]`, `[WEB 24-96]`, `{…}` at the end, but no other parentheses: those are the version's.
fn strip_trailing_brackets(name: &str) -> &str {
    let mut name = name.trim();
    loop {
        let open = match name.chars().last() {
            Some(')') => name.rfind('(').filter(|at| is_year(name[at + 1..name.len() - 1].trim())),
            Some(']') => name.rfind('['),
            Some('}') => name.rfind('{'),
            _ => None,
        };
        match open {
            Some(at) if at > 0 => name = name[..at].trim_end(),
            _ => return name,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folders_of_discs_are_known() {
        for (name, expected) in [
            ("CD1", Some((1, ""))),
            ("cd 02", Some((2, ""))),
            ("Disc 2", Some((2, ""))),
            ("disk_3", Some((3, ""))),
            ("CD-4", Some((4, ""))),
            ("CD1 - The Early Years", Some((1, ""))),
            ("Disc 1 (Live)", Some((1, ""))),
            ("Some Album (Disc 1)", Some((1, "Some Album"))),
            ("Some Album [CD 2]", Some((2, "Some Album"))),
            ("Some Album - CD2", Some((2, "Some Album"))),
            ("Some Album CD2", Some((2, "Some Album"))),
            ("Some Album, Disc 12", Some((12, "Some Album"))),
            ("CD", None),
            ("CD0", None),
            ("CD100", None),
            ("CDs", None),
            ("CD1a", None),
            ("Discography", None),
            ("Discover 2 Worlds", None),
            ("ACDC 1", None),
            ("Some Album", None),
            ("", None),
        ] {
            assert_eq!(disc(name), expected, "{name:?}");
        }
    }

    #[test]
    fn folders_of_albums_say_artist_and_title() {
        for (name, expected) in [
            ("Some Album", Some((None, "Some Album"))),
            ("Some Artist - Some Album", Some((Some("Some Artist"), "Some Album"))),
            ("Some Artist - Some Album (1994)", Some((Some("Some Artist"), "Some Album"))),
            ("Some Artist - Some Album (1994) [FLAC]", Some((Some("Some Artist"), "Some Album"))),
            ("Some Artist - Some Album (Live)", Some((Some("Some Artist"), "Some Album (Live)"))),
            ("Some Artist - 1994 - Some Album", Some((Some("Some Artist"), "Some Album"))),
            ("1994 - Some Album", Some((None, "Some Album"))),
            ("1994 - Some Artist - Some Album", Some((Some("Some Artist"), "Some Album"))),
            ("A - B - C", Some((None, "A - B - C"))),
            ("Some Album (Disc 1)", Some((None, "Some Album"))),
            ("1984", Some((None, "1984"))),
            ("[FLAC]", Some((None, "[FLAC]"))),
            (" - ", Some((None, "-"))),
            ("CD1", None),
            ("", None),
        ] {
            assert_eq!(album(name), expected, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn any_name_can_be_read(name in "\\PC*") {
            disc(&name);
            album(&name);
        }

        #[test]
        fn names_of_brackets_can_be_read(name in "[CDcdis1-9 ()\\[\\]{}éא_-]{0,30}") {
            disc(&name);
            album(&name);
        }
    }
}

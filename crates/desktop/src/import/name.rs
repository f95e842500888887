//! What the names of files say of a track.

/// What a file's name says; a part that it does not say is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TrackName {
    /// Digits at the place of a UPC; whether they are one is for [`release::Upc`] to say.
    pub(super) upc: Option<String>,
    pub(super) album: Option<String>,
    pub(super) artist: Option<String>,
    pub(super) disc: Option<u32>,
    pub(super) number: Option<u32>,
    pub(super) title: Option<String>,
    /// Whether the number could as well be the beginning of the title, as in "99 Luftballons".
    pub(super) unsure: bool,
}

/// Reads the name of a file without its extension.
///
/// The patterns, in this order: `UPC_DD_TTT`; `D-NN …`; `NN - Artist - Title`, `NN - Title`, `NN. Title`,
/// `NN Title`, `NN`; `Artist - Album - NN Title` as shops write it; anything else is a title.
pub(super) fn read(stem: &str) -> TrackName {
    let stem = stem.trim();
    delivery_name(stem)
        .or_else(|| numbered(stem))
        .or_else(|| shop_name(stem))
        .unwrap_or_else(|| TrackName { title: text(stem), ..TrackName::default() })
}

impl TrackName {
    /// The same name read again with its number as part of the title.
    pub(super) fn without_number(stem: &str) -> Self {
        Self { title: text(stem), ..Self::default() }
    }
}

/// `190295810726_01_003`.
fn delivery_name(stem: &str) -> Option<TrackName> {
    let mut parts = stem.split('_');
    let (upc, disc, number) = (parts.next()?, parts.next()?, parts.next()?);
    let is_one = parts.next().is_none() && (12..=14).contains(&upc.len()) && (1..=2).contains(&disc.len());
    if !is_one || !is_digits(upc) {
        return None;
    }
    let disc = place(disc)?;
    let number = place(number)?;
    Some(TrackName { upc: Some(upc.to_owned()), disc: Some(disc), number: Some(number), ..TrackName::default() })
}

/// A name that starts with the track's number, perhaps behind the disc's.
fn numbered(stem: &str) -> Option<TrackName> {
    let (digits, rest) = split_digits(stem);
    let first = place(digits)?;
    // "1-02 Title": the disc has one digit and the track two, or it could be a span of years or a score.
    if digits.len() == 1
        && let Some(rest) = rest.strip_prefix(['-', '.'])
    {
        let (track, rest) = split_digits(rest);
        if track.len() == 2 && (rest.is_empty() || rest.starts_with(is_separator)) {
            let number = place(track)?;
            return Some(TrackName { disc: Some(first), ..credited(number, separated(rest).0) });
        }
    }
    if !rest.is_empty() && !rest.starts_with(is_separator) {
        return None;
    }
    let (rest, spaced_only) = separated(rest);
    let unsure = spaced_only && !rest.is_empty() && !digits.starts_with('0');
    Some(TrackName { unsure, ..credited(first, rest) })
}

/// `Artist - Title` or `Title` behind a number.
fn credited(number: u32, rest: &str) -> TrackName {
    let (artist, title) = match rest.split_once(" - ") {
        Some((artist, title)) if text(artist).is_some() && text(title).is_some() => (text(artist), text(title)),
        _ => (None, text(rest)),
    };
    TrackName { number: Some(number), artist, title, ..TrackName::default() }
}

/// `Artist - Album - 01 Title`, `Artist - 01 Title`.
fn shop_name(stem: &str) -> Option<TrackName> {
    let parts: Vec<&str> = stem.split(" - ").collect();
    let (album, numbered, title) = match parts.as_slice() {
        [_, numbered] => (None, *numbered, None),
        [_, album, numbered] if !starts_with_place(album) => (text(album), *numbered, None),
        [_, numbered, title] => (None, *numbered, Some(*title)),
        [_, album, numbered, title] => (text(album), *numbered, Some(*title)),
        _ => return None,
    };
    let artist = text(parts.first()?)?;
    if !starts_with_place(numbered) {
        return None;
    }
    let (digits, rest) = split_digits(numbered);
    let rest = separated(rest).0;
    // A fourth part is the title only where the third is a number and nothing else.
    let title = match title {
        Some(title) if rest.is_empty() => text(title)?,
        None => text(rest)?,
        Some(_) => return None,
    };
    let number = place(digits)?;
    Some(TrackName { album, artist: Some(artist), number: Some(number), title: Some(title), ..TrackName::default() })
}

/// Two digits and an end or a separator: fewer or more are as likely part of a title.
fn starts_with_place(part: &str) -> bool {
    let (digits, rest) = split_digits(part);
    digits.len() == 2 && place(digits).is_some() && (rest.is_empty() || rest.starts_with(is_separator))
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// A disc's or a track's number: up to three digits, from 1. Four are a year.
fn place(digits: &str) -> Option<u32> {
    if digits.is_empty() || digits.len() > 3 || !is_digits(digits) {
        return None;
    }
    digits.parse().ok().filter(|number| *number > 0)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '.' | '_' | ')' | ']') || c.is_whitespace()
}

/// What follows the separators, and whether they were only spaces.
fn separated(rest: &str) -> (&str, bool) {
    let text = rest.trim_start_matches(is_separator);
    let separators = &rest[..rest.len() - text.len()];
    (text, separators.chars().all(char::is_whitespace))
}

/// A name's part as a person would write it: underscores stand for spaces where there are no others.
fn text(part: &str) -> Option<String> {
    let part = part.trim();
    let spaced = if part.contains(' ') { part.to_owned() } else { part.replace('_', " ") };
    let spaced = spaced.trim();
    (!spaced.is_empty()).then(|| spaced.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(stem: &str) -> String {
        let name = read(stem);
        let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        let text = |t: Option<String>| t.unwrap_or_default();
        let parts = [
            text(name.upc),
            text(name.album),
            text(name.artist),
            number(name.disc),
            number(name.number),
            text(name.title),
        ];
        format!("{}{}", parts.join("|"), if name.unsure { "?" } else { "" })
    }

    #[test]
    fn names_are_read_by_their_patterns() {
        // upc | album | artist | disc | number | title
        for (stem, expected) in [
            ("190295810726_01_003", "190295810726|||1|3|"),
            ("0190295810726_2_12", "0190295810726|||2|12|"),
            ("190295810726_01_003_x", "|||||190295810726 01 003 x"),
            ("190295810726_00_003", "|||||190295810726 00 003"),
            ("01 Title", "||||1|Title"),
            ("1 Title", "||||1|Title?"),
            ("99 Luftballons", "||||99|Luftballons?"),
            ("01. Title", "||||1|Title"),
            ("12. Title", "||||12|Title"),
            ("01_Some_Title", "||||1|Some Title"),
            ("01-Title", "||||1|Title"),
            ("01 - Title", "||||1|Title"),
            ("01 – Title", "||||1|Title"),
            ("(01) Title", "|||||(01) Title"),
            ("03 - Some Artist - Some Title", "||Some Artist||3|Some Title"),
            ("03 - Some Artist - Some Title - Live", "||Some Artist||3|Some Title - Live"),
            ("03 -  - Title", "||||3|Title"),
            ("1-02 Title", "|||1|2|Title"),
            ("2-11 - Some Artist - Title", "||Some Artist|2|11|Title"),
            ("1.07 Title", "|||1|7|Title"),
            ("1-2-3", "||||1|2-3"),
            ("007 Title", "||||7|Title"),
            ("1979", "|||||1979"),
            ("1979 Title", "|||||1979 Title"),
            ("2nd Movement", "|||||2nd Movement"),
            ("4x4", "|||||4x4"),
            ("07", "||||7|"),
            ("000", "|||||000"),
            ("00 Intro", "|||||00 Intro"),
            ("Some Artist - Some Album - 01 Some Title", "|Some Album|Some Artist||1|Some Title"),
            ("Some Artist - Some Album - 01 - Some Title", "|Some Album|Some Artist||1|Some Title"),
            ("Some Artist - 01 - Some Title", "||Some Artist||1|Some Title"),
            ("Some Artist - 01 Some Title", "||Some Artist||1|Some Title"),
            ("Some Artist - Some Title", "|||||Some Artist - Some Title"),
            ("Some Artist - 1979", "|||||Some Artist - 1979"),
            ("Title", "|||||Title"),
            ("  Some  Title ", "|||||Some  Title"),
            ("under_scored", "|||||under scored"),
            ("", "|||||"),
            ("___", "|||||"),
            ("עברית 01", "|||||עברית 01"),
            ("01 שלום", "||||1|שלום"),
            ("99999999999999999999 Title", "|||||99999999999999999999 Title"),
        ] {
            assert_eq!(shown(stem), expected, "{stem:?}");
        }
    }

    proptest! {
        #[test]
        fn any_name_can_be_read(stem in "\\PC*") {
            read(&stem);
        }

        #[test]
        fn names_of_digits_and_separators_can_be_read(stem in "[0-9 _.\\-–()אA]{0,40}") {
            let name = read(&stem);
            prop_assert!(name.number != Some(0) && name.disc != Some(0));
            prop_assert!(name.title.as_deref() != Some(""));
        }

        #[test]
        fn a_number_and_a_title_come_back(number in 1u32..1000, title in "[A-Za-z][A-Za-z ,']{0,30}[a-z]") {
            let name = read(&format!("{number:02} {title}"));
            prop_assert_eq!(name.number, Some(number));
            prop_assert_eq!(name.title.as_deref(), Some(title.as_str()));
        }
    }
}

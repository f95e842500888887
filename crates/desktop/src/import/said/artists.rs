//! Who is a main artist and who a featured one, where that is certain.

/// Names of main and of featured artists; where it is not certain how a line divides, it is one name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Artists {
    pub(super) main: Vec<String>,
    pub(super) featured: Vec<String>,
}

const SIGNS: [&str; 5] = ["feat.", "feat", "ft.", "ft", "featuring"];

impl Artists {
    /// Divides the line of artists, given once or as several values, with the help of a list of names, which taggers
    /// write beside it.
    pub(super) fn read(lines: &[String], names: &[String]) -> Self {
        match lines {
            [] => Self { main: names.to_vec(), featured: Vec::new() },
            [line] => Self::of_line(line, names),
            // Several values are several names, and each may bring a guest.
            several => several.iter().map(|line| Self::of_line(line, &[])).fold(Self::default(), |mut all, one| {
                all.main.extend(one.main);
                all.featured.extend(one.featured);
                all
            }),
        }
    }

    fn of_line(line: &str, names: &[String]) -> Self {
        let (main, guests) = split_guests(line).unwrap_or((line, ""));
        if let (Some(main), Some(featured)) = (made_of(main, names), made_of(guests, names)) {
            return Self { main, featured };
        }
        match certain_names(guests) {
            Some(featured) => Self { main: vec![main.to_owned()], featured },
            None => Self { main: vec![line.to_owned()], featured: Vec::new() },
        }
    }
}

/// Takes the guests out of a title, where they stand in brackets and it is certain who they are.
pub(super) fn guests_in_title(title: &str, names: &[String]) -> Option<(String, Vec<String>)> {
    let (open, close) = title.char_indices().filter(|(_, c)| matches!(c, '(' | '[')).find_map(|(open, bracket)| {
        let closing = if bracket == '(' { ')' } else { ']' };
        let inside = &title[open + 1..];
        let close = open + 1 + inside.find(closing)?;
        after_sign(&inside[..close - open - 1]).map(|_| (open, close))
    })?;
    let guests = after_sign(&title[open + 1..close])?;
    let guests = made_of(guests, names).or_else(|| certain_names(guests))?;
    let rest = [title[..open].trim_end(), title[close + 1..].trim_start()].join(" ");
    let rest = rest.trim();
    (!rest.is_empty()).then(|| (rest.to_owned(), guests))
}

/// `Somebody feat. Another`, `Somebody (feat. Another)`.
fn split_guests(line: &str) -> Option<(&str, &str)> {
    line.char_indices().filter(|(_, c)| c.is_whitespace() || matches!(c, '(' | '[')).find_map(|(at, c)| {
        let guests = after_sign(&line[at + c.len_utf8()..])?;
        let main = line[..at].trim_end_matches([' ', '(', '[', ',']);
        let guests = match c {
            '(' => guests.strip_suffix(')')?,
            '[' => guests.strip_suffix(']')?,
            _ => guests,
        };
        (!main.is_empty()).then_some((main, guests))
    })
}

/// What follows a sign of guests.
fn after_sign(text: &str) -> Option<&str> {
    let word = text.split(char::is_whitespace).next()?;
    let is_sign = SIGNS.iter().any(|sign| word.eq_ignore_ascii_case(sign));
    let rest = text[word.len()..].trim();
    (is_sign && !rest.is_empty()).then_some(rest)
}

/// One name, or several that semicolons separate. A comma or an "&" may be part of a name.
fn certain_names(text: &str) -> Option<Vec<String>> {
    const UNCERTAIN: [&str; 7] = [",", "&", "/", "+", " and ", " x ", " with "];
    let lower = text.to_lowercase();
    if text.is_empty() || UNCERTAIN.iter().any(|sign| lower.contains(sign)) {
        return None;
    }
    Some(text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// The names that a text is made of and nothing else, but for what joins them.
fn made_of(text: &str, names: &[String]) -> Option<Vec<String>> {
    let mut rest = text.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        // The longest first: one name may begin as another does.
        let name = names.iter().filter(|name| starts_with_name(rest, name)).max_by_key(|name| name.len())?;
        found.push(name.clone());
        rest = rest[name.len()..].trim_start();
        if !rest.is_empty() {
            let joint = [",", "&", ";", "/", "and ", "x ", "with ", "vs. ", "+"]
                .into_iter()
                .find(|joint| rest.get(..joint.len()).is_some_and(|start| start.eq_ignore_ascii_case(joint)))?;
            rest = rest[joint.len()..].trim_start();
            if rest.is_empty() {
                return None;
            }
        }
    }
    Some(found)
}

fn starts_with_name(text: &str, name: &str) -> bool {
    !name.is_empty() && text.starts_with(name) && !text[name.len()..].starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn shown(lines: &[&str], names: &[&str]) -> String {
        let artists = Artists::read(&strings(lines), &strings(names));
        format!("{} | {}", artists.main.join("; "), artists.featured.join("; "))
    }

    #[test]
    fn artists_are_divided_where_that_is_certain() {
        for (lines, names, expected) in [
            (&["Ann Ash"][..], &[][..], "Ann Ash | "),
            (&["Ann Ash", "Bo Birk"], &[], "Ann Ash; Bo Birk | "),
            (&["Earth, Wind & Fire"], &[], "Earth, Wind & Fire | "),
            (&["Ann Ash & Bo Birk"], &["Ann Ash", "Bo Birk"], "Ann Ash; Bo Birk | "),
            (&["Ann Ash feat. Bo Birk"], &[], "Ann Ash | Bo Birk"),
            (&["Ann Ash (feat. Bo Birk)"], &[], "Ann Ash | Bo Birk"),
            (&["Ann Ash [Ft Bo Birk]"], &[], "Ann Ash | Bo Birk"),
            (&["Ann Ash, featuring Bo Birk"], &[], "Ann Ash | Bo Birk"),
            (&["Ann Ash feat. Bo Birk & Cy Cole"], &[], "Ann Ash feat. Bo Birk & Cy Cole | "),
            (&["Ann feat. Bo & Cy"], &["Ann", "Bo", "Cy"], "Ann | Bo; Cy"),
            (&["Ann feat. Bo & Cy"], &["Ann", "Bo & Cy", "Bo"], "Ann | Bo & Cy"),
            (&["Ann, Bo feat. Cy"], &["Ann", "Bo", "Cy"], "Ann; Bo | Cy"),
            (&["Ann feat. Bo"], &["Somebody Else"], "Ann | Bo"),
            (&["Ann &"], &["Ann"], "Ann & | "),
            (&["Little Feat"], &[], "Little Feat | "),
            (&["Feat. Ann"], &[], "Feat. Ann | "),
            (&["Featherstone"], &[], "Featherstone | "),
            (&["Ann (feat. Bo"], &[], "Ann (feat. Bo | "),
            (&["Ann", "Bo feat. Cy"], &[], "Ann; Bo | Cy"),
            (&[], &["Ann"], "Ann | "),
        ] {
            assert_eq!(shown(lines, names), expected, "{lines:?} {names:?}");
        }
    }

    #[test]
    fn guests_are_taken_out_of_a_title_where_they_stand_in_brackets() {
        for (title, expected) in [
            ("Song (feat. Bo Birk)", Some(("Song", "Bo Birk"))),
            ("Song [Featuring Bo Birk]", Some(("Song", "Bo Birk"))),
            ("Song (feat. Bo Birk) [Live]", Some(("Song [Live]", "Bo Birk"))),
            ("Song (Live) (ft. Bo Birk)", Some(("Song (Live)", "Bo Birk"))),
            ("Song (feat. Bo & Cy)", None),
            ("Song feat. Bo Birk", None),
            ("(feat. Bo Birk)", None),
            ("Song (feat. )", None),
            ("Song (Featherweight)", None),
            ("Song", None),
        ] {
            let found = guests_in_title(title, &[]);
            let found = found.as_ref().map(|(title, guests)| (title.clone(), guests.join("; ")));
            assert_eq!(found, expected.map(|(t, g)| (t.to_owned(), g.to_owned())), "{title:?}");
        }
    }

    proptest! {
        #[test]
        fn any_line_can_be_read(
            lines in proptest::collection::vec("(feat\\. |ft |[(\\[\\])&,;é ]|[a-c]){0,12}", 0..3),
            names in proptest::collection::vec("[a-cé ]{0,3}", 0..3),
        ) {
            let artists = Artists::read(&lines, &names);
            let says_something = lines.iter().any(|line| !line.trim().is_empty());
            prop_assert!(!says_something || artists.main.iter().any(|name| !name.is_empty()));
            for line in &lines {
                guests_in_title(line, &names);
            }
        }
    }
}

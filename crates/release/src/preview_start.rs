//! How a person writes a place in a recording: `83`, `83.5`, `1:23`, `1:23.5`, `1:02:03`.

/// The place in milliseconds; none where the text is no place. Thousandths are the finest.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let (whole, thousandths) = match text.trim().split_once('.') {
        Some((whole, fraction)) if (1..=3).contains(&fraction.len()) => (whole, digits(&format!("{fraction:0<3}"))?),
        Some(_) => return None,
        None => (text.trim(), 0),
    };
    let parts: Vec<u64> = whole.split(':').map(digits).collect::<Option<_>>()?;
    // Below a minute or an hour there are sixty; the first number may be any.
    if parts.len() > 3 || parts.iter().skip(1).any(|part| *part >= 60) {
        return None;
    }
    let seconds = parts.iter().try_fold(0_u64, |sum, part| sum.checked_mul(60)?.checked_add(*part))?;
    seconds.checked_mul(1000)?.checked_add(thousandths)
}

/// `1:23`, `1:23.5`, `1:02:03`.
pub(crate) fn format(milliseconds: u64) -> String {
    let (seconds, thousandths) = (milliseconds / 1000, milliseconds % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let whole =
        if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") };
    match thousandths {
        0 => whole,
        _ => format!("{whole}.{thousandths:03}").trim_end_matches('0').to_owned(),
    }
}

fn digits(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) { None } else { text.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_are_read_as_people_write_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("83", Some(83_000)),
            ("83.5", Some(83_500)),
            ("1:23", Some(83_000)),
            (" 1:23.05 ", Some(83_050)),
            ("01:23", Some(83_000)),
            ("75:00", Some(4_500_000)),
            ("1:02:03.004", Some(3_723_004)),
            ("", None),
            ("1:60", None),
            ("1:2:3:4", None),
            ("1:", None),
            (":30", None),
            ("-5", None),
            ("1.2345", None),
            ("1.", None),
            ("1.5:30", None),
            ("half", None),
            ("٣", None),
            ("99999999999999999999", None),
            ("18446744073709551615", None),
        ] {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(milliseconds in 0_u64..1_000_000_000) {
            prop_assert_eq!(parse(&format(milliseconds)), Some(milliseconds));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = parse(&text);
        }
    }
}

use jiff::civil::Date;
use proptest::prelude::*;
use release::{Entry, Isrc, RightsLine, RightsLineError, Territories, Territory, Upc};

#[test]
fn an_entry_keeps_what_was_entered() {
    assert_eq!(Entry::<Upc>::read(" \t"), Entry::Missing);
    assert_eq!(Entry::<Upc>::read(" 1902 "), Entry::Invalid("1902".to_owned()));
    assert_eq!(Entry::<Upc>::read("190295810726").text(), "190295810726");
    assert_eq!(serde_json::to_string(&Entry::<Upc>::Missing).unwrap(), "null");
    assert_eq!(serde_json::from_str::<Entry<Isrc>>("\"nonsense\"").unwrap(), Entry::Invalid("nonsense".to_owned()));
    assert!(serde_json::from_str::<Entry<Isrc>>("12").is_err());
}

#[test]
fn rights_lines_are_read_with_and_without_their_signs() {
    for (text, year, owner) in [
        ("1994 Owner", 1994, "Owner"),
        ("(P) 1994 Owner", 1994, "Owner"),
        ("(p)1994 Owner", 1994, "Owner"),
        ("℗ 1994 Owner", 1994, "Owner"),
        ("℗1994, Owner", 1994, "Owner"),
        ("© 1994 Owner", 1994, "Owner"),
        ("Copyright © 1994 Owner", 1994, "Owner"),
        ("℗ & © 1994 Owner", 1994, "Owner"),
        ("1994 – Owner & Sons, Ltd.", 1994, "Owner & Sons, Ltd."),
        ("1994 2 Tone Records", 1994, "2 Tone Records"),
        ("1894\u{a0}Édition Étoile", 1894, "Édition Étoile"),
        ("2026 شركة", 2026, "شركة"),
    ] {
        let expected = RightsLine { year, owner: owner.to_owned() };
        assert_eq!(text.parse::<RightsLine>(), Ok(expected), "{text}");
    }
    for (text, error) in [
        ("", RightsLineError::Year),
        ("Owner", RightsLineError::Year),
        ("Owner 1994", RightsLineError::Year),
        ("94 Owner", RightsLineError::Year),
        ("19945 Owner", RightsLineError::Year),
        ("1849 Owner", RightsLineError::Year),
        ("١٩٩٤ Owner", RightsLineError::Year),
        ("1994", RightsLineError::Owner),
        ("℗ 1994 - ", RightsLineError::Owner),
    ] {
        assert_eq!(text.parse::<RightsLine>(), Err(error), "{text}");
    }
}

#[test]
fn territories_are_of_iso_3166() {
    for good in ["DE", "us", " XK ", "AX"] {
        assert!(good.parse::<Territory>().is_ok(), "{good}");
    }
    for bad in ["", "D", "DEU", "XX", "UK", "EU", "é"] {
        assert!(bad.parse::<Territory>().is_err(), "{bad}");
    }
    assert!(serde_json::from_str::<Territories>("{\"only\":[\"DE\",\"QQ\"]}").is_err());
}

fn read_again<T: std::str::FromStr + std::fmt::Display + PartialEq + std::fmt::Debug>(
    text: &str,
) -> Result<(), TestCaseError> {
    let entry = Entry::<T>::read(text);
    prop_assert_eq!(&Entry::read(&entry.text()), &entry);
    let stored = serde_json::to_string(&entry).unwrap();
    prop_assert_eq!(serde_json::from_str::<Entry<T>>(&stored).unwrap(), entry);
    Ok(())
}

proptest! {
    #[test]
    fn an_entry_is_shown_and_stored_and_read_again(
        any: String,
        line in "(℗|©|\\([pc]\\)|Copyright )? ?[0-9]{4,5}[ ,\\t–-]{0,4}[a-z0-9 –-]{0,6}",
        digits in "[0-9 -]{10,16}",
        date in "-?[0-9]{4,6}-[0-9]{2}-[0-9]{2}",
    ) {
        for text in [any, line, digits, date] {
            read_again::<Isrc>(&text)?;
            read_again::<Upc>(&text)?;
            read_again::<RightsLine>(&text)?;
            read_again::<Date>(&text)?;
        }
    }
}

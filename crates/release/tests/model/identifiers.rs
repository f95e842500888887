use proptest::prelude::*;
use release::{Isrc, IsrcError, Upc, UpcError};

#[test]
fn isrcs_are_read_in_every_usual_spelling() {
    for (text, expected) in [
        ("USRC17607839", "USRC17607839"),
        ("US-RC1-76-07839", "USRC17607839"),
        ("us-rc1-76-07839", "USRC17607839"),
        ("ISRC US RC1 76 07839", "USRC17607839"),
        ("ISRC: US-RC1-76-07839", "USRC17607839"),
        ("isrcusrc17607839", "USRC17607839"),
        ("US‐RC1‑76–07839", "USRC17607839"),
        (" GB\u{a0}AYE 96 00315 ", "GBAYE9600315"),
        // Iceland's prefix, with a registrant that makes it begin as the standard's name does.
        ("ISRC12600001", "ISRC12600001"),
        ("ISRC ISRC12600001", "ISRC12600001"),
    ] {
        assert_eq!(text.parse::<Isrc>().map(|isrc| isrc.to_string()), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn isrc_prefixes_reach_beyond_iso_3166() {
    for prefix in "BC BK BP BX CB CP DG FX GX KS QM QN QT QZ UK XK YU ZB ZZ DE US GB JP".split(' ') {
        assert!(format!("{prefix}ABC2600001").parse::<Isrc>().is_ok(), "{prefix}");
    }
    for prefix in "XX AA OO EU ZX QB".split(' ') {
        assert!(format!("{prefix}ABC2600001").parse::<Isrc>().is_err(), "{prefix}");
    }
}

#[test]
fn what_is_no_isrc_is_told_apart() {
    for (text, expected) in [
        ("", IsrcError::Length(0)),
        ("ISRC", IsrcError::Length(0)),
        ("USRC1760783", IsrcError::Length(11)),
        ("USRC176078390", IsrcError::Length(13)),
        ("1SRC17607839", IsrcError::Prefix),
        ("OORC17607839", IsrcError::UnknownPrefix("OO".to_owned())),
        ("USR_17607839", IsrcError::Registrant),
        ("USRC1760783X", IsrcError::Digits),
        ("USRC1X607839", IsrcError::Digits),
        // Twelve characters and fifteen bytes, and the other way round.
        ("USRC1760٧٨٣", IsrcError::Length(11)),
        ("USRC17607éé", IsrcError::Length(11)),
        // A letter that becomes two when it is made a capital.
        ("DEß12600001", IsrcError::Length(11)),
        ("ıSRC17607839", IsrcError::Length(12)),
    ] {
        assert_eq!(text.parse::<Isrc>(), Err(expected), "{text}");
    }
}

#[test]
fn upcs_are_read_with_their_leading_zeros() {
    for (text, expected) in [
        ("190295810726", "190295810726"),
        ("1 90295-81072 6", "190295810726"),
        ("0190295810726", "0190295810726"),
        ("4006381333931", "4006381333931"),
        ("00190295810726", "00190295810726"),
        ("000000000000", "000000000000"),
    ] {
        assert_eq!(text.parse::<Upc>().map(|upc| upc.to_string()), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn what_is_no_upc_is_told_apart() {
    for (text, expected) in [
        ("", UpcError::NotDigits),
        ("- -", UpcError::NotDigits),
        ("19029581O726", UpcError::NotDigits),
        ("١٩٠٢٩٥٨١٠٧٢٦", UpcError::NotDigits),
        ("19029581072", UpcError::Length(11)),
        ("190295810726190", UpcError::Length(15)),
        ("190295810725", UpcError::CheckDigit { expected: 6, found: 5 }),
        ("4006381333930", UpcError::CheckDigit { expected: 1, found: 0 }),
    ] {
        assert_eq!(text.parse::<Upc>(), Err(expected), "{text}");
    }
}

fn isrc() -> impl Strategy<Value = String> {
    (prop::sample::select(vec!["US", "DE", "QM", "QZ", "UK", "IS", "XK"]), "[A-Z0-9]{3}[0-9]{7}")
        .prop_map(|(prefix, rest)| format!("{prefix}{rest}"))
}

/// A good UPC, EAN or GTIN: of ten last digits, one is right.
fn upc() -> impl Strategy<Value = String> {
    "[0-9]{11,13}".prop_map(|body| {
        let good: Vec<String> =
            (0..10).map(|digit| format!("{body}{digit}")).filter(|upc| upc.parse::<Upc>().is_ok()).collect();
        assert_eq!(good.len(), 1, "{body}");
        good[0].clone()
    })
}

proptest! {
    #[test]
    fn an_isrc_is_shown_as_it_is_read(text in isrc()) {
        let isrc: Isrc = text.parse().unwrap();
        prop_assert_eq!(isrc.to_string(), text.clone());
        let hyphenated = format!("{}-{}-{}-{}", &text[..2], &text[2..5], &text[5..7], &text[7..]).to_lowercase();
        prop_assert_eq!(hyphenated.parse::<Isrc>(), Ok(isrc));
    }

    #[test]
    fn a_upc_is_shown_as_it_is_read(text in upc()) {
        prop_assert_eq!(text.parse::<Upc>().unwrap().to_string(), text);
    }

    /// The weights 3 and 1 have no factor in common with 10.
    #[test]
    fn a_upc_with_one_digit_changed_is_refused(text in upc(), place: prop::sample::Index, by in 1_u8..10) {
        let mut bytes = text.into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = b'0' + (bytes[place] - b'0' + by) % 10;
        let refused = matches!(String::from_utf8(bytes).unwrap().parse::<Upc>(), Err(UpcError::CheckDigit { .. }));
        prop_assert!(refused);
    }

    #[test]
    fn no_text_makes_reading_panic(text: String, sign in "(ISRC|US|[0-9é٣-]){0,14}") {
        for text in [text, sign] {
            let _ = text.parse::<Upc>();
            if let Ok(isrc) = text.parse::<Isrc>() {
                prop_assert_eq!(isrc.to_string().parse(), Ok(isrc));
            }
        }
    }
}

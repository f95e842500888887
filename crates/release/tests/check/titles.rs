use crate::{Vector, fine, read, wrong};

const VECTORS: &[Vector] = &[
    fine("a version", |r| r.tracks[0].version = "Live in Bergen".to_owned()),
    fine("a title from right to left", |r| r.tracks[0].title = "ليلة طويلة في الميناء".to_owned()),
    fine("a title with marks of direction", |r| r.tracks[0].title = "שלום \u{200f}(2)\u{200e}".to_owned()),
    fine("a title without case", |r| r.tracks[0].title = "夜のランプ".to_owned()),
    fine("a Georgian title", |r| r.tracks[0].title = "ღამის ლამპა".to_owned()),
    fine("a title of signs", |r| r.tracks[0].title = "4′33″".to_owned()),
    fine("an abbreviation", |r| r.tracks[0].title = "SOS".to_owned()),
    fine("a title of 120 characters", |r| r.tracks[0].title = format!("A{}", "b".repeat(119))),
    fine("a title of 120 letters with accents of their own", |r| {
        r.tracks[0].title = format!("A{}", "e\u{301}".repeat(119));
    }),
    wrong("no title", |r| r.title.clear(), &["error title title-missing"]),
    wrong("a title of spaces", |r| r.tracks[1].title = " \u{a0} ".to_owned(), &["error 2.title title-missing"]),
    wrong(
        "a line break in a title",
        |r| r.tracks[1].title = "Slow\nTide".to_owned(),
        &["error 2.title title-control-character"],
    ),
    wrong(
        "a tab in a version",
        |r| r.version = "Live\tin Bergen".to_owned(),
        &["error version title-control-character"],
    ),
    wrong(
        "a sequence that steers terminals",
        |r| r.title = "\u{1b}[2JNight".to_owned(),
        &["error title title-control-character"],
    ),
    wrong("an emoji in a title", |r| r.tracks[2].title = "Embers 🔥".to_owned(), &["error 3.title title-emoji"]),
    wrong(
        "an emoji in a version",
        |r| r.tracks[2].version = "Club ❤️ Edit".to_owned(),
        &["error 3.version title-emoji"],
    ),
    wrong(
        "a title of 200 characters",
        |r| r.tracks[0].title = "Harbour ".repeat(25) + ".",
        &["warning 1.title title-long"],
    ),
    wrong(
        "a title of 200 characters from right to left",
        |r| r.tracks[0].title = "ليلة ".repeat(40) + "!",
        &["warning 1.title title-long"],
    ),
    wrong("all capitals", |r| r.tracks[1].title = "SLOW TIDE".to_owned(), &["warning 2.title title-all-capitals"]),
    wrong("all lower case", |r| r.tracks[1].title = "slow tide".to_owned(), &["warning 2.title title-all-lower-case"]),
    wrong(
        "a guest without parentheses",
        |r| r.tracks[1].title = "Slow Tide ft. Bo Birk".to_owned(),
        &["warning 2.title title-featuring"],
    ),
    wrong(
        "a guest in a version",
        |r| r.tracks[1].version = "Live ft. Bo Birk".to_owned(),
        &["warning 2.version title-featuring"],
    ),
    fine("a guest in the form that is right", |r| r.tracks[1].title = "Slow Tide (feat. Bo Birk)".to_owned()),
    wrong(
        "an original mix",
        |r| r.tracks[0].version = "Original Mix".to_owned(),
        &["warning 1.version title-superfluous"],
    ),
    wrong(
        "an album version",
        |r| r.tracks[0].title = "Harbour - album version".to_owned(),
        &["warning 1.title title-superfluous"],
    ),
    wrong("a limited edition", |r| r.version = "Limited Edition".to_owned(), &["warning version title-superfluous"]),
    wrong("an exclusive", |r| r.title = "Night Lamp (Exclusive)".to_owned(), &["warning title title-superfluous"]),
    wrong("EP in a release title", |r| r.title = "Night Lamp EP".to_owned(), &["warning title title-names-kind"]),
    wrong("Single in a release's version", |r| r.version = "Single".to_owned(), &["warning title title-names-kind"]),
    fine("EP in a word", |r| r.title = "Deep Epoch".to_owned()),
    fine("Single in a track's title", |r| r.tracks[0].title = "Single Ladies".to_owned()),
    wrong(
        "the same title twice",
        |r| r.tracks[2].title = "harbour ".to_owned(),
        &["warning 3.title title-all-lower-case", "warning 3.title title-twice"],
    ),
    fine("the same title in two versions", |r| {
        r.tracks[2].title = "Harbour".to_owned();
        r.tracks[2].version = "Reprise".to_owned();
    }),
    wrong("one track of another title", |r| r.tracks.truncate(1), &["warning title title-differs-from-track"]),
    fine("one track of the same title", |r| {
        r.tracks.truncate(1);
        r.title = "Harbour".to_owned();
    }),
];

#[test]
fn titles() {
    insta::assert_snapshot!(read(VECTORS));
}

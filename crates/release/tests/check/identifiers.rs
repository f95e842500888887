use release::Entry;

use crate::{Vector, fine, read, wrong};

const VECTORS: &[Vector] = &[
    fine("a UPC of 12 digits", |r| r.upc = Entry::read("190295810726")),
    fine("an EAN of 13 digits", |r| r.upc = Entry::read("4006381333931")),
    fine("a GTIN of 14 digits", |r| r.upc = Entry::read("10190295810723")),
    wrong("no UPC", |r| r.upc = Entry::Missing, &["warning upc upc-missing"]),
    wrong("a UPC with a wrong last digit", |r| r.upc = Entry::read("190295810727"), &["error upc upc-invalid"]),
    wrong("a UPC that is too short", |r| r.upc = Entry::read("19029581072"), &["error upc upc-invalid"]),
    wrong("a UPC with a letter", |r| r.upc = Entry::read("19029581O726"), &["error upc upc-invalid"]),
    fine("an ISRC with hyphens", |r| r.tracks[0].isrc = Entry::read("us-rc1-76-07839")),
    wrong("no ISRC", |r| r.tracks[1].isrc = Entry::Missing, &["warning 2.isrc isrc-missing"]),
    wrong(
        "an ISRC that is too short",
        |r| r.tracks[1].isrc = Entry::read("USRC1760783"),
        &["error 2.isrc isrc-invalid"],
    ),
    wrong("an ISRC of no agency", |r| r.tracks[1].isrc = Entry::read("OORC17607839"), &["error 2.isrc isrc-invalid"]),
    wrong(
        "an ISRC with a letter in the year",
        |r| r.tracks[1].isrc = Entry::read("USRC1X607839"),
        &["error 2.isrc isrc-invalid"],
    ),
    wrong("an ISRC twice", |r| r.tracks[2].isrc = Entry::read("US-RC1-76-07839"), &["error 3.isrc isrc-twice"]),
    wrong(
        "an ISRC on three tracks",
        |r| r.tracks.iter_mut().for_each(|track| track.isrc = Entry::read("USRC17607839")),
        &["error 2.isrc isrc-twice", "error 3.isrc isrc-twice"],
    ),
    wrong(
        "a bad ISRC twice",
        |r| r.tracks.iter_mut().skip(1).for_each(|track| track.isrc = Entry::read("?")),
        &["error 2.isrc isrc-invalid", "error 3.isrc isrc-invalid"],
    ),
];

#[test]
fn identifiers() {
    insta::assert_snapshot!(read(VECTORS));
}

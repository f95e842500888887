use release::Entry;

use crate::{Vector, fine, read, wrong};

const VECTORS: &[Vector] = &[
    fine("lines with signs", |r| {
        r.p_line = Entry::read("(P) 1994 Owner");
        r.c_line = Entry::read("Copyright © 1994 Owner");
    }),
    fine("a year of the release date", |r| {
        r.release_date = Entry::read("2027-01-08");
        r.p_line = Entry::read("2027 Owner");
    }),
    fine("a track's own line", |r| r.tracks[0].p_line = Entry::read("℗ 1987 Another Owner")),
    wrong("no ℗ line", |r| r.p_line = Entry::Missing, &["error p_line p-line-missing"]),
    wrong("no © line", |r| r.c_line = Entry::Missing, &["error c_line c-line-missing"]),
    wrong("a ℗ line without a year", |r| r.p_line = Entry::read("Owner"), &["error p_line p-line-invalid"]),
    wrong("a © line without an owner", |r| r.c_line = Entry::read("© 2026"), &["error c_line c-line-invalid"]),
    wrong(
        "a track's line without a year",
        |r| r.tracks[1].p_line = Entry::read("Another Owner"),
        &["error 2.p_line p-line-invalid"],
    ),
    wrong(
        "years that are still to come",
        |r| {
            r.p_line = Entry::read("2062 Owner");
            r.c_line = Entry::read("2027 Owner");
        },
        &["warning p_line p-line-year", "warning c_line c-line-year"],
    ),
];

#[test]
fn rights() {
    insta::assert_snapshot!(read(VECTORS));
}

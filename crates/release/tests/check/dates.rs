use release::{Entry, ReleaseKind};

use crate::{Vector, fine, read, wrong};

const VECTORS: &[Vector] = &[
    fine("no date", |r| r.release_date = Entry::Missing),
    fine("a date that has passed", |r| r.release_date = Entry::read("2020-02-29")),
    fine("a release of long ago", |r| r.original_release_date = Entry::read("1968-11-22")),
    fine("both dates the same", |r| r.original_release_date = Entry::read("2026-12-04")),
    wrong("a day that is not", |r| r.release_date = Entry::read("2026-02-29"), &["error release_date date-invalid"]),
    wrong(
        "a date in words",
        |r| r.original_release_date = Entry::read("spring 1994"),
        &["error original_release_date original-date-invalid"],
    ),
    wrong(
        "a date after its own reissue",
        |r| r.original_release_date = Entry::read("2026-12-05"),
        &["error original_release_date original-date-later"],
    ),
    wrong("a zone that is not", |r| r.time_zone = "Europe/Atlantis".to_owned(), &["error time_zone time-zone-unknown"]),
    wrong(
        "a zone that is not, and no date",
        |r| {
            r.time_zone = "CET+1".to_owned();
            r.release_date = Entry::Missing;
        },
        &["error time_zone time-zone-unknown"],
    ),
    wrong(
        "a date beyond reckoning",
        |r| r.release_date = Entry::read("9999-12-31"),
        &["error release_date date-out-of-range"],
    ),
    fine("the type that the tracks make", |r| r.kind_override = Some(ReleaseKind::Single)),
    wrong("another type", |r| r.kind_override = Some(ReleaseKind::Album), &["warning kind kind-differs"]),
];

#[test]
fn dates_and_kind() {
    insta::assert_snapshot!(read(VECTORS));
}

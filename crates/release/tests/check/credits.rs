use release::{Advisory, Contributor, Role};

use crate::{Vector, fine, read, wrong};

const VECTORS: &[Vector] = &[
    fine("a guest", |r| r.tracks[0].contributors.push(Contributor::new("Bo Birk", Role::FeaturedArtist))),
    fine("a track of another artist", |r| r.tracks[0].contributors.push(Contributor::new("Cy", Role::MainArtist))),
    wrong("no artist", |r| r.contributors.clear(), &["error artist artist-missing"]),
    wrong(
        "an artist of spaces",
        |r| r.contributors = vec![Contributor::new("  ", Role::MainArtist)],
        &["error artist artist-missing"],
    ),
    wrong(
        "a composer only",
        |r| r.contributors = vec![Contributor::new("Ann Ash", Role::Composer)],
        &["error artist artist-missing"],
    ),
    wrong(
        "a guest in the artist's name",
        |r| r.contributors[0].name = "Ann Ash feat. Bo Birk".to_owned(),
        &["warning artist artist-names-guest"],
    ),
    wrong(
        "a guest who is the main artist",
        |r| r.contributors.push(Contributor::new("ann ash", Role::FeaturedArtist)),
        &["warning featured_artist featured-is-main"],
    ),
    wrong(
        "a guest who is the release's artist",
        |r| r.tracks[1].contributors.push(Contributor::new("Ann Ash", Role::FeaturedArtist)),
        &["warning 2.featured_artist featured-is-main"],
    ),
    wrong("no label", |r| r.label = " ".to_owned(), &["error label label-missing"]),
    fine("an explicit track", |r| r.tracks[0].advisory = Some(Advisory::Explicit)),
    wrong("no word on advisory", |r| r.tracks[0].advisory = None, &["error 1.advisory advisory-missing"]),
];

#[test]
fn credits() {
    insta::assert_snapshot!(read(VECTORS));
}

use proptest::prelude::*;
use release::{Contributor, Role, Track};

use crate::example;

fn credits(main: &[&str], featured: &[&str]) -> Vec<Contributor> {
    let main = main.iter().map(|name| Contributor::new(*name, Role::MainArtist));
    main.chain(featured.iter().map(|name| Contributor::new(*name, Role::FeaturedArtist))).collect()
}

#[test]
fn a_version_stands_in_parentheses_and_a_second_pair_is_of_brackets() {
    let mut track = Track::new(example::track_id(1), 1, 1);
    for (title, version, expected) in [
        ("Harbour", "", "Harbour"),
        ("Harbour", "Live", "Harbour (Live)"),
        ("Harbour (feat. Bo Birk)", "Live", "Harbour (feat. Bo Birk) [Live]"),
        ("", "", ""),
        ("ليلة", "Live", "ليلة (Live)"),
    ] {
        (track.title, track.version) = (title.to_owned(), version.to_owned());
        assert_eq!(track.display_title(), expected);
    }
}

#[test]
fn artists_are_listed_as_a_sleeve_lists_them() {
    let mut release = example::release();
    for (main, featured, expected) in [
        (&[] as &[&str], &[] as &[&str], ""),
        (&["A"], &[], "A"),
        (&["A", "B"], &[], "A & B"),
        (&["A", "B", "C"], &[], "A, B & C"),
        (&["A"], &["X"], "A (feat. X)"),
        (&["A", "B"], &["X", "Y", "Z"], "A & B (feat. X, Y & Z)"),
        (&[], &["X"], "X"),
    ] {
        release.contributors = credits(main, featured);
        assert_eq!(release.display_artist(), expected);
    }
}

#[test]
fn a_track_without_a_main_artist_has_the_releases() {
    let mut release = example::release();
    release.contributors = credits(&["A", "B"], &["Not on every track"]);
    release.tracks[1].contributors = credits(&[], &["X"]);
    release.tracks[2].contributors = credits(&["C"], &["X"]);
    let shown: Vec<String> = release.tracks.iter().map(|track| release.track_artist(track)).collect();
    assert_eq!(shown, ["A & B", "A & B (feat. X)", "C (feat. X)"]);
}

#[test]
fn everyone_on_the_sleeve_hears_of_it_once() {
    let mut release = example::release();
    release.contributors = credits(&["A"], &["B"]);
    release.tracks[0].contributors = credits(&["A", " "], &["C", "B"]);
    release.tracks[1].contributors.push(Contributor::new("Producer", Role::Producer));
    assert_eq!(release.credited_artists(), ["A", "B", "C"]);
}

#[test]
fn an_asset_is_brought_once() {
    let mut release = example::release();
    release.tracks[2].master = release.tracks[0].master.clone();
    release.tracks[1].master = None;
    let assets: Vec<_> = release.assets().into_iter().cloned().collect();
    assert_eq!(assets, [example::asset("Harbour", "flac", 40_000_000), example::asset("cover", "jpg", 3_200_000)]);
}

proptest! {
    #[test]
    fn a_displayed_title_begins_with_the_title_and_holds_the_version(title: String, version: String) {
        let mut release = example::release();
        (release.title, release.version) = (title.clone(), version.clone());
        let shown = release.display_title();
        prop_assert!(shown.starts_with(&title) && shown.contains(&version));
        prop_assert_eq!(version.is_empty(), shown == title);
    }
}

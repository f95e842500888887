use release::{Contributor, Entry, Release, Role, Tag, Tags};

use crate::example;

fn shown(release: &Release, track: usize) -> String {
    let tags = Tags::of(release, &release.tracks[track]);
    tags.iter().map(|(tag, value)| format!("{tag:?}: {value}\n")).collect()
}

#[test]
fn renditions_carry_all_that_is_known() {
    let mut release = example::release();
    release.version = "Deluxe".to_owned();
    let track = &mut release.tracks[0];
    track.version = "Live".to_owned();
    track.language = "zxx".to_owned();
    track.p_line = Entry::read("1994 Owner");
    track.contributors.extend([
        Contributor::new("Cy Cole", Role::FeaturedArtist),
        Contributor::new("Di Dahl", Role::Composer),
        Contributor::new("Ed Ek", Role::Lyricist),
        Contributor::new("Fi Falk", Role::Producer),
        Contributor::new("Gu Gran", Role::Remixer),
        Contributor::new("Hy Hav", Role::Mixer),
    ]);
    insta::assert_snapshot!(shown(&release, 0));
}

#[test]
fn what_is_not_known_is_left_out() {
    let mut release = Release::new(example::release().id);
    release.tracks.push(release::Track::new(example::track_id(1), 1, 1));
    assert_eq!(shown(&release, 0), "TrackNumber: 1\nTrackTotal: 1\nDiscNumber: 1\nDiscTotal: 1\n");
}

#[test]
fn totals_count_the_tracks_of_a_disc_and_the_discs() {
    let mut release = example::release();
    (release.tracks[2].disc, release.tracks[2].number) = (2, 1);
    let tags = |track: usize| {
        let tags = Tags::of(&release, &release.tracks[track]);
        [Tag::TrackNumber, Tag::TrackTotal, Tag::DiscNumber, Tag::DiscTotal]
            .map(|tag| tags.get(tag).map(str::to_owned).unwrap())
    };
    assert_eq!(tags(1), ["2", "2", "1", "2"]);
    assert_eq!(tags(2), ["1", "1", "2", "2"]);
}

#[test]
fn an_empty_value_removes_a_tag() {
    let mut tags = Tags::default();
    tags.set(Tag::Title, "Harbour".to_owned());
    tags.set(Tag::Title, String::new());
    assert_eq!(tags, Tags::default());
}

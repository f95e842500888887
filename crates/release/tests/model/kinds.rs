use release::{ReleaseKind, Track};

use crate::example;

/// Tracks of lengths in milliseconds.
fn tracks(lengths: &[u64]) -> Vec<Track> {
    let mut tracks = Vec::new();
    for (number, length) in (1..).zip(lengths) {
        let mut track = example::track(number, "Harbour", "USRC17607839");
        track.master.as_mut().unwrap().facts.frames = length * 96;
        tracks.push(track);
    }
    tracks
}

const MINUTE: u64 = 60_000;

#[test]
fn the_kind_follows_from_number_and_length() {
    use ReleaseKind::{Album, Ep, Single};
    for (lengths, expected) in [
        (vec![], Single),
        (vec![3 * MINUTE], Single),
        (vec![10 * MINUTE - 1; 3], Single),
        (vec![10 * MINUTE], Ep),
        (vec![MINUTE, 10 * MINUTE, MINUTE], Ep),
        (vec![30 * MINUTE - 1], Ep),
        (vec![30 * MINUTE + 1], Album),
        (vec![10 * MINUTE; 3], Album),
        (vec![MINUTE; 4], Ep),
        (vec![5 * MINUTE - 1; 6], Ep),
        (vec![7 * MINUTE; 4], Ep),
        (vec![8 * MINUTE; 4], Album),
        (vec![MINUTE; 7], Album),
        (vec![MINUTE; 40], Album),
    ] {
        assert_eq!(ReleaseKind::of(&tracks(&lengths)), expected, "{lengths:?}");
    }
}

#[test]
fn tracks_without_masters_count_by_number() {
    let mut tracks = tracks(&[20 * MINUTE; 5]);
    tracks.iter_mut().for_each(|track| track.master = None);
    assert_eq!(ReleaseKind::of(&tracks), ReleaseKind::Ep);
}

#[test]
fn the_labels_word_counts_more() {
    let mut release = example::release();
    assert_eq!(release.kind(), ReleaseKind::Single);
    release.kind_override = Some(ReleaseKind::Ep);
    assert_eq!(release.kind(), ReleaseKind::Ep);
}

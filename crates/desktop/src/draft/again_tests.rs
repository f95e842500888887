use proptest::prelude::*;
use release::{Field, FieldName};

use super::sample::{add_track, draft, track_id};
use super::*;
use crate::import::Origin;

const A: &str = "/album/01 A.wav";
const B: &str = "/album/02 B.wav";

/// The draft of an album of two tracks, as first imported.
fn first() -> Draft {
    let mut first = draft(1, "/album");
    first.release.title = "From the tags".to_owned();
    add_track(&mut first, 11, 1, A, b"a", "A");
    add_track(&mut first, 12, 2, B, b"b", "B");
    first
}

/// What the same folder gives when it is read again: the same, with new ids.
fn found() -> Draft {
    let mut found = draft(2, "/album");
    found.release.title = "From the tags".to_owned();
    add_track(&mut found, 21, 1, A, b"a", "A");
    add_track(&mut found, 22, 2, B, b"b", "B");
    found
}

#[test]
fn an_unchanged_folder_leaves_the_draft_as_it_is() {
    let mut first = first();
    assert_eq!(first.read_again(found()), first);
    first.edit(Field::of_track(track_id(12), FieldName::Title), "B, by hand").unwrap();
    first.edit(Field::of_release(FieldName::Artist), "Ann; Bo").unwrap();
    assert_eq!(first.read_again(found()), first);
}

#[test]
fn what_was_entered_by_hand_stays_and_what_the_files_said_is_read_anew() {
    let mut first = first();
    first.edit(Field::of_release(FieldName::Title), "By hand").unwrap();
    first.edit(Field::of_track(track_id(11), FieldName::Isrc), "not an ISRC").unwrap();
    first.edit(Field::of_track(track_id(11), FieldName::Title), "").unwrap();
    let mut found = found();
    found.release.title = "New tags".to_owned();
    found.release.label = "A label".to_owned();
    found.release.tracks[0].title = "New A".to_owned();
    found.release.tracks[1].title = "New B".to_owned();
    let next = first.read_again(found);
    assert_eq!(next.release.id, first.release.id);
    assert_eq!(next.release.title, "By hand");
    assert_eq!(next.release.label, "A label");
    assert_eq!(next.release.tracks[0].title, "", "a field that was cleared by hand stays empty");
    assert_eq!(next.release.tracks[0].isrc.text(), "not an ISRC");
    assert_eq!(next.release.tracks[1].title, "New B");
    assert!(next.is_by_hand(Field::of_track(track_id(11), FieldName::Isrc)));
    assert!(!next.is_by_hand(Field::of_track(track_id(12), FieldName::Title)));
}

#[test]
fn a_track_is_itself_under_another_name_and_with_other_bytes() {
    let first = first();
    let mut renamed = draft(2, "/album");
    add_track(&mut renamed, 21, 1, "/album/01 New name.wav", b"a", "A");
    add_track(&mut renamed, 22, 2, B, b"a new master", "B");
    let next = first.read_again(renamed);
    let ids: Vec<_> = next.release.tracks.iter().map(|track| track.id).collect();
    assert_eq!(ids, [track_id(11), track_id(12)]);
    assert!(next.absent.is_empty());
}

#[test]
fn tracks_that_change_places_take_what_was_entered_with_them() {
    let mut first = first();
    first.edit(Field::of_track(track_id(11), FieldName::Title), "A, by hand").unwrap();
    let mut swapped = draft(2, "/album");
    add_track(&mut swapped, 21, 1, "/album/01 B.wav", b"b", "B");
    add_track(&mut swapped, 22, 2, "/album/02 A.wav", b"a", "A");
    let next = first.read_again(swapped);
    let titles: Vec<_> = next.release.tracks.iter().map(|track| (track.id, track.title.as_str())).collect();
    assert_eq!(titles, [(track_id(12), "B"), (track_id(11), "A, by hand")]);
}

#[test]
fn two_files_of_the_same_content_keep_their_own_values() {
    let mut twins = draft(1, "/album");
    add_track(&mut twins, 11, 1, A, b"same", "A");
    add_track(&mut twins, 12, 2, B, b"same", "B");
    twins.edit(Field::of_track(track_id(12), FieldName::Title), "B, by hand").unwrap();
    let mut found = draft(2, "/album");
    // Found in another order.
    add_track(&mut found, 22, 2, B, b"same", "B");
    add_track(&mut found, 21, 1, A, b"same", "A");
    assert_eq!(twins.read_again(found), twins);
}

#[test]
fn a_track_whose_file_is_away_keeps_its_values_until_it_is_back() {
    let mut first = first();
    first.edit(Field::of_track(track_id(12), FieldName::Title), "B, by hand").unwrap();
    let mut without = draft(2, "/album");
    add_track(&mut without, 21, 1, A, b"a", "A");
    let next = first.read_again(without);
    assert_eq!(next.release.tracks.len(), 1);
    assert_eq!(next.absent.len(), 1);
    assert_eq!(next.read_again(found()).release.tracks[1].title, "B, by hand");
    assert!(next.read_again(found()).absent.is_empty());
}

#[test]
fn a_chosen_picture_stays() {
    let mut first = first();
    let picture = sample::source_file("/desktop/cover.png".as_ref(), FileDigest::of(b"png"));
    first.set_artwork(sample::artwork(&picture), picture.clone());
    let next = first.read_again(found());
    assert_eq!(next.artwork, Some(picture.clone()));
    assert_eq!(next.release.artwork, first.release.artwork);
    assert_eq!(next.asset_files().last().map(|(_, file)| file.clone()), Some(picture));
}

#[test]
fn of_a_release_that_was_delivered_before_only_the_ids_are_known() {
    let delivered = Draft::of_delivered(first().release);
    let next = delivered.read_again(found());
    assert_eq!(next.release, first().release);
    assert!(next.origins.values().all(|origin| *origin != Origin::Hand));
}

/// Fields that a person may fill, with texts that may or may not be good.
fn edit() -> impl Strategy<Value = (Option<usize>, FieldName, String)> {
    let names = prop::sample::select(FieldName::ALL);
    (prop::option::of(0..2_usize), names, "[ -~]{0,12}|[0-9]{1,4}|explicit|2026-01-01")
}

proptest! {
    /// Whatever is entered, in whatever order: reading the folder again changes none of it, and a draft that is
    /// stored is read as it was.
    #[test]
    fn nothing_that_was_entered_is_lost(edits in prop::collection::vec(edit(), 0..12)) {
        let mut first = first();
        let ids = [track_id(11), track_id(12)];
        for (track, name, text) in edits {
            // Some fields refuse some texts; then nothing has changed.
            let before = first.clone();
            if first.edit(Field { track: track.map(|index| ids[index]), name }, &text).is_err() {
                prop_assert_eq!(&first, &before);
            }
        }
        let again = first.read_again(found());
        for (field, origin) in &first.origins {
            if *origin == Origin::Hand {
                prop_assert_eq!(again.release.text(*field), first.release.text(*field), "{:?}", field);
                prop_assert!(again.is_by_hand(*field));
            }
        }
        prop_assert_eq!(&Draft::from_json(&first.to_json()).unwrap(), &first);
    }
}

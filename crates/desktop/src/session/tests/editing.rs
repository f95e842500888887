//! What is done to drafts by hand, undone and done again.

use release::TrackId;

use super::*;

#[tokio::test]
async fn edits_come_all_or_not_at_all() {
    let place = Place::with_ready(1);
    let session = place.open().await;
    let edits =
        vec![(title(), "New".to_owned()), (Field::of_release(FieldName::Territories), "nowhere at all".to_owned())];
    assert!(matches!(session.edit_all(id(1), edits, None).await, Err(SessionError::Edit(_))));
    assert_eq!(session.view().draft(id(1)).unwrap().draft.release.title, "Album 1");
    assert!(matches!(session.edit(id(9), title(), "New").await, Err(SessionError::NoSuchDraft(_))));
    session.close().await;
}

/// The draft as it is shown, with what can be undone and done again.
fn shown(session: &Session) -> (Draft, Option<String>, Option<String>) {
    let view = session.view();
    let view = view.draft(id(1)).unwrap();
    (Draft::clone(&view.draft), view.undo.clone(), view.redo.clone())
}

fn track(number: u128) -> TrackId {
    sample::track_id(100 + number)
}

fn titles(session: &Session) -> Vec<(u32, u32, String)> {
    let tracks = shown(session).0.release.tracks.into_iter();
    tracks.map(|track| (track.disc, track.number, track.title)).collect()
}

/// A draft with three tracks more than a ready one has.
fn with_tracks(place: &Place) -> Draft {
    let mut draft = place.ready(1);
    for number in 3..=5 {
        let title = format!("Track {number}");
        sample::add_track(&mut draft, 100 + u128::from(number), number, &title, title.as_bytes(), &title);
    }
    draft
}

#[tokio::test]
async fn all_that_is_done_by_hand_is_undone_and_done_again() {
    let place = Place::new();
    let draft = with_tracks(&place);
    let picture = place.file("other.png");
    image::RgbImage::from_pixel(40, 40, image::Rgb([1, 2, 3])).save(&picture).unwrap();
    let place = place.with_drafts(&[draft]);
    let session = place.open().await;
    let mut steps = vec![shown(&session)];
    for step in 0..6 {
        match step {
            0 => session.edit(id(1), title(), "By hand").await,
            1 => {
                let isrc = |number| (Field::of_track(track(number), FieldName::Isrc), "FR6V80000001".to_owned());
                session.edit_all(id(1), vec![isrc(1), isrc(2)], None).await
            }
            2 => session.set_artwork(id(1), picture.clone()).await,
            3 => session.move_tracks(id(1), vec![track(4), track(2)], 1, Some(track(1))).await,
            4 => session.remove_tracks(id(1), vec![track(3)]).await,
            _ => session.remove_artwork(id(1)).await,
        }
        .unwrap();
        steps.push(shown(&session));
    }
    let words: Vec<&str> = steps.iter().filter_map(|(_, undo, _)| undo.as_deref()).collect();
    let expected =
        ["title", "ISRC of 2 tracks", "artwork", "order of tracks", "removal of track 4", "removal of the artwork"];
    assert_eq!(words, expected);

    let mut revisions = vec![session.view().draft(id(1)).unwrap().revision];
    for (number, step) in steps.iter().enumerate().rev().skip(1) {
        session.undo(id(1)).await.unwrap();
        let (draft, undo, redo) = shown(&session);
        assert_eq!((&draft, &undo), (&step.0, &step.1));
        assert_eq!(redo.as_deref(), Some(expected[number]));
        revisions.push(session.view().draft(id(1)).unwrap().revision);
    }
    assert!(revisions.is_sorted_by(|a, b| a < b), "{revisions:?}");
    // Nothing is left to be undone, and nothing happens.
    session.undo(id(1)).await.unwrap();
    assert_eq!(shown(&session).0, steps[0].0);
    for step in &steps[1..] {
        session.redo(id(1)).await.unwrap();
        assert_eq!(shown(&session).0, step.0);
    }
    session.redo(id(1)).await.unwrap();
    // What was undone and done again is on disk.
    session.undo(id(1)).await.unwrap();
    session.close().await;
    let session = place.open().await;
    assert_eq!(shown(&session), (steps[5].0.clone(), None, None));
    session.close().await;
}

#[tokio::test]
async fn a_visit_to_a_field_is_one_step() {
    let place = Place::new();
    let draft = place.ready(1);
    let place = place.with_drafts(&[draft]);
    let session = place.open().await;
    for (text, visit) in [("N", "1"), ("Ne", "1"), ("New", "1"), ("Newer", "2")] {
        session.edit_all(id(1), vec![(title(), text.to_owned())], Some(visit.to_owned())).await.unwrap();
    }
    session.undo(id(1)).await.unwrap();
    assert_eq!(shown(&session).0.release.title, "New");
    session.undo(id(1)).await.unwrap();
    assert_eq!(shown(&session).0.release.title, "Album 1");
    assert_eq!(shown(&session).1, None);
    session.close().await;
}

#[tokio::test]
async fn tracks_are_put_into_another_order_and_onto_other_discs() {
    let place = Place::new();
    let draft = with_tracks(&place);
    let place = place.with_drafts(&[draft]);
    let session = place.open().await;
    let order = |session: &Session| -> Vec<(u32, u32, char)> {
        titles(session).into_iter().map(|(disc, number, title)| (disc, number, title.chars().last().unwrap())).collect()
    };
    for (tracks, disc, before, expected) in [
        (vec![5, 3], 1, Some(2), [(1, 1, '1'), (1, 2, '5'), (1, 3, '3'), (1, 4, '2'), (1, 5, '4')]),
        (vec![2, 4], 2, None, [(1, 1, '1'), (1, 2, '5'), (1, 3, '3'), (2, 1, '2'), (2, 2, '4')]),
        (vec![1], 7, None, [(1, 1, '5'), (1, 2, '3'), (2, 1, '2'), (2, 2, '4'), (3, 1, '1')]),
        (vec![4, 4], 2, Some(4), [(1, 1, '5'), (1, 2, '3'), (2, 1, '2'), (2, 2, '4'), (3, 1, '1')]),
        (vec![5, 3], 3, Some(1), [(1, 1, '2'), (1, 2, '4'), (2, 1, '5'), (2, 2, '3'), (2, 3, '1')]),
        (vec![1], 0, None, [(1, 1, '1'), (2, 1, '2'), (2, 2, '4'), (3, 1, '5'), (3, 2, '3')]),
    ] {
        let tracks = tracks.into_iter().map(track).collect();
        session.move_tracks(id(1), tracks, disc, before.map(track)).await.unwrap();
        assert_eq!(order(&session), expected);
    }
    let refusal = session.move_tracks(id(1), vec![track(1), track(9)], 1, None).await.unwrap_err();
    assert!(refusal.to_string().starts_with("the release has no track "), "{refusal}");
    let numbers = FieldName::Number;
    assert!((1..=5).all(|number| shown(&session).0.is_by_hand(Field::of_track(track(number), numbers))));
    session.close().await;
}

#[tokio::test]
async fn tracks_that_were_taken_out_come_back_to_their_places() {
    let place = Place::new();
    let draft = with_tracks(&place);
    let place = place.with_drafts(&[draft]);
    let session = place.open().await;
    let before = shown(&session).0;
    session.remove_tracks(id(1), vec![track(2), track(4)]).await.unwrap();
    let left: Vec<_> = titles(&session).into_iter().map(|(_, number, title)| (number, title)).collect();
    assert_eq!(left, [(1, "Track 1".to_owned()), (2, "Track 3".to_owned()), (3, "Track 5".to_owned())]);
    assert_eq!(shown(&session).0.taken_out.len(), 2);
    assert!(session.view().draft(id(1)).unwrap().errors().all(|error| error.problem.code != "number-gap"));
    session.put_back_tracks(id(1), vec![track(2), track(4)]).await.unwrap();
    assert_eq!(shown(&session).0.release, before.release);
    assert_eq!(shown(&session).1.as_deref(), Some("return of 2 tracks"));
    assert!(session.put_back_tracks(id(1), vec![track(2)]).await.is_err());
    session.close().await;
}

#[tokio::test]
async fn a_removed_draft_is_restored_with_what_can_be_undone() {
    let place = Place::with_ready(2);
    let session = place.open().await;
    session.edit(id(1), title(), "By hand").await.unwrap();
    let before = shown(&session);
    session.remove(id(1)).await.unwrap();
    session.remove(id(2)).await.unwrap();
    assert!(session.view().drafts.is_empty());
    session.restore(id(1)).await.unwrap();
    assert_eq!(shown(&session), before);
    let refusal = session.restore(id(1)).await.unwrap_err().to_string();
    assert_eq!(refusal, format!("There is no removed draft {} to be restored. It may be back already.", id(1)));
    session.restore(id(2)).await.unwrap();
    session.undo(id(1)).await.unwrap();
    assert_eq!(shown(&session).0.release.title, "Album 1");
    session.close().await;
    let session = place.open().await;
    assert_eq!(session.view().drafts.len(), 2);
    session.close().await;
}

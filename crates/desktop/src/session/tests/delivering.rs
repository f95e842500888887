//! What is sent of a release, and what comes of it.

use super::*;

#[tokio::test]
async fn assets_are_sent_and_then_the_manifest_and_nothing_twice() {
    let place = Place::new();
    let draft = place.ready(1);
    let place = place.with_drafts(std::slice::from_ref(&draft));
    let session = place.open().await;
    let queued = session.queue(id(1)).await.unwrap();
    assert_eq!(queued.how, Handover::New);
    state(&session, queued.delivery, DeliveryState::Sent).await;
    let label = "local".parse().unwrap();
    let mut expected: Vec<String> =
        draft.release.assets().into_iter().map(|asset| keys::asset(&label, asset)).collect();
    expected.push(keys::manifest(&label, id(1), queued.delivery));
    expected.sort();
    assert_eq!(place.stored().into_iter().map(|(key, _)| key).collect::<Vec<_>>(), expected);

    let again = session.queue(id(1)).await.unwrap();
    // The cloud may have found by now that these bytes hold no sound.
    assert!(matches!(again.how, Handover::Unchanged | Handover::Again), "{again:?}");
    assert_eq!(again.delivery, queued.delivery);
    session.close().await;
}

#[tokio::test]
async fn a_corrected_title_sends_a_manifest_and_nothing_else() {
    let place = Place::with_ready(1);
    let session = place.open().await;
    let first = session.queue(id(1)).await.unwrap().delivery;
    state(&session, first, DeliveryState::Sent).await;
    let before = place.stored();
    session.edit(id(1), title(), "Corrected").await.unwrap();
    let second = session.queue(id(1)).await.unwrap();
    assert_eq!(second.how, Handover::New);
    assert!(second.delivery > first);
    state(&session, second.delivery, DeliveryState::Sent).await;
    let label = "local".parse().unwrap();
    let manifest = keys::manifest(&label, id(1), second.delivery);
    let added: Vec<_> = place.stored().into_iter().filter(|one| !before.contains(one)).map(|(key, _)| key).collect();
    assert_eq!(added, std::slice::from_ref(&manifest));
    let json = fs::read(place.home().join("masters").join(manifest)).unwrap();
    let manifest = release::Manifest::from_json(&json).unwrap();
    assert_eq!((manifest.supersedes, manifest.release.title.as_str()), (Some(first), "Corrected"));
    let outcome = session.wait_for(|view| view.outcome(first)).await.unwrap();
    assert!(matches!(outcome, Outcome::Superseded(_) | Outcome::Failed(_)), "{outcome:?}");
    session.close().await;
}

#[tokio::test]
async fn a_release_that_failed_in_the_cloud_is_tried_again_there() {
    let place = Place::with_ready(1);
    let session = place.open().await;
    let delivery = session.queue(id(1)).await.unwrap().delivery;
    // These files hold no sound.
    let Outcome::Failed(reasons) = session.wait_for(|view| view.outcome(delivery)).await.unwrap() else {
        panic!("not failed")
    };
    assert!(!reasons.is_empty());
    assert_eq!(session.queue(id(1)).await.unwrap(), Queued { delivery, how: Handover::Again });
    session.wait_for(|view| (view.release(id(1))?.attempt == 2).then_some(())).await.unwrap();
    session.close().await;
}

#[tokio::test]
async fn a_release_with_errors_is_not_queued_and_they_are_named() {
    let place = Place::with_ready(1);
    let session = place.open().await;
    session.edit(id(1), title(), "").await.unwrap();
    session.edit(id(1), Field::of_track(sample::track_id(102), FieldName::Isrc), "XX").await.unwrap();
    let Err(SessionError::NotReady { problems, .. }) = session.queue(id(1)).await else { panic!("queued") };
    let places: Vec<&str> = problems.iter().map(|placed| placed.place.as_str()).collect();
    assert_eq!(places, ["Release", "Track 2 \"Track 2\""]);
    assert!(session.view().queue.is_empty());
    assert_eq!(session.view().draft(id(1)).unwrap().errors().count(), 2);
    session.close().await;
}

#[tokio::test]
async fn a_file_that_changed_or_went_fails_its_delivery_and_keeps_the_draft() {
    let place = Place::with_ready(1);
    let (path, aside) = (place.file("1-2.wav"), place.file("aside"));
    let session = place.open().await;

    fs::rename(&path, &aside).unwrap();
    let delivery = session.queue(id(1)).await.unwrap().delivery;
    state(&session, delivery, DeliveryState::Failed).await;
    let Some(Outcome::NotSent(trouble)) = session.view().outcome(delivery) else { panic!("no outcome") };
    assert_eq!(trouble.code, "file-gone");
    assert!(trouble.message.contains(path.to_str().unwrap()), "{trouble:?}");

    fs::write(&path, "other bytes").unwrap();
    session.retry(delivery).await.unwrap();
    let trouble = session
        .wait_for(|view| match view.outcome(delivery)? {
            Outcome::NotSent(trouble) if trouble.code == "file-changed" => Some(trouble),
            _ => None,
        })
        .await
        .unwrap();
    assert_eq!(trouble.message, format!("{} has changed since it was imported.", path.display()));
    assert!(session.view().draft(id(1)).is_some());

    // A rename gives the file its old identity back.
    fs::rename(&aside, &path).unwrap();
    assert_eq!(session.queue(id(1)).await.unwrap(), Queued { delivery, how: Handover::Again });
    state(&session, delivery, DeliveryState::Sent).await;
    session.close().await;
}

#[tokio::test]
async fn a_removed_draft_leaves_the_queue_alone() {
    let place = Place::with_ready(1);
    let session = place.open().await;
    let delivery = session.queue(id(1)).await.unwrap().delivery;
    session.remove(id(1)).await.unwrap();
    assert!(session.view().draft(id(1)).is_none());
    state(&session, delivery, DeliveryState::Sent).await;
    session.close().await;
}

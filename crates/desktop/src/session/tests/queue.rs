//! What is sent when.

use super::*;

#[tokio::test]
async fn the_queue_waits_while_it_is_paused_and_keeps_its_order() {
    let place = Place::new();
    let drafts = [place.ready(1), place.ready(2), place.ready(3)];
    let place = place.with_drafts(&drafts);
    let session = place.open().await;
    session.pause_queue(true).await.unwrap();
    let mut deliveries = Vec::new();
    for number in 1..=3 {
        deliveries.push(session.queue(id(number)).await.unwrap().delivery);
    }
    assert_eq!(session.view().outcome(deliveries[0]), Some(Outcome::Paused));
    assert_eq!(place.stored(), []);
    session.pause(deliveries[0]).await.unwrap();
    session.cancel(deliveries[1]).await.unwrap();
    assert_eq!(session.view().outcome(deliveries[1]), Some(Outcome::Cancelled));
    session.close().await;

    let session = place.open().await;
    let queue: Vec<_> = session.view().queue.iter().map(|one| (one.delivery.id, one.delivery.state)).collect();
    assert_eq!(
        queue,
        [
            (deliveries[0], DeliveryState::Paused),
            (deliveries[1], DeliveryState::Cancelled),
            (deliveries[2], DeliveryState::Waiting)
        ]
    );
    session.pause_queue(false).await.unwrap();
    state(&session, deliveries[2], DeliveryState::Sent).await;
    assert_eq!(session.view().delivery(deliveries[0]).unwrap().delivery.state, DeliveryState::Paused);
    session.resume(deliveries[0]).await.unwrap();
    state(&session, deliveries[0], DeliveryState::Sent).await;
    let refusal = session.cancel(deliveries[0]).await.unwrap_err();
    assert_eq!(refusal.to_string(), "This delivery is sent and cannot be cancelled.");
    assert!(matches!(session.resume(deliveries[1]).await, Err(SessionError::NotNow { .. })));
    session.close().await;
}

#[tokio::test]
async fn a_newer_draft_takes_the_place_of_what_was_not_sent() {
    let place = Place::with_ready(1);
    let session = place.open().await;
    session.pause_queue(true).await.unwrap();
    let first = session.queue(id(1)).await.unwrap();
    assert_eq!(session.queue(id(1)).await.unwrap(), Queued { how: Handover::UnderWay, ..first });
    session.edit(id(1), title(), "Corrected").await.unwrap();
    let second = session.queue(id(1)).await.unwrap();
    assert_eq!(second.how, Handover::New);
    assert_eq!(session.view().outcome(first.delivery), Some(Outcome::Cancelled));
    session.pause_queue(false).await.unwrap();
    state(&session, second.delivery, DeliveryState::Sent).await;
    let manifests = place.stored().into_iter().filter(|(key, _)| key.ends_with(keys::MANIFEST_SUFFIX)).count();
    assert_eq!(manifests, 1);
    session.close().await;
}

#[tokio::test]
async fn a_wish_for_a_delivery_that_is_being_sent_is_answered_when_it_has_stopped() {
    let place = Place::with_ready(4);
    let session = place.open().await;
    for number in 1..=4 {
        let delivery = session.queue(id(number)).await.unwrap().delivery;
        // It may be sent by now, or on its way, or waiting: the answer is what is so afterwards.
        let cancelled = session.cancel(delivery).await;
        let state = session.view().delivery(delivery).unwrap().delivery.state;
        match cancelled {
            Ok(()) => assert_eq!(state, DeliveryState::Cancelled),
            Err(SessionError::NotNow { .. }) => assert_eq!(state, DeliveryState::Sent),
            Err(error) => panic!("{error}"),
        }
    }
    session.close().await;
}

#[tokio::test]
async fn of_two_wishes_the_later_one_counts() {
    let place = Place::with_ready(4);
    let session = place.open().await;
    for number in 1..=4 {
        let delivery = session.queue(id(number)).await.unwrap().delivery;
        let _ = tokio::join!(session.pause(delivery), session.resume(delivery));
        state(&session, delivery, DeliveryState::Sent).await;
    }
    session.close().await;
}

#[tokio::test]
async fn the_queue_is_put_into_another_order_and_keeps_it() {
    let place = Place::new();
    let drafts = [place.ready(1), place.ready(2), place.ready(3), place.ready(4)];
    let place = place.with_drafts(&drafts);
    let session = place.open().await;
    session.pause_queue(true).await.unwrap();
    let mut ids = Vec::new();
    for number in 1..=4 {
        ids.push(session.queue(id(number)).await.unwrap().delivery);
    }
    let [a, b, c, d] = [ids[0], ids[1], ids[2], ids[3]];
    let order = |session: &Session| -> Vec<_> { session.view().queue.iter().map(|one| one.delivery.id).collect() };
    for (moved, before, expected) in [
        (d, Some(b), [a, d, b, c]),
        (a, None, [d, b, c, a]),
        (a, None, [d, b, c, a]),
        (d, Some(a), [b, c, d, a]),
        (c, Some(c), [b, c, d, a]),
        (b, Some(c), [b, c, d, a]),
    ] {
        session.move_delivery(moved, before).await.unwrap();
        assert_eq!(order(&session), expected);
    }
    let unknown = DeliveryId::new(Timestamp::now(), 7);
    assert!(matches!(session.move_delivery(unknown, None).await, Err(SessionError::NoSuchDelivery(_))));
    assert!(matches!(session.move_delivery(a, Some(unknown)).await, Err(SessionError::NoSuchDelivery(_))));
    // What is queued later comes last.
    session.edit(id(1), title(), "Corrected").await.unwrap();
    let e = session.queue(id(1)).await.unwrap().delivery;
    session.close().await;

    let session = place.open().await;
    assert_eq!(order(&session), [b, c, d, a, e]);
    session.close().await;
}

#[tokio::test]
async fn each_delivery_says_what_it_waits_for() {
    let place = Place::new();
    let drafts = [place.ready(1), place.ready(2), place.ready(3)];
    let place = place.with_drafts(&drafts);
    let gate = Gate::new();
    gate.hold_files(true);
    let session = place.open_behind(&gate).await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(session.queue(id(number)).await.unwrap().delivery);
    }
    session.pause(ids[2]).await.unwrap();
    let waits = |session: &Session| -> Vec<_> { session.view().queue.iter().map(|one| one.waits_for).collect() };
    use WaitsFor::{Paused, QueuePaused, Turn};
    assert_eq!(waits(&session), [None, Some(Turn), Some(Paused)]);
    let sending = session.view().queue[0].sending.clone().unwrap();
    assert_eq!((sending.assets.len(), sending.bytes_done, sending.seconds_left), (3, 0, None));
    assert_eq!(Session::work_under_way(&session.view()).as_deref(), Some("2 releases are being sent."));
    session.pause_queue(true).await.unwrap();
    session.wait_for(|view| view.queue[0].sending.is_none().then_some(())).await.unwrap();
    assert_eq!(waits(&session), [Some(QueuePaused), Some(QueuePaused), Some(Paused)]);
    assert_eq!(Session::work_under_way(&session.view()), None);
    gate.hold_files(false);
    session.pause_queue(false).await.unwrap();
    for id in &ids[..2] {
        state(&session, *id, DeliveryState::Sent).await;
    }
    assert_eq!(waits(&session), [None, None, Some(Paused)]);
    session.close().await;
}

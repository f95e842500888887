//! A store that cannot be reached.

use super::*;

/// The hold of the first delivery, as soon as there is one after so many refusals.
async fn held(session: &Session, gate: &Gate, refused: usize) -> Hold {
    session.wait_for(|view| view.queue.first()?.held.clone().filter(|_| gate.refused() > refused)).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_for_now_waits_and_goes_by_itself() {
    let place = Place::with_ready(2);
    let gate = Gate::new();
    gate.cut(true);
    let session = place.open_behind(&gate).await;
    let first = session.queue(id(1)).await.unwrap().delivery;
    let second = session.queue(id(2)).await.unwrap().delivery;

    let hold = held(&session, &gate, 0).await;
    assert!(hold.message.starts_with("The store cannot be reached: "), "{hold:?}");
    assert_eq!(hold.help, "Check the connection. Sending goes on by itself when it is back.");
    let view = session.view();
    assert_eq!(view.delivery(first).unwrap().delivery.state, DeliveryState::Waiting);
    assert_eq!(view.outcome(first), None);
    let waits: Vec<_> = view.queue.iter().map(|one| (one.waits_for, one.held.is_some())).collect();
    assert_eq!(waits, [(Some(WaitsFor::Store), true), (Some(WaitsFor::Turn), false)]);

    // Nobody does anything, and it is asked again.
    let refused = gate.refused();
    let again = held(&session, &gate, refused).await;
    assert!(again.until >= hold.until);
    gate.cut(false);
    for delivery in [first, second] {
        state(&session, delivery, DeliveryState::Sent).await;
    }
    assert!(session.view().queue.iter().all(|one| one.held.is_none() && one.waits_for.is_none()));
    session.close().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_has_it_tried_at_once() {
    let place = Place::new();
    let drafts = [place.ready(1)];
    let place = place.with_drafts(&drafts);
    let gate = Gate::new();
    gate.cut(true);
    let session = place.open_behind(&gate).await;
    let delivery = session.queue(id(1)).await.unwrap().delivery;
    held(&session, &gate, 0).await;
    gate.cut(false);
    session.retry(delivery).await.unwrap();
    assert!(session.view().delivery(delivery).unwrap().held.is_none());
    state(&session, delivery, DeliveryState::Sent).await;
    session.close().await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_store_can_be_paused_and_cancelled() {
    let place = Place::with_ready(2);
    let gate = Gate::new();
    gate.cut(true);
    let session = place.open_behind(&gate).await;
    let first = session.queue(id(1)).await.unwrap().delivery;
    let second = session.queue(id(2)).await.unwrap().delivery;
    held(&session, &gate, 0).await;
    session.pause(first).await.unwrap();
    let first_view = session.view().delivery(first).unwrap().clone();
    assert_eq!((first_view.waits_for, first_view.held), (Some(WaitsFor::Paused), None));
    session.cancel(second).await.unwrap();
    assert_eq!(session.view().outcome(second), Some(Outcome::Cancelled));
    gate.cut(false);
    session.resume(first).await.unwrap();
    state(&session, first, DeliveryState::Sent).await;
    session.close().await;
}

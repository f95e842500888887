//! What is on disk when.

use proptest::prelude::*;

use super::*;

/// Something a person does at the desk.
#[derive(Debug, Clone)]
enum Deed {
    Edit(u128, FieldName, String),
    Remove(u128),
    Queue(u128),
    Cancel(usize),
    Pause(usize),
    Resume(usize),
    PauseQueue(bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    let name = prop::sample::select(vec![FieldName::Title, FieldName::Upc, FieldName::Artist, FieldName::ReleaseDate]);
    prop_oneof![
        6 => (1..=3_u128, name, "[ -~]{0,20}").prop_map(|(draft, name, text)| Deed::Edit(draft, name, text)),
        1 => (1..=3_u128).prop_map(Deed::Remove),
        3 => (1..=3_u128).prop_map(Deed::Queue),
        1 => (0..4_usize).prop_map(Deed::Cancel),
        1 => (0..4_usize).prop_map(Deed::Pause),
        1 => (0..4_usize).prop_map(Deed::Resume),
        1 => any::<bool>().prop_map(Deed::PauseQueue),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever was done: what the last view showed is there after the process was killed.
    #[test]
    fn what_a_view_showed_survives_a_kill(deeds in prop::collection::vec(deed(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Place::new();
            let drafts = [place.ready(1), place.ready(2), place.ready(3)];
            let place = place.with_drafts(&drafts);
            let session = place.open().await;
            let delivery = |number: usize| session.view().queue.get(number).map(|one| one.delivery.id);
            for deed in deeds {
                // Refusals are as good as anything here.
                let _ = match deed {
                    Deed::Edit(draft, name, text) => {
                        session.edit(id(draft), Field::of_release(name), &text).await
                    }
                    Deed::Remove(draft) => session.remove(id(draft)).await,
                    Deed::Queue(draft) => session.queue(id(draft)).await.map(drop),
                    Deed::Cancel(number) => match delivery(number) {
                        Some(delivery) => session.cancel(delivery).await,
                        None => Ok(()),
                    },
                    Deed::Pause(number) => match delivery(number) {
                        Some(delivery) => session.pause(delivery).await,
                        None => Ok(()),
                    },
                    Deed::Resume(number) => match delivery(number) {
                        Some(delivery) => session.resume(delivery).await,
                        None => Ok(()),
                    },
                    Deed::PauseQueue(paused) => session.pause_queue(paused).await,
                };
            }
            let shown = session.view();
            let killed = place.as_if_killed();
            let reopened = killed.open().await;
            let there = reopened.view();
            let drafts = |view: &View| -> Vec<_> {
                view.drafts.iter().map(|view| (Arc::clone(&view.draft), view.problems.clone())).collect()
            };
            assert_eq!(drafts(&shown), drafts(&there));
            assert_eq!(shown.settings, there.settings);
            for (shown, there) in shown.queue.iter().zip(there.queue.iter()) {
                assert_eq!(shown.delivery.id, there.delivery.id);
                // What was on its way may have arrived meanwhile, and been noted.
                if shown.delivery.state != DeliveryState::Waiting {
                    assert_eq!(shown.delivery, there.delivery);
                }
            }
            assert_eq!(shown.queue.len(), there.queue.len());
            reopened.close().await;
            session.close().await;
        });
    }
}

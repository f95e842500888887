//! Messages may come twice, late, and in any order.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use super::sample::{accepted, accepting, after_hours, event, failed, ready, refused};
use super::{Applied, EntryId, Errand, Event, Fact, Record, State, apply};

const TRACKS: u32 = 3;

/// What becomes known of two deliveries of a release, in the order in which it happens. The first may fail in part.
fn history() -> impl Strategy<Value = Vec<Event>> {
    let tracks = subsequence((1..=TRACKS).collect::<Vec<u32>>(), 0..=TRACKS as usize);
    let ending = prop_oneof![Just(None), (1..=TRACKS).prop_map(Some)];
    (tracks, ending, any::<bool>(), any::<bool>()).prop_map(|(made, lost, refusal, second)| {
        let mut events = vec![event(1, Fact::Arrived)];
        if refusal {
            events.push(refused(1, 1, "The store has not all of it yet."));
        }
        events.push(accepting(1, 1, accepted(1, TRACKS)));
        events.extend(lost.map(|track| failed(1, 1, track, "The master is noise.")));
        events.extend(made.into_iter().map(|track| ready(1, track)));
        if second {
            events.push(event(2, Fact::Arrived));
            events.push(accepting(2, 1, accepted(2, TRACKS)));
            events.extend((1..=TRACKS).map(|track| ready(2, track)));
        }
        events
    })
}

/// A history, and how it is received: each message at least once, in any order.
fn received() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    (history(), vec(any::<Index>(), 0..12)).prop_flat_map(|(history, copies)| {
        let mut received = history.clone();
        received.extend(copies.iter().map(|copy| copy.get(&history).clone()));
        (Just(history), Just(received).prop_shuffle())
    })
}

struct End {
    record: Record,
    outbox: BTreeMap<EntryId, (Errand, usize)>,
}

fn run(events: &[Event]) -> End {
    let mut record: Option<Record> = None;
    let mut outbox: BTreeMap<EntryId, (Errand, usize)> = BTreeMap::new();
    for event in events {
        match apply(record.as_ref(), event, after_hours(0)) {
            Applied::Changed(change) => {
                for entry in change.outbox {
                    outbox.entry(entry.id).or_insert((entry.errand, 0)).1 += 1;
                }
                record = Some(change.record);
            }
            Applied::Unchanged => {}
            Applied::Void(void) => panic!("{void}"),
        }
    }
    End { record: record.unwrap(), outbox }
}

proptest! {
    #[test]
    fn any_order_leads_to_the_same_end((history, received) in received()) {
        let (expected, end) = (run(&history), run(&received));

        prop_assert_eq!(end.record.state, expected.record.state);
        prop_assert_eq!(&end.record.current, &expected.record.current);
        prop_assert_eq!(&end.record.seen, &expected.record.seen);
        // Whether the first delivery was live for a while may depend on the order; what is listed at a live end may not.
        if end.record.state == State::Live {
            prop_assert_eq!(&end.record.listed, &expected.record.listed);
            prop_assert_eq!(&end.record.told, &expected.record.told);
        }
    }

    #[test]
    fn every_errand_is_given_once((_, received) in received()) {
        let end = run(&received);
        prop_assert!(end.outbox.values().all(|(_, times)| *times == 1), "{:?}", end.outbox);
        // Exactly those who were told: each artist once, whatever the number of deliveries that went live.
        let told = |errand: &Errand| if let Errand::TellEach(tidings) = errand { tidings.artists.len() } else { 0 };
        let told: usize = end.outbox.values().map(|(errand, _)| told(errand)).sum();
        prop_assert_eq!(told, end.record.told.len());
    }

    #[test]
    fn a_message_that_comes_again_changes_nothing((_, received) in received(), copy in any::<Index>()) {
        let end = run(&received);
        let again = copy.get(&received);
        prop_assert_eq!(apply(Some(&end.record), again, after_hours(1)), Applied::Unchanged);
    }
}

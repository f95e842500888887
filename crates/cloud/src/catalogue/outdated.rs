use super::{OutboxEntry, Record};

/// Whether an entry tells that a release is live which was taken back since: nobody is to hear of it any more, also where
/// a later delivery is live, since that one has news of its own.
#[must_use]
pub fn is_outdated(entry: &OutboxEntry, record: &Record) -> bool {
    if entry.announces().is_none() {
        return false;
    }
    if record.current.withdrawn.is_some() {
        return true;
    }
    match &record.announced {
        // Whoever takes a release back forgets who was told. Earlier versions kept that and not what they were told of.
        None => record.told.is_empty(),
        Some(announced) => match (&announced.deliveries, entry.delivery()) {
            (Some(deliveries), Some(delivery)) => !deliveries.contains(&delivery),
            (None, _) | (_, None) => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::sample::{accepted, accepting, event, play, ready};
    use crate::catalogue::{Announced, Event, Fact};

    fn goes_live(number: u8) -> Vec<Event> {
        vec![accepting(number, 1, accepted(number, 1)), ready(number, 1)]
    }

    fn withdrawn(number: u8) -> Vec<Event> {
        vec![event(number, Fact::Withdrawn { reason: "Not cleared.".to_owned() })]
    }

    #[test]
    fn news_is_outdated_once_it_is_taken_back() {
        let arrived = |number| vec![event(number, Fact::Arrived)];
        // What happens after the first delivery went live; and whether its news is outdated then, and all later news.
        type Row = (&'static str, Vec<Vec<Event>>, bool, &'static [bool]);
        let table: [Row; 7] = [
            ("nothing", vec![], false, &[]),
            ("another arrived", vec![arrived(2)], false, &[]),
            ("another is live, and told to who was not told yet", vec![goes_live(2)], false, &[false]),
            ("it is taken back", vec![withdrawn(1)], true, &[false]),
            ("it is taken back with the next, which is not live", vec![arrived(2), withdrawn(2)], true, &[false]),
            ("it is taken back, and another is live", vec![withdrawn(1), goes_live(2)], true, &[false, false]),
            ("both are taken back", vec![goes_live(2), withdrawn(2)], true, &[true, false]),
        ];
        for (what, events, outdated, later) in table {
            let (record, live) = play(None, &goes_live(1));
            let (record, changes) = play(record, &events.concat());
            let news = |changes: Vec<crate::catalogue::Change>| -> Vec<OutboxEntry> {
                let entries = changes.into_iter().flat_map(|change| change.outbox);
                entries.filter(|entry| !entry.news().is_empty()).collect()
            };
            let (record, first) = (record.unwrap(), news(live).remove(0));
            assert_eq!(is_outdated(&first, &record), outdated, "{what}");
            let found: Vec<bool> = news(changes).iter().map(|entry| is_outdated(entry, &record)).collect();
            assert_eq!(found, later, "{what}");
        }
    }

    #[test]
    fn what_an_earlier_version_wrote_is_outdated_once_it_is_taken_back() {
        let (live, changes) = play(None, &goes_live(1));
        let first = changes.into_iter().flat_map(|change| change.outbox).find(|entry| entry.announces().is_some());
        let (live, first) = (live.unwrap(), first.unwrap());
        let announced = live.announced.clone().map(|announced| Announced { deliveries: None, ..announced });
        for announced in [None, announced] {
            let old = Record { announced, ..live.clone() };
            assert!(!is_outdated(&first, &old));
            let (later, _) = play(Some(old.clone()), &goes_live(2));
            assert!(!is_outdated(&first, &later.unwrap()), "whether its news was told is not known");
            let (back, changes) = play(Some(old), &withdrawn(1));
            assert!(is_outdated(&first, &back.clone().unwrap()));
            let told = changes.into_iter().flat_map(|change| change.outbox).next().unwrap();
            assert_eq!(told.takes_back(), std::slice::from_ref(&first.id));
            let (again, _) = play(back, &goes_live(2));
            assert!(is_outdated(&first, &again.unwrap()));
        }
    }
}

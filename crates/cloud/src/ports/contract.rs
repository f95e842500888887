//! What every adapter of a port must do: the ones in memory, the local workspace's, and AWS's.
//!
//! A suite takes the port as an object and, where a port only writes, a way to see what came of it.

use jiff::Timestamp;
use release::LabelId;

use super::{
    Catalogue, Changed, Changes, Clock, Handover, Handovers, Labels, LeaseOutcome, Leases, Mailer, Outbox, Overdue,
    Queue, RenditionFacts, Renditions, SaveError, Subscription, Subscriptions,
};
use crate::api::wire::{ArtistAccount, LabelSettings};
use crate::catalogue::sample::{
    accepted, accepting, after_hours, delivery, entry_id, event, key, news, play, ready, start, track,
};
use crate::catalogue::{Errand, Event, Fact, OutboxEntry, Record, ReleaseKey, State};
use crate::{Letter, Message, TranscodeJob};

/// The record of a delivery that is ready and waits for an instant.
fn waiting_for(key: ReleaseKey, due: Timestamp) -> Record {
    let accepted = crate::catalogue::Accepted { due: Some(due), ..accepted(1, 1) };
    let (record, _) = play(None, &[accepting(1, 1, accepted), ready(1, 1)]);
    let record = Record { key, ..record.unwrap() };
    assert_eq!(record.state, State::Ready);
    record
}

fn entry(name: &str) -> OutboxEntry {
    OutboxEntry {
        id: entry_id(name),
        errand: Errand::Send(Message::Manifest { key: name.to_owned(), version: None, trace: None }),
    }
}

/// A catalogue that is empty, its outbox, and the ids of the entries that are not done, in the order of saving.
pub(crate) async fn catalogue(catalogue: &dyn Catalogue, outbox: &dyn Outbox, open: impl AsyncFn() -> Vec<String>) {
    let (first, _) = play(None, &[event(1, Fact::Arrived)]);
    let first = first.unwrap();
    assert_eq!(catalogue.load(&key()).await.unwrap(), None);
    assert_eq!(catalogue.list(&key().label).await.unwrap(), []);

    catalogue.save(&first, None, &[entry("a")]).await.unwrap();
    let stored = catalogue.load(&key()).await.unwrap().unwrap();
    assert_eq!(stored.record, first);
    // Two who both found nothing: one is too late, and its errands are not given.
    let late = catalogue.save(&first, None, &[entry("b")]).await;
    assert!(matches!(late, Err(SaveError::Conflict)), "{late:?}");
    assert_eq!(open().await, ["a"]);

    let (second, _) = play(Some(first.clone()), &[accepting(1, 1, accepted(1, 2))]);
    let second = second.unwrap();
    // An errand that was given before is not given again.
    catalogue.save(&second, Some(stored.version), &[entry("a"), entry("c")]).await.unwrap();
    let stale = catalogue.save(&first, Some(stored.version), &[entry("d")]).await;
    assert!(matches!(stale, Err(SaveError::Conflict)), "{stale:?}");
    let stored = catalogue.load(&key()).await.unwrap().unwrap();
    assert_eq!(stored.record, second);
    assert_eq!(open().await, ["a", "c"]);
    assert_eq!(outbox.open(&entry("a").id).await.unwrap(), Some(entry("a")));
    assert_eq!(outbox.open(&entry("b").id).await.unwrap(), None);

    outbox.done(&entry("a").id, &[]).await.unwrap();
    outbox.done(&entry("a").id, &[]).await.unwrap();
    assert_eq!(open().await, ["c"]);
    assert_eq!(outbox.open(&entry("a").id).await.unwrap(), None);
    // Nor again once it is done.
    let (third, _) = play(Some(second), &[ready(1, 1)]);
    catalogue.save(&third.unwrap(), Some(stored.version), &[entry("a")]).await.unwrap();
    assert_eq!(open().await, ["c"]);

    dates(catalogue).await;
    each_label_s_errands(catalogue, outbox).await;
    each_release_s_deliveries(catalogue, outbox).await;
}

/// Nor do two releases of a label whose deliveries were given the same id take each other's jobs for done.
async fn each_release_s_deliveries(catalogue: &dyn Catalogue, outbox: &dyn Outbox) {
    let of = |number| {
        let key =
            ReleaseKey { label: "third-label".parse().unwrap(), release: release::ReleaseId::new(start(), number) };
        let (record, changes) = play(None, &[Event { key: key.clone(), ..accepting(1, 1, accepted(1, 2)) }]);
        (record.unwrap(), changes.into_iter().flat_map(|change| change.outbox).collect::<Vec<_>>())
    };
    let ((first, jobs), (second, others)) = (of(1), of(2));
    catalogue.save(&first, None, &jobs).await.unwrap();
    catalogue.save(&second, None, &others).await.unwrap();
    outbox.done(&jobs[0].id, &[]).await.unwrap();
    assert_eq!(outbox.open(&jobs[0].id).await.unwrap(), None);
    assert_eq!(outbox.open(&others[0].id).await.unwrap().as_ref(), Some(&others[0]));
}

/// Whoever delivers chooses the delivery's id, and so may choose one that another label uses.
async fn each_label_s_errands(catalogue: &dyn Catalogue, outbox: &dyn Outbox) {
    for label in ["first-label", "second-label"] {
        let key = ReleaseKey { label: label.parse().unwrap(), ..key() };
        let events = [accepting(1, 1, accepted(1, 2)), ready(1, 1), ready(1, 2)];
        let (record, changes) = play(None, &events.map(|event| Event { key: key.clone(), ..event }));
        let errands: Vec<OutboxEntry> = changes.into_iter().flat_map(|change| change.outbox).collect();
        assert_eq!(errands.len(), 2, "jobs, and the news");
        catalogue.save(&record.unwrap(), None, &errands).await.unwrap();
        for errand in errands {
            assert_eq!(outbox.open(&errand.id).await.unwrap(), Some(errand), "{label}");
        }
    }
}

async fn dates(catalogue: &dyn Catalogue) {
    let other = |number| ReleaseKey { release: release::ReleaseId::new(start(), number), ..key() };
    let (sooner, later) = (after_hours(100), after_hours(200));
    catalogue.save(&waiting_for(other(20), later), None, &[]).await.unwrap();
    catalogue.save(&waiting_for(other(21), sooner), None, &[]).await.unwrap();
    let all = catalogue.due(Timestamp::MAX, 10).await.unwrap();
    assert_eq!(all, [(sooner, other(21)), (later, other(20))]);
    assert_eq!(catalogue.due(Timestamp::MAX, 1).await.unwrap().len(), 1);
    assert_eq!(catalogue.due(sooner, 10).await.unwrap(), [(sooner, other(21))]);
    assert_eq!(catalogue.due(sooner - jiff::SignedDuration::from_millis(1), 10).await.unwrap(), []);

    // Live, it waits no longer.
    let stored = catalogue.load(&other(21)).await.unwrap().unwrap();
    let reached = Event { key: other(21), ..event(1, Fact::DateReached) };
    let crate::catalogue::Applied::Changed(live) = crate::catalogue::apply(Some(&stored.record), &reached, sooner)
    else {
        panic!()
    };
    catalogue.save(&live.record, Some(stored.version), &[]).await.unwrap();
    assert_eq!(catalogue.due(Timestamp::MAX, 10).await.unwrap(), [(later, other(20))]);

    // The latest change first; and a label sees its own releases only.
    let listed: Vec<_> = catalogue.list(&key().label).await.unwrap().into_iter().map(|record| record.key).collect();
    assert_eq!((listed.len(), &listed[0]), (3, &other(21)));
    assert_eq!(catalogue.list(&"elsewhere".parse().unwrap()).await.unwrap(), []);
    let foreign = ReleaseKey { label: "elsewhere".parse().unwrap(), ..other(21) };
    assert_eq!(catalogue.load(&foreign).await.unwrap(), None);
}

/// Leases that nobody took yet.
pub(crate) async fn leases(leases: &dyn Leases) {
    let (now, soon, later) = (start(), after_hours(1), after_hours(2));
    let LeaseOutcome::Taken(mine) = leases.acquire("a", now, soon).await.unwrap() else { panic!() };
    assert_eq!(leases.acquire("a", now, later).await.unwrap(), LeaseOutcome::Held { until: soon });
    assert!(matches!(leases.acquire("b", now, soon).await.unwrap(), LeaseOutcome::Taken(_)));

    assert!(leases.extend(&mine, later).await.unwrap());
    assert_eq!(leases.acquire("a", soon, later).await.unwrap(), LeaseOutcome::Held { until: later });

    // It ran out: another takes it, and the first holder can do nothing about it.
    let LeaseOutcome::Taken(theirs) = leases.acquire("a", later, after_hours(3)).await.unwrap() else { panic!() };
    assert_ne!(mine, theirs);
    assert!(!leases.extend(&mine, after_hours(9)).await.unwrap());
    leases.release(&mine).await.unwrap();
    assert_eq!(leases.acquire("a", later, later).await.unwrap(), LeaseOutcome::Held { until: after_hours(3) });

    leases.release(&theirs).await.unwrap();
    let LeaseOutcome::Taken(next) = leases.acquire("a", later, after_hours(3)).await.unwrap() else { panic!() };
    assert!(next != mine && next != theirs);
}

/// A queue that is empty, and the messages that wait in it in the order in which they would be received.
pub(crate) async fn queue(queue: &dyn Queue, waiting: impl AsyncFn() -> Vec<Message>) {
    let job = |number| {
        let (delivery, track, trace) = (delivery(1), track(number), "trace".to_owned());
        Message::Transcode(TranscodeJob { key: key(), delivery, manifest_version: None, track, attempt: 1, trace })
    };
    queue.send(&job(1), "first").await.unwrap();
    queue.send(&job(2), "second").await.unwrap();
    queue.send(&job(1), "first").await.unwrap();
    assert_eq!(waiting().await, [job(1), job(2)]);
}

/// Facts that are empty.
pub(crate) async fn renditions(renditions: &dyn Renditions) {
    let (label, recipes) = (key().label, accepted(1, 2).recipes().collect::<Vec<_>>());
    let facts = facts();
    assert!(renditions.facts(&label, &recipes).await.unwrap().is_empty());
    renditions.put(&label, recipes[1], &facts).await.unwrap();
    let mut again = facts.clone();
    again.sound.bytes = 1235;
    renditions.put(&label, recipes[1], &again).await.unwrap();
    let found = renditions.facts(&label, &recipes).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(recipes[1], again)]);
}

/// What a rendition holds.
pub(crate) fn facts() -> RenditionFacts {
    RenditionFacts {
        profile: "flac".to_owned(),
        sound: audio::Rendition {
            bytes: 1234,
            sample_rate: 96_000,
            bit_depth: Some(24),
            channels: 2,
            frames: 96_000,
            loudness: release::Loudness { integrated_lufs: Some(-14.25), true_peak_dbtp: None, sample_peak_dbfs: None },
            dithered: true,
            notes: vec![audio::Note::FromFloat { bits: 24 }],
        },
    }
}

/// Subscriptions that are empty.
pub(crate) async fn subscriptions(subscriptions: &dyn Subscriptions) {
    let of = |artist: &str, email: &str| Subscription {
        artist: artist.to_owned(),
        email: email.parse().unwrap(),
        since: start(),
    };
    let ada = of("Ada", "b@example.org");
    assert!(subscriptions.subscribe(&ada).await.unwrap());
    assert!(subscriptions.subscribe(&of("ADA", "a@example.org")).await.unwrap());
    assert!(subscriptions.subscribe(&of("Şule Ada", "b@example.org")).await.unwrap());
    // The same, in another spelling.
    assert!(!subscriptions.subscribe(&of(" ada", "B@EXAMPLE.org")).await.unwrap());

    let followers = subscriptions.of("aDa ").await.unwrap();
    assert_eq!(followers, [of("ADA", "a@example.org"), ada.clone()]);
    assert_eq!(subscriptions.all().await.unwrap().len(), 3);
    assert_eq!(subscriptions.of("Nobody").await.unwrap(), []);

    assert!(subscriptions.unsubscribe("ADA", &"B@example.org".parse().unwrap()).await.unwrap());
    assert!(!subscriptions.unsubscribe("ADA", &ada.email).await.unwrap());
    assert_eq!(subscriptions.of("Ada").await.unwrap().len(), 1);
}

/// A mailer, and how many letters it sent.
pub(crate) async fn mailer(mailer: &dyn Mailer, sent: impl AsyncFn() -> usize) {
    let follower =
        |email: &str| Subscription { artist: "Vesper Bloom".to_owned(), email: email.parse().unwrap(), since: start() };
    let letter = |email| Letter::new(&entry("entry").id, &news(), &follower(email));
    let first = mailer.send(&letter("a@example.org")).await.unwrap();
    assert_eq!(mailer.send(&letter("a@example.org")).await.unwrap(), first);
    assert_ne!(mailer.send(&letter("b@example.org")).await.unwrap(), first);
    assert_eq!(sent().await, 2);
}

/// What is known of labels; nothing yet.
pub(crate) async fn labels(labels: &dyn Labels) {
    let (label, other): (LabelId, LabelId) = (key().label, "elsewhere".parse().unwrap());
    assert_eq!(labels.settings(&label).await.unwrap(), None);
    let settings = LabelSettings { label_name: "Night Office".to_owned(), review: false, artists_mail: true };
    labels.set(&label, &LabelSettings::new(&label)).await.unwrap();
    labels.set(&label, &settings).await.unwrap();
    assert_eq!(labels.settings(&label).await.unwrap(), Some(settings));
    assert_eq!(labels.settings(&other).await.unwrap(), None);

    let account = |email: &str, artists: &[&str]| ArtistAccount {
        email: email.parse().unwrap(),
        artists: artists.iter().map(|&artist| artist.to_owned()).collect(),
    };
    for account in [account("b@example.org", &["Bo"]), account("a@example.org", &["Ada", "Vesper Bloom"])] {
        labels.map(&label, &account).await.unwrap();
    }
    labels.map(&label, &account("B@example.org", &["Ada"])).await.unwrap();
    assert_eq!(labels.artists_of(&label, &"b@EXAMPLE.org".parse().unwrap()).await.unwrap(), ["Ada"]);
    assert_eq!(labels.artists_of(&other, &"b@example.org".parse().unwrap()).await.unwrap(), Vec::<String>::new());
    assert_eq!(labels.accounts(&label).await.unwrap().len(), 2);
    labels.map(&label, &account("b@example.org", &[])).await.unwrap();
    let left: Vec<_> = labels.accounts(&label).await.unwrap().into_iter().collect();
    assert_eq!(left, [("a@example.org".parse().unwrap(), vec!["Ada".to_owned(), "Vesper Bloom".to_owned()])]);
}

/// Deliveries that are handed over; none yet.
pub(crate) async fn handovers(handovers: &dyn Handovers) {
    let handover = |manifest: &str, until| Handover {
        key: key(),
        delivery: delivery(1),
        manifest: manifest.to_owned(),
        uploads: std::collections::BTreeMap::new(),
        until,
    };
    let first = handover("first", after_hours(2));
    assert_eq!(handovers.load(&key(), delivery(1), start()).await.unwrap(), None);
    assert_eq!(handovers.keep(&first).await.unwrap(), first);
    assert_eq!(handovers.keep(&handover("second", after_hours(3))).await.unwrap(), first);
    assert_eq!(handovers.load(&key(), delivery(1), after_hours(1)).await.unwrap(), Some(first));
    assert_eq!(handovers.load(&key(), delivery(2), after_hours(1)).await.unwrap(), None);
    // Its time is over.
    assert_eq!(handovers.load(&key(), delivery(1), after_hours(2)).await.unwrap(), None);
    handovers.remove(&key(), delivery(1)).await.unwrap();
    handovers.remove(&key(), delivery(1)).await.unwrap();
    assert_eq!(handovers.load(&key(), delivery(1), start()).await.unwrap(), None);
}

/// A label's records by their last change, in a catalogue that is empty; and a way to let much time pass.
pub(crate) async fn changes(catalogue: &dyn Catalogue, changes: &dyn Changes, later: impl AsyncFn()) {
    let of = |number| ReleaseKey { release: release::ReleaseId::new(start(), number), ..key() };
    let label = key().label;
    let keys = |changed: &Changed| -> Vec<ReleaseKey> {
        changed.records.iter().map(|stored| stored.record.key.clone()).collect()
    };
    let empty = changes.since(&label, None, 10).await.unwrap();
    assert_eq!((keys(&empty), empty.more), (vec![], false));
    for number in 1..=5 {
        catalogue
            .save(&waiting_for(of(number), after_hours(100 + i64::try_from(number).unwrap())), None, &[])
            .await
            .unwrap();
    }
    let first = changes.since(&label, Some(&empty.next), 2).await.unwrap();
    assert_eq!((keys(&first), first.more), (vec![of(1), of(2)], true));
    assert_eq!(Some(&first.records[0]), catalogue.load(&of(1)).await.unwrap().as_ref());
    // One that was told changes meanwhile, and comes again.
    let stored = &first.records[0];
    let withdrawn = Event { key: of(1), ..event(1, Fact::Withdrawn { reason: String::new() }) };
    let crate::catalogue::Applied::Changed(change) =
        crate::catalogue::apply(Some(&stored.record), &withdrawn, after_hours(500))
    else {
        panic!()
    };
    catalogue.save(&change.record, Some(stored.version), &[]).await.unwrap();
    let (mut told, mut place) = (Vec::new(), first.next);
    loop {
        let page = changes.since(&label, Some(&place), 2).await.unwrap();
        told.extend(keys(&page));
        place = page.next;
        if !page.more {
            break;
        }
    }
    assert_eq!(told, [of(3), of(4), of(5), of(1)]);

    // Rest in the end: the same place, and nothing told.
    later().await;
    let rested = changes.since(&label, Some(&place), 10).await.unwrap();
    let again = changes.since(&label, Some(&rested.next), 10).await.unwrap();
    assert_eq!((keys(&again), &again.next, again.more), (vec![], &rested.next, false));
    assert_eq!(keys(&changes.since(&"elsewhere".parse().unwrap(), None, 10).await.unwrap()), []);
}

/// What was left, in a catalogue that is empty.
pub(crate) async fn overdue(catalogue: &dyn Catalogue, outbox: &dyn Outbox, overdue: &dyn Overdue, clock: &dyn Clock) {
    let of = |number| ReleaseKey { release: release::ReleaseId::new(start(), number), ..key() };
    let (arrived, _) = play(None, &[event(1, Fact::Arrived)]);
    let arrived = Record { key: of(1), ..arrived.unwrap() };
    catalogue.save(&arrived, None, &[entry("a"), entry("b")]).await.unwrap();
    let between = clock.now();
    let (transcoding, _) = play(None, &[accepting(1, 1, accepted(1, 2))]);
    let transcoding = Record { key: of(2), ..transcoding.unwrap() };
    catalogue.save(&transcoding, None, &[entry("c")]).await.unwrap();

    let ids = async |before| -> Vec<String> {
        let errands = overdue.errands(before, 10).await.unwrap();
        errands.into_iter().map(|entry| entry.id.to_string()).collect()
    };
    assert_eq!(ids(start() - jiff::SignedDuration::from_secs(1)).await, Vec::<String>::new());
    let mut early = ids(between).await;
    early.sort();
    assert_eq!(early, ["a", "b"]);
    assert_eq!(overdue.errands(Timestamp::MAX, 1).await.unwrap().len(), 1);
    outbox.done(&entry("a").id, &[]).await.unwrap();
    assert_eq!(ids(between).await, ["b"]);
    assert_eq!(ids(Timestamp::MAX).await, ["b", "c"]);

    let standing = async |before| -> Vec<ReleaseKey> {
        overdue.standing(before, 10).await.unwrap().into_iter().map(|(_, key)| key).collect()
    };
    assert_eq!(standing(between).await, [of(1)]);
    assert_eq!(standing(Timestamp::MAX).await, [of(1), of(2)]);
    // It goes on: it stands since then. And one that needs a person waits for no machine.
    catalogue.save(&Record { key: of(1), ..transcoding }, Some(1), &[]).await.unwrap();
    assert_eq!(standing(Timestamp::MAX).await, [of(2), of(1)]);
    let failed = waiting_for(of(2), after_hours(9));
    catalogue.save(&failed, Some(1), &[]).await.unwrap();
    assert_eq!(standing(Timestamp::MAX).await, [of(1)]);
}

/// Which jobs were begun, by leases that nobody took yet.
pub(crate) async fn begun(leases: &dyn Leases, overdue: &dyn Overdue) {
    assert_eq!(overdue.begun("job").await.unwrap(), None);
    let LeaseOutcome::Taken(mine) = leases.acquire("job", start(), after_hours(1)).await.unwrap() else { panic!() };
    assert_eq!(overdue.begun("job").await.unwrap(), Some(start()));
    // Held, extended and given back: it was begun when it was taken.
    assert!(matches!(
        leases.acquire("job", start() + jiff::SignedDuration::from_mins(1), after_hours(2)).await.unwrap(),
        LeaseOutcome::Held { .. }
    ));
    assert!(leases.extend(&mine, after_hours(2)).await.unwrap());
    leases.release(&mine).await.unwrap();
    assert_eq!(overdue.begun("job").await.unwrap(), Some(start()));
    let _ = leases.acquire("job", after_hours(3), after_hours(4)).await.unwrap();
    assert_eq!(overdue.begun("job").await.unwrap(), Some(after_hours(3)));
    assert_eq!(overdue.begun("another").await.unwrap(), None);
}

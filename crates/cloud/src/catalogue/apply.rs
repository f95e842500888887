use std::collections::BTreeSet;

use jiff::Timestamp;
use release::{DeliveryId, TrackId};

use super::{
    Accepted, Announced, Decision, Delivery, Event, Fact, Findings, Happening, Jobs, Listing, ManifestRead, Moment,
    News, NewsTrack, OutboxEntry, Reason, Record, ReleaseKey, State, Tidings, TrackOutcome, Verdict, Void, Withdrawal,
    folded_name,
};

/// What an event does to a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// It changes the record.
    Changed(Box<Change>),
    /// It says nothing new.
    Unchanged,
    /// It is an order that does not count, and changes nothing.
    Void(Void),
}

/// A record as it is to be stored, with what is to be done because of it, in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The record.
    pub record: Record,
    /// What is to be done.
    pub outbox: Vec<OutboxEntry>,
}

/// Takes an event to a record, at an instant. Without a record, the event is the first that is heard of the release.
///
/// The same events in another order, or twice, lead to the same state of the same current delivery: facts only add to
/// each other, and the state follows from them.
#[must_use]
pub fn apply(record: Option<&Record>, event: &Event, now: Timestamp) -> Applied {
    let mut next = match record {
        Some(record) if event.delivery < record.current.id => return late(record, event, now),
        Some(record) if event.delivery == record.current.id => record.clone(),
        Some(record) => superseding(record, event.delivery, now),
        None => first(&event.key, event.delivery, now),
    };
    let mut outbox = Vec::new();
    if let Err(void) = take(&mut next, &event.fact, now, &mut outbox) {
        return Applied::Void(void);
    }
    settle(&mut next, now, &mut outbox);
    if record == Some(&next) {
        return Applied::Unchanged;
    }
    Applied::Changed(Box::new(Change { record: next, outbox }))
}

fn first(key: &ReleaseKey, delivery: DeliveryId, now: Timestamp) -> Record {
    let mut record = Record {
        key: key.clone(),
        current: Delivery::new(delivery),
        state: State::Received,
        since: now,
        listed: None,
        seen: BTreeSet::from([delivery]),
        told: BTreeSet::new(),
        announced: None,
        timeline: Vec::new(),
    };
    note(&mut record, now, delivery, "Delivery received.");
    record
}

fn superseding(record: &Record, delivery: DeliveryId, now: Timestamp) -> Record {
    let mut next = record.clone();
    next.current = Delivery::new(delivery);
    next.state = State::Received;
    next.since = now;
    next.seen.insert(delivery);
    let what = if next.listed.is_some() {
        "A new delivery received. The last one stays live until this one is."
    } else {
        "A new delivery received. It takes the place of the last one."
    };
    note(&mut next, now, delivery, what);
    next
}

/// An event about a delivery that is not the current one any more.
fn late(record: &Record, event: &Event, now: Timestamp) -> Applied {
    if matches!(event.fact, Fact::Decided(_) | Fact::Withdrawn { .. } | Fact::TriedAgain) {
        return Applied::Void(Void::Superseded);
    }
    let mut next = record.clone();
    if !next.seen.insert(event.delivery) {
        return Applied::Unchanged;
    }
    note(&mut next, now, event.delivery, "An older delivery came late. A newer one is here already: nothing changes.");
    Applied::Changed(Box::new(Change { record: next, outbox: Vec::new() }))
}

/// Adds a fact about the current delivery.
fn take(record: &mut Record, fact: &Fact, now: Timestamp, outbox: &mut Vec<OutboxEntry>) -> Result<(), Void> {
    match fact {
        Fact::Arrived | Fact::DateReached => {}
        Fact::Accepted { attempt, accepted } => accept(record, *attempt, accepted, outbox),
        Fact::Refused { attempt, reasons, read } => {
            // A file that went missing after everything was found there does not undo that it was.
            if *attempt == record.current.attempt && record.current.accepted().is_none() {
                record.current.intake = Findings::Refused(joined(&record.current.reasons(), reasons));
                // Who gave it up unread says none; in whatever order it comes.
                record.current.read = record.current.read.take().max(read.clone());
            }
        }
        Fact::TrackReady { track } => {
            record.current.outcomes.insert(*track, TrackOutcome::Ready);
        }
        Fact::TrackFailed { attempt, track, reason } => fail_track(&mut record.current, *attempt, *track, reason),
        Fact::Decided(decision) => decide(record, decision, now)?,
        Fact::Withdrawn { reason } => {
            if record.current.withdrawn.is_some() {
                return Err(Void::AlreadyWithdrawn);
            }
            outbox.extend(take_back(record, reason, now));
            record.current.withdrawn = Some(Withdrawal { at: now, reason: reason.clone() });
            record.listed = None;
        }
        Fact::TriedAgain => try_again(record, now, outbox)?,
    }
    Ok(())
}

fn accept(record: &mut Record, attempt: u32, accepted: &Accepted, outbox: &mut Vec<OutboxEntry>) {
    let delivery = &mut record.current;
    if attempt != delivery.attempt || delivery.accepted().is_some() {
        return;
    }
    delivery.intake = Findings::Accepted(Box::new(accepted.clone()));
    delivery.read = None;
    let missing = accepted.tracks.iter().map(|track| track.id).filter(|track| !delivery.is_made(*track));
    let tracks: Vec<TrackId> = missing.collect();
    if !tracks.is_empty() {
        let (key, delivery, trace) = (record.key.clone(), delivery.id, accepted.trace.clone());
        let manifest_version = accepted.manifest_version.clone();
        outbox.push(OutboxEntry::transcode(Jobs { key, delivery, manifest_version, attempt, trace, tracks }));
    }
}

fn fail_track(delivery: &mut Delivery, attempt: u32, track: TrackId, reason: &Reason) {
    if attempt < delivery.attempt {
        return;
    }
    let outcome = TrackOutcome::Failed { attempt, reason: reason.clone() };
    match delivery.outcomes.get(&track) {
        Some(TrackOutcome::Ready) => {}
        // Of two failures the later attempt's counts, and of one attempt's the one that sorts last, so that the order
        // in which they come makes no difference.
        Some(TrackOutcome::Failed { attempt: known, reason: other }) if (*known, other) >= (attempt, reason) => {}
        _ => {
            delivery.outcomes.insert(track, outcome);
        }
    }
}

fn decide(record: &mut Record, decision: &Decision, now: Timestamp) -> Result<(), Void> {
    if record.current.decision.as_ref() == Some(decision) {
        return Ok(());
    }
    decision.counts_for(record)?;
    record.current.decision = Some(decision.clone());
    let what = match &decision.verdict {
        Verdict::Approve => format!("Approved by {}.", decision.by),
        Verdict::Reject { reason } => format!("Rejected by {}: {reason}", decision.by),
    };
    note(record, now, decision.delivery, &what);
    Ok(())
}

fn try_again(record: &mut Record, now: Timestamp, outbox: &mut Vec<OutboxEntry>) -> Result<(), Void> {
    if record.state != State::Failed {
        return Err(Void::NotFailed(record.state));
    }
    let delivery = &mut record.current;
    delivery.attempt += 1;
    if let Some(accepted) = delivery.accepted() {
        delivery.read =
            Some(ManifestRead { version: accepted.manifest_version.clone(), trace: accepted.trace.clone() });
    }
    delivery.intake = Findings::Pending;
    outbox.push(OutboxEntry::take_in(&record.key, delivery));
    let delivery = delivery.id;
    note(record, now, delivery, "Tried again.");
    Ok(())
}

fn joined(known: &[Reason], new: &[Reason]) -> Vec<Reason> {
    let all: BTreeSet<&Reason> = known.iter().chain(new).collect();
    all.into_iter().cloned().collect()
}

/// Works out where the release stands, and what follows from standing there.
fn settle(record: &mut Record, now: Timestamp, outbox: &mut Vec<OutboxEntry>) {
    let state = state_of(&record.current, now);
    if state == State::Live && record.current.live_since.is_none() {
        record.current.live_since = Some(now);
        record.listed = Some(Listing { delivery: record.current.id, since: now });
        outbox.extend(tell(record, now));
    }
    if state != record.state {
        record.state = state;
        record.since = now;
        let (delivery, what) = (record.current.id, words(record));
        note(record, now, delivery, &what);
    }
}

fn state_of(delivery: &Delivery, now: Timestamp) -> State {
    if delivery.withdrawn.is_some() {
        return State::Withdrawn;
    }
    if delivery.live_since.is_some() {
        return State::Live;
    }
    if !delivery.reasons().is_empty() {
        return State::Failed;
    }
    let Some(accepted) = delivery.accepted() else {
        return State::Received;
    };
    if !accepted.tracks.iter().all(|track| delivery.is_made(track.id)) {
        return State::Transcoding;
    }
    match delivery.decision.as_ref().map(|decision| &decision.verdict) {
        Some(Verdict::Reject { .. }) => State::Rejected,
        None if accepted.review => State::InReview,
        _ if accepted.due.is_some_and(|due| due > now) => State::Ready,
        _ => State::Live,
    }
}

/// News for every credited artist who was not told of this release before.
fn tell(record: &mut Record, now: Timestamp) -> Option<OutboxEntry> {
    let accepted = record.current.accepted()?.clone();
    let (mut told_before, mut deliveries) = match record.announced.take() {
        Some(announced) => (announced.artists, announced.deliveries),
        None => (Vec::new(), record.told.is_empty().then(BTreeSet::new)),
    };
    let mut artists = accepted.artists;
    artists.retain(|artist| record.told.insert(folded_name(artist)));
    told_before.extend(artists.iter().cloned());
    if let Some(deliveries) = deliveries.as_mut().filter(|_| !artists.is_empty()) {
        deliveries.insert(record.current.id);
    }
    record.announced = Some(Announced {
        title: accepted.title.clone(),
        artist_line: accepted.artist.clone(),
        label_name: accepted.label_name.clone(),
        time_zone: accepted.time_zone.clone(),
        artists: told_before,
        deliveries,
    });
    let news = News {
        what: Happening::Live,
        key: record.key.clone(),
        artist: artists.first()?.clone(),
        title: accepted.title,
        artist_line: accepted.artist,
        label_name: accepted.label_name,
        since: now,
        time_zone: accepted.time_zone,
        tracks: accepted
            .tracks
            .into_iter()
            .map(|track| NewsTrack {
                disc: track.disc,
                number: track.number,
                title: track.title,
                milliseconds: track.milliseconds,
            })
            .collect(),
    };
    let (delivery, trace) = (record.current.id, record.current.trace());
    Some(OutboxEntry::tell(Tidings { delivery, trace, artists, takes_back: BTreeSet::new(), news }))
}

/// News for everyone who was told that the release is live. Should it be live again, they are told anew.
fn take_back(record: &mut Record, reason: &str, now: Timestamp) -> Option<OutboxEntry> {
    let announced = record.announced.take().or_else(|| {
        // Earlier versions did not keep what was announced: the current delivery says it as well.
        let accepted = record.current.accepted()?;
        let told = accepted.artists.iter().filter(|artist| record.told.contains(&folded_name(artist)));
        Some(Announced {
            title: accepted.title.clone(),
            artist_line: accepted.artist.clone(),
            label_name: accepted.label_name.clone(),
            time_zone: accepted.time_zone.clone(),
            artists: told.cloned().collect(),
            deliveries: None,
        })
    })?;
    record.told.clear();
    let news = News {
        what: Happening::Withdrawn { reason: reason.to_owned() },
        key: record.key.clone(),
        artist: announced.artists.first()?.clone(),
        title: announced.title,
        artist_line: announced.artist_line,
        label_name: announced.label_name,
        since: now,
        time_zone: announced.time_zone,
        tracks: Vec::new(),
    };
    let (delivery, trace) = (record.current.id, record.current.trace());
    let takes_back = announced.deliveries.unwrap_or_else(|| BTreeSet::from([delivery]));
    Some(OutboxEntry::tell(Tidings { delivery, trace, artists: announced.artists, takes_back, news }))
}

fn words(record: &Record) -> String {
    match record.state {
        State::Received => "Its files are being verified.".to_owned(),
        State::Transcoding => "All files are in the store. Renditions are being made.".to_owned(),
        State::InReview => "All renditions are made. A release manager is to hear them.".to_owned(),
        State::Ready => "Ready. It goes live on its release date.".to_owned(),
        State::Live => "Live.".to_owned(),
        State::Failed => {
            let reasons: Vec<String> = record.current.reasons().iter().map(|reason| reason.message.clone()).collect();
            reasons.join(" ")
        }
        State::Rejected => "It is not to go live. Mend it and deliver it again.".to_owned(),
        State::Withdrawn => match &record.current.withdrawn {
            Some(Withdrawal { reason, .. }) if !reason.is_empty() => format!("Withdrawn: {reason}"),
            _ => "Withdrawn.".to_owned(),
        },
    }
}

fn note(record: &mut Record, now: Timestamp, delivery: DeliveryId, what: &str) {
    record.timeline.push(Moment { at: now, delivery, state: record.state, what: what.to_owned() });
    let surplus = record.timeline.len().saturating_sub(Record::TIMELINE);
    record.timeline.drain(..surplus);
}

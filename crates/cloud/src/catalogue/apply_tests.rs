use super::sample::{
    accepted, accepting, after_hours, approval, delivery, event, failed, play, ready, refused, start, track,
};
use super::{
    Applied, Change, Decision, EntryId, Errand, Event, Fact, Happening, News, OutboxEntry, Record, ReleaseKey, State,
    Verdict, Void, apply, sample,
};
use crate::Message;

fn states(changes: &[Change]) -> Vec<State> {
    let mut states: Vec<State> = changes.iter().map(|change| change.record.state).collect();
    states.dedup();
    states
}

fn told(changes: &[Change]) -> Vec<String> {
    news(changes).into_iter().filter(|news| news.what == Happening::Live).map(|news| news.artist).collect()
}

fn sent(changes: &[Change]) -> Vec<Message> {
    let errands = changes.iter().flat_map(|change| &change.outbox).map(|entry| &entry.errand);
    errands
        .flat_map(|errand| match errand {
            Errand::Send(message) => vec![message.clone()],
            Errand::Transcode(jobs) => jobs.messages().into_iter().map(|(message, _)| message).collect(),
            Errand::Tell(_) | Errand::TellEach(_) => Vec::new(),
        })
        .collect()
}

fn news(changes: &[Change]) -> Vec<News> {
    let entries = changes.iter().flat_map(|change| &change.outbox);
    entries.flat_map(OutboxEntry::news).map(|(_, news)| news).collect()
}

fn void(record: &Record, event: &Event) -> Void {
    match apply(Some(record), event, after_hours(99)) {
        Applied::Void(void) => void,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_delivery_without_review_or_date_goes_straight_to_live() {
    let (record, changes) =
        play(None, &[event(1, Fact::Arrived), accepting(1, 1, accepted(1, 2)), ready(1, 2), ready(1, 1)]);

    assert_eq!(states(&changes), [State::Received, State::Transcoding, State::Live]);
    assert_eq!(told(&changes), ["Vesper Bloom"]);
    assert_eq!(sent(&changes).len(), 2);
    insta::assert_snapshot!(timeline(&record.unwrap()));
}

#[test]
fn a_release_that_is_ready_waits_for_its_date() {
    let mut future = accepted(1, 1);
    future.due = Some(after_hours(10));
    let (record, changes) = play(None, &[accepting(1, 1, future), ready(1, 1)]);
    assert_eq!(states(&changes), [State::Transcoding, State::Ready]);
    let record = record.unwrap();

    let reached = event(1, Fact::DateReached);
    assert_eq!(apply(Some(&record), &reached, after_hours(9)), Applied::Unchanged);
    let Applied::Changed(live) = apply(Some(&record), &reached, after_hours(10)) else { panic!() };
    assert_eq!(live.record.state, State::Live);
    assert_eq!(told(&[*live.clone()]), ["Vesper Bloom"]);
    assert_eq!(apply(Some(&live.record), &reached, after_hours(11)), Applied::Unchanged);
}

#[test]
fn a_reviewed_release_waits_for_a_decision_on_just_that() {
    let mut reviewed = accepted(1, 2);
    reviewed.review = true;
    let decided = |decision: Decision| event(1, Fact::Decided(decision));
    let approval = approval(&reviewed, 1);
    let (transcoding, _) = play(None, &[accepting(1, 1, reviewed.clone()), ready(1, 1)]);
    let not_yet = decided(approval.clone());
    assert_eq!(void(&transcoding.clone().unwrap(), &not_yet), Void::NotInReview(State::Transcoding));

    let (record, _) = play(transcoding, &[ready(1, 2)]);
    let record = record.unwrap();
    assert_eq!(record.state, State::InReview);
    let other_text = Decision { metadata: release::Sha256::of(b"other"), ..approval.clone() };
    assert_eq!(void(&record, &decided(other_text)), Void::OtherMetadata);
    let other_sound = Decision { heard: accepted(2, 2).recipes().collect(), ..approval.clone() };
    assert_eq!(void(&record, &decided(other_sound)), Void::OtherRenditions);
    let half = Decision {
        heard: reviewed.tracks[0].renditions.iter().map(|rendition| rendition.recipe).collect(),
        ..approval.clone()
    };
    assert_eq!(void(&record, &decided(half.clone())), Void::NotHeard("Track 2".to_owned()));

    // One track is enough to turn it down.
    let rejection = Decision { verdict: Verdict::Reject { reason: "Track 1 clicks.".to_owned() }, ..half };
    let (rejected, changes) = play(Some(record.clone()), &[decided(rejection)]);
    assert_eq!(told(&changes), Vec::<String>::new());
    let rejected = rejected.unwrap();
    assert_eq!(rejected.state, State::Rejected);
    assert_eq!(void(&rejected, &decided(approval.clone())), Void::NotInReview(State::Rejected));

    let (live, changes) = play(Some(record), &[decided(approval.clone()), decided(approval)]);
    assert_eq!(live.as_ref().map(|live| live.state), Some(State::Live));
    assert_eq!(told(&changes), ["Vesper Bloom"]);
    insta::assert_snapshot!(timeline(&live.unwrap()));
}

#[test]
fn a_corrected_delivery_leaves_the_last_one_listed_and_tells_only_new_artists() {
    let (live, _) = play(None, &[accepting(1, 1, accepted(1, 1)), ready(1, 1)]);
    let (record, _) = play(live, &[event(2, Fact::Arrived)]);
    let record = record.unwrap();
    assert_eq!(record.state, State::Received);
    assert_eq!(record.listed.as_ref().map(|listed| listed.delivery), Some(delivery(1)));

    let (record, changes) = play(Some(record), &[accepting(2, 1, accepted(2, 1)), ready(2, 1)]);
    assert_eq!(told(&changes), ["Ada"]);
    let record = record.unwrap();
    assert_eq!((record.state, record.listed.map(|listed| listed.delivery)), (State::Live, Some(delivery(2))));
}

#[test]
fn one_artist_in_two_spellings_is_told_once() {
    let mut twice = accepted(1, 1);
    twice.artists = vec!["Vesper Bloom".to_owned(), "VESPER  BLOOM".to_owned(), "Ada".to_owned()];
    let (_, changes) = play(None, &[accepting(1, 1, twice), ready(1, 1)]);
    assert_eq!(told(&changes), ["Vesper Bloom", "Ada"]);
}

#[test]
fn an_older_delivery_that_comes_late_is_noted_and_changes_nothing() {
    let (record, _) = play(None, &[accepting(2, 1, accepted(2, 1))]);
    let record = record.unwrap();
    let (after, changes) = play(
        Some(record.clone()),
        &[event(1, Fact::Arrived), accepting(1, 1, accepted(1, 1)), ready(1, 1), refused(1, 1, "bad")],
    );
    let after = after.unwrap();
    assert_eq!((changes.len(), sent(&changes), told(&changes)), (1, Vec::new(), Vec::new()));
    assert_eq!((&after.current, after.state), (&record.current, record.state));
    assert!(after.seen.contains(&delivery(1)));
    assert_eq!(
        after.timeline.last().unwrap().what,
        "An older delivery came late. A newer one is here already: nothing changes."
    );
    let order = event(1, Fact::Withdrawn { reason: String::new() });
    assert_eq!(void(&record, &order), Void::Superseded);
}

#[test]
fn a_failed_release_can_be_tried_again_and_old_failures_no_longer_count() {
    let (record, changes) =
        play(None, &[accepting(1, 1, accepted(1, 2)), failed(1, 1, 2, "Track 2: the master is noise."), ready(1, 1)]);
    let record = record.unwrap();
    assert_eq!(states(&changes), [State::Transcoding, State::Failed]);
    assert_eq!(record.current.reasons()[0].message, "Track 2: the master is noise.");

    let (again, changes) = play(Some(record), &[event(1, Fact::TriedAgain)]);
    let again = again.unwrap();
    assert_eq!((again.state, again.current.attempt), (State::Received, 2));
    assert!(matches!(&sent(&changes)[..], [Message::Manifest { .. }]));
    assert_eq!(void(&again, &event(1, Fact::TriedAgain)), Void::NotFailed(State::Received));

    // What still travels of the first attempt comes late: a failure counts no more, and what is made stays made.
    let (again, changes) =
        play(Some(again), &[failed(1, 1, 2, "late"), refused(1, 1, "late"), accepting(1, 2, accepted(1, 2))]);
    assert_eq!(states(&changes), [State::Transcoding]);
    let Message::Transcode(job) = &sent(&changes)[0] else { panic!() };
    assert_eq!((sent(&changes).len(), job.track, job.attempt), (1, track(2), 2));
    let (live, changes) = play(again, &[ready(1, 2)]);
    assert_eq!((live.unwrap().state, told(&changes).len()), (State::Live, 1));
}

#[test]
fn a_withdrawn_release_stays_withdrawn_until_it_is_delivered_again() {
    let withdraw = event(1, Fact::Withdrawn { reason: "A sample is not cleared.".to_owned() });
    let (record, changes) = play(None, &[accepting(1, 1, accepted(1, 1)), withdraw.clone(), ready(1, 1)]);
    let record = record.unwrap();
    assert_eq!((record.state, record.listed.clone(), told(&changes).len()), (State::Withdrawn, None, 0));
    assert_eq!(void(&record, &withdraw), Void::AlreadyWithdrawn);
    assert_eq!(record.timeline.last().unwrap().what, "Withdrawn: A sample is not cleared.");

    let (live, _) = play(Some(record), &[accepting(2, 1, accepted(2, 1)), ready(2, 1)]);
    assert_eq!(live.unwrap().state, State::Live);
}

#[test]
fn who_was_told_that_it_is_live_is_told_that_it_is_taken_back() {
    let withdraw = |number, reason: &str| event(number, Fact::Withdrawn { reason: reason.to_owned() });
    let mut both = accepted(1, 1);
    both.artists.push("Ada".to_owned());
    let (live, _) = play(None, &[accepting(1, 1, both), ready(1, 1)]);
    // The next delivery, of which nothing is known yet, is taken back: so is the one that people hear.
    let (back, changes) = play(live.clone(), &[event(2, Fact::Arrived), withdraw(2, "A sample is not cleared.")]);
    let what = Happening::Withdrawn { reason: "A sample is not cleared.".to_owned() };
    let said: Vec<_> = news(&changes).into_iter().map(|news| (news.artist, news.title, news.what)).collect();
    let of = |artist: &str| (artist.to_owned(), "Tidewater".to_owned(), what.clone());
    assert_eq!(said, [of("Vesper Bloom"), of("Ada")]);

    // Live again, they hear of it again, under another name: whoever sends it must not take it for the first.
    let (again, changes) = play(back, &[accepting(3, 1, accepted(3, 1)), ready(3, 1)]);
    assert_eq!(told(&changes), ["Vesper Bloom", "Ada"]);
    let (_, changes) = play(again, &[withdraw(3, "")]);
    assert_eq!(news(&changes).len(), 2);

    // A record of an earlier version does not say what was announced.
    let old = Record { announced: None, ..live.unwrap() };
    assert_eq!(news(&play(Some(old), &[withdraw(1, "")]).1).len(), 2);
}

/// A transaction of DynamoDB has at most 100 actions.
#[test]
fn the_longest_release_gives_few_errands_at_a_time() {
    let mut long = accepted(1, 250);
    long.artists = (0..200).map(|number| format!("Artist {number}")).collect();
    let mut events = vec![accepting(1, 1, long)];
    events.extend((1..=250).map(|number| ready(1, number)));
    let (_, changes) = play(None, &events);
    assert!(changes.iter().all(|change| change.outbox.len() <= 1));
    assert_eq!((sent(&changes).len(), told(&changes).len()), (250, 200));
    let entries = changes.iter().flat_map(|change| &change.outbox).flat_map(OutboxEntry::news);
    let names: std::collections::BTreeSet<_> = entries.map(|(name, _)| name).collect();
    assert_eq!(names.len(), 200);
}

#[test]
fn a_file_that_goes_missing_later_does_not_undo_an_accepted_delivery() {
    let (record, _) = play(None, &[accepting(1, 1, accepted(1, 1)), refused(1, 1, "missing"), ready(1, 1)]);
    assert_eq!(record.unwrap().state, State::Live);
    let (record, _) = play(None, &[refused(1, 1, "missing"), accepting(1, 1, accepted(1, 1)), ready(1, 1)]);
    assert_eq!(record.unwrap().state, State::Live);
}

#[test]
fn the_timeline_keeps_its_length() {
    let events: Vec<Event> = (1..=200).map(|number| event(number, Fact::Arrived)).collect();
    let (record, _) = play(None, &events);
    let record = record.unwrap();
    assert_eq!(record.timeline.len(), Record::TIMELINE);
    assert_eq!(record.timeline.last().unwrap().delivery, delivery(200));
}

#[test]
fn errands_have_names_that_can_be_files() {
    // The longest name that a label may have.
    let key = ReleaseKey { label: "x".repeat(63).parse().unwrap(), ..sample::key() };
    let events = [accepting(1, 1, accepted(1, 1)), ready(1, 1)].map(|event| Event { key: key.clone(), ..event });
    let (_, changes) = play(None, &events);
    let entries = changes.iter().flat_map(|change| &change.outbox);
    let names = entries.clone().flat_map(OutboxEntry::news).map(|(name, _)| name);
    for entry in entries.map(|entry| entry.id.clone()).chain(names) {
        let id = entry.as_str();
        assert_eq!(id.parse::<EntryId>().as_ref(), Ok(&entry));
        assert!(id.starts_with(&format!("{}.", key.label)), "{id}");
        let name = entry.within_label();
        assert!(name.len() < 100 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{name}");
    }
}

fn timeline(record: &Record) -> String {
    let line = |moment: &super::Moment| {
        let hours = (moment.at.as_second() - start().as_second()) / 3600;
        format!("{hours} h  {:<12} {}", moment.state.as_str(), moment.what)
    };
    record.timeline.iter().map(line).collect::<Vec<_>>().join("\n")
}

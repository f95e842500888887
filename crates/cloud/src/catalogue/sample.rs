//! Deliveries to test with.

use jiff::{SignedDuration, Timestamp};
use release::{DeliveryId, Recipe, ReleaseId, Sha256, TrackId};

use super::{
    Accepted, Applied, Change, Decision, EntryId, Event, Fact, Happening, ManifestRead, News, Reason, Record,
    ReleaseKey, RenditionRef, TrackEntry, Verdict, apply,
};

pub(crate) fn start() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub(crate) fn after_hours(hours: i64) -> Timestamp {
    start() + SignedDuration::from_hours(hours)
}

pub(crate) fn key() -> ReleaseKey {
    ReleaseKey { label: "night-office".parse().unwrap(), release: ReleaseId::new(start(), 1) }
}

/// The deliveries of the release, greater ones later.
pub(crate) fn delivery(number: u8) -> DeliveryId {
    DeliveryId::new(after_hours(i64::from(number)), 7)
}

pub(crate) fn track(number: u32) -> TrackId {
    TrackId::new(start(), u128::from(number))
}

fn recipe(delivery: u8, track: u32, profile: &str) -> Recipe {
    Sha256::of(format!("{delivery} {track} {profile}").as_bytes()).to_string().parse().unwrap()
}

/// A delivery of `tracks` tracks by Vesper Bloom, and Ada on its second delivery.
pub(crate) fn accepted(number: u8, tracks: u32) -> Accepted {
    let entry = |track_number| TrackEntry {
        id: track(track_number),
        disc: 1,
        number: track_number,
        title: format!("Track {track_number}"),
        milliseconds: 61_000,
        master: Sha256::of(&track_number.to_be_bytes()),
        renditions: ["flac", "preview"]
            .map(|profile| RenditionRef {
                profile: profile.to_owned(),
                recipe: recipe(number, track_number, profile),
                key: format!("{}.{profile}", recipe(number, track_number, profile)),
            })
            .to_vec(),
    };
    let mut artists = vec!["Vesper Bloom".to_owned()];
    if number > 1 {
        artists.push("Ada".to_owned());
    }
    Accepted {
        title: "Tidewater".to_owned(),
        artist: "Vesper Bloom".to_owned(),
        label_name: "Night Office".to_owned(),
        artists,
        due: None,
        time_zone: "Europe/Berlin".to_owned(),
        metadata: Sha256::of(&[number]),
        review: false,
        trace: delivery(number).to_string(),
        manifest_version: None,
        tracks: (1..=tracks).map(entry).collect(),
    }
}

pub(crate) fn event(number: u8, fact: Fact) -> Event {
    Event { key: key(), delivery: delivery(number), fact }
}

pub(crate) fn accepting(number: u8, attempt: u32, accepted: Accepted) -> Event {
    event(number, Fact::Accepted { attempt, accepted: Box::new(accepted) })
}

pub(crate) fn ready(number: u8, track_number: u32) -> Event {
    event(number, Fact::TrackReady { track: track(track_number) })
}

pub(crate) fn failed(number: u8, attempt: u32, track_number: u32, message: &str) -> Event {
    let reason = Reason::of_track(track(track_number), message, "Export it again.");
    event(number, Fact::TrackFailed { attempt, track: track(track_number), reason })
}

pub(crate) fn refused(number: u8, attempt: u32, message: &str) -> Event {
    let read = Some(ManifestRead { version: None, trace: delivery(number).to_string() });
    event(number, Fact::Refused { attempt, reasons: vec![Reason::of_delivery(message, "Mend it.")], read })
}

pub(crate) fn approval(accepted: &Accepted, number: u8) -> Decision {
    Decision {
        release: key().release,
        delivery: delivery(number),
        heard: accepted.recipes().collect(),
        metadata: accepted.metadata,
        verdict: Verdict::Approve,
        by: "Mira".to_owned(),
        at: start(),
    }
}

/// Takes events to a record, one an hour, and collects all changes. Orders must count.
pub(crate) fn play(record: Option<Record>, events: &[Event]) -> (Option<Record>, Vec<Change>) {
    let mut record = record;
    let mut changes = Vec::new();
    for (hour, event) in (1..).zip(events) {
        match apply(record.as_ref(), event, after_hours(hour)) {
            Applied::Changed(change) => {
                record = Some(change.record.clone());
                changes.push(*change);
            }
            Applied::Unchanged => {}
            Applied::Void(void) => panic!("{void}"),
        }
    }
    (record, changes)
}

/// News of a release that is live.
pub(crate) fn news() -> News {
    News {
        what: Happening::Live,
        key: key(),
        artist: "Vesper Bloom".to_owned(),
        title: "Tidewater".to_owned(),
        artist_line: "Vesper Bloom".to_owned(),
        label_name: "Night Office".to_owned(),
        since: start(),
        time_zone: "UTC".to_owned(),
        tracks: Vec::new(),
    }
}

/// The name of a piece of news or of an errand.
pub(crate) fn entry_id(name: &str) -> EntryId {
    serde_json::from_value(name.into()).unwrap()
}

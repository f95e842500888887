//! Releases to test with.

use cloud::catalogue::{Moment, ReleaseKey, State};
use cloud::{ReleaseView, Waiting};
use jiff::{SignedDuration, Timestamp};
use release::{DeliveryId, ReleaseId};

/// A release that was live since as many hours as its number.
pub(crate) fn release(number: u8) -> ReleaseView {
    let at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(number.into());
    let delivery = DeliveryId::new(at, 7);
    ReleaseView {
        key: ReleaseKey { label: "low-tide".parse().unwrap(), release: ReleaseId::new(at, number.into()) },
        delivery,
        attempt: 1,
        title: format!("Album {number}"),
        artist: "Ann Ash".to_owned(),
        state: State::Live,
        since: at,
        waits_for: Waiting::Nothing,
        reasons: Vec::new(),
        due: None,
        listed: None,
        metadata: None,
        tracks: Vec::new(),
        timeline: vec![Moment { at, delivery, state: State::Live, what: "It went live.".to_owned() }],
        told: Vec::new(),
    }
}

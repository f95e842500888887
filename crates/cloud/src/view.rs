use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use release::{DeliveryId, Recipe, Sha256, TrackId};
use serde::{Deserialize, Serialize};

use crate::catalogue::{Listing, Moment, Reason, Record, ReleaseKey, State, TrackEntry};
use crate::ports::RenditionFacts;

/// A release as people see it: where it stands, what it waits for, and what there is to hear.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseView {
    /// Which release.
    pub key: ReleaseKey,
    /// The current delivery.
    pub delivery: DeliveryId,
    /// Which try at it, from 1.
    pub attempt: u32,
    /// The title with its version; empty until the manifest was read.
    pub title: String,
    /// The line under the title; empty until the manifest was read.
    pub artist: String,
    /// Where it stands.
    pub state: State,
    /// Since when it stands there.
    pub since: Timestamp,
    /// What must happen for it to go on.
    pub waits_for: Waiting,
    /// Why it failed; empty where it did not.
    pub reasons: Vec<Reason>,
    /// When it may go live; at once without one.
    pub due: Option<Timestamp>,
    /// What people can hear meanwhile; of an earlier delivery while the current one is on its way.
    pub listed: Option<Listing>,
    /// What a decision must name. None until the manifest was read.
    pub metadata: Option<Sha256>,
    /// Its tracks in order; empty until the manifest was read.
    pub tracks: Vec<TrackView>,
    /// What happened, earliest first.
    pub timeline: Vec<Moment>,
    /// The artists whose followers were told that it is live, or are being told, as they are credited. Earlier
    /// versions did not say it.
    #[serde(default)]
    pub told: Vec<String>,
}

/// What must happen for a release to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    /// Nothing: it is live, or will never be.
    Nothing,
    /// Its files are being verified.
    Intake,
    /// Renditions are being made.
    Transcoding {
        /// Tracks that are done.
        done: usize,
        /// Tracks in all.
        of: usize,
    },
    /// A release manager is to hear it.
    Decision,
    /// Its release date.
    Date(Timestamp),
    /// A person: the reasons say what to do.
    Mending,
}

/// A track, and what there is to hear of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackView {
    /// The track.
    pub id: TrackId,
    /// The disc, from 1.
    pub disc: u32,
    /// The number on its disc, from 1.
    pub number: u32,
    /// The title with its version.
    pub title: String,
    /// The master's length in milliseconds.
    pub milliseconds: u64,
    /// Whether all its renditions are in the store.
    pub is_ready: bool,
    /// Why they cannot be made, where that is so.
    pub failure: Option<Reason>,
    /// Its renditions in the order of the profiles.
    pub renditions: Vec<RenditionView>,
}

/// A rendition, made or to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RenditionView {
    /// The profile's name.
    pub profile: String,
    /// What it is made by.
    pub recipe: Recipe,
    /// Where it lies in the store of renditions.
    pub key: String,
    /// What is in it. None until it is made.
    pub facts: Option<RenditionFacts>,
}

impl ReleaseView {
    /// A record as people see it, with the facts of those of its renditions that have any.
    #[must_use]
    pub fn new(record: &Record, facts: &BTreeMap<Recipe, RenditionFacts>) -> Self {
        let delivery = &record.current;
        let accepted = delivery.accepted();
        Self {
            key: record.key.clone(),
            delivery: delivery.id,
            attempt: delivery.attempt,
            title: accepted.map(|accepted| accepted.title.clone()).unwrap_or_default(),
            artist: accepted.map(|accepted| accepted.artist.clone()).unwrap_or_default(),
            state: record.state,
            since: record.since,
            waits_for: Waiting::of(record),
            reasons: delivery.reasons(),
            due: accepted.and_then(|accepted| accepted.due),
            listed: record.listed.clone(),
            metadata: accepted.map(|accepted| accepted.metadata),
            tracks: delivery.tracks().iter().map(|track| track_view(record, track, facts)).collect(),
            timeline: record.timeline.clone(),
            told: record.announced.as_ref().map(|announced| announced.artists.clone()).unwrap_or_default(),
        }
    }
}

fn track_view(record: &Record, track: &TrackEntry, facts: &BTreeMap<Recipe, RenditionFacts>) -> TrackView {
    let failure = record.current.failure(track.id).cloned();
    let renditions = track.renditions.iter().map(|rendition| RenditionView {
        profile: rendition.profile.clone(),
        recipe: rendition.recipe,
        key: rendition.key.clone(),
        // They are noted before the rendition is put: where its track failed, it may not be there.
        facts: facts.get(&rendition.recipe).filter(|_| failure.is_none()).cloned(),
    });
    TrackView {
        id: track.id,
        disc: track.disc,
        number: track.number,
        title: track.title.clone(),
        milliseconds: track.milliseconds,
        is_ready: record.current.is_made(track.id),
        renditions: renditions.collect(),
        failure,
    }
}

impl Waiting {
    fn of(record: &Record) -> Self {
        let tracks = record.current.tracks();
        match record.state {
            State::Received => Self::Intake,
            State::Transcoding => Self::Transcoding {
                done: tracks.iter().filter(|track| record.current.is_made(track.id)).count(),
                of: tracks.len(),
            },
            State::InReview => Self::Decision,
            State::Ready => match record.current.accepted().and_then(|accepted| accepted.due) {
                Some(due) => Self::Date(due),
                None => Self::Nothing,
            },
            State::Failed | State::Rejected => Self::Mending,
            State::Live | State::Withdrawn => Self::Nothing,
        }
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => write!(f, "nothing"),
            Self::Intake => write!(f, "its files to be verified"),
            Self::Transcoding { done, of } => write!(f, "its renditions ({done} of {of} tracks are done)"),
            Self::Decision => write!(f, "a release manager to hear it"),
            Self::Date(due) => write!(f, "its release date, {due}"),
            Self::Mending => write!(f, "somebody to mend it and deliver it again"),
        }
    }
}

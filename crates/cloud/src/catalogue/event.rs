use jiff::Timestamp;
use release::{DeliveryId, Recipe, Sha256, TrackId};
use serde::{Deserialize, Serialize};

use super::{Decision, ManifestRead, Reason, ReleaseKey, RenditionRef};

/// Something that happened to a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The release.
    pub key: ReleaseKey,
    /// Which of its deliveries.
    pub delivery: DeliveryId,
    /// What happened.
    pub fact: Fact,
}

/// What happened to a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// Its manifest is in the store.
    Arrived,
    /// Intake found all its files and no fault.
    Accepted {
        /// In which attempt.
        attempt: u32,
        /// What the catalogue needs of the manifest.
        accepted: Box<Accepted>,
    },
    /// Intake cannot take it in.
    Refused {
        /// In which attempt.
        attempt: u32,
        /// Why; at least one.
        reasons: Vec<Reason>,
        /// The manifest, where it could be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        read: Option<ManifestRead>,
    },
    /// All renditions of a track are in the store.
    TrackReady {
        /// Which track.
        track: TrackId,
    },
    /// A track's renditions cannot be made.
    TrackFailed {
        /// In which attempt.
        attempt: u32,
        /// Which track.
        track: TrackId,
        /// Why.
        reason: Reason,
    },
    /// Its release date may have come.
    DateReached,
    /// A release manager decided.
    Decided(Decision),
    /// It is to be taken back.
    Withdrawn {
        /// Why, in the words of the person who does it.
        reason: String,
    },
    /// It failed, and is to be tried again.
    TriedAgain,
}

/// What intake found in a delivery's manifest, as far as the catalogue needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// The title with its version.
    pub title: String,
    /// The line under the title.
    pub artist: String,
    /// The label's name as it is displayed.
    pub label_name: String,
    /// Everyone who is to hear of it when it is live.
    pub artists: Vec<String>,
    /// When it may go live; at once without one.
    pub due: Option<Timestamp>,
    /// The time zone of its dates, by its IANA name.
    pub time_zone: String,
    /// A hash over all that the release says: what a decision is about.
    pub metadata: Sha256,
    /// Whether a release manager is to hear it first.
    pub review: bool,
    /// Follows the delivery through all logs.
    pub trace: String,
    /// Which version of the manifest it was, where the store keeps several and intake was told which: what is made is made
    /// of that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_version: Option<String>,
    /// Its tracks in order of disc and number; never empty.
    pub tracks: Vec<TrackEntry>,
}

/// A track of an accepted delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackEntry {
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
    /// The master's content.
    pub master: Sha256,
    /// What is to be made of it, in the order of the profiles.
    pub renditions: Vec<RenditionRef>,
}

impl Accepted {
    /// All that the delivery's renditions are made by.
    pub fn recipes(&self) -> impl Iterator<Item = Recipe> {
        self.tracks.iter().flat_map(|track| track.renditions.iter().map(|rendition| rendition.recipe))
    }
}

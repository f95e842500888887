use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use release::{DeliveryId, LabelId, Recipe, ReleaseId, TrackId};
use serde::{Deserialize, Serialize};

use super::{Accepted, Decision, Reason, TrackEntry};

/// A release of a label: what a record is kept under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReleaseKey {
    /// Whose it is: the label in the manifest's own key.
    pub label: LabelId,
    /// Which release.
    pub release: ReleaseId,
}

impl fmt::Display for ReleaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.label, self.release)
    }
}

/// What the catalogue knows of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Which release it is about.
    pub key: ReleaseKey,
    /// The delivery of the greatest id that was seen. `state` is about this one.
    pub current: Delivery,
    /// Where the current delivery stands.
    pub state: State,
    /// Since when it stands there.
    pub since: Timestamp,
    /// What people can hear meanwhile: the last delivery that went live, until it is withdrawn or another takes its
    /// place. A new delivery of a live release leaves it listed until it is live itself.
    pub listed: Option<Listing>,
    /// Every delivery that was seen, so that no manifest is taken in twice.
    pub seen: BTreeSet<DeliveryId>,
    /// The artists who were told that this release is live, by [`folded_name`](super::folded_name). None is told
    /// twice, unless they were told meanwhile that it is taken back.
    pub told: BTreeSet<String>,
    /// What they were told of: whoever takes the release back tells them so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Announced>,
    /// What happened, in the order in which it became known; the last [`Record::TIMELINE`] moments.
    pub timeline: Vec<Moment>,
}

impl Record {
    /// How many moments a record keeps.
    pub const TIMELINE: usize = 100;
}

/// Where a release stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its manifest arrived, and its files are being verified.
    Received,
    /// Its files are there, and its renditions are being made.
    Transcoding,
    /// Its renditions are there, and a release manager is to hear them.
    InReview,
    /// It goes live when its release date comes.
    Ready,
    /// People can hear it.
    Live,
    /// It needs a person; the reasons say what for.
    Failed,
    /// A release manager turned it down.
    Rejected,
    /// It was taken back.
    Withdrawn,
}

impl State {
    /// The name as the command line and stored formats spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Transcoding => "transcoding",
            Self::InReview => "in-review",
            Self::Ready => "ready",
            Self::Live => "live",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The name as a person reads it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::InReview => "in review",
            other => other.as_str(),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// A delivery, as far as it got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Which try this is, from 1. Failures of an earlier try no longer count.
    pub attempt: u32,
    /// What intake found.
    pub intake: Findings,
    /// The manifest that intake read, unless `intake` tells: of a delivery that is refused, or tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ManifestRead>,
    /// How far its tracks are; those that are not named are not made yet.
    pub outcomes: BTreeMap<TrackId, TrackOutcome>,
    /// What a release manager decided, where a decision counted.
    pub decision: Option<Decision>,
    /// When it went live.
    pub live_since: Option<Timestamp>,
    /// When and why it was taken back.
    pub withdrawn: Option<Withdrawal>,
}

impl Delivery {
    /// A delivery of which nothing is known but that it exists.
    pub(super) fn new(id: DeliveryId) -> Self {
        Self {
            id,
            attempt: 1,
            intake: Findings::Pending,
            read: None,
            outcomes: BTreeMap::new(),
            decision: None,
            live_since: None,
            withdrawn: None,
        }
    }

    /// What intake accepted, where it did.
    #[must_use]
    pub fn accepted(&self) -> Option<&Accepted> {
        match &self.intake {
            Findings::Accepted(accepted) => Some(accepted),
            Findings::Pending | Findings::Refused(_) => None,
        }
    }

    /// Follows it through all logs: what its manifest says, or its id while nobody has read that.
    #[must_use]
    pub fn trace(&self) -> String {
        match (self.accepted(), &self.read) {
            (Some(accepted), _) => accepted.trace.clone(),
            (None, Some(read)) => read.trace.clone(),
            (None, None) => self.id.to_string(),
        }
    }

    /// Its tracks, once it is accepted.
    #[must_use]
    pub fn tracks(&self) -> &[TrackEntry] {
        self.accepted().map_or(&[], |accepted| &accepted.tracks)
    }

    /// Whether all renditions of a track are in the store.
    #[must_use]
    pub fn is_made(&self, track: TrackId) -> bool {
        matches!(self.outcomes.get(&track), Some(TrackOutcome::Ready))
    }

    /// Why a track failed, where it did in this attempt.
    #[must_use]
    pub fn failure(&self, track: TrackId) -> Option<&Reason> {
        match self.outcomes.get(&track) {
            Some(TrackOutcome::Failed { attempt, reason }) if *attempt == self.attempt => Some(reason),
            _ => None,
        }
    }

    /// Why it failed, in this attempt; empty where it did not.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        match &self.intake {
            Findings::Refused(reasons) => reasons.clone(),
            Findings::Pending => Vec::new(),
            Findings::Accepted(accepted) => {
                let mut reasons: Vec<Reason> = Vec::new();
                for reason in accepted.tracks.iter().filter_map(|track| self.failure(track.id)) {
                    // Several tracks may fail for one reason, such as the artwork.
                    if !reasons.contains(reason) {
                        reasons.push(reason.clone());
                    }
                }
                reasons
            }
        }
    }
}

/// What intake found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Findings {
    /// Not done yet.
    Pending,
    /// Every file is there and the release passes the checks.
    Accepted(Box<Accepted>),
    /// It cannot be taken in.
    Refused(Vec<Reason>),
}

/// A delivery's manifest, as intake read it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ManifestRead {
    /// Which version of the object, where the store keeps several and intake was told which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Follows the delivery through all logs.
    pub trace: String,
}

/// A rendition by name; its facts are kept beside the object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenditionRef {
    /// The profile's name.
    pub profile: String,
    /// What it is made by.
    pub recipe: Recipe,
    /// Where it lies in the store of renditions.
    pub key: String,
}

/// How far a track's renditions are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrackOutcome {
    /// All are in the store. Once so, always so: renditions are named by what they are made of.
    Ready,
    /// They cannot be made.
    Failed {
        /// In which attempt.
        attempt: u32,
        /// Why.
        reason: Reason,
    },
}

/// A delivery that people can hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Which one.
    pub delivery: DeliveryId,
    /// Since when.
    pub since: Timestamp,
}

/// That a delivery was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// When.
    pub at: Timestamp,
    /// Why, in the words of the person who did it.
    pub reason: String,
}

/// A release as artists were told of it when it went live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The title with its version.
    pub title: String,
    /// The line under the title.
    pub artist_line: String,
    /// The label's name as it is displayed.
    pub label_name: String,
    /// The time zone of its dates, by its IANA name.
    pub time_zone: String,
    /// All who were told, as they are credited.
    pub artists: Vec<String>,
    /// The deliveries whose news told them. Earlier versions did not keep them, and where there was news of such a version
    /// they stay unknown until the release is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<BTreeSet<DeliveryId>>,
}

/// Something that happened to a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When it became known.
    pub at: Timestamp,
    /// The delivery that it is about.
    pub delivery: DeliveryId,
    /// Where the release stood after it.
    pub state: State,
    /// What happened, in words.
    pub what: String,
}

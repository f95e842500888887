//! Deliveries in the queue: what they are, and what may happen to them next.

use std::path::PathBuf;

use release::{Asset, DeliveryId, Release, ReleaseId, Sha256, Upc};
use serde::{Deserialize, Serialize};

use crate::draft::SourceFile;

/// A delivery as the queue knows it. Its manifest and files stay on disk until it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, which is the manifest's.
    pub id: DeliveryId,
    /// What it delivers.
    pub release: ReleaseId,
    /// The release's title, as it was when it was queued.
    pub title: String,
    /// The length of all its files together.
    pub bytes: u64,
    /// How far it is.
    pub state: DeliveryState,
    /// Why it failed, where it did.
    pub trouble: Option<Trouble>,
    /// The hash over all that the release says.
    pub(crate) content: Sha256,
    /// The release's bar code, where it has a good one.
    pub(crate) upc: Option<Upc>,
    /// What its draft was made of.
    pub(crate) sources: Vec<PathBuf>,
}

/// How far a delivery is on its way out. What the cloud makes of it is the release's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// It is sent as soon as it is its turn.
    Waiting,
    /// It waits for somebody to let it go on.
    Paused,
    /// It cannot be sent as it is.
    Failed,
    /// Somebody took it back before it was handed over.
    Cancelled,
    /// Its manifest is in the store: the cloud has it.
    Sent,
}

/// What went wrong, for people: `code` names it to programs, `help` says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// A stable name.
    pub code: String,
    /// What failed, on what.
    pub message: String,
    /// What a person can do about it.
    pub help: String,
}

/// What a delivery needs to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Shipment {
    pub(crate) manifest: Vec<u8>,
    pub(crate) files: Vec<ShippedFile>,
}

/// A file of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShippedFile {
    pub(crate) asset: Asset,
    pub(crate) file: SourceFile,
}

/// What somebody asks of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Pause,
    Resume,
    Cancel,
    Retry,
}

impl Delivery {
    /// Whether it hands over exactly what a release says. Hashes all of it.
    #[must_use]
    pub fn says(&self, release: &Release) -> bool {
        self.content == release.metadata_hash()
    }
}

impl DeliveryState {
    /// Whether nothing more happens to it by itself or by anybody's wish.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Cancelled | Self::Sent)
    }

    /// What becomes of a state when somebody asks; the same state where that is so already, none where it cannot be.
    pub(crate) fn after(self, wish: Wish) -> Option<Self> {
        match (wish, self) {
            (Wish::Pause, Self::Waiting | Self::Paused) => Some(Self::Paused),
            (Wish::Resume, Self::Waiting | Self::Paused) => Some(Self::Waiting),
            (Wish::Cancel, Self::Waiting | Self::Paused | Self::Failed | Self::Cancelled) => Some(Self::Cancelled),
            (Wish::Retry, Self::Waiting | Self::Failed) => Some(Self::Waiting),
            (Wish::Pause | Wish::Resume, Self::Failed)
            | (Wish::Retry, Self::Paused)
            | (Wish::Pause | Wish::Resume | Wish::Retry, Self::Cancelled)
            | (_, Self::Sent) => None,
        }
    }

    /// The word for it in stored rows and `--json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Paused => "paused",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Sent => "sent",
        }
    }

    pub(crate) fn from_str(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Paused, Self::Failed, Self::Cancelled, Self::Sent]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// Which delivery is sent next: the first that waits, in the order in which they were queued.
pub(crate) fn next_to_send(queue: &[&Delivery], paused: bool) -> Option<DeliveryId> {
    if paused {
        return None;
    }
    queue.iter().find(|delivery| delivery.state == DeliveryState::Waiting).map(|delivery| delivery.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [DeliveryState; 5] = [
        DeliveryState::Waiting,
        DeliveryState::Paused,
        DeliveryState::Failed,
        DeliveryState::Cancelled,
        DeliveryState::Sent,
    ];

    #[test]
    fn what_was_handed_over_cannot_be_taken_back() {
        for wish in [Wish::Pause, Wish::Resume, Wish::Cancel, Wish::Retry] {
            assert_eq!(DeliveryState::Sent.after(wish), None, "{wish:?}");
        }
    }

    #[test]
    fn asking_twice_is_asking_once() {
        for state in STATES {
            for wish in [Wish::Pause, Wish::Resume, Wish::Cancel, Wish::Retry] {
                if let Some(next) = state.after(wish) {
                    assert_eq!(next.after(wish), Some(next), "{state:?} {wish:?}");
                }
            }
        }
    }

    #[test]
    fn every_state_is_stored_by_a_word_of_its_own() {
        for state in STATES {
            assert_eq!(DeliveryState::from_str(state.as_str()), Some(state));
        }
        assert_eq!(DeliveryState::from_str("sending"), None);
    }
}

use std::collections::BTreeSet;

use jiff::Timestamp;
use release::{DeliveryId, Recipe, ReleaseId, Sha256};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Record, State};

/// What a release manager decided after hearing a delivery, and exactly what was heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The release.
    pub release: ReleaseId,
    /// The delivery that was heard.
    pub delivery: DeliveryId,
    /// The renditions that were heard. An approval names at least one of each track.
    pub heard: BTreeSet<Recipe>,
    /// The hash of the metadata that was read.
    pub metadata: Sha256,
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It may go live.
    Approve,
    /// It may not.
    Reject {
        /// What is to be mended.
        reason: String,
    },
}

/// Why a decision, or another order of a person, does not count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Void {
    /// Another delivery came since.
    #[error("A newer delivery of this release came since. Hear and decide on that one.")]
    Superseded,
    /// The release does not wait for a decision.
    #[error("This release is {}, and waits for no decision.", .0.words())]
    NotInReview(State),
    /// What the release says is not what was read.
    #[error("The release's texts are not those that were read. Read and hear it again.")]
    OtherMetadata,
    /// What was heard is not what would go live.
    #[error("What was heard is not what this delivery holds. Hear it again.")]
    OtherRenditions,
    /// An approval of something that was not heard.
    #[error("“{0}” was not heard. Approve a release once each of its tracks was.")]
    NotHeard(String),
    /// Only what failed can be tried again.
    #[error("This release is {}. Only a failed one can be tried again.", .0.words())]
    NotFailed(State),
    /// It is withdrawn already.
    #[error("This release is withdrawn already.")]
    AlreadyWithdrawn,
}

impl Decision {
    /// Whether this decision counts for a record.
    pub(super) fn counts_for(&self, record: &Record) -> Result<(), Void> {
        let delivery = &record.current;
        if delivery.id != self.delivery {
            return Err(Void::Superseded);
        }
        let accepted = match delivery.accepted() {
            Some(accepted) if record.state == State::InReview => accepted,
            _ => return Err(Void::NotInReview(record.state)),
        };
        if accepted.metadata != self.metadata {
            return Err(Void::OtherMetadata);
        }
        let recipes: BTreeSet<Recipe> = accepted.recipes().collect();
        if !self.heard.is_subset(&recipes) {
            return Err(Void::OtherRenditions);
        }
        let unheard = accepted
            .tracks
            .iter()
            .find(|track| !track.renditions.iter().any(|rendition| self.heard.contains(&rendition.recipe)));
        match (&self.verdict, unheard) {
            (Verdict::Approve, Some(track)) => Err(Void::NotHeard(track.title.clone())),
            _ => Ok(()),
        }
    }
}

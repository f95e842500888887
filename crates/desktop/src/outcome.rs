//! What a delivery has come to, or waits for.

use jiff::Timestamp;
use release::DeliveryId;

use crate::delivery::{DeliveryState, Trouble};
use crate::view::View;
use crate::workspace::{Reason, State};

/// Where a delivery rests: nothing more happens to it without a person or a date.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// People can hear it, and everyone who is to be told was, or cannot be for now.
    Live,
    /// A release manager is to hear it.
    InReview,
    /// It goes live when its date comes.
    Due(Option<Timestamp>),
    /// The cloud cannot go on.
    Failed(Vec<Reason>),
    /// A release manager turned it down.
    Rejected(Vec<Reason>),
    /// It was taken back after it was handed over.
    Withdrawn,
    /// It cannot be sent.
    NotSent(Trouble),
    /// Somebody holds it, or the queue, back.
    Paused,
    /// It was taken back before it was handed over.
    Cancelled,
    /// A newer delivery of the release took its place.
    Superseded(DeliveryId),
}

impl View {
    /// What a delivery has come to; none while something is being done for it.
    #[must_use]
    pub fn outcome(&self, delivery: DeliveryId) -> Option<Outcome> {
        let queued = &self.delivery(delivery)?.delivery;
        match queued.state {
            DeliveryState::Waiting if self.settings.queue_paused => return Some(Outcome::Paused),
            DeliveryState::Waiting => return None,
            DeliveryState::Paused => return Some(Outcome::Paused),
            DeliveryState::Cancelled => return Some(Outcome::Cancelled),
            DeliveryState::Failed => {
                let unknown = || Trouble {
                    code: "unknown".to_owned(),
                    message: "It could not be sent.".to_owned(),
                    help: "Try again.".to_owned(),
                };
                return Some(Outcome::NotSent(queued.trouble.clone().unwrap_or_else(unknown)));
            }
            DeliveryState::Sent => {}
        }
        let release = self.release(queued.release)?;
        if release.delivery > delivery {
            return Some(Outcome::Superseded(release.delivery));
        }
        if release.delivery < delivery {
            return None;
        }
        match release.state {
            State::Received | State::Transcoding => None,
            State::InReview => Some(Outcome::InReview),
            State::Ready => Some(Outcome::Due(release.due)),
            State::Live if self.telling.contains(&queued.release) => None,
            State::Live => Some(Outcome::Live),
            State::Failed => Some(Outcome::Failed(release.reasons.clone())),
            State::Rejected => Some(Outcome::Rejected(release.reasons.clone())),
            State::Withdrawn => Some(Outcome::Withdrawn),
        }
    }
}

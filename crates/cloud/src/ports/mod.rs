//! What the stages need of the world. Each port is small, and is there because a workspace on this machine and one in
//! AWS do it differently. A suite of tests for each says what every adapter must do.
//!
//! The objects themselves are behind [`upload::ObjectStore`] and [`upload::ObjectReader`].

mod announcements;
mod catalogue;
mod changes;
mod clock;
mod followers;
mod handovers;
mod herald;
mod labels;
mod leases;
mod links;
mod mailer;
mod outbox;
mod overdue;
mod queue;
mod renditions;
mod subscriptions;

#[cfg(test)]
pub(crate) mod contract;

use thiserror::Error;

pub use announcements::Announcements;
pub use catalogue::{Catalogue, SaveError, Stored};
pub use changes::{Changed, Changes};
pub use clock::{Clock, ManualClock, SystemClock};
pub use followers::{Asker, FOLLOWERS_AN_ARTIST, FollowError, Followers, day_of};
pub use handovers::{Handover, Handovers, PendingUpload};
pub use herald::{Herald, Letters};
pub use labels::Labels;
pub use leases::{Lease, LeaseOutcome, Leases};
pub use links::Links;
pub use mailer::{Mailed, Mailer};
pub use outbox::Outbox;
pub use overdue::Overdue;
pub use queue::Queue;
pub use renditions::{RenditionFacts, Renditions};
pub use subscriptions::{AddressError, EmailAddress, Subscription, Subscriptions};

/// Why a port could not do what it was asked.
#[derive(Debug, Error)]
#[error("{doing}: {cause}")]
pub struct PortError {
    /// What was being done, on what: "saving release 01J…".
    pub doing: String,
    /// Whether trying again may help.
    pub passing: bool,
    /// What went wrong.
    #[source]
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

impl PortError {
    /// An error of an adapter.
    pub fn new(
        doing: impl Into<String>,
        passing: bool,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { doing: doing.into(), passing, cause: cause.into() }
    }
}

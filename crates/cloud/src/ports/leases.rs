use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::PortError;

/// Sees to it that one worker at a time does a job.
///
/// A lease only saves work: whoever works without one, because theirs ran out, writes the same bytes to the same keys.
/// That a job is done is told by what it made, so no lease is kept for that.
#[async_trait]
pub trait Leases: Send + Sync + Debug {
    /// Takes the lease of a job until an instant, where nobody holds it at `now`.
    async fn acquire(&self, job: &str, now: Timestamp, until: Timestamp) -> Result<LeaseOutcome, PortError>;

    /// Holds on to it until a later instant. False where somebody else holds it by now.
    async fn extend(&self, lease: &Lease, until: Timestamp) -> Result<bool, PortError>;

    /// Gives it back; nothing happens where somebody else holds it by now.
    async fn release(&self, lease: &Lease) -> Result<(), PortError>;
}

/// The right to do a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: String,
    /// Tells this holder from earlier and later ones.
    pub token: u64,
}

/// What came of asking for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaseOutcome {
    /// It is yours.
    Taken(Lease),
    /// Somebody holds it, at most until this instant unless they extend it.
    Held {
        /// When it runs out.
        until: Timestamp,
    },
}

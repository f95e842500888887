use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::PortError;
use crate::catalogue::{OutboxEntry, ReleaseKey};

/// What should have gone on long ago, for a sweep to look after: messages and events can be lost for good.
#[async_trait]
pub trait Overdue: Send + Sync + Debug {
    /// The entries of the outbox that were stored before an instant and are not done, earliest first; at most `limit`.
    /// One that cannot be read is left out, and said in the log: the others are not to wait for it.
    async fn errands(&self, before: Timestamp, limit: usize) -> Result<Vec<OutboxEntry>, PortError>;

    /// The releases that are received or transcoding and to whose record nothing happened since before an instant, the
    /// longest first, with the instant of their last change; at most `limit`.
    async fn standing(&self, before: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError>;

    /// When somebody last took the lease of a job: none where nobody did, or so long ago that it is forgotten.
    async fn begun(&self, job: &str) -> Result<Option<Timestamp>, PortError>;
}

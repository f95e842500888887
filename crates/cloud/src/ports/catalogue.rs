use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;
use release::LabelId;
use thiserror::Error;

use super::PortError;
use crate::catalogue::{OutboxEntry, Record, ReleaseKey};

/// Where the records of releases are kept, together with the outbox.
#[async_trait]
pub trait Catalogue: Send + Sync + Debug {
    /// The record of a release, with its version.
    async fn load(&self, key: &ReleaseKey) -> Result<Option<Stored>, PortError>;

    /// Stores a record and adds to the outbox, in one transaction. `expected` is the version that was loaded; none
    /// where there was no record. An entry whose id is in the outbox already, done or not, is left as it is.
    async fn save(&self, record: &Record, expected: Option<u64>, outbox: &[OutboxEntry]) -> Result<(), SaveError>;

    /// The releases that are ready and whose date comes at `until` or before, earliest first; at most `limit`.
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError>;

    /// All records of a label, latest change first.
    async fn list(&self, label: &LabelId) -> Result<Vec<Record>, PortError>;
}

/// A record as it was loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Grows with every change.
    pub version: u64,
    /// The record.
    pub record: Record,
}

/// Why a record was not stored.
#[derive(Debug, Error)]
pub enum SaveError {
    /// Somebody else changed it since it was loaded: load it again.
    #[error("the record was changed meanwhile")]
    Conflict,
    /// It could not be stored.
    #[error(transparent)]
    Port(#[from] PortError),
}

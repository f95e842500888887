use std::fmt::Debug;

use async_trait::async_trait;

use super::{Mailed, PortError};
use crate::Letter;
use crate::catalogue::{EntryId, OutboxEntry};

/// What is to be done, and what of it is done. Entries get in by [`Catalogue::save`](super::Catalogue::save) only.
#[async_trait]
pub trait Outbox: Send + Sync + Debug {
    /// An entry that is not done yet.
    async fn open(&self, entry: &EntryId) -> Result<Option<OutboxEntry>, PortError>;

    /// Notes that an entry is done, and the letters that were written for it. Doing so again changes nothing.
    async fn done(&self, entry: &EntryId, letters: &[(Letter, Mailed)]) -> Result<(), PortError>;
}

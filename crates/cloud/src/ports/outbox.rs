use std::fmt::Debug;

use async_trait::async_trait;

use super::{Mailed, PortError};
use crate::Letter;
use crate::catalogue::EntryId;

/// Marks what of the outbox is done. Entries get in by [`Catalogue::save`](super::Catalogue::save) only.
#[async_trait]
pub trait Outbox: Send + Sync + Debug {
    /// Notes that an entry is done, and the letters that were written for it. Doing so again changes nothing.
    async fn done(&self, entry: &EntryId, letters: &[(Letter, Mailed)]) -> Result<(), PortError>;
}

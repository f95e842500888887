use std::fmt::Debug;

use async_trait::async_trait;
use release::LabelId;

use super::{PortError, Stored};

/// The records of a label in the order of their last change, from a place on.
#[async_trait]
pub trait Changes: Send + Sync + Debug {
    /// At most `limit` records that changed after a place, or from the beginning. A record that changes meanwhile
    /// comes again. None that was stored before this was asked is left out for good: who asks again from `next` gets it,
    /// even where writers' clocks differ by seconds.
    async fn since(&self, label: &LabelId, place: Option<&str>, limit: usize) -> Result<Changed, PortError>;
}

/// Records that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// In the order of their last change.
    pub records: Vec<Stored>,
    /// The place to go on from: an adapter's own text.
    pub next: String,
    /// Whether there is more right now.
    pub more: bool,
}

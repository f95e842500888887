use std::fmt::Debug;

use async_trait::async_trait;
use release::LabelId;

use super::PortError;
use crate::api::wire::Announcement;

/// What artists' followers were told, where a service tells them all at once. A [`Herald`](super::Herald) keeps it.
#[async_trait]
pub trait Announcements: Send + Sync + Debug {
    /// The last ones of a label, latest first; at most `limit`.
    async fn latest(&self, label: &LabelId, limit: usize) -> Result<Vec<Announcement>, PortError>;
}

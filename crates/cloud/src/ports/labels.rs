use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use release::LabelId;

use super::{EmailAddress, PortError};
use crate::api::wire::{ArtistAccount, LabelSettings};

/// What a cloud for several labels knows of each.
#[async_trait]
pub trait Labels: Send + Sync + Debug {
    /// How a label works; none where nobody said so yet.
    async fn settings(&self, label: &LabelId) -> Result<Option<LabelSettings>, PortError>;

    /// Says how a label works.
    async fn set(&self, label: &LabelId, settings: &LabelSettings) -> Result<(), PortError>;

    /// The artists that an account may see.
    async fn artists_of(&self, label: &LabelId, account: &EmailAddress) -> Result<Vec<String>, PortError>;

    /// Maps artists to an account, in place of earlier ones; none removes it.
    async fn map(&self, label: &LabelId, account: &ArtistAccount) -> Result<(), PortError>;

    /// All accounts that have artists, with them.
    async fn accounts(&self, label: &LabelId) -> Result<BTreeMap<EmailAddress, Vec<String>>, PortError>;
}

//! What is chosen at a desk, and holds for nobody else.

use serde::{Deserialize, Serialize};

/// The settings of one desk. Those that everybody in a workspace shares are in [`crate::WorkspaceFile`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeskSettings {
    /// Nothing is sent while this is set.
    pub queue_paused: bool,
}

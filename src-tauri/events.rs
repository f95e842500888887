//! What the window is told besides views.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Somebody wants to quit while work is under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type, tauri_specta::Event)]
pub(crate) struct QuitAsked {
    /// What is under way, in words: "2 releases are being sent."
    pub(crate) work: String,
}

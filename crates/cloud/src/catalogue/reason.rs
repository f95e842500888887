use std::fmt;

use release::{Sha256, TrackId};
use serde::{Deserialize, Serialize};

/// Why a delivery failed, for a person to read and act on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// The track it is about; none for the release as a whole or its artwork.
    pub track: Option<TrackId>,
    /// The file that must be sent anew, by its content, where that is the remedy.
    pub resend: Option<Sha256>,
    /// What is wrong, on what: "Track 3 “Tidewater”: the master is not in the store."
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Reason {
    /// A reason that concerns the delivery as a whole.
    #[must_use]
    pub fn of_delivery(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { track: None, resend: None, message: message.into(), help: help.into() }
    }

    /// A reason that concerns a track.
    #[must_use]
    pub fn of_track(track: TrackId, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { track: Some(track), resend: None, message: message.into(), help: help.into() }
    }

    /// The same, with the remedy of sending a file anew.
    #[must_use]
    pub fn resending(self, file: Sha256) -> Self {
        Self { resend: Some(file), ..self }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.message, self.help)
    }
}

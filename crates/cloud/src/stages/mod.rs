//! What is done when a message comes. Each stage is a function over the ports that it needs: the local worker and the
//! Lambdas call the same ones.

mod catalogue;
mod dispatch;
mod flaw;
mod give_up;
mod intake;
#[cfg(test)]
mod intake_tests;
mod master;
mod notify;
mod render;
mod transcode;
#[cfg(test)]
mod transcode_tests;

use jiff::Timestamp;
use thiserror::Error;

use crate::ports::PortError;

pub use catalogue::{Recorder, record};
pub use dispatch::{Dispatch, dispatch};
pub use give_up::{give_up, giving_up};
pub(crate) use intake::manifest_faults;
pub use intake::{Intake, intake};
pub use master::Masters;
pub use notify::{Notify, notify};
#[cfg(feature = "lambda")]
pub(crate) use transcode::lease_of;
pub use transcode::{Progress, Transcode, transcode};

/// Why a stage did not do its work. The message stays in its queue unless it says otherwise.
#[derive(Debug, Error)]
pub enum StageError {
    /// Somebody else does this work right now. To be tried again then; it does not count as a failure.
    #[error("somebody else does this work, until {until} at most")]
    Busy {
        /// When that ends at the latest.
        until: Timestamp,
    },
    /// The work was stopped from outside. To be tried again; it does not count as a failure.
    #[error("stopped")]
    Stopped,
    /// A port could not do its part.
    #[error(transparent)]
    Port(#[from] PortError),
    /// A store could not do its part.
    #[error(transparent)]
    Store(#[from] upload::StoreError),
    /// This can never be done, by anybody. The message goes to the dead letters.
    #[error("{0}")]
    Refused(#[from] Refused),
}

/// What can never be done.
#[derive(Debug, Error)]
pub enum Refused {
    /// The key is not that of a manifest.
    #[error("\"{}\" is not the key of a delivery's manifest", .0.escape_debug())]
    NotAManifest(String),
    /// The manifest cannot be read, or is not what its key says.
    #[error("the manifest {key} is refused: {reason}")]
    Manifest {
        /// Its key.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// What it names belongs to somebody else.
    #[error("\"{}\" does not belong to the label {label}", key.escape_debug())]
    Elsewhere {
        /// What it names.
        key: String,
        /// Whose message it is.
        label: release::LabelId,
    },
    /// The message came to a stage of another kind.
    #[error("a message came to a stage that it is not for")]
    Misdirected,
}

impl StageError {
    /// Whether trying again may help.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::Stopped => true,
            Self::Port(error) => error.passing,
            Self::Store(error) => error.is_passing(),
            Self::Refused(_) => false,
        }
    }
}

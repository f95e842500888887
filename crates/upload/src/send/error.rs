use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::{PlanError, StoreError};

/// Why a file was not sent.
#[derive(Debug, Error)]
pub enum SendError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is not what it was when it was read first. Its upload was given up, and nothing of it remains.
    #[error("{} changed after it was added.", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be sent in parts.
    #[error("{} cannot be sent: {reason}", path.display())]
    Plan {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: PlanError,
    },
    /// The digest lacks checksums.
    #[error("The checksums of {} are incomplete.", path.display())]
    Digest {
        /// The file.
        path: PathBuf,
    },
    /// The journal cannot be read or written.
    #[error("The upload journal {} could not be {doing}: {}.", path.display(), crate::plain::said_by_system(source))]
    Journal {
        /// The journal.
        path: PathBuf,
        /// What was being done, as in "could not be …".
        doing: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The journal is of a later version of the program.
    #[error("The upload journal {} is of version {version}, which this program does not know.", path.display())]
    JournalVersion {
        /// The journal.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// Another process sends this object.
    #[error("{key} is being sent by another process.")]
    InUse {
        /// The object.
        key: String,
    },
    /// The caller asked to stop. What arrived is kept, and the next call goes on from there.
    #[error("Sending was stopped.")]
    Cancelled,
}

impl SendError {
    /// Whether the same again, a little later, may succeed without anyone doing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Store(error) => error.is_passing(),
            Self::InUse { .. } => true,
            _ => false,
        }
    }

    /// How long the store asks to wait before trying again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Store(error) => error.retry_after(),
            _ => None,
        }
    }

    /// What the person can do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Store(error) => error.help(),
            Self::Changed { .. } | Self::Digest { .. } => {
                "Add the file again, so that it is read anew, then send it.".into()
            }
            Self::Plan { .. } => "Send a shorter file.".into(),
            Self::Journal { .. } => {
                "See that this folder can be written and that its disk has room, then go on.".into()
            }
            Self::JournalVersion { .. } => "Go on with the newer version of the program, or remove the journal.".into(),
            Self::InUse { .. } => "Wait until the other one is done.".into(),
            Self::Cancelled => "Go on whenever you like.".into(),
        }
    }
}

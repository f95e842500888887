use std::sync::Arc;

use release::{DeliveryId, EditError, ReleaseId};
use thiserror::Error;

use super::ListenError;
use crate::account::AccountsError;
use crate::delivery::DeliveryState;
use crate::desk::DeskError;
use crate::home::HomeError;
use crate::import::{ImportError, PictureError};
use crate::lock::LockError;
use crate::settings::SettingsError;
use crate::view::PlacedProblem;
use crate::workspace::{CloudError, WorkspaceError};

/// Why a workspace cannot be opened. Each text says what to do.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The folder is none, is of something else, or cannot be written to.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// Another process has it open.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// What it says of itself cannot be used.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// Its list of accounts cannot be used.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// Its desk cannot be used.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// Its cloud cannot be used.
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

/// Why a session does not do what it was asked.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The session has ended.
    #[error("Lacquer is closing.")]
    Closed,
    /// There is no such draft, or no longer.
    #[error("There is no draft {0}. It may have been removed.")]
    NoSuchDraft(ReleaseId),
    /// No draft to be brought back.
    #[error("There is no removed draft {0} to be restored. It may be back already.")]
    NotRemoved(ReleaseId),
    /// There is no such delivery.
    #[error("There is no delivery {0} in the queue.")]
    NoSuchDelivery(DeliveryId),
    /// Nothing was imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A field cannot hold a text.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A picture cannot be used.
    #[error(transparent)]
    Artwork(#[from] PictureError),
    /// A release has problems that stop it.
    #[error("\"{title}\" cannot be delivered yet: {}.", count(.problems.len()))]
    NotReady {
        /// The release's title.
        title: String,
        /// What stops it.
        problems: Vec<PlacedProblem>,
    },
    /// Nothing of the kind can happen to a delivery any more.
    #[error("This delivery is {} and cannot be {wished}.", .state.as_str())]
    NotNow {
        /// How far it is.
        state: DeliveryState,
        /// What was asked for.
        wished: &'static str,
    },
    /// Settings are out of their range.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There is nothing to be heard or seen.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The program failed over a file.
    #[error(
        "Lacquer failed over these files, which is a mistake in the program: please report it. \
         To find the file, import them one at a time."
    )]
    Panicked,
    /// What belongs to the draft cannot be put into the workspace.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The desk cannot be written.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// What became of a delivery cannot be stored.
    #[error("What became of this delivery could not be stored. {0}")]
    NotNoted(Arc<Self>),
    /// The workspace's description cannot be written.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The workspace's cloud refuses or fails.
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

fn count(problems: usize) -> String {
    if problems == 1 { "1 problem stops it".to_owned() } else { format!("{problems} problems stop it") }
}

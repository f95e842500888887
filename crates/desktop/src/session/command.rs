use std::path::PathBuf;

use cloud::catalogue::Decision;
use release::{DeliveryId, Field, ReleaseId};
use tokio::sync::oneshot;

use super::{Queued, SessionError};
use crate::delivery::Wish;

/// Where the answer to a command goes. Nobody may be there to read it.
pub(super) type Reply<T> = oneshot::Sender<Result<T, SessionError>>;

/// All that a session can be asked.
#[derive(Debug)]
pub(super) enum Command {
    Import { paths: Vec<PathBuf>, reply: Reply<ReleaseId> },
    CancelImport { import: u64, reply: Reply<()> },
    Edit { draft: ReleaseId, edits: Vec<(Field, String)>, reply: Reply<()> },
    SetArtwork { draft: ReleaseId, path: PathBuf, reply: Reply<()> },
    Remove { draft: ReleaseId, reply: Reply<()> },
    Queue { draft: ReleaseId, reply: Reply<Queued> },
    Wish { delivery: DeliveryId, wish: Wish, reply: Reply<()> },
    PauseQueue { paused: bool, reply: Reply<()> },
    SetWorkspace { label_name: String, review: bool, reply: Reply<()> },
    Subscribe { artist: String, email: String, reply: Reply<bool> },
    Unsubscribe { artist: String, email: String, reply: Reply<bool> },
    Decide { decision: Box<Decision>, reply: Reply<()> },
    Withdraw { release: ReleaseId, reason: String, reply: Reply<()> },
    TryAgain { release: ReleaseId, reply: Reply<()> },
    Close { reply: oneshot::Sender<()> },
}

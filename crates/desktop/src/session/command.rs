use std::path::PathBuf;

use cloud::api::wire::ArtistAccount;
use release::{DeliveryId, Field, ReleaseId, TrackId};
use tokio::sync::oneshot;

use super::listening::Look;
use super::{Queued, SessionError};
use crate::delivery::Wish;
use crate::settings::DeskSettings;
use crate::workspace::Order;

/// Where the answer to a command goes. Nobody may be there to read it.
pub(super) type Reply<T> = oneshot::Sender<Result<T, SessionError>>;

/// All that a session can be asked.
#[derive(Debug)]
pub(super) enum Command {
    Import { paths: Vec<PathBuf>, reply: Reply<ReleaseId> },
    CancelImport { import: u64, reply: Reply<()> },
    Edit { draft: ReleaseId, edits: Vec<(Field, String)>, gesture: Option<String>, reply: Reply<()> },
    Arrange { draft: ReleaseId, arrange: Arrange, reply: Reply<()> },
    SetArtwork { draft: ReleaseId, path: PathBuf, reply: Reply<()> },
    Remove { draft: ReleaseId, reply: Reply<()> },
    Queue { draft: ReleaseId, reply: Reply<Queued> },
    Wish { delivery: DeliveryId, wish: Wish, reply: Reply<()> },
    MoveDelivery { delivery: DeliveryId, before: Option<DeliveryId>, reply: Reply<()> },
    PauseQueue { paused: bool, reply: Reply<()> },
    SetDesk { settings: Box<DeskSettings>, reply: Reply<()> },
    SetWorkspace { label_name: String, review: bool, artists_mail: bool, reply: Reply<()> },
    Look(Look),
    Order { order: Order, reply: Reply<bool> },
    ArtistAccounts { reply: Reply<Vec<ArtistAccount>> },
    LookForNews { reply: Reply<()> },
    Mend { release: ReleaseId, reply: Reply<ReleaseId> },
    Close { reply: oneshot::Sender<()> },
}

/// What is done to a draft as a whole.
#[derive(Debug)]
pub(super) enum Arrange {
    Move { tracks: Vec<TrackId>, disc: u32, before: Option<TrackId> },
    TakeOut(Vec<TrackId>),
    PutBack(Vec<TrackId>),
    RemoveArtwork,
    Undo,
    Redo,
    Restore,
}

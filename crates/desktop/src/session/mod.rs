//! One task owns drafts, queue and workspace. Commands come in as messages, views go out.

mod command;
mod controller;
mod desk_settings;
mod drafting;
mod error;
mod following;
mod handle;
mod importing;
mod listening;
mod mending;
mod offline;
mod opening;
mod ordering;
mod queueing;
mod shipping;
mod sound_settings;
mod speed;
mod under_way;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use release::DeliveryId;
use tokio::sync::{mpsc, oneshot, watch};

pub use error::{OpenError, SessionError};
pub use listening::{ListenError, PictureSource, PlaySource, Shape, UnknownSource};
pub use opening::Options;

use crate::account::Account;
use crate::player::Player;
use crate::view::View;
use command::{Command, Reply};

/// A workspace at work. Clones are handles to the same session; it ends when it is closed, or with its last handle.
///
/// Whatever a method of this type has done is on disk when it returns, and before any view shows it.
#[derive(Debug, Clone)]
pub struct Session {
    commands: mpsc::Sender<Command>,
    views: watch::Receiver<Arc<View>>,
    player: Player,
    account: Option<Account>,
}

/// What became of a wish to deliver a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// The delivery that hands over what the draft says.
    pub delivery: DeliveryId,
    /// Whether it was made for that.
    pub how: Handover,
}

/// How a wish to deliver a release is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handover {
    /// By a new delivery.
    New,
    /// By a delivery that is in the queue already, and goes on.
    UnderWay,
    /// By trying a delivery that failed once more.
    Again,
    /// By nothing: what the draft says was handed over before.
    Unchanged,
}

impl Session {
    /// Opens a workspace, makes it where there is none, and goes on with what an earlier process left.
    ///
    /// # Errors
    /// Where the folder cannot be used or another process has it open.
    pub async fn open(home: &Path, options: Options) -> Result<Self, OpenError> {
        opening::open(home, options).await
    }

    /// What is shown, now and whenever it changes. A receiver that is not read holds nothing up.
    #[must_use]
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.views.clone()
    }

    /// What is shown now.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.views.borrow().clone()
    }

    /// Returns as soon as a view has something, with that.
    ///
    /// # Errors
    /// [`SessionError::Closed`] where the session ends before.
    pub async fn wait_for<T>(&self, mut found: impl FnMut(&View) -> Option<T>) -> Result<T, SessionError> {
        let mut views = self.views.clone();
        loop {
            let view = views.borrow_and_update().clone();
            if let Some(found) = found(&view) {
                return Ok(found);
            }
            views.changed().await.map_err(|_| SessionError::Closed)?;
        }
    }

    /// Ends the session: what is being sent or transcoded stops where it is, and goes on when the workspace is opened
    /// again. When this returns, another process may open it.
    pub async fn close(self) {
        let (reply, closed) = oneshot::channel();
        // An error means that it has ended already.
        if self.commands.send(Command::Close { reply }).await.is_ok() {
            let _ = closed.await;
        }
        let mut views = self.views;
        while views.changed().await.is_ok() {}
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, SessionError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| SessionError::Closed)?;
        answer.await.map_err(|_| SessionError::Closed)?
    }
}

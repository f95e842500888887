//! One task owns drafts, queue and workspace. Commands come in as messages, views go out.

mod command;
mod controller;
mod error;
mod following;
mod importing;
mod opening;
mod queueing;
mod shipping;

#[cfg(test)]
mod session_tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloud::catalogue::Decision;
use release::{DeliveryId, Field, ReleaseId};
use tokio::sync::{mpsc, oneshot, watch};

pub use error::{OpenError, SessionError};
pub use opening::Options;

use crate::delivery::Wish;
use crate::view::View;
use command::{Command, Reply};

/// A workspace at work. Clones are handles to the same session; it ends when it is closed, or with its last handle.
///
/// Whatever a method of this type has done is on disk when it returns, and before any view shows it.
#[derive(Debug, Clone)]
pub struct Session {
    commands: mpsc::Sender<Command>,
    views: watch::Receiver<Arc<View>>,
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

    /// Makes a draft of folders and files, or reads those of a known draft again: what was entered by hand stays.
    /// The draft is named by its release. Its progress is in [`View::imports`].
    ///
    /// # Errors
    /// Where there is nothing to be read, where the import is cancelled, or where the draft cannot be stored.
    pub async fn import(&self, paths: Vec<PathBuf>) -> Result<ReleaseId, SessionError> {
        self.ask(|reply| Command::Import { paths, reply }).await
    }

    /// Stops an import, by its number in [`View::imports`]. One that has ended is none to stop.
    ///
    /// # Errors
    /// Where the session has ended.
    pub async fn cancel_import(&self, import: u64) -> Result<(), SessionError> {
        self.ask(|reply| Command::CancelImport { import, reply }).await
    }

    /// Puts a text into a field of a draft.
    ///
    /// # Errors
    /// Where there is no such draft, or its field cannot hold the text.
    pub async fn edit(&self, draft: ReleaseId, field: Field, text: &str) -> Result<(), SessionError> {
        self.edit_all(draft, vec![(field, text.to_owned())]).await
    }

    /// Puts texts into fields of a draft: all of them or, where one cannot be, none.
    ///
    /// # Errors
    /// Where there is no such draft, or a field cannot hold its text.
    pub async fn edit_all(&self, draft: ReleaseId, edits: Vec<(Field, String)>) -> Result<(), SessionError> {
        self.ask(|reply| Command::Edit { draft, edits, reply }).await
    }

    /// Gives a draft its artwork.
    ///
    /// # Errors
    /// Where there is no such draft, or the file cannot be read as a picture.
    pub async fn set_artwork(&self, draft: ReleaseId, path: PathBuf) -> Result<(), SessionError> {
        self.ask(|reply| Command::SetArtwork { draft, path, reply }).await
    }

    /// Forgets a draft. What was queued of it stays in the queue.
    ///
    /// # Errors
    /// Where there is no such draft.
    pub async fn remove(&self, draft: ReleaseId) -> Result<(), SessionError> {
        self.ask(|reply| Command::Remove { draft, reply }).await
    }

    /// Queues what a draft says, to be handed over. Where the last delivery says the same, that one is meant: it goes
    /// on if it was held back, and is tried again if it failed.
    ///
    /// # Errors
    /// [`SessionError::NotReady`] where the release has errors, with them.
    pub async fn queue(&self, draft: ReleaseId) -> Result<Queued, SessionError> {
        self.ask(|reply| Command::Queue { draft, reply }).await
    }

    /// Holds a delivery back until it is resumed. What was sent of it stays.
    ///
    /// # Errors
    /// Where it is no longer on its way.
    pub async fn pause(&self, delivery: DeliveryId) -> Result<(), SessionError> {
        self.ask(|reply| Command::Wish { delivery, wish: Wish::Pause, reply }).await
    }

    /// Lets a paused delivery go on.
    ///
    /// # Errors
    /// Where it is not on its way.
    pub async fn resume(&self, delivery: DeliveryId) -> Result<(), SessionError> {
        self.ask(|reply| Command::Wish { delivery, wish: Wish::Resume, reply }).await
    }

    /// Takes a delivery back before it is handed over.
    ///
    /// # Errors
    /// Where it has been handed over.
    pub async fn cancel(&self, delivery: DeliveryId) -> Result<(), SessionError> {
        self.ask(|reply| Command::Wish { delivery, wish: Wish::Cancel, reply }).await
    }

    /// Tries a failed delivery again.
    ///
    /// # Errors
    /// Where it has not failed.
    pub async fn retry(&self, delivery: DeliveryId) -> Result<(), SessionError> {
        self.ask(|reply| Command::Wish { delivery, wish: Wish::Retry, reply }).await
    }

    /// Holds the whole queue back, or lets it go on; it stays so when the workspace is opened again.
    ///
    /// # Errors
    /// Where that cannot be stored.
    pub async fn pause_queue(&self, paused: bool) -> Result<(), SessionError> {
        self.ask(|reply| Command::PauseQueue { paused, reply }).await
    }

    /// Changes what the workspace is called, and whether its releases are reviewed before they are ready. Deliveries
    /// that were taken in before are not affected.
    ///
    /// # Errors
    /// Where that cannot be stored.
    pub async fn set_workspace(&self, label_name: String, review: bool) -> Result<(), SessionError> {
        self.ask(|reply| Command::SetWorkspace { label_name, review, reply }).await
    }

    /// Has an address told when an artist's music is live. True where it was not so already.
    ///
    /// # Errors
    /// Where the address is none.
    pub async fn subscribe(&self, artist: &str, email: &str) -> Result<bool, SessionError> {
        let (artist, email) = (artist.to_owned(), email.to_owned());
        self.ask(|reply| Command::Subscribe { artist, email, reply }).await
    }

    /// Has an address told no longer. True where it was told before.
    ///
    /// # Errors
    /// Where the address is none.
    pub async fn unsubscribe(&self, artist: &str, email: &str) -> Result<bool, SessionError> {
        let (artist, email) = (artist.to_owned(), email.to_owned());
        self.ask(|reply| Command::Unsubscribe { artist, email, reply }).await
    }

    /// Hands in what a release manager decided.
    ///
    /// # Errors
    /// Where the decision does not count, with the reason.
    pub async fn decide(&self, decision: Decision) -> Result<(), SessionError> {
        self.ask(|reply| Command::Decide { decision: Box::new(decision), reply }).await
    }

    /// Takes a release back.
    ///
    /// # Errors
    /// Where there is no such release, or it is withdrawn already.
    pub async fn withdraw(&self, release: ReleaseId, reason: &str) -> Result<(), SessionError> {
        let reason = reason.to_owned();
        self.ask(|reply| Command::Withdraw { release, reason, reply }).await
    }

    /// Has the cloud try a failed release again.
    ///
    /// # Errors
    /// Where there is no such release, or it has not failed.
    pub async fn try_again(&self, release: ReleaseId) -> Result<(), SessionError> {
        self.ask(|reply| Command::TryAgain { release, reply }).await
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

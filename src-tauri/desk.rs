use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use desktop::Session;
use tokio::sync::{Notify, watch};

use crate::shown::trouble::Trouble;

/// The session behind the window, once it is open.
#[derive(Clone)]
pub(crate) struct Desk {
    opening: watch::Receiver<Opening>,
    again: Arc<Notify>,
    is_left: Arc<AtomicBool>,
}

/// None until the workspace was opened; why it cannot be, where that is so.
type Opening = Option<Result<Session, Trouble>>;

/// Where the opened session is put.
pub(crate) struct Opened {
    outcome: watch::Sender<Opening>,
    again: Arc<Notify>,
}

impl Desk {
    pub(crate) fn new() -> (Self, Opened) {
        let (outcome, opening) = watch::channel(None);
        let again = Arc::new(Notify::new());
        (Self { opening, again: Arc::clone(&again), is_left: Arc::default() }, Opened { outcome, again })
    }

    /// The session, as soon as it is open.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub(crate) async fn session(&self) -> Result<Session, Trouble> {
        let mut opening = self.opening.clone();
        let opened = opening.wait_for(Option::is_some).await.map_err(|_| Trouble::closing())?;
        opened.clone().unwrap_or_else(|| Err(Trouble::closing()))
    }

    /// Has a workspace that could not be opened opened once more, as after another Lacquer let it go.
    ///
    /// # Errors
    /// Where it still cannot be.
    pub(crate) async fn again(&self) -> Result<Session, Trouble> {
        let mut opening = self.opening.clone();
        if matches!(*opening.borrow_and_update(), Some(Err(_))) {
            self.again.notify_one();
            opening.changed().await.map_err(|_| Trouble::closing())?;
        }
        self.session().await
    }

    /// The session, if it is open now.
    pub(crate) fn opened(&self) -> Option<Session> {
        self.opening.borrow().clone().and_then(Result::ok)
    }

    /// Says that the app ends, and with it the session.
    pub(crate) fn leave(&self) {
        self.is_left.store(true, Ordering::SeqCst);
    }

    /// Whether the session is to end.
    pub(crate) fn is_left(&self) -> bool {
        self.is_left.load(Ordering::SeqCst)
    }

    /// Ends the session, if there is one: what is being done stops where it is, and goes on when it is opened again.
    pub(crate) async fn close(&self) {
        if let Some(session) = self.opened() {
            session.close().await;
        }
    }
}

impl Opened {
    /// Says how the opening ended.
    pub(crate) fn with(&self, session: Result<Session, Trouble>) {
        // Kept in the channel, whose sender may go.
        self.outcome.send_replace(Some(session));
    }

    /// Waits until somebody wants it tried again.
    pub(crate) async fn until_again(&self) {
        self.again.notified().await;
        self.outcome.send_replace(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_cannot_be_opened_is_tried_again_when_somebody_asks() {
        let (desk, opened) = Desk::new();
        let in_use = |process: u32| Err(Trouble::new(format!("In use by process {process}."), ""));
        opened.with(in_use(1));
        assert_eq!(desk.session().await.unwrap_err().message, "In use by process 1.");
        let trying = tokio::spawn(async move {
            opened.until_again().await;
            opened.with(in_use(2));
        });
        assert_eq!(desk.again().await.unwrap_err().message, "In use by process 2.");
        trying.await.unwrap();
    }
}

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use desktop::Session;
use tokio::sync::watch;

use crate::shown::trouble::Trouble;

/// The session behind the window, once it is open.
#[derive(Clone)]
pub(crate) struct Desk {
    opening: watch::Receiver<Opening>,
    is_left: Arc<AtomicBool>,
}

/// None until the workspace was opened; why it cannot be, where that is so.
type Opening = Option<Result<Session, Trouble>>;

/// Where the opened session is put.
pub(crate) struct Opened(watch::Sender<Opening>);

impl Desk {
    pub(crate) fn new() -> (Self, Opened) {
        let (sender, receiver) = watch::channel(None);
        (Self { opening: receiver, is_left: Arc::default() }, Opened(sender))
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
    pub(crate) fn with(self, session: Result<Session, Trouble>) {
        // Kept in the channel, whose sender may go.
        self.0.send_replace(Some(session));
    }
}

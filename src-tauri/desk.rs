use desktop::Session;
use tokio::sync::watch;

/// The session behind the window, once it is open.
pub(crate) struct Desk(watch::Receiver<Opening>);

/// None until the workspace was opened; why it cannot be, where that is so.
type Opening = Option<Result<Session, String>>;

/// Where the opened session is put.
pub(crate) struct Opened(watch::Sender<Opening>);

impl Desk {
    pub(crate) fn new() -> (Self, Opened) {
        let (sender, receiver) = watch::channel(None);
        (Self(receiver), Opened(sender))
    }

    /// The session, as soon as it is open.
    ///
    /// # Errors
    /// Where it cannot be opened, in words.
    pub(crate) async fn session(&self) -> Result<Session, String> {
        let mut opening = self.0.clone();
        let opened = opening.wait_for(Option::is_some).await.map_err(|_| "Lacquer is closing.".to_owned())?;
        opened.clone().unwrap_or_else(|| Err("Lacquer is closing.".to_owned()))
    }

    /// Ends the session, if there is one: what is being done stops where it is, and goes on when it is opened again.
    pub(crate) async fn close(&self) {
        let opened = self.0.borrow().clone();
        if let Some(Ok(session)) = opened {
            session.close().await;
        }
    }
}

impl Opened {
    /// Says how the opening ended.
    pub(crate) fn with(self, session: Result<Session, String>) {
        // Kept in the channel, whose sender may go.
        self.0.send_replace(Some(session));
    }
}

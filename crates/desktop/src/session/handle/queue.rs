//! What can be asked about the queue.

use release::{DeliveryId, ReleaseId};

use crate::delivery::Wish;
use crate::session::command::Command;
use crate::session::{Queued, Session, SessionError};

impl Session {
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

    /// Puts a delivery before another one of the queue, or behind all of them. What is being sent goes on; then comes
    /// the first that waits. The order stays when the workspace is opened again.
    ///
    /// # Errors
    /// Where one of the two is not in the queue, or the order cannot be stored.
    pub async fn move_delivery(&self, delivery: DeliveryId, before: Option<DeliveryId>) -> Result<(), SessionError> {
        self.ask(|reply| Command::MoveDelivery { delivery, before, reply }).await
    }
}

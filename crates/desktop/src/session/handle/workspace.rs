//! What can be asked about the workspace, its cloud, and this desk.

use cloud::catalogue::Decision;
use release::ReleaseId;

use crate::session::command::Command;
use crate::session::{Session, SessionError};
use crate::settings::DeskSettings;

impl Session {
    /// Changes the settings of this desk. Parts at a time and the rate limit hold for what is sent from then on, volume
    /// and device for what is being played.
    ///
    /// # Errors
    /// Where one of them is out of its range, or they cannot be stored. Nothing is changed then.
    pub async fn set_desk(&self, settings: DeskSettings) -> Result<(), SessionError> {
        self.ask(|reply| Command::SetDesk { settings: Box::new(settings), reply }).await
    }

    /// Changes what the workspace is called, whether its releases are reviewed before they are ready, and whether
    /// artists' followers are written to. Deliveries that were taken in before are not affected by the review; news of
    /// releases that go live while nobody is written to are settled without a letter, and none is written later.
    ///
    /// # Errors
    /// Where that cannot be stored.
    pub async fn set_workspace(
        &self,
        label_name: String,
        review: bool,
        artists_mail: bool,
    ) -> Result<(), SessionError> {
        self.ask(|reply| Command::SetWorkspace { label_name, review, artists_mail, reply }).await
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
}

//! What can be asked about the workspace, its cloud, and this desk.

use cloud::api::wire::ArtistAccount;
use cloud::catalogue::Decision;
use release::ReleaseId;

use crate::account::Account;
use crate::session::command::Command;
use crate::session::{Session, SessionError};
use crate::settings::DeskSettings;
use crate::workspace::Order;

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

    /// Has an address told when an artist's music is live, once its owner agrees where that is asked. True where it was
    /// not so already.
    ///
    /// # Errors
    /// Where the address is none, or the cloud refuses.
    pub async fn subscribe(&self, artist: &str, email: &str) -> Result<bool, SessionError> {
        let (artist, email) = (artist.to_owned(), email.to_owned());
        self.order(Order::Subscribe { artist, email }).await
    }

    /// Has an address told no longer. True where it was told before.
    ///
    /// # Errors
    /// Where the address is none, or the cloud refuses.
    pub async fn unsubscribe(&self, artist: &str, email: &str) -> Result<bool, SessionError> {
        let (artist, email) = (artist.to_owned(), email.to_owned());
        self.order(Order::Unsubscribe { artist, email }).await
    }

    /// Confirms a subscription by what its owner got: the link of the e-mail, or its token.
    ///
    /// # Errors
    /// Where what was pasted is no such link, or has expired.
    pub async fn confirm_subscription(&self, artist: &str, email: &str, pasted: &str) -> Result<(), SessionError> {
        let (artist, email, pasted) = (artist.to_owned(), email.to_owned(), pasted.to_owned());
        self.order(Order::Confirm { artist, email, pasted }).await.map(drop)
    }

    /// Has the e-mail that asks an address sent again.
    ///
    /// # Errors
    /// Where it agreed already, or was asked a short while ago.
    pub async fn resend_confirmation(&self, artist: &str, email: &str) -> Result<(), SessionError> {
        let (artist, email) = (artist.to_owned(), email.to_owned());
        self.order(Order::Resend { artist, email }).await.map(drop)
    }

    /// The artists that each account of an artist may see.
    ///
    /// # Errors
    /// Where the workspace has no accounts, or the cloud refuses.
    pub async fn artist_accounts(&self) -> Result<Vec<ArtistAccount>, SessionError> {
        self.ask(|reply| Command::ArtistAccounts { reply }).await
    }

    /// Says which artists an account may see, in place of those before.
    ///
    /// # Errors
    /// Where the address is none, or the cloud refuses.
    pub async fn map_artists(&self, email: &str, artists: Vec<String>) -> Result<(), SessionError> {
        self.order(Order::MapArtists { email: email.to_owned(), artists }).await.map(drop)
    }

    /// Hands in what a release manager decided.
    ///
    /// # Errors
    /// Where the decision does not count, with the reason.
    pub async fn decide(&self, decision: Decision) -> Result<(), SessionError> {
        self.order(Order::Decide(Box::new(decision))).await.map(drop)
    }

    /// Takes a release back.
    ///
    /// # Errors
    /// Where there is no such release, or it is withdrawn already.
    pub async fn withdraw(&self, release: ReleaseId, reason: &str) -> Result<(), SessionError> {
        self.order(Order::Withdraw { release, reason: reason.to_owned() }).await.map(drop)
    }

    /// Has the cloud try a failed release again.
    ///
    /// # Errors
    /// Where there is no such release, or it has not failed.
    pub async fn try_again(&self, release: ReleaseId) -> Result<(), SessionError> {
        self.order(Order::TryAgain(release)).await.map(drop)
    }

    /// Makes a draft of a release as it was delivered, also where its files are on another computer: a delivery of it
    /// sends what was mended, since the store has the files. Where there is a draft already, nothing happens. Answers with
    /// the draft's id.
    ///
    /// # Errors
    /// Where there is no such release, or what was delivered cannot be read.
    pub async fn mend(&self, release: ReleaseId) -> Result<ReleaseId, SessionError> {
        self.ask(|reply| Command::Mend { release, reply }).await
    }

    /// Looks soon what is new in the cloud: somebody came back to the window.
    ///
    /// # Errors
    /// Where the session has ended.
    pub async fn look_for_news(&self) -> Result<(), SessionError> {
        self.ask(|reply| Command::LookForNews { reply }).await
    }

    /// Asks the cloud what is new, and returns once the answer is shown. Where it does not answer, the view says so.
    ///
    /// # Errors
    /// Where the session has ended.
    pub async fn see_news(&self) -> Result<(), SessionError> {
        self.order(Order::SeeNews).await.map(drop)
    }

    /// The account that works in the workspace, where it takes one.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    async fn order(&self, order: Order) -> Result<bool, SessionError> {
        self.ask(|reply| Command::Order { order, reply }).await
    }
}

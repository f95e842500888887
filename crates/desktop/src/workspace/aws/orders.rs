//! What a person has the cloud do.

use cloud::ReleaseView;
use cloud::api::wire::{
    ArtistAccount, ArtistAccounts, Confirmation, DecisionOrder, Follow, Followed, LabelSettings, Withdrawing,
};
use cloud::catalogue::{Decision, folded_name};
use cloud::ports::EmailAddress;
use release::ReleaseId;
use reqwest::Method;
use serde_json::json;

use super::{ApiError, Cloud};
use crate::workspace::CloudError;

impl Cloud {
    pub(in crate::workspace) async fn decide(&self, decision: Decision) -> Result<(), CloudError> {
        let Decision { release, delivery, heard, metadata, verdict, .. } = decision;
        self.order(release, "decision", &DecisionOrder { delivery, heard, metadata, verdict }).await
    }

    pub(in crate::workspace) async fn withdraw(&self, release: ReleaseId, reason: &str) -> Result<(), CloudError> {
        self.order(release, "withdrawal", &Withdrawing { reason: reason.to_owned() }).await
    }

    pub(in crate::workspace) async fn try_again(&self, release: ReleaseId) -> Result<(), CloudError> {
        self.order(release, "retry", &json!({})).await
    }

    async fn order(
        &self,
        release: ReleaseId,
        what: &str,
        order: &(impl serde::Serialize + Sync),
    ) -> Result<(), CloudError> {
        let done = self.0.api.order(Method::POST, &["releases", &release.to_string(), what], order).await;
        // Whatever came of it: what is shown may be out of date.
        self.nudge();
        let view: ReleaseView = done?;
        self.take(view).await;
        Ok(())
    }

    pub(in crate::workspace) async fn subscribe(&self, artist: &str, email: &str) -> Result<bool, CloudError> {
        let follow = follow(artist, email)?;
        let was_there = self.known().heard.follows.iter().any(|known| {
            folded_name(&known.artist) == folded_name(&follow.artist) && known.email.folded() == follow.email.folded()
        });
        let _: Followed = self.0.api.order(Method::POST, &["subscriptions"], &follow).await?;
        self.follows_changed().await;
        Ok(!was_there)
    }

    pub(in crate::workspace) async fn unsubscribe(&self, artist: &str, email: &str) -> Result<bool, CloudError> {
        let follow = follow(artist, email)?;
        let done = self.0.api.tell(Method::POST, &["subscriptions", "removal"], &follow).await;
        self.follows_changed().await;
        match done {
            Ok(()) => Ok(true),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(in crate::workspace) async fn confirm(
        &self,
        artist: &str,
        email: &str,
        pasted: &str,
    ) -> Result<(), CloudError> {
        let Follow { artist, email } = follow(artist, email)?;
        let confirmation = Confirmation { artist, email, pasted: pasted.trim().to_owned() };
        let done = self.0.api.tell(Method::POST, &["subscriptions", "confirmation"], &confirmation).await;
        self.follows_changed().await;
        Ok(done?)
    }

    pub(in crate::workspace) async fn resend(&self, artist: &str, email: &str) -> Result<(), CloudError> {
        let follow = follow(artist, email)?;
        Ok(self.0.api.tell(Method::POST, &["subscriptions", "resend"], &follow).await?)
    }

    pub(in crate::workspace) async fn set_label(&self, settings: &LabelSettings) -> Result<(), CloudError> {
        if self.settings().as_ref() == Some(settings) {
            return Ok(());
        }
        let done = self.0.api.tell(Method::PUT, &["label"], settings).await;
        self.settings_changed().await;
        Ok(done?)
    }

    pub(in crate::workspace) async fn artist_accounts(&self) -> Result<Vec<ArtistAccount>, CloudError> {
        let all: ArtistAccounts = self.0.api.get(&["artist-accounts"], &[]).await?;
        Ok(all.accounts)
    }

    pub(in crate::workspace) async fn map_artists(&self, email: &str, artists: Vec<String>) -> Result<(), CloudError> {
        let account = ArtistAccount { email: email.parse()?, artists };
        let path = ["artist-accounts", account.email.as_str()];
        Ok(self.0.api.tell(Method::PUT, &path, &account).await?)
    }
}

fn follow(artist: &str, email: &str) -> Result<Follow, CloudError> {
    let artist = artist.trim().to_owned();
    if artist.is_empty() {
        return Err(cloud::local::CloudError::NoArtist.into());
    }
    let email: EmailAddress = email.parse()?;
    Ok(Follow { artist, email })
}

impl From<cloud::ports::AddressError> for CloudError {
    fn from(error: cloud::ports::AddressError) -> Self {
        cloud::local::CloudError::from(error).into()
    }
}

impl From<ApiError> for CloudError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

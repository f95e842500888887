use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;
use release::LabelId;
use thiserror::Error;

use super::{EmailAddress, PortError};
use crate::api::wire::{FollowState, Following};

/// Who follows which artist of a label, where a service asks each address whether its owner agrees.
#[async_trait]
pub trait Followers: Send + Sync + Debug {
    /// Has news of an artist sent to an address, once its owner agrees. Asking again changes
    /// nothing. An address that was asked too often of late is refused with [`FollowError::TooSoon`].
    async fn follow(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<FollowState, FollowError>;

    /// All of a label, by artist and address.
    async fn list(&self, label: &LabelId) -> Result<Vec<Following>, PortError>;

    /// Confirms by the link of the e-mail that asked, or its token, so that leaving needs a sign-in.
    async fn confirm(
        &self,
        label: &LabelId,
        artist: &str,
        email: &EmailAddress,
        pasted: &str,
    ) -> Result<(), FollowError>;

    /// Asks an address again.
    async fn resend(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<(), FollowError>;

    /// Ends it. True where there was one.
    async fn unfollow(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<bool, PortError>;
}

/// Why a subscription was not confirmed, or not asked for again.
#[derive(Debug, Error)]
pub enum FollowError {
    /// There is none.
    #[error("{email} does not follow {artist}. Subscribe it first.")]
    Unknown {
        /// The artist.
        artist: String,
        /// The address.
        email: EmailAddress,
    },
    /// It is confirmed already.
    #[error("{0} has agreed already.")]
    Confirmed(EmailAddress),
    /// What was pasted is neither a link of this kind nor a token, or one of something else.
    #[error("This is not the link from the e-mail that asks to confirm. Copy all of it, from https:// on.")]
    NotALink,
    /// The token ran out.
    #[error("This link has expired: it lasts two days. Have the e-mail sent again.")]
    Expired,
    /// It was asked a short while ago.
    #[error("{email} was asked a short while ago. It can be asked again at {until}.")]
    TooSoon {
        /// The address.
        email: EmailAddress,
        /// From when.
        until: Timestamp,
    },
    /// The service failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

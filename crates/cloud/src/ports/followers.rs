use std::fmt::Debug;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use release::LabelId;
use thiserror::Error;

use super::{EmailAddress, PortError};
use crate::api::wire::{FollowState, Following};

/// How many addresses an artist's news may go to, or have been asked about: each is an e-mail a release.
pub const FOLLOWERS_AN_ARTIST: usize = 1000;

/// On whose behalf addresses are asked: each time is an e-mail to somebody who may not have wanted any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// The account, by the issuer's id of it.
    pub account: String,
    /// How often it may have addresses asked, in a day of UTC.
    pub a_day: u32,
}

/// The day of UTC that an instant is in, and when the next begins.
#[must_use]
pub fn day_of(now: Timestamp) -> (Date, Timestamp) {
    let day = now.to_zoned(TimeZone::UTC).date();
    let next = day.tomorrow().ok().and_then(|next| next.to_zoned(TimeZone::UTC).ok());
    (
        day,
        next.map_or(now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX), |next| {
            next.timestamp()
        }),
    )
}

/// Who follows which artist of a label, where a service asks each address whether its owner agrees.
#[async_trait]
pub trait Followers: Send + Sync + Debug {
    /// Has news of an artist sent to an address, once its owner agrees. Asking again changes
    /// nothing. An address that was asked too often of late is refused with [`FollowError::TooSoon`], one of an artist who
    /// has [`FOLLOWERS_AN_ARTIST`] with [`FollowError::Full`], and any by an account that had its share of today's with
    /// [`FollowError::Exhausted`].
    async fn follow(
        &self,
        label: &LabelId,
        artist: &str,
        email: &EmailAddress,
        by: &Asker,
    ) -> Result<FollowState, FollowError>;

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
    async fn resend(&self, label: &LabelId, artist: &str, email: &EmailAddress, by: &Asker) -> Result<(), FollowError>;

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
    #[error("{email} was asked a short while ago. It can be asked again on {}.", in_words(until))]
    TooSoon {
        /// The address.
        email: EmailAddress,
        /// From when.
        until: Timestamp,
    },
    /// The artist has as many addresses as there may be.
    #[error(
        "{artist} has {FOLLOWERS_AN_ARTIST} addresses, and there can be no more. Remove one that needs no news any more."
    )]
    Full {
        /// The artist.
        artist: String,
    },
    /// The account had as many addresses asked today as it may.
    #[error("This account has had as many addresses asked today as it may. More can be asked on {}.", in_words(until))]
    Exhausted {
        /// From when.
        until: Timestamp,
    },
    /// The service failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// For people, who may be in any time zone.
fn in_words(until: &Timestamp) -> impl std::fmt::Display {
    until.strftime("%-d %B at %H:%M UTC")
}

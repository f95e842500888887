use std::collections::{BTreeMap, BTreeSet};

use super::super::error::ApiError;
use super::super::{Account, Api};
use crate::ReleaseView;
use crate::catalogue::{Record, ReleaseKey, State, folded_name};

/// What of its label an account may see.
#[derive(Debug)]
pub(super) enum Sight {
    /// All of it.
    All,
    /// The releases that credit one of these artists, by [`folded_name`].
    Artists(BTreeSet<String>),
}

impl Sight {
    /// What an account may see.
    pub(super) async fn of(api: &Api, account: &Account) -> Result<Self, ApiError> {
        if account.is_staff() {
            return Ok(Self::All);
        }
        let artists = api.labels.artists_of(&account.label, &account.email).await?;
        Ok(Self::Artists(artists.iter().map(|artist| folded_name(artist)).collect()))
    }

    /// Whether it takes in an artist.
    pub(super) fn takes_in(&self, artist: &str) -> bool {
        match self {
            Self::All => true,
            Self::Artists(artists) => artists.contains(&folded_name(artist)),
        }
    }

    /// Whether it takes in a release. While the manifest of a new delivery was not read, the artists count that were told
    /// of an earlier one; before that, nobody knows whose it is.
    pub(super) fn takes_in_release(&self, record: &Record) -> bool {
        match (self, record.current.accepted()) {
            (Self::All, _) => true,
            (Self::Artists(_), Some(accepted)) => accepted.artists.iter().any(|artist| self.takes_in(artist)),
            (Self::Artists(artists), None) => !record.told.is_disjoint(artists),
        }
    }

    /// The record of a release, where it takes it in. One of another label, or of another artist, is not there.
    pub(super) async fn release(&self, api: &Api, key: &ReleaseKey) -> Result<Record, ApiError> {
        let stored = api.catalogue.load(key).await?.ok_or(ApiError::NotFound("release"))?;
        if !self.takes_in_release(&stored.record) {
            return Err(ApiError::NotFound("release"));
        }
        tracing::Span::current().record("trace", stored.record.current.trace());
        Ok(stored.record)
    }

    /// A release without what it does not take in: who of the staff decided, and what they wrote to each other. An
    /// artist sees where it stood, and since when; and why it was withdrawn where that was told, as it had been live.
    pub(super) fn shown(&self, mut view: ReleaseView) -> ReleaseView {
        if let Self::Artists(_) = self {
            // Where each delivery stood last. Each begins as received: of a timeline that lost its beginning, nobody
            // knows whether the first moment moved it.
            let mut stood = BTreeMap::new();
            view.timeline.retain(|moment| match stood.insert(moment.delivery, moment.state) {
                Some(before) => before != moment.state,
                None => moment.state == State::Received,
            });
            let mut was_live = false;
            for moment in &mut view.timeline {
                was_live |= moment.state == State::Live;
                if moment.state == State::Withdrawn && !was_live {
                    "Withdrawn.".clone_into(&mut moment.what);
                }
            }
        }
        view
    }
}

/// The record of a release that an account may see.
pub(super) async fn seen(api: &Api, account: &Account, key: &ReleaseKey) -> Result<Record, ApiError> {
    Sight::of(api, account).await?.release(api, key).await
}

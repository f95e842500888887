use std::collections::BTreeSet;

use release::LabelId;

use super::super::answer::Answer;
use super::super::error::ApiError;
use super::super::wire::{ArtistAccount, ArtistAccounts, LabelSettings, Me, Role};
use super::super::{Account, Api, Call};
use super::named;
use crate::catalogue::folded_name;
use crate::ports::EmailAddress;

/// How many artists an account may have.
const ARTISTS: usize = 100;

/// `GET /v1/me`.
pub(in super::super) async fn me(api: &Api, account: &Account) -> Result<Answer, ApiError> {
    let artists = if account.roles.contains(&Role::Artist) {
        api.labels.artists_of(&account.label, &account.email).await?
    } else {
        Vec::new()
    };
    let settings = api.labels.settings(&account.label).await?;
    Ok(Answer::json(&Me {
        email: account.email.to_string(),
        label: account.label.clone(),
        roles: account.roles.clone(),
        artists,
        settings: settings.unwrap_or_else(|| LabelSettings::new(&account.label)),
    }))
}

/// `PUT /v1/label`.
pub(in super::super) async fn set(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let settings: LabelSettings = call.json()?;
    let settings = LabelSettings { label_name: named("label_name", &settings.label_name)?, ..settings };
    api.labels.set(&account.label, &settings).await?;
    Ok(Answer::json(&settings))
}

/// `GET /v1/artist-accounts`.
pub(in super::super) async fn artist_accounts(api: &Api, account: &Account) -> Result<Answer, ApiError> {
    let accounts = api.labels.accounts(&account.label).await?;
    let accounts = accounts.into_iter().map(|(email, artists)| ArtistAccount { email, artists }).collect();
    Ok(Answer::json(&ArtistAccounts { accounts }).tagged())
}

/// `PUT /v1/artist-accounts/{email}`.
pub(in super::super) async fn map_artists(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let addressed: EmailAddress =
        call.params.get("email").parse().map_err(|error| ApiError::field("email", format!("{error}")))?;
    let wanted: ArtistAccount = call.json()?;
    if wanted.email.folded() != addressed.folded() {
        return Err(ApiError::field("email", "is not the address in the path"));
    }
    Ok(Answer::json(&mapped(api, &account.label, wanted).await?))
}

/// Maps artists to an account of a label, each name once.
pub(in super::super) async fn mapped(
    api: &Api,
    label: &LabelId,
    wanted: ArtistAccount,
) -> Result<ArtistAccount, ApiError> {
    let ArtistAccount { email, artists } = wanted;
    if artists.len() > ARTISTS {
        return Err(ApiError::field("artists", format!("are more than {ARTISTS}")));
    }
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for (index, artist) in artists.iter().enumerate() {
        let artist = named(&format!("artists[{index}]"), artist)?;
        if seen.insert(folded_name(&artist)) {
            kept.push(artist);
        }
    }
    let mapped = ArtistAccount { email, artists: kept };
    api.labels.map(label, &mapped).await?;
    Ok(mapped)
}

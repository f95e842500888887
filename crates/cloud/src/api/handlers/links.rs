use release::keys::{self, ManifestKey};
use release::{Recipe, ReleaseId};

use super::super::answer::Answer;
use super::super::error::ApiError;
use super::super::{Account, Api, Call, LINK_LASTS};
use super::release_key;
use super::sight::seen;
use crate::catalogue::ReleaseKey;
use crate::stages::{Refused, StageError};

/// `GET /v1/releases/{release}/artwork`: a link to the picture of the current delivery.
pub(in super::super) async fn artwork(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    const NONE: ApiError = ApiError::NotFound("artwork");
    let record = seen(api, account, &release_key(account, call)?).await?;
    // Only of what was taken in: before, nobody knows whether the picture is one.
    if record.current.accepted().is_none() {
        return Err(NONE);
    }
    let ReleaseKey { label, release } = record.key;
    let manifest = match api
        .masters
        .manifest(&ManifestKey { label: label.clone(), release, delivery: record.current.id }, None)
        .await
    {
        Ok(manifest) => manifest,
        Err(StageError::Store(upload::StoreError::Missing { .. }) | StageError::Refused(Refused::Manifest { .. })) => {
            return Err(NONE);
        }
        Err(StageError::Store(error)) => return Err(error.into()),
        Err(StageError::Port(error)) => return Err(error.into()),
        Err(_) => return Err(NONE),
    };
    let artwork = manifest.release.artwork.ok_or(NONE)?;
    let link = api.master_links.read(&keys::asset(&label, &artwork.asset), LINK_LASTS).await?;
    Ok(Answer::json(&link))
}

/// `GET /v1/renditions/{recipe}/{profile}?release={release}`: a link to a rendition of a release that the account may
/// see. Its record says which renditions it has, so that a recipe alone, however it was come by, opens nothing.
pub(in super::super) async fn rendition(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    const NONE: ApiError = ApiError::NotFound("rendition");
    let release: ReleaseId = call.parsed("release")?;
    let recipe: Recipe = call.params.get("recipe").parse().map_err(|_| NONE)?;
    let profile = call.params.get("profile");
    let key = ReleaseKey { label: account.label.clone(), release };
    let record = seen(api, account, &key).await.map_err(|error| match error {
        ApiError::NotFound(_) => NONE,
        other => other,
    })?;
    let mut renditions = record.current.tracks().iter().flat_map(|track| &track.renditions);
    let rendition = renditions.find(|one| one.recipe == recipe && one.profile == profile).ok_or(NONE)?;
    // Facts are written before the object: with them it is there, or will be in a moment.
    if api.renditions.facts(&account.label, &[recipe]).await?.is_empty() {
        return Err(NONE);
    }
    Ok(Answer::json(&api.rendition_links.read(&rendition.key, LINK_LASTS).await?))
}

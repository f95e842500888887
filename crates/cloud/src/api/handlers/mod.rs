//! What is done for each endpoint, once its account is admitted.

pub(super) mod completion;
pub(super) mod follows;
pub(super) mod handover;
pub(super) mod labels;
pub(super) mod links;
pub(super) mod orders;
pub(super) mod releases;
mod sight;
pub(super) mod stores;

use release::{LabelId, ReleaseId};

use super::answer::Answer;
use super::error::ApiError;
use super::wire::Health;
use super::{Account, Api, Call};
use crate::catalogue::ReleaseKey;

/// `GET /v1/health`: whether the table can be reached. It asks for a record that there is not.
pub(super) async fn health(api: &Api) -> Result<Answer, ApiError> {
    let label: LabelId = "health".parse().map_err(|_| ApiError::NotFound("label"))?;
    let nothing = ReleaseId::new(jiff::Timestamp::UNIX_EPOCH, 0);
    api.catalogue.load(&ReleaseKey { label, release: nothing }).await?;
    Ok(Answer::json(&Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }))
}

/// The release that a path names, of the account's label. What is no id is no release.
fn release_key(account: &Account, call: &Call) -> Result<ReleaseKey, ApiError> {
    key_of(account, call.params.get("release")).ok_or(ApiError::NotFound("release"))
}

fn key_of(account: &Account, release: &str) -> Option<ReleaseKey> {
    Some(ReleaseKey { label: account.label.clone(), release: release.parse().ok()? })
}

/// How long a name may be, in characters.
const NAME: usize = 200;

/// A name, without the space around it: in one line, and neither empty nor long.
fn named(field: &str, text: &str) -> Result<String, ApiError> {
    let name = written(field, text, NAME)?;
    if name.contains('\n') { Err(ApiError::field(field, "has more than one line")) } else { Ok(name) }
}

/// A text that a person wrote, without the space around it: not empty, not longer than `most` characters.
fn written(field: &str, text: &str, most: usize) -> Result<String, ApiError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ApiError::field(field, "is empty"));
    }
    if text.chars().count() > most {
        return Err(ApiError::field(field, format!("is longer than {most} characters")));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(ApiError::field(field, "has control characters"));
    }
    Ok(text.to_owned())
}

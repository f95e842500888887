use release::{Crc64, keys};

use super::super::answer::Answer;
use super::super::error::ApiError;
use super::super::wire::ObjectThere;
use super::super::{Account, Api, Call};
use super::release_key;
use super::sight::seen;

/// The largest manifest that is handed out, in bytes: a function's answer has six million at most.
const MANIFEST_LIMIT: u64 = 5 * 1024 * 1024;

/// `GET /v1/releases/{release}/manifest`: the bytes as they were delivered.
pub(in super::super) async fn manifest(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let record = seen(api, account, &release_key(account, call)?).await?;
    let key = keys::manifest(&record.key.label, record.key.release, record.current.id);
    let there = api.masters.store.confirm(&key).await?.filter(|there| there.bytes <= MANIFEST_LIMIT);
    let there = there.ok_or(ApiError::NotFound("manifest"))?;
    let bytes = api.masters.reader.read(&key, 0..there.bytes).await?;
    Ok(Answer::stored(bytes).tagged())
}

/// `GET /v1/objects/{key+}`: what a label delivers, and nothing else that may be in the store.
pub(in super::super) async fn object(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let key = call.params.get("key");
    let is_delivered = ["assets/", "releases/"].iter().any(|folder| key.starts_with(folder));
    let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
        && key.len() <= 512
        && key.split('/').all(|name| !matches!(name, "" | "." | ".."));
    if !is_delivered || !is_plain {
        return Err(ApiError::NotFound("object"));
    }
    let there = api.masters.store.confirm(&format!("{}/{key}", account.label)).await?;
    let there = there.ok_or(ApiError::NotFound("object"))?;
    Ok(Answer::json(&ObjectThere { bytes: there.bytes, crc64: there.crc64.map(Crc64) }))
}

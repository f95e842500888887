use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, stream};
use release::{Asset, keys};
use tokio::time::Instant;
use upload::{Body, StoreError, Whole};

use super::super::answer::Answer;
use super::super::error::ApiError;
use super::super::wire::{DeliveryCompletion, Fault};
use super::super::{Account, Api, Call};
use super::handover::{AT_ONCE, delivery, forget, handover, manifest_of, missing, upload_of};
use super::release_key;
use crate::ports::{Handover, PendingUpload};

/// How many files with missing parts are named.
const NAMED: usize = 100;

/// What became of a file.
enum File {
    There,
    Missing(Fault),
}

/// `POST /v1/deliveries/{release}/{delivery}/completion`: puts the files together, each checked by the store against its
/// size and checksum, and writes the manifest when all are there. Asked again, it goes on where it was.
pub(in super::super) async fn complete(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let Some(kept) = handover(api, account, call).await? else {
        return handed_over(api, account, call).await;
    };
    let manifest = manifest_of(&kept)?;
    let assets = manifest.assets();
    let deadline = Instant::now() + api.patience;
    let finishing: Vec<BoxFuture<'_, _>> = assets
        .iter()
        .filter_map(|asset| Some((*asset, kept.uploads.get(&asset.sha256)?)))
        .map(|(asset, pending)| finish(api, &kept, asset, pending).boxed())
        .collect();
    let mut open = finishing.len();
    let mut files = stream::iter(finishing).buffer_unordered(AT_ONCE);
    let mut faults = Vec::new();
    // What is under way when the time is over goes on in the store, and is found done the next time.
    while let Ok(Some(file)) = tokio::time::timeout_at(deadline, files.next()).await {
        match file {
            Ok(File::There) => open -= 1,
            Ok(File::Missing(fault)) => {
                open -= 1;
                faults.push(fault);
            }
            Err(ApiError::UploadsLost) => {
                forget(api, &kept).await?;
                return Err(ApiError::UploadsLost);
            }
            Err(error) => return Err(error),
        }
    }
    drop(files);
    if !faults.is_empty() {
        faults.sort_by(|one, other| one.field.cmp(&other.field));
        faults.truncate(NAMED);
        return Err(ApiError::PartsMissing(faults));
    }
    let progress = DeliveryCompletion {
        release: kept.key.release,
        delivery: kept.delivery,
        complete: open == 0,
        there: assets.len() - open,
        of: assets.len(),
    };
    if open > 0 {
        return Ok(Answer::json(&progress).unfinished());
    }
    let bytes = kept.manifest.clone().into_bytes();
    let whole = Whole::of(&bytes);
    let key = keys::manifest(&kept.key.label, kept.key.release, kept.delivery);
    match api.masters.store.put(&key, Body::from(bytes), whole).await {
        Ok(_) => {}
        Err(StoreError::Differs { .. }) => return Err(ApiError::Delivered),
        Err(error) => return Err(error.into()),
    }
    api.handovers.remove(&kept.key, kept.delivery).await?;
    Ok(Answer::json(&progress))
}

/// The answer where there is no handover: it was completed before, and the answer was lost, or there never was one.
async fn handed_over(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let key = release_key(account, call).map_err(|_| ApiError::NotFound("delivery"))?;
    let delivery = delivery(call)?;
    let manifest = release::keys::ManifestKey { label: key.label.clone(), release: key.release, delivery };
    let name = keys::manifest(&key.label, key.release, delivery);
    if api.masters.store.confirm(&name).await?.is_none() {
        return Err(ApiError::NotFound("delivery"));
    }
    let of = api.masters.manifest(&manifest, None).await.map_or(0, |manifest| {
        tracing::Span::current().record("trace", &manifest.trace);
        manifest.assets().len()
    });
    Ok(Answer::json(&DeliveryCompletion { release: key.release, delivery, complete: true, there: of, of }))
}

async fn finish(api: &Api, kept: &Handover, asset: &Asset, pending: &PendingUpload) -> Result<File, ApiError> {
    let upload = upload_of(kept, asset, pending);
    let store = &api.masters.store;
    if store.confirm(&upload.key).await?.is_some() {
        return Ok(File::There);
    }
    let missing = missing(api, &upload, asset, pending).await?;
    if !missing.is_empty() {
        return Ok(File::Missing(Fault {
            field: asset.sha256.to_string(),
            detail: match missing.as_slice() {
                [one] => format!("part {} has not arrived, or not as it was announced", one.number),
                many => {
                    format!(
                        "{} of {} parts have not arrived, or not as announced",
                        many.len(),
                        asset.bytes.div_ceil(pending.part_bytes)
                    )
                }
            },
        }));
    }
    // An upload that was completed meanwhile has no parts any more.
    let sent = match store.sent_parts(&upload).await {
        Ok(sent) => sent,
        Err(StoreError::NoSuchUpload { .. }) if store.confirm(&upload.key).await?.is_some() => return Ok(File::There),
        Err(StoreError::NoSuchUpload { .. }) => return Err(ApiError::UploadsLost),
        Err(error) => return Err(error.into()),
    };
    let whole = Whole { bytes: asset.bytes, crc64: asset.crc64.0 };
    match store.complete(&upload, &sent, whole).await {
        // Another delivery brought it meanwhile; intake sees whether it is what it should be.
        Ok(_) | Err(StoreError::Differs { .. }) => Ok(File::There),
        Err(StoreError::NoSuchUpload { .. }) => Err(ApiError::UploadsLost),
        Err(StoreError::Mismatch { .. } | StoreError::Parts { .. }) => {
            // Which part it was, the store cannot tell: all are to be sent anew.
            store.abort(&upload).await?;
            Ok(File::Missing(Fault {
                field: asset.sha256.to_string(),
                detail:
                    "what arrived has not the size and checksum that the manifest gives: see that those are right, \
                         then post the delivery again, and send the file anew"
                        .to_owned(),
            }))
        }
        Err(error) => Err(error.into()),
    }
}

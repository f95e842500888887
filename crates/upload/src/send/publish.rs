use std::path::Path;

use futures::TryStreamExt as _;
use tokio_util::sync::CancellationToken;

use super::lanes::Lanes;
use super::parts::PartsSender;
use super::{Options, SendError, ledger, parts};
use crate::{Body, FileDigest, Flow, ObjectStore, Part, Plan, SentPart, StoreError, Stored, Upload, Whole};

/// Stores a file that this program made, such as a rendition: without a journal, since it can be made again. The same
/// bytes at the key already are success. Cancelled or failed, it leaves no upload behind, as far as the store can be
/// reached.
///
/// # Errors
/// See [`SendError`].
pub async fn publish(
    store: &dyn ObjectStore,
    key: &str,
    path: &Path,
    options: &Options,
    cancel: &CancellationToken,
) -> Result<FileDigest, SendError> {
    let digesting = {
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || {
            FileDigest::of_file(&path).map_err(|source| StoreError::Source { path, source })
        })
    };
    // A panic while reading, or the runtime's end: nothing was stored.
    let digest = digesting.await.map_err(|_| SendError::Cancelled)??;
    let whole = Whole::from(&digest);
    match cancel.run_until_cancelled(options.retry.run(|| store.confirm(key))).await.ok_or(SendError::Cancelled)?? {
        Some(there) if there.is(whole) => return Ok(digest),
        Some(there) => return Err(StoreError::Differs { key: key.to_owned(), there, wanted: whole }.into()),
        None => {}
    }
    let plan = Plan::with_smallest_part(whole.bytes, options.smallest_part)
        .map_err(|reason| SendError::Plan { path: path.to_owned(), reason })?;
    ledger::begin("object", key);
    if plan.is_one_put() {
        let body = Body::File { path: path.to_owned(), offset: 0, length: whole.bytes, flow: Flow::default() };
        let put = options.retry.run(|| store.put(key, body.clone(), whole));
        cancel.run_until_cancelled(put).await.ok_or(SendError::Cancelled)??;
    } else {
        let parts = parts::all(&plan, &digest).ok_or_else(|| SendError::Digest { path: path.to_owned() })?;
        let begin = options.retry.run(|| store.begin(key, &plan));
        let upload = cancel.run_until_cancelled(begin).await.ok_or(SendError::Cancelled)??;
        let sent = cancel.run_until_cancelled(send_parts(store, &upload, path, options, parts, whole)).await;
        if !matches!(sent, Some(Ok(_))) {
            // Of use to nobody: the next try begins its own.
            if let Err(error) = store.abort(&upload).await {
                tracing::warn!(%error, key, "an upload was left behind");
            }
        }
        sent.ok_or(SendError::Cancelled)??;
    }
    ledger::end("object", key);
    Ok(digest)
}

async fn send_parts(
    store: &dyn ObjectStore,
    upload: &Upload,
    path: &Path,
    options: &Options,
    parts: Vec<Part>,
    whole: Whole,
) -> Result<Stored, StoreError> {
    let lanes = Lanes::new(options.parallel_parts);
    let flow = |_| Flow::default();
    let sender = PartsSender { store, options, lanes: &lanes, flow: &flow, upload, path, in_ledger: false };
    let mut sent: Vec<SentPart> = sender.send(parts).try_collect().await?;
    sent.sort_by_key(|part| part.number);
    options.retry.run(|| store.complete(upload, &sent, whole)).await
}

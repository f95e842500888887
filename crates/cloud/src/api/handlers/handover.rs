use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use release::{Asset, Crc64, DeliveryId, Manifest, ManifestError, Sha256, keys};
use tokio::time::Instant;
use upload::{Part, Plan, StoreError, Upload, crc64};

use super::super::answer::Answer;
use super::super::call::{self, Call};
use super::super::error::ApiError;
use super::super::wire::{AssetUpload, DeliveryOrder, DeliveryUploads, Fault, PartUpload};
use super::super::{Account, Api};
use super::{key_of, release_key};
use crate::catalogue::{ReleaseKey, Void};
use crate::ports::{Handover, PendingUpload};
use crate::stages::manifest_faults;

/// The largest order that is read, in bytes: a function is called with six million at most, quotes escaped.
const ORDER_LIMIT: usize = 4 * 1024 * 1024;

/// How many links an answer has at most.
const PAGE: usize = 100;

/// For how long a part can be sent by its link.
const LINK_LASTS: Duration = Duration::from_secs(60 * 60);

/// For how long a delivery can be completed: the store gives unfinished uploads up after two weeks.
const LASTS: SignedDuration = SignedDuration::from_hours(6 * 24);

/// How far the clock of whoever made a delivery's id may be ahead: an id of the far future would be the newest for ever.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// How many questions are asked of the store at once: enough to hide its latency, few enough not to be throttled.
pub(super) const AT_ONCE: usize = 16;

/// `POST /v1/deliveries`: takes a manifest, and says what is to be sent. Asked again, it goes on where it was.
pub(in super::super) async fn begin(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let deadline = Instant::now() + api.patience;
    let order: DeliveryOrder = call::read(call.json_bytes(ORDER_LIMIT)?)?;
    let now = api.clock.now();
    let manifest = examined(account, &order, now)?;
    tracing::Span::current().record("trace", &manifest.trace);
    let key = ReleaseKey { label: account.label.clone(), release: manifest.release.id };
    if let Some(stored) = api.catalogue.load(&key).await? {
        if stored.record.seen.contains(&manifest.delivery) {
            return Err(ApiError::Delivered);
        }
        if manifest.delivery < stored.record.current.id {
            return Err(Void::Superseded.into());
        }
    }
    let plans = planned(&manifest, &order.parts)?;
    let text = String::from_utf8(manifest.to_json()).unwrap_or_default();
    if let Some(kept) = api.handovers.load(&key, manifest.delivery, now).await? {
        if kept.manifest != text {
            return Err(ApiError::Delivered);
        }
        match page(api, &kept, &manifest, None, deadline).await {
            Err(ApiError::UploadsLost) => forget(api, &kept).await?,
            page => return Ok(Answer::json(&page?).created()),
        }
    }
    let uploads = begun(api, &key, &manifest, plans).await?;
    let new = Handover { key, delivery: manifest.delivery, manifest: text, uploads, until: now + LASTS };
    let kept = api.handovers.keep(&new).await?;
    // Two may post at once: one of them is kept.
    if kept.manifest != new.manifest {
        return Err(ApiError::Delivered);
    }
    Ok(Answer::json(&page(api, &kept, &manifest, None, deadline).await?).created())
}

/// `GET /v1/deliveries/{release}/{delivery}/parts`.
pub(in super::super) async fn parts(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let deadline = Instant::now() + api.patience;
    let kept = handover(api, account, call).await?.ok_or(ApiError::NotFound("delivery"))?;
    let after = match call.query("after").filter(|after| !after.is_empty()) {
        None => None,
        Some(after) => {
            Some(Place::read(after).ok_or_else(|| ApiError::field("after", "is not what an earlier page said"))?)
        }
    };
    let manifest = manifest_of(&kept)?;
    match page(api, &kept, &manifest, after, deadline).await {
        Err(ApiError::UploadsLost) => {
            // Posted again, it is begun anew, also where its first page would not come to the file that is lost.
            forget(api, &kept).await?;
            Err(ApiError::UploadsLost)
        }
        page => Ok(Answer::json(&page?)),
    }
}

/// Forgets a handover whose uploads are lost, unless another call has begun it anew meanwhile.
pub(super) async fn forget(api: &Api, lost: &Handover) -> Result<(), ApiError> {
    let there = api.handovers.load(&lost.key, lost.delivery, api.clock.now()).await?;
    if there.as_ref() == Some(lost) {
        api.handovers.remove(&lost.key, lost.delivery).await?;
    }
    Ok(())
}

/// The handover that a path names, where there is one.
pub(super) async fn handover(api: &Api, account: &Account, call: &Call) -> Result<Option<Handover>, ApiError> {
    let key = release_key(account, call).map_err(|_| ApiError::NotFound("delivery"))?;
    Ok(api.handovers.load(&key, delivery(call)?, api.clock.now()).await?)
}

pub(super) fn delivery(call: &Call) -> Result<DeliveryId, ApiError> {
    call.params.get("delivery").parse().map_err(|_| ApiError::NotFound("delivery"))
}

/// The manifest of a handover. It was read when it was kept.
pub(super) fn manifest_of(kept: &Handover) -> Result<Manifest, ApiError> {
    let manifest = Manifest::from_json(kept.manifest.as_bytes()).map_err(|_| ApiError::NotFound("delivery"))?;
    tracing::Span::current().record("trace", &manifest.trace);
    Ok(manifest)
}

/// The manifest of an order, once it is one that intake would take.
fn examined(account: &Account, order: &DeliveryOrder, now: Timestamp) -> Result<Manifest, ApiError> {
    let bytes = serde_json::to_vec(&order.manifest).expect("JSON that was read always serialises");
    let manifest = Manifest::from_json(&bytes).map_err(|error| match error {
        ManifestError::Shape(_) => match call::read::<Manifest>(&bytes) {
            Err(ApiError::Fields(faults)) => ApiError::Fields(faults.into_iter().map(within_manifest).collect()),
            _ => ApiError::field("manifest", error.to_string()),
        },
        _ => ApiError::field("manifest", error.to_string()),
    })?;
    if manifest.delivery.instant() > now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX) {
        return Err(ApiError::field("manifest.delivery", "is an id of the future: see that the clock is right"));
    }
    if key_of(account, &manifest.release.id.to_string()).is_none() {
        return Err(ApiError::field("manifest.release.id", "is not an id"));
    }
    let faults: Vec<Fault> = manifest_faults(&account.label, &manifest, now)
        .into_iter()
        .map(|reason| {
            let index = manifest.release.tracks.iter().position(|track| Some(track.id) == reason.track);
            let field =
                index.map_or_else(|| "manifest.release".to_owned(), |at| format!("manifest.release.tracks[{at}]"));
            Fault { field, detail: reason.to_string() }
        })
        .collect();
    if faults.is_empty() { Ok(manifest) } else { Err(ApiError::Fields(faults)) }
}

fn within_manifest(fault: Fault) -> Fault {
    let field = if fault.field == "body" { "manifest".to_owned() } else { format!("manifest.{}", fault.field) };
    Fault { field, ..fault }
}

/// How each file is cut, with the checksums of its parts where they are known: they must make up the file's own.
fn planned(
    manifest: &Manifest,
    given: &BTreeMap<Sha256, Vec<Crc64>>,
) -> Result<BTreeMap<Sha256, (Plan, Vec<Crc64>)>, ApiError> {
    let mut plans = BTreeMap::new();
    let mut faults = Vec::new();
    for asset in manifest.assets() {
        let mut fault = |detail: String| faults.push(Fault { field: format!("parts.{}", asset.sha256), detail });
        let plan = match Plan::of(asset.bytes) {
            Ok(plan) => plan,
            Err(error) => {
                fault(error.to_string());
                continue;
            }
        };
        let parts = match given.get(&asset.sha256) {
            Some(parts) => parts.clone(),
            None if plan.part_count() == 1 => vec![asset.crc64],
            None => {
                plans.insert(asset.sha256, (plan, Vec::new()));
                continue;
            }
        };
        if u64::from(plan.part_count()) != parts.len() as u64 {
            fault(format!("are {}, and {} are needed", parts.len(), plan.part_count()));
        } else if combined(&plan, &parts) != asset.crc64.0 {
            fault("do not make up the file's own checksum".to_owned());
        }
        plans.insert(asset.sha256, (plan, parts));
    }
    if faults.is_empty() { Ok(plans) } else { Err(ApiError::Fields(faults)) }
}

fn combined(plan: &Plan, parts: &[Crc64]) -> u64 {
    let numbered = (1_u32..).zip(parts);
    let sized = numbered.filter_map(|(number, part)| Some((part.0, plan.range(number)?.1)));
    sized.reduce(|(all, _), (part, bytes)| (crc64::combine(all, part, bytes), bytes)).map_or(0, |(all, _)| all)
}

/// Begins the uploads of the files that are not there. What is there under a file's name counts as the file: intake sees
/// whether it is, moves aside what is not, and says which one to send anew.
async fn begun(
    api: &Api,
    key: &ReleaseKey,
    manifest: &Manifest,
    plans: BTreeMap<Sha256, (Plan, Vec<Crc64>)>,
) -> Result<BTreeMap<Sha256, PendingUpload>, ApiError> {
    let beginning: Vec<BoxFuture<'_, _>> = manifest
        .assets()
        .into_iter()
        .map(|asset| {
            let plan = plans.get(&asset.sha256);
            async move {
                let Some((plan, parts)) = plan else { return Ok(None) };
                let name = keys::asset(&key.label, asset);
                if api.masters.store.confirm(&name).await?.is_some() {
                    return Ok(None);
                }
                let upload = api.masters.store.begin(&name, plan).await?;
                let pending = PendingUpload { id: upload.id, part_bytes: plan.part_bytes(), parts: parts.clone() };
                Ok::<_, StoreError>(Some((asset.sha256, pending)))
            }
            .boxed()
        })
        .collect();
    let begun: Vec<Option<_>> = stream::iter(beginning).buffered(AT_ONCE).try_collect().await?;
    Ok(begun.into_iter().flatten().collect())
}

/// A page of the parts that have not arrived: what is known of them at the deadline, in the order of the files.
async fn page(
    api: &Api,
    kept: &Handover,
    manifest: &Manifest,
    after: Option<Place>,
    deadline: Instant,
) -> Result<DeliveryUploads, ApiError> {
    let pending: Vec<(&Asset, &PendingUpload)> =
        manifest.assets().into_iter().filter_map(|asset| Some((asset, kept.uploads.get(&asset.sha256)?))).collect();
    let (start, mut named) = match after {
        None => (0, 0),
        Some(Place(asset, named)) => {
            let start = pending.iter().position(|(other, _)| other.sha256 == asset);
            (start.ok_or_else(|| ApiError::field("after", "is not what an earlier page said"))?, named)
        }
    };
    let asking: Vec<BoxFuture<'_, _>> = pending
        .iter()
        .skip(start)
        .map(|&(asset, upload)| {
            async move {
                let upload_name = upload_of(kept, asset, upload);
                let pieces = missing(api, &upload_name, asset, upload).await?;
                Ok::<_, ApiError>((asset.sha256, upload_name, pieces))
            }
            .boxed()
        })
        .collect();
    let mut files = stream::iter(asking).buffered(AT_ONCE);
    let mut parts: Vec<PartUpload> = Vec::new();
    let mut next = None;
    'files: for (asset, _) in pending.iter().skip(start) {
        let Ok(file) = tokio::time::timeout_at(deadline, files.next()).await else {
            next = Some(Place(asset.sha256, named));
            break;
        };
        let Some((asset, upload_name, pieces)) = file.transpose()? else { break };
        for Piece { number, offset, bytes, crc64 } in pieces.into_iter().filter(|piece| piece.number > named) {
            if parts.len() == PAGE {
                next = Some(Place(asset, number - 1));
                break 'files;
            }
            // No link carries the checksum: who sends would have to, in a header of its own.
            let sent = Part { number, offset, bytes, crc64: crc64.map_or(0, |crc64| crc64.0) };
            let link = api.master_links.part(&upload_name, &sent, LINK_LASTS).await?;
            parts.push(PartUpload { asset, number, offset, bytes, crc64, link });
        }
        named = 0;
    }
    drop(files);
    let assets = manifest.assets().into_iter().map(|asset| described(asset, kept)).collect::<Option<_>>();
    Ok(DeliveryUploads {
        release: kept.key.release,
        delivery: kept.delivery,
        until: kept.until,
        assets: assets.unwrap_or_default(),
        parts,
        next: next.map(|place| place.to_string()),
    })
}

fn described(asset: &Asset, kept: &Handover) -> Option<AssetUpload> {
    let plan = Plan::of(asset.bytes).ok()?;
    Some(AssetUpload {
        sha256: asset.sha256,
        bytes: asset.bytes,
        there: !kept.uploads.contains_key(&asset.sha256),
        part_bytes: plan.part_bytes(),
        part_count: plan.part_count(),
    })
}

pub(super) fn upload_of(kept: &Handover, asset: &Asset, pending: &PendingUpload) -> Upload {
    Upload { key: keys::asset(&kept.key.label, asset), id: pending.id.clone() }
}

/// The parts of an upload that the store does not have, or has otherwise than they were announced. None are where the
/// object is there.
pub(super) async fn missing(
    api: &Api,
    upload: &Upload,
    asset: &Asset,
    pending: &PendingUpload,
) -> Result<Vec<Piece>, ApiError> {
    let sent = match api.masters.store.sent_parts(upload).await {
        Ok(sent) => sent,
        Err(StoreError::NoSuchUpload { .. }) => {
            let is_there = api.masters.store.confirm(&upload.key).await?.is_some();
            return if is_there { Ok(Vec::new()) } else { Err(ApiError::UploadsLost) };
        }
        Err(error) => return Err(error.into()),
    };
    let plan = Plan::stored(asset.bytes, pending.part_bytes).map_err(|_| ApiError::UploadsLost)?;
    let announced = |number: u32| pending.parts.get(usize::try_from(number.checked_sub(1)?).ok()?).copied();
    let piece = |number| {
        let (offset, bytes) = plan.range(number)?;
        Some(Piece { number, offset, bytes, crc64: announced(number) })
    };
    let arrived: BTreeSet<u32> = sent
        .iter()
        .filter(|sent| {
            let is_long = plan.range(sent.number).is_some_and(|(_, bytes)| bytes == sent.bytes);
            let sums = sent.crc64.zip(announced(sent.number));
            is_long && sums.is_none_or(|(crc64, announced)| crc64 == announced.0)
        })
        .map(|sent| sent.number)
        .collect();
    Ok((1..=plan.part_count()).filter_map(piece).filter(|piece| !arrived.contains(&piece.number)).collect())
}

/// A part that is to be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) number: u32,
    offset: u64,
    bytes: u64,
    crc64: Option<Crc64>,
}

/// Where a page goes on: in this file, after the part of this number; its first part is 1.
#[derive(Debug, Clone, Copy)]
struct Place(Sha256, u32);

impl Place {
    fn read(after: &str) -> Option<Self> {
        let (asset, number) = after.split_once(':')?;
        Some(Self(asset.parse().ok()?, number.parse().ok()?))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(asset, number) = self;
        write!(f, "{asset}:{number}")
    }
}

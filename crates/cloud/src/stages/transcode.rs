use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use release::keys::{self, ManifestKey};
use release::{LabelId, Manifest, Master, Profile, Recipe, Sha256, Track, profile};
use tokio_util::sync::CancellationToken;
use upload::ObjectStore;

use super::render::make;
use super::{Masters, Refused, StageError};
use crate::catalogue::{Event, Fact};
use crate::ports::{Catalogue, Clock, LeaseOutcome, Leases, Queue, Renditions};
use crate::{Message, TranscodeJob};

/// What it takes to make a track's renditions.
#[derive(Debug, Clone)]
pub struct Transcode {
    /// Where manifests and masters are.
    pub masters: Masters,
    /// Where renditions go.
    pub renditions: Arc<dyn ObjectStore>,
    /// Where their facts go.
    pub facts: Arc<dyn Renditions>,
    /// Where it is told which delivery is the current one.
    pub catalogue: Arc<dyn Catalogue>,
    /// Keeps others from the same work.
    pub leases: Arc<dyn Leases>,
    /// Where the outcome is told.
    pub queue: Arc<dyn Queue>,
    /// The time of leases.
    pub clock: Arc<dyn Clock>,
    /// A folder for files on the way.
    pub scratch: PathBuf,
    /// How long a lease lasts unless it is extended: a dead worker's work is taken over after this.
    pub lease: Duration,
}

impl Transcode {
    /// How long leases usually last.
    pub const LEASE: Duration = Duration::from_secs(120);
}

/// Is told how much of a master is decoded, as a fraction, from a blocking thread.
pub type Progress = Arc<dyn Fn(f64) + Send + Sync>;

/// A rendition to be made.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) profile: &'static Profile,
    pub(super) recipe: Recipe,
    pub(super) key: String,
}

/// A job, with all that it takes to do it.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub(super) ports: &'a Transcode,
    pub(super) job: &'a TranscodeJob,
    pub(super) manifest: &'a Manifest,
    pub(super) track: &'a Track,
    pub(super) master: &'a Master,
    pub(super) progress: &'a Progress,
    pub(super) stop: &'a CancellationToken,
}

/// Makes those renditions of a track that do not exist yet, and tells the catalogue that all are there, or why they
/// cannot be.
///
/// # Errors
/// [`StageError::Busy`] where another worker has the same master; [`StageError::Stopped`] once `stop` is cancelled; else
/// where a port or a store fails. A master that cannot be transcoded is no error: the catalogue is told.
pub async fn transcode(
    ports: &Transcode,
    job: &TranscodeJob,
    progress: &Progress,
    stop: &CancellationToken,
) -> Result<(), StageError> {
    if is_superseded(ports, job).await? {
        tracing::info!(trace = job.trace, track = %job.track, "a newer delivery is here: nothing to make");
        return Ok(());
    }
    let key = ManifestKey { label: job.key.label.clone(), release: job.key.release, delivery: job.delivery };
    let manifest = ports.masters.manifest(&key, job.manifest_version.as_deref()).await?;
    let track = manifest.release.tracks.iter().find(|track| track.id == job.track);
    let Some((track, master)) = track.and_then(|track| Some((track, track.master.as_ref()?))) else {
        let reason = format!("it has no track {} with a master", job.track);
        return Err(Refused::Manifest { key: keys::manifest(&key.label, key.release, key.delivery), reason }.into());
    };

    // All recipes that two jobs can share are of one master, so a lease of the master keeps any recipe from being made
    // twice at a time.
    let leased = lease_of(&job.key.label, master.asset.sha256);
    let now = ports.clock.now();
    let lease = match ports.leases.acquire(&leased, now, lease_end(now, ports.lease)).await? {
        LeaseOutcome::Taken(lease) => lease,
        LeaseOutcome::Held { until } => return Err(StageError::Busy { until }),
    };
    fail::fail_point!("transcode.lease-taken");
    let work = Work { ports, job, manifest: &manifest, track, master, progress, stop };
    let keep_lease = async {
        loop {
            tokio::time::sleep(ports.lease / 4).await;
            // Work goes on where this fails: at worst somebody does it too, and writes the same bytes.
            if let Err(error) = ports.leases.extend(&lease, lease_end(ports.clock.now(), ports.lease)).await {
                tracing::warn!(%error, "a lease could not be extended");
            }
        }
    };
    let outcome = tokio::select! {
        outcome = make_missing(&work) => outcome,
        () = keep_lease => unreachable!("leases are kept until the work ends"),
    };
    let outcome = match outcome {
        Ok(fact) => tell(ports, job, fact).await,
        Err(error) => Err(error),
    };
    ports.leases.release(&lease).await?;
    fail::fail_point!("transcode.lease-released");
    outcome
}

/// The name of the lease that whoever transcodes a master holds.
pub(crate) fn lease_of(label: &LabelId, master: Sha256) -> String {
    format!("{label}/{master}")
}

fn lease_end(now: Timestamp, lease: Duration) -> Timestamp {
    let lease = SignedDuration::try_from(lease).unwrap_or(SignedDuration::MAX);
    now.saturating_add(lease).unwrap_or(Timestamp::MAX)
}

async fn is_superseded(ports: &Transcode, job: &TranscodeJob) -> Result<bool, StageError> {
    let stored = ports.catalogue.load(&job.key).await?;
    Ok(stored
        .is_some_and(|stored| stored.record.current.id > job.delivery || stored.record.current.withdrawn.is_some()))
}

async fn make_missing(work: &Work<'_>) -> Result<Fact, StageError> {
    let wanted = wanted(work).await?;
    // Where all are there, the master is not read again: they could only be completed once all its bytes were hashed.
    if !wanted.is_empty()
        && let Err(reason) = make(work, &wanted).await?
    {
        return Ok(Fact::TrackFailed { attempt: work.job.attempt, track: work.track.id, reason });
    }
    Ok(Fact::TrackReady { track: work.track.id })
}

/// The track's renditions that are not in the store, or whose facts are not known.
async fn wanted(work: &Work<'_>) -> Result<Vec<Wanted>, StageError> {
    let mut all = Vec::new();
    for profile in profile::ALL {
        if let Some(recipe) = Recipe::of(work.manifest, work.track, profile) {
            all.push(Wanted { profile, recipe, key: keys::rendition(&work.job.key.label, recipe, profile) });
        }
    }
    let recipes: Vec<Recipe> = all.iter().map(|wanted| wanted.recipe).collect();
    let known = work.ports.facts.facts(&work.job.key.label, &recipes).await?;
    let mut made = BTreeSet::new();
    for wanted in all.iter().filter(|wanted| known.contains_key(&wanted.recipe)) {
        if work.ports.renditions.confirm(&wanted.key).await?.is_some() {
            made.insert(wanted.recipe);
        }
    }
    all.retain(|wanted| !made.contains(&wanted.recipe));
    Ok(all)
}

async fn tell(ports: &Transcode, job: &TranscodeJob, fact: Fact) -> Result<(), StageError> {
    let how = if matches!(fact, Fact::TrackReady { .. }) { "ready" } else { "failed" };
    let dedup = job.telling(how);
    let event = Event { key: job.key.clone(), delivery: job.delivery, fact };
    ports.queue.send(&Message::Happened(Box::new(event)), &dedup).await?;
    fail::fail_point!("transcode.sent");
    tracing::info!(track = %job.track, how, "the catalogue is told what came of a track");
    Ok(())
}

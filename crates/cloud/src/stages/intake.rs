use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use release::check::{self, Severity};
use release::keys::{self, ManifestKey};
use release::{LabelId, Manifest, Recipe, Release, Track, profile};

use super::flaw::{Flaw, track_name};
use super::{Masters, Recorder, Refused, StageError, record};
use crate::catalogue::{Accepted, Event, Fact, ManifestRead, Reason, ReleaseKey, RenditionRef, TrackEntry};

/// What it takes to take a delivery in.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Where manifests and assets are.
    pub masters: Masters,
    /// Where it is noted.
    pub recorder: Recorder,
    /// Whether the workspace wants releases reviewed.
    pub review: bool,
}

/// Takes in the delivery whose manifest has this key: sees that the release passes the checks and that every file is in
/// the store, and says so in the catalogue, which then has its renditions made. With a version, it is that one of the
/// manifest that is read.
///
/// The label is the one in the key, and every other key is derived from it: nothing in a manifest can point elsewhere.
///
/// # Errors
/// [`StageError::Refused`] for what is no manifest; else where a port or the store fails.
pub async fn intake(ports: &Intake, key: &str, version: Option<&str>) -> Result<(), StageError> {
    let parsed = ManifestKey::parse(key).ok_or_else(|| Refused::NotAManifest(key.to_owned()))?;
    let release = ReleaseKey { label: parsed.label.clone(), release: parsed.release };
    let event = |fact| Event { key: release.clone(), delivery: parsed.delivery, fact };

    // Read before anything is said: a manifest that a partner's program wrote may have another trace than its delivery's
    // id. That it arrived counts whether or not it can be read.
    let manifest = ports.masters.manifest(&parsed, version).await;
    if let Ok(manifest) = &manifest {
        tracing::Span::current().record("trace", &manifest.trace);
    }
    let _ = record(&ports.recorder, &event(Fact::Arrived)).await?;
    fail::fail_point!("intake.arrival-noted");
    let attempt = match ports.recorder.catalogue.load(&release).await? {
        Some(stored) if stored.record.current.id == parsed.delivery => {
            let current = stored.record.current;
            if current.accepted().is_some() || current.withdrawn.is_some() {
                return Ok(());
            }
            current.attempt
        }
        // A newer delivery is here: the record says that this one came late.
        _ => return Ok(()),
    };

    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(StageError::Refused(Refused::Manifest { key, reason })) => {
            let reasons = vec![Reason::of_delivery(
                format!("The delivery's manifest cannot be read: {reason}."),
                "Deliver the release again, with the newest version of the app.",
            )];
            let _ = record(&ports.recorder, &event(Fact::Refused { attempt, reasons, read: None })).await?;
            return Err(Refused::Manifest { key, reason }.into());
        }
        Err(error) => return Err(error),
    };
    let version = version.map(str::to_owned);
    let fact = match examine(ports, &parsed.label, &manifest).await? {
        Ok(accepted) => {
            Fact::Accepted { attempt, accepted: Box::new(Accepted { manifest_version: version, ..accepted }) }
        }
        Err(reasons) => Fact::Refused { attempt, reasons, read: Some(ManifestRead { version, trace: manifest.trace }) },
    };
    let _ = record(&ports.recorder, &event(fact)).await?;
    fail::fail_point!("intake.verdict-noted");
    Ok(())
}

async fn examine(
    ports: &Intake,
    label: &LabelId,
    manifest: &Manifest,
) -> Result<Result<Accepted, Vec<Reason>>, StageError> {
    let mut reasons = faults(&manifest.release, ports.recorder.clock.now());
    reasons.extend(absent(&ports.masters, label, &manifest.release).await?);
    if reasons.is_empty() {
        reasons.extend(false_picture(&ports.masters, label, &manifest.release).await?);
    }
    if !reasons.is_empty() {
        return Ok(Err(reasons));
    }
    Ok(accepted(label, manifest, ports.review))
}

/// What intake will find wrong with a manifest, as far as it can be told without its files.
pub(crate) fn manifest_faults(label: &LabelId, manifest: &Manifest, now: jiff::Timestamp) -> Vec<Reason> {
    let reasons = faults(&manifest.release, now);
    if reasons.is_empty() { accepted(label, manifest, false).err().unwrap_or_default() } else { reasons }
}

/// What the checks say. The desktop ran them too, and is not believed.
fn faults(release: &Release, now: jiff::Timestamp) -> Vec<Reason> {
    const HELP: &str = "Mend it and deliver the release again.";
    let zone = TimeZoneDatabase::bundled().get(&release.time_zone).unwrap_or(TimeZone::UTC);
    let context = check::Context { today: now.to_zoned(zone).date() };
    let mut reasons: Vec<Reason> = check::check(release, &context)
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error)
        // The messages name their track themselves.
        .map(|problem| Reason {
            track: problem.field.track,
            resend: None,
            message: problem.message,
            help: problem.help,
        })
        .collect();
    // Held by the checks too; the stages behind this one rely on it.
    if release.tracks.is_empty() && reasons.is_empty() {
        reasons.push(Reason::of_delivery("The release has no tracks.", HELP));
    }
    reasons
}

/// The files that are not in the store as the manifest says.
async fn absent(masters: &Masters, label: &LabelId, release: &Release) -> Result<Vec<Reason>, StageError> {
    // Enough to hide a service's latency, few enough not to be throttled by it.
    const AT_ONCE: usize = 16;
    let assets = release.assets();
    // Boxed and collected: else the compiler cannot tell that they may cross threads.
    let finding: Vec<BoxFuture<'_, _>> = assets.iter().map(|asset| masters.find(label, asset).boxed()).collect();
    let found: Vec<Option<Flaw>> = stream::iter(finding).buffered(AT_ONCE).try_collect().await?;
    let flawed = assets.into_iter().zip(found).filter_map(|(asset, flaw)| Some(flaw?.reason(release, asset)));
    Ok(flawed.collect())
}

/// What is wrong with the artwork's bytes. It is small, so it is hashed here, once for all tracks that carry it.
async fn false_picture(masters: &Masters, label: &LabelId, release: &Release) -> Result<Option<Reason>, StageError> {
    // It is held in memory; players choke on far less.
    const LIMIT: u64 = 64 * 1024 * 1024;
    let Some(artwork) = &release.artwork else { return Ok(None) };
    if artwork.asset.bytes > LIMIT {
        let (there, fit) = (artwork.asset.bytes / 1_000_000, LIMIT / 1_000_000);
        let message = format!("The artwork has {there} MB, and {fit} MB fit into a rendition.");
        return Ok(Some(Reason::of_delivery(message, "Save it as JPEG and deliver the release again.")));
    }
    let picture = masters.picture(label, &artwork.asset).await?;
    Ok(picture.err().map(|flaw| flaw.reason(release, &artwork.asset)))
}

fn accepted(label: &LabelId, manifest: &Manifest, review: bool) -> Result<Accepted, Vec<Reason>> {
    const HELP: &str = "Mend it and deliver the release again.";
    let release = &manifest.release;
    let tracks = release.tracks.iter().map(|track| entry(label, manifest, track)).collect::<Result<_, _>>()?;
    Ok(Accepted {
        title: release.display_title(),
        artist: release.display_artist(),
        label_name: release.label.clone(),
        artists: release.credited_artists(),
        due: release.due().map_err(|error| vec![Reason::of_delivery(format!("The release date: {error}."), HELP)])?,
        time_zone: release.time_zone.clone(),
        metadata: manifest.metadata_hash(),
        review,
        trace: manifest.trace.clone(),
        manifest_version: None,
        tracks,
    })
}

fn entry(label: &LabelId, manifest: &Manifest, track: &Track) -> Result<TrackEntry, Vec<Reason>> {
    let master = track.master.as_ref().ok_or_else(|| {
        let message = format!("There is no master of {}.", track_name(&manifest.release, track));
        vec![Reason::of_track(track.id, message, "Add its file and deliver the release again.")]
    })?;
    let renditions = profile::ALL.into_iter().filter_map(|profile| {
        let recipe = Recipe::of(manifest, track, profile)?;
        Some(RenditionRef { profile: profile.name.to_owned(), recipe, key: keys::rendition(label, recipe, profile) })
    });
    Ok(TrackEntry {
        id: track.id,
        disc: track.disc,
        number: track.number,
        title: track.display_title(),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float saturates, and none is negative"
        )]
        milliseconds: (master.facts.seconds() * 1000.0).round() as u64,
        master: master.asset.sha256,
        renditions: renditions.collect(),
    })
}

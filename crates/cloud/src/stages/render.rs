use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Duration;

use audio::{AudioError, Control, Order, Picture, Rendered};
use bytes::Bytes;
use release::{Artwork, Master, Tags};
use tempfile::TempDir;
use upload::{DigestingReader, FileDigest, SendError, StoreError};

use super::StageError;
use super::flaw::{Flaw, track_name};
use super::master::ObjectSource;
use super::transcode::{Wanted, Work};
use crate::catalogue::Reason;
use crate::figures::{self, Unit};
use crate::ledger;
use crate::ports::{PortError, RenditionFacts};

/// Makes and publishes renditions. The inner error is for a person: the master or the artwork is at fault.
///
/// None is completed before every byte of the master, and of the artwork that is put into it, was hashed and matched.
pub(super) async fn make(work: &Work<'_>, wanted: &[Wanted]) -> Result<Result<(), Reason>, StageError> {
    let (masters, label, release) = (&work.ports.masters, &work.job.key.label, &work.manifest.release);
    if let Some(flaw) = masters.find(label, &work.master.asset).await? {
        return Ok(Err(flaw.reason(release, &work.master.asset)));
    }
    let artwork = release.artwork.as_ref().filter(|_| wanted.iter().any(|wanted| wanted.profile.picture));
    let picture = match artwork {
        Some(artwork) => match masters.picture(label, &artwork.asset).await? {
            Ok(bytes) => Some(bytes),
            Err(flaw) => return Ok(Err(flaw.reason(release, &artwork.asset))),
        },
        None => None,
    };

    for wanted in wanted {
        ledger::begin("rendition", &wanted.recipe.to_string());
    }
    // Removed with all that is in it when this function ends, however it ends.
    let scratch = TempDir::with_prefix_in("track-", &work.ports.scratch)
        // Without the name that was tried, which is random.
        .map_err(|error| {
            let doing = format!("making a folder in {}", work.ports.scratch.display());
            PortError::new(doing, false, std::io::Error::from(error.kind()))
        })?;
    let rendered = match decode(work, wanted, picture, scratch.path()).await? {
        Ok(rendered) => rendered,
        Err(reason) => return Ok(Err(reason)),
    };
    fail::fail_point!("transcode.hashed");
    figures::note("MasterBytes", Unit::Bytes, work.master.asset.bytes);
    for (wanted, sound) in wanted.iter().zip(rendered.renditions) {
        publish(work, wanted, &path_of(scratch.path(), wanted), sound).await?;
    }
    Ok(Ok(()))
}

/// Decodes the master once into all that is wanted, in files of a folder, and sees that it is the master.
async fn decode(
    work: &Work<'_>,
    wanted: &[Wanted],
    picture: Option<Bytes>,
    folder: &Path,
) -> Result<Result<Rendered, Reason>, StageError> {
    let source = work.ports.masters.open(&work.job.key.label, &work.master.asset);
    let failure = source.failure();
    let progress = work.progress.clone();
    let control = Control::new(std::sync::Arc::default(), move |fraction| progress(fraction));
    // The thread must end soon also where this future is dropped.
    let _end = CancelOnDrop(control.clone());
    let plan = Plan {
        orders: wanted.iter().map(|wanted| (wanted.profile, path_of(folder, wanted))).collect(),
        tags: Tags::of(&work.manifest.release, work.track),
        picture: picture.zip(work.manifest.release.artwork.clone()),
        preview_start: Duration::from_millis(work.track.preview_start_ms),
    };
    let mut thread = tokio::task::spawn_blocking({
        let control = control.clone();
        move || plan.run(source, &control)
    });
    let ended = tokio::select! {
        ended = &mut thread => ended,
        () = work.stop.cancelled() => {
            control.cancel();
            thread.await
        }
    };
    let (rendered, digest) = match ended {
        Ok(ended) => ended,
        // The program ends before the thread began.
        Err(error) if error.is_cancelled() => return Err(StageError::Stopped),
        Err(panic) => return Err(PortError::new("transcoding a master", false, panic).into()),
    };

    // First of all the store: where it could not be read, neither sound nor digest says anything about the master.
    if let Some(error) = failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return match error {
            StoreError::Missing { .. } => Ok(Err(Flaw::Missing.reason(&work.manifest.release, &work.master.asset))),
            error => Err(error.into()),
        };
    }
    if matches!(rendered, Err(AudioError::Cancelled)) {
        return Err(StageError::Stopped);
    }
    let digest = digest.map_err(|error| PortError::new("hashing a master", true, error))?;
    let asset = &work.master.asset;
    if !is_digest_of(&digest, work.master) {
        // A store without checksums could not tell before that it is the manifest that is wrong.
        let flaw = if digest.sha256 == asset.sha256.0 {
            Flaw::misdescribed(asset, digest.bytes)
        } else {
            work.ports.masters.set_aside(&work.job.key.label, asset).await?
        };
        return Ok(Err(flaw.reason(&work.manifest.release, asset)));
    }
    judge(work, rendered)
}

/// What decoding says of a master whose bytes are the right ones.
fn judge(work: &Work<'_>, rendered: Result<Rendered, AudioError>) -> Result<Result<Rendered, Reason>, StageError> {
    const EXPORT: &str = "Export the master again and deliver the release anew.";
    let master = format!("The master of {}", track_name(&work.manifest.release, work.track));
    let reason = |message: String, help: &str| Ok(Err(Reason::of_track(work.track.id, message, help)));
    match rendered {
        Ok(rendered) if rendered.facts.is_truncated() => {
            reason(format!("{master} ends before its declared length."), EXPORT)
        }
        Ok(rendered) if rendered.facts.undecodable_packets > 0 => {
            let packets = rendered.facts.undecodable_packets;
            reason(format!("{master} has {packets} parts that cannot be decoded."), EXPORT)
        }
        Ok(rendered) => Ok(Ok(rendered)),
        Err(error) if error.is_passing() => Err(PortError::new("transcoding a master", true, error).into()),
        Err(error) => reason(format!("{master} cannot be used. {error}"), error.help().unwrap_or(EXPORT)),
    }
}

fn is_digest_of(digest: &FileDigest, master: &Master) -> bool {
    digest.sha256 == master.asset.sha256.0 && digest.bytes == master.asset.bytes && digest.crc64 == master.asset.crc64.0
}

/// Puts a rendition's facts and then the rendition itself where they stay.
async fn publish(work: &Work<'_>, wanted: &Wanted, file: &Path, sound: audio::Rendition) -> Result<(), StageError> {
    let mut facts = RenditionFacts { profile: wanted.profile.name.to_owned(), sound };
    work.ports.facts.put(&work.job.key.label, wanted.recipe, &facts).await?;
    fail::fail_point!("transcode.facts-noted");
    let store = work.ports.renditions.as_ref();
    // Sized and hashed beforehand, in a file of the scratch folder, since a part's size and checksum are told before it
    // is sent, and since headers hold lengths: so no upload is begun before the master was hashed and matched.
    match upload::publish(store, &wanted.key, file, &upload::Options::default(), work.stop).await {
        Ok(_) => {}
        // Another worker was quicker, with the same recipe and the same samples: libFLAC codes them by what the
        // processor can do. What is there is the rendition.
        Err(SendError::Store(StoreError::Differs { there, .. })) => {
            tracing::info!(key = wanted.key, bytes = there.bytes, "another worker's rendition is there, and is taken");
            facts.sound.bytes = there.bytes;
            work.ports.facts.put(&work.job.key.label, wanted.recipe, &facts).await?;
        }
        Err(error) => return Err(unpublished(error)),
    }
    figures::note("RenditionBytes", Unit::Bytes, facts.sound.bytes);
    ledger::end("rendition", &wanted.recipe.to_string());
    fail::fail_point!("transcode.published");
    Ok(())
}

fn unpublished(error: SendError) -> StageError {
    match error {
        SendError::Store(error) => error.into(),
        SendError::Cancelled => StageError::Stopped,
        error => PortError::new("storing a rendition", error.is_passing(), error).into(),
    }
}

fn path_of(folder: &Path, wanted: &Wanted) -> PathBuf {
    folder.join(format!("{}.{}", wanted.profile.name, wanted.profile.extension))
}

/// What the blocking thread does, with all that it needs.
struct Plan {
    orders: Vec<(&'static release::Profile, PathBuf)>,
    tags: Tags,
    picture: Option<(Bytes, Artwork)>,
    preview_start: Duration,
}

impl Plan {
    /// Renders, and hashes every byte of the source, also where it cannot be decoded.
    fn run(
        self,
        source: ObjectSource,
        control: &Control,
    ) -> (Result<Rendered, AudioError>, std::io::Result<FileDigest>) {
        let picture = self.picture.as_ref().map(|(bytes, artwork)| Picture {
            bytes,
            format: artwork.format,
            width: artwork.width,
            height: artwork.height,
        });
        let orders: Vec<Order<'_>> = self
            .orders
            .into_iter()
            .map(|(profile, path)| Order {
                profile,
                tags: &self.tags,
                picture,
                preview_start: self.preview_start,
                path,
            })
            .collect();
        let mut source = DigestingReader::new(source);
        let rendered = audio::render(&mut source, &orders, control);
        fail::fail_point!("transcode.encoded");
        let digest = match &rendered {
            Err(AudioError::Cancelled) => Err(std::io::ErrorKind::Interrupted.into()),
            _ => source.finish(),
        };
        (rendered, digest)
    }
}

struct CancelOnDrop(Control);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

//! Reads what is to be drawn or shown. All of it waits for the disk.

use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use audio::{AudioError, Control, Waveform};
use release::{Manifest, ReleaseId};
use upload::digest::DigestingReader;

use super::ListenError;
use crate::desk::SharedDesk;
use crate::draft::SourceFile;
use crate::import::{FileIdentity, Known};
use crate::thumbnail;

/// The shape of the recording in a file: what was measured of the file that was imported, or of this one, where that
/// is kept; otherwise this one is read, and what was found is kept.
pub(super) fn waveform(
    desk: &SharedDesk,
    imported: Option<&SourceFile>,
    path: &Path,
    stop: &Arc<AtomicBool>,
) -> Result<Waveform, ListenError> {
    let bad = |reason: String| ListenError::BadSound { path: path.to_owned(), reason };
    let measured = imported.and_then(|file| desk.lock().measured(&file.path, &file.identity));
    if let Some(known) = measured {
        return Ok(known.analysis.waveform);
    }
    let file = File::open(path).map_err(|error| bad(error.to_string()))?;
    let identity = FileIdentity::of(&file.metadata().map_err(|error| bad(error.to_string()))?);
    if let Some(known) = desk.lock().measured(path, &identity) {
        return Ok(known.analysis.waveform);
    }
    let control = Control::new(Arc::clone(stop), |_| ());
    let read = || -> Result<Known, AudioError> {
        let mut source = DigestingReader::new(&file);
        let analysis = audio::analyse(&mut source, &control)?;
        Ok(Known { digest: source.finish().map_err(AudioError::Read)?, analysis })
    };
    let known = match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(known)) => known,
        Ok(Err(_)) if stop.load(Ordering::Relaxed) => return Err(ListenError::Closing),
        Ok(Err(error)) => return Err(bad(error.to_string())),
        Err(_) => return Err(ListenError::Panicked(path.to_owned())),
    };
    if let Err(error) = desk.lock().save_measured(path, &identity, &known) {
        // It costs time and nothing else.
        tracing::warn!(%error, "a recording that was drawn may have to be read again");
    }
    Ok(known.analysis.waveform)
}

/// A small picture of a picture.
pub(super) fn picture(path: &Path, size: u32) -> Result<Vec<u8>, ListenError> {
    match catch_unwind(|| thumbnail::of_file(path, size)) {
        Ok(Ok(picture)) => Ok(picture),
        Ok(Err(error)) => Err(ListenError::BadPicture { path: path.to_owned(), reason: error.to_string() }),
        Err(_) => Err(ListenError::Panicked(path.to_owned())),
    }
}

/// A manifest that was delivered.
pub(super) fn manifest(release: ReleaseId, path: &Path) -> Result<Manifest, ListenError> {
    let bad = |reason: String| ListenError::NoManifest { release, reason };
    let bytes = fs::read(path).map_err(|error| bad(error.to_string()))?;
    Manifest::from_json(&bytes).map_err(|error| bad(error.to_string()))
}

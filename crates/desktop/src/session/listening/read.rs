//! Reads what is to be drawn or shown. All of it waits for the disk.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use audio::{Analysis, AudioError, Control};
use release::ReleaseId;
use tokio_util::sync::CancellationToken;
use upload::digest::DigestingReader;

use super::ListenError;
use super::kept::Shape;
use crate::desk::SharedDesk;
use crate::draft::SourceFile;
use crate::import::{FileIdentity, Known};
use crate::player::Sound;
use crate::thumbnail;
use crate::workspace::Picture;

/// The shape of the recording in a file: what was measured of the file that was imported, or of this one, where that
/// is kept; otherwise this one is read, and what was found is kept.
pub(super) fn shape(
    desk: &SharedDesk,
    imported: Option<&SourceFile>,
    path: &Path,
    stop: &Arc<AtomicBool>,
) -> Result<Shape, ListenError> {
    let bad = |reason: String| ListenError::BadSound { path: path.to_owned(), reason };
    let measured = imported.and_then(|file| desk.lock().measured(&file.path, &file.identity));
    if let Some(known) = measured {
        return Ok(shape_in(known.analysis));
    }
    let file = File::open(path).map_err(|error| bad(upload::said_by_system(&error)))?;
    let identity = FileIdentity::of(&file.metadata().map_err(|error| bad(upload::said_by_system(&error)))?);
    if let Some(known) = desk.lock().measured(path, &identity) {
        return Ok(shape_in(known.analysis));
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
    Ok(shape_in(known.analysis))
}

/// The shape of sound that is elsewhere, by the name of its content: what is kept of it, or it is read once.
pub(super) fn shape_of_content(
    desk: &SharedDesk,
    name: &str,
    title: &str,
    sound: &Sound,
    stop: &Arc<AtomicBool>,
) -> Result<Shape, ListenError> {
    if let Some(analysis) = desk.lock().measured_of_content(name) {
        return Ok(shape_in(analysis));
    }
    let bad = |reason: String| ListenError::BadRendition { title: title.to_owned(), reason };
    let stopping = CancellationToken::new();
    let (flag, ending) = (Arc::clone(stop), stopping.clone());
    let control = Control::new(Arc::clone(stop), move |_| {
        if flag.load(Ordering::Relaxed) {
            ending.cancel();
        }
    });
    let read = || match sound {
        Sound::Elsewhere(elsewhere) => audio::analyse(elsewhere.source(stopping), &control),
        Sound::File(path) => File::open(path).map_err(AudioError::Read).and_then(|file| audio::analyse(file, &control)),
    };
    let analysis = match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(analysis)) => analysis,
        Ok(Err(_)) if stop.load(Ordering::Relaxed) => return Err(ListenError::Closing),
        Ok(Err(error)) => return Err(bad(error.to_string())),
        Err(_) => return Err(bad("the program failed over it, which is a mistake in it: please report it".to_owned())),
    };
    if let Err(error) = desk.lock().save_measured_of_content(name, &analysis) {
        // It costs time and nothing else.
        tracing::warn!(%error, "a recording that was drawn may have to be read again");
    }
    Ok(shape_in(analysis))
}

fn shape_in(analysis: Analysis) -> Shape {
    Shape { sample_rate: analysis.facts.format.sample_rate, waveform: Arc::new(analysis.waveform) }
}

/// A small picture of a picture.
pub(super) fn picture(release: ReleaseId, picture: &Picture, size: u32) -> Result<Vec<u8>, ListenError> {
    let path = match picture {
        Picture::File(path) => path.clone(),
        Picture::Bytes(_) => PathBuf::from(format!("of release {release}")),
    };
    let made = catch_unwind(AssertUnwindSafe(|| match picture {
        Picture::File(path) => thumbnail::of_file(path, size),
        Picture::Bytes(bytes) => thumbnail::of_bytes(bytes, size),
    }));
    match made {
        Ok(Ok(picture)) => Ok(picture),
        Ok(Err(error)) => Err(ListenError::BadPicture { path, reason: error.to_string() }),
        Err(_) => Err(ListenError::Panicked(path)),
    }
}

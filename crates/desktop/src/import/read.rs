//! Reads one sound file from end to end: checksums, sound and tags.

use std::fs::{self, File};
use std::io::{self, BufReader, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use audio::{Analysis, AudioError, Control, LooksLike, Probe, Waveform};
use release::{AudioFacts, Container, Loudness};
use upload::digest::{DigestingReader, FileDigest};

use super::scan::{self, Sound};
use super::tags::{self, FileTags};
use crate::ledger;

use super::{FileIdentity, ImportControl, Known, Reason};

/// What is in a sound file.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) identity: FileIdentity,
    pub(super) digest: FileDigest,
    pub(super) analysis: Analysis,
    pub(super) tags: FileTags,
}

/// Why a file was not read to its end.
#[derive(Debug)]
pub(super) enum Stopped {
    /// It cannot be used.
    Unusable(Reason),
    /// The caller stopped the import.
    Cancelled,
}

impl From<Reason> for Stopped {
    fn from(reason: Reason) -> Self {
        Self::Unusable(reason)
    }
}

/// Reads a file; `progress` is called with the fraction that is done.
pub(super) fn read(
    sound: &Sound,
    control: &ImportControl,
    progress: impl Fn(f64) + Send + Sync + 'static,
) -> Result<Read, Stopped> {
    // Decoders are written with care, and the files of strangers are still stranger: one that brings a decoder down
    // must not take the album with it.
    catch_unwind(AssertUnwindSafe(|| read_unguarded(sound, control, progress)))
        .unwrap_or_else(|_| Err(Reason::Damaged { why: "the decoder failed".to_owned() }.into()))
}

fn read_unguarded(
    sound: &Sound,
    control: &ImportControl,
    progress: impl Fn(f64) + Send + Sync + 'static,
) -> Result<Read, Stopped> {
    if control.is_cancelled() {
        return Err(Stopped::Cancelled);
    }
    let (file, identity) = scan::open(&sound.path)?;
    let stopped = |error| if control.is_cancelled() { Stopped::Cancelled } else { unusable(error) };
    let Known { digest, analysis } = match control.known(&sound.path, &identity) {
        _ if control.is_of_headers_only() => of_header(&file).map_err(stopped)?,
        Some(known) if known.digest.bytes == identity.bytes => known,
        _ => {
            ledger::begin(&sound.path, &identity);
            let mut source = DigestingReader::new(Stoppable { file: &file, control });
            let analysis = audio::analyse(&mut source, &Control::new(control.flag(), progress)).map_err(stopped)?;
            let digest = source.finish().map_err(|error| stopped(AudioError::Read(error)))?;
            if digest.bytes != identity.bytes {
                return Err(Reason::Changed.into());
            }
            check_unchanged(&sound.path, &identity)?;
            let found = Known { digest, analysis };
            control.measured(&sound.path, &identity, &found);
            found
        }
    };
    let tags = read_tags(&file, analysis.facts.format.container);
    check_unchanged(&sound.path, &identity)?;
    Ok(Read { identity, digest, analysis, tags })
}

/// Reads the picture in a file's tags.
pub(super) fn read_picture(path: &Path, container: Container) -> Option<Vec<u8>> {
    catch_unwind(|| {
        let (file, _) = scan::open(path).ok()?;
        tags::read_picture(&mut BufReader::new(file), container)
    })
    .unwrap_or_default()
}

fn of_header(file: &File) -> Result<Known, AudioError> {
    let Probe { format, .. } = audio::probe(file)?;
    let facts = AudioFacts { format, frames: 0, declared_frames: None, undecodable_packets: 0 };
    let waveform = Waveform { frames_per_bin: 1, bins: Vec::new() };
    let analysis = Analysis { facts, loudness: Loudness::default(), waveform };
    Ok(Known { digest: FileDigest::of(&[]), analysis })
}

fn read_tags(mut file: &File, container: Container) -> FileTags {
    if let Err(error) = file.seek(SeekFrom::Start(0)) {
        return FileTags::unreadable(error.to_string());
    }
    catch_unwind(AssertUnwindSafe(|| tags::read(&mut BufReader::new(file), container)))
        .unwrap_or_else(|_| FileTags::unreadable("the reader of tags failed".to_owned()))
}

/// The bytes that were hashed are a file's only if nobody wrote to it meanwhile and it is still there.
pub(super) fn check_unchanged(path: &Path, identity: &FileIdentity) -> Result<(), Reason> {
    let now = fs::metadata(path).map_err(|error| scan::reason(&error))?;
    if FileIdentity::of(&now) == *identity { Ok(()) } else { Err(Reason::Changed) }
}

/// A file whose reading ends when the import is stopped, also where nothing is decoded.
#[derive(Debug)]
struct Stoppable<'a> {
    file: &'a File,
    control: &'a ImportControl,
}

impl io::Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.control.is_cancelled() {
            return Err(io::Error::other("stopped"));
        }
        self.file.read(buffer)
    }
}

impl Seek for Stoppable<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

fn unusable(error: AudioError) -> Stopped {
    Stopped::Unusable(match error {
        AudioError::NotAudio(LooksLike::Empty) => Reason::Empty,
        AudioError::NotAudio(what) => Reason::NotAudio { why: what.to_string() },
        AudioError::Unsupported(what) => Reason::Unsupported { why: what.to_string() },
        AudioError::Damaged { reason, .. } => Reason::Damaged { why: reason },
        AudioError::Read(error) => scan::reason(&error),
        other => Reason::Damaged { why: other.to_string() },
    })
}

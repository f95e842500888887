//! Files and folders become a draft of a release: sound is found by content, values are taken from tags and names,
//! and what is not used is listed with its reason.
//!
//! Nothing on the person's disk is ever changed: files are opened for reading only, and what has to be stored is
//! returned in memory. What touches the disk is in `scan`, `read` and `artwork`; everything else decides, and does no
//! I/O.

mod artwork;
mod control;
mod crew;
mod describe;
mod draft;
mod folder;
mod identity;
mod kind;
mod left_out;
mod name;
mod note;
mod order;
mod origin;
mod read;
mod said;
mod scan;
mod sniff;
pub mod stored_path;
mod tags;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use audio::Analysis;
use jiff::Timestamp;
use release::{Artwork, Asset, Container, Crc64, Field, FieldName, Master, Release, ReleaseId, Sha256, TrackId};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use upload::digest::FileDigest;

use self::artwork::Embedded;
use self::draft::Source;
use self::read::Read;
use self::tags::FileTags;

pub use control::{ImportControl, Known, Progress};
pub use describe::describe;
pub use identity::FileIdentity;
pub use left_out::{LeftOut, Reason};
pub use note::Note;
pub use origin::Origin;

/// What an import makes of files and folders.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The draft, with new ids; its tracks are in order of disc and number.
    pub release: Release,
    /// Where each value that the draft has comes from; fields that are not filled are absent.
    pub origins: BTreeMap<Field, Origin>,
    /// Each track's file.
    pub files: BTreeMap<TrackId, TrackFile>,
    /// The picture behind `release.artwork`.
    pub artwork: Option<ArtworkFile>,
    /// What was found and is not used, in order of path.
    pub left_out: Vec<LeftOut>,
    /// What a person should look at.
    pub notes: Vec<Note>,
}

/// The file behind a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackFile {
    /// Where it is, absolute; perhaps not Unicode.
    #[serde(with = "stored_path")]
    pub path: PathBuf,
    /// Tells whether it is still the file that was read.
    pub identity: FileIdentity,
    /// Its checksums.
    pub digest: FileDigest,
    /// What decoding it found.
    pub analysis: Analysis,
}

/// A picture as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct ArtworkFile {
    /// What it is.
    pub artwork: Artwork,
    /// Its checksums.
    pub digest: FileDigest,
    /// Where its bytes are.
    pub place: ArtworkPlace,
}

/// Where a picture's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArtworkPlace {
    /// A file of its own.
    File {
        /// Where it is, absolute.
        path: PathBuf,
        /// Tells whether it is still the file that was read.
        identity: FileIdentity,
    },
    /// The tags of a sound file; it has to be stored before it can be sent.
    Embedded {
        /// The file whose tags hold it.
        path: PathBuf,
        /// The picture itself.
        bytes: Vec<u8>,
    },
}

/// Why nothing was imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// No path was given.
    #[error("Nothing was chosen. Choose a folder with the album's sound files, or the files themselves.")]
    NothingChosen,
    /// Nothing that was given holds sound that can be read.
    #[error("{}", no_audio(paths, left_out))]
    NoAudio {
        /// What was given.
        paths: Vec<PathBuf>,
        /// What was found instead.
        left_out: Vec<LeftOut>,
    },
    /// There is too much to be one album.
    #[error(
        "{} holds more than {limit} files and folders, too many for one album. Choose the album's own folder.",
        path.display()
    )]
    TooMany {
        /// Where the count was exceeded.
        path: PathBuf,
        /// How many files and folders are looked at.
        limit: usize,
    },
    /// The caller stopped it.
    #[error("The import was cancelled.")]
    Cancelled,
}

fn no_audio(paths: &[PathBuf], left_out: &[LeftOut]) -> String {
    let given = match paths {
        [first, _, _, _, ..] => format!("{} and {} other places", first.display(), paths.len() - 1),
        few => few.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
    };
    let mut text = format!("No sound that can be read was found in {given}.");
    let mut troubles = left_out.iter().filter(|left| left.reason.is_trouble());
    if let Some(LeftOut { path, reason }) = troubles.next() {
        let more = match troubles.count() {
            0 => String::new(),
            more => format!(", and {more} more could not be used"),
        };
        text.push_str(&format!(" {} {reason}{more}. {}", path.display(), reason.help()));
    } else {
        text.push_str(" Lacquer reads WAV, AIFF, FLAC, ALAC and CAF, and for listening MP3, AAC and Vorbis.");
    }
    text
}

/// Why a picture that somebody chose is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} {reason}. {}", path.display(), reason.help())]
pub struct PictureError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: Reason,
}

/// Makes a draft of files and folders. Blocks until every file is read; see [`ImportControl`].
///
/// Values are taken from tags, then from names, field by field; the release's own are what most files say. Files that
/// cannot be used are left out with their reason and never keep the others from being imported.
///
/// # Errors
/// Where there is nothing to make a draft of, or the caller stops it.
pub fn import(paths: &[PathBuf], control: &ImportControl) -> Result<Imported, ImportError> {
    if paths.is_empty() {
        return Err(ImportError::NothingChosen);
    }
    let scan::Scan { sounds, pictures, mut left_out } = scan::scan(paths, control)?;
    control.tell(Progress::Found { files: sounds.len(), bytes: sounds.iter().map(|sound| sound.identity.bytes).sum() });
    let mut sources = Vec::new();
    let mut reads = Vec::new();
    let mut notes = Vec::new();
    let results = crew::read_all(&sounds, control)?;
    for (sound, read) in sounds.into_iter().zip(results) {
        let mut read = match read {
            Ok(read) => read,
            Err(reason) => {
                left_out.push(LeftOut { path: sound.path, reason });
                continue;
            }
        };
        let tags = std::mem::replace(&mut read.tags, Ok(FileTags::default())).unwrap_or_else(|why| {
            notes.push(Note::TagsUnreadable { path: sound.path.clone(), why });
            FileTags::default()
        });
        sources.push(Source { path: sound.path, root: sound.root, tags });
        reads.push(read);
    }
    if sources.is_empty() {
        left_out.sort_by(|a, b| order::paths(&a.path, &b.path));
        return Err(ImportError::NoAudio { paths: paths.to_vec(), left_out });
    }

    let now = Timestamp::now();
    let draft = draft::put_together(&sources, ReleaseId::new(now, random()), || TrackId::new(now, random()));
    let draft::Draft { mut release, mut origins, sources: order, notes: of_draft } = draft;
    notes.extend(of_draft);
    let embedded: Vec<Embedded<'_>> = order
        .iter()
        .filter_map(|&source| {
            let container = reads[source].analysis.facts.format.container;
            Some(Embedded { path: &sources[source].path, container, picture: sources[source].tags.picture? })
        })
        .collect();
    let artwork = artwork::find(&pictures, &embedded, &mut left_out);
    if let Some(found) = &artwork {
        release.artwork = Some(found.artwork.clone());
        let origin = match found.place {
            ArtworkPlace::File { .. } => Origin::Name,
            ArtworkPlace::Embedded { .. } => Origin::Tags,
        };
        origins.insert(Field::of_release(FieldName::Artwork), origin);
    }

    let mut reads: Vec<Option<Read>> = reads.into_iter().map(Some).collect();
    let mut files = BTreeMap::new();
    for (track, source) in release.tracks.iter_mut().zip(order) {
        let Some(Read { identity, digest, analysis, .. }) = reads[source].take() else { continue };
        track.master = Some(master(&digest, &analysis));
        files.insert(track.id, TrackFile { path: sources[source].path.clone(), identity, digest, analysis });
    }
    left_out.sort_by(|a, b| order::paths(&a.path, &b.path));
    Ok(Imported { release, origins, files, artwork, left_out, notes })
}

fn random() -> u128 {
    ulid::Ulid::generate().random()
}

fn master(digest: &FileDigest, analysis: &Analysis) -> Master {
    let extension = match analysis.facts.format.container {
        Container::Wav | Container::Rf64 => "wav",
        Container::Aiff => "aif",
        Container::Caf => "caf",
        Container::Flac => "flac",
        Container::Mp4 => "m4a",
        Container::Mp3 => "mp3",
        Container::Adts => "aac",
        Container::Ogg => "ogg",
    };
    let asset = Asset {
        sha256: Sha256(digest.sha256),
        crc64: Crc64(digest.crc64),
        bytes: digest.bytes,
        extension: extension.to_owned(),
    };
    Master { asset, facts: analysis.facts.clone(), loudness: analysis.loudness }
}

/// Reads a picture that somebody chose as artwork.
///
/// # Errors
/// Where the file cannot be read, or is no picture. A picture that stores do not take is read all the same, for the
/// release's check to name.
pub fn read_artwork(path: &Path) -> Result<ArtworkFile, PictureError> {
    artwork::read_chosen(path)
}

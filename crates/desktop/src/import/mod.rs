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
mod run;
mod said;
mod scan;
mod sniff;
pub mod stored_path;
mod tags;
mod video;

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
pub use run::import;

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
    let given = |path: &Path| {
        paths.iter().any(|given| path == given || std::path::absolute(given).is_ok_and(|given| path == given))
    };
    let troubles: Vec<&LeftOut> = left_out.iter().filter(|left| left.reason.is_trouble()).collect();
    let first = troubles.iter().find(|left| given(&left.path)).or(troubles.first());
    let Some(LeftOut { path, reason }) = first else {
        return format!(
            "{} Lacquer reads WAV, AIFF, FLAC, ALAC and CAF, and for listening MP3, AAC and Vorbis.",
            nothing_in(paths)
        );
    };
    let more = match troubles.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more could not be used"),
    };
    let what = format!("{} {reason}{more}. {}", path.display(), reason.help());
    if given(path) { what } else { format!("{} {what}", nothing_in(paths)) }
}

fn nothing_in(paths: &[PathBuf]) -> String {
    let given = match paths {
        [first, _, _, _, ..] => format!("{} and {} other places", first.display(), paths.len() - 1),
        few => few.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
    };
    format!("No sound that can be read was found in {given}.")
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

/// Reads a picture that somebody chose as artwork.
///
/// # Errors
/// Where the file cannot be read, or is no picture. A picture that stores do not take is read all the same, for the
/// release's check to name.
pub fn read_artwork(path: &Path) -> Result<ArtworkFile, PictureError> {
    artwork::read_chosen(path)
}

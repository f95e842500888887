//! A draft as it is stored: JSON with its format and version.

use std::collections::BTreeMap;
use std::path::PathBuf;

use release::{Field, Release, TrackId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{AbsentTrack, Draft, SourceFile, TakenOut};
use crate::import::{LeftOut, Note, Origin, stored_path};

/// Why stored text is not a draft that this version reads.
#[derive(Debug, Error)]
pub(crate) enum DraftError {
    /// Not JSON, or not of a draft's shape.
    #[error("not a draft: {0}")]
    Shape(#[from] serde_json::Error),
    /// JSON of another kind.
    #[error("the format is \"{0}\", and \"{FORMAT}\" was expected")]
    Format(String),
    /// Of a version that this program does not know.
    #[error("version {0} of drafts is not known here; versions 1 to {VERSION} are")]
    Version(u32),
}

const FORMAT: &str = "lacquer.draft";
/// Version 1 has no tracks that were taken out, and is read.
const VERSION: u32 = 2;

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    version: u32,
    release: Release,
    sources: Vec<StoredSource>,
    origins: Vec<(Field, Origin)>,
    files: BTreeMap<TrackId, SourceFile>,
    artwork: Option<SourceFile>,
    left_out: Vec<LeftOut>,
    notes: Vec<Note>,
    absent: Vec<AbsentTrack>,
    #[serde(default)]
    taken_out: Vec<TakenOut>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct StoredSource(#[serde(with = "stored_path")] PathBuf);

impl Draft {
    /// The text to store.
    #[must_use]
    pub(crate) fn to_json(&self) -> String {
        let stored = Stored {
            format: FORMAT.to_owned(),
            version: VERSION,
            release: self.release.clone(),
            sources: self.sources.iter().cloned().map(StoredSource).collect(),
            origins: self.origins.iter().map(|(field, origin)| (*field, *origin)).collect(),
            files: self.files.clone(),
            artwork: self.artwork.clone(),
            left_out: self.left_out.clone(),
            notes: self.notes.clone(),
            absent: self.absent.clone(),
            taken_out: self.taken_out.clone(),
        };
        serde_json::to_string(&stored).expect("paths on a system with names of bytes and text always serialise")
    }

    /// This draft as it will be read back. Measurements are stored with few digits; what is shown now and what is
    /// shown when the workspace is next opened are to be one.
    #[must_use]
    pub(crate) fn as_stored(&self) -> Self {
        Self::from_json(&self.to_json()).expect("what this version writes it reads")
    }

    /// Reads a stored draft.
    ///
    /// # Errors
    /// Where the text is not a draft, or one of a version that is not known.
    pub(crate) fn from_json(text: &str) -> Result<Self, DraftError> {
        // The head first: a later version may have fields that this one would call unknown.
        let head: Head = serde_json::from_str(text)?;
        if head.format != FORMAT {
            return Err(DraftError::Format(head.format));
        }
        if !(1..=VERSION).contains(&head.version) {
            return Err(DraftError::Version(head.version));
        }
        let stored: Stored = serde_json::from_str(text)?;
        Ok(Self {
            release: stored.release,
            sources: stored.sources.into_iter().map(|StoredSource(path)| path).collect(),
            origins: stored.origins.into_iter().collect(),
            files: stored.files,
            artwork: stored.artwork,
            left_out: stored.left_out,
            notes: stored.notes,
            absent: stored.absent,
            taken_out: stored.taken_out,
        })
    }
}

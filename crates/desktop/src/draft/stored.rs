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

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "version")]
    _version: u32,
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

/// As [`Stored`], without a copy: it is written with every edit.
#[derive(Serialize)]
struct ToStore<'a> {
    format: &'static str,
    version: u32,
    release: &'a Release,
    sources: Vec<StoredSource>,
    origins: Vec<(&'a Field, &'a Origin)>,
    files: &'a BTreeMap<TrackId, SourceFile>,
    artwork: Option<&'a SourceFile>,
    left_out: &'a [LeftOut],
    notes: &'a [Note],
    absent: &'a [AbsentTrack],
    taken_out: &'a [TakenOut],
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct StoredSource(#[serde(with = "stored_path")] PathBuf);

impl Draft {
    /// The text to store.
    #[must_use]
    pub(crate) fn to_json(&self) -> String {
        let stored = ToStore {
            format: FORMAT,
            version: VERSION,
            release: &self.release,
            sources: self.sources.iter().cloned().map(StoredSource).collect(),
            origins: self.origins.iter().collect(),
            files: &self.files,
            artwork: self.artwork.as_ref(),
            left_out: &self.left_out,
            notes: &self.notes,
            absent: &self.absent,
            taken_out: &self.taken_out,
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

#[cfg(test)]
mod tests {
    use release::FieldName;

    use super::*;
    use crate::draft::sample;

    /// A draft as version 2 wrote it. It is read for ever; version 1 is in the fixture of the whole database.
    const VERSION_2: &str = include_str!("../../tests/fixtures/draft-2.json");

    fn draft() -> Draft {
        let mut draft = sample::draft(1, "/album");
        sample::add_track(&mut draft, 11, 1, "/album/01.wav", b"one", "One");
        sample::add_track(&mut draft, 12, 2, "/album/02.wav", b"two", "Two");
        draft.edit(Field::of_release(FieldName::Title), "By hand").unwrap();
        draft.edit(Field::of_track(sample::track_id(11), FieldName::Isrc), "FR6V80000001").unwrap();
        draft.take_out(&[sample::track_id(11)]).unwrap();
        draft
    }

    #[test]
    fn a_draft_of_each_version_is_read() {
        let draft = draft();
        assert_eq!(draft.to_json(), VERSION_2.trim_end());
        assert_eq!(Draft::from_json(VERSION_2).unwrap(), draft);
        let older = Draft { taken_out: Vec::new(), ..draft };
        let version_1 = older.to_json().replace("\"version\":2", "\"version\":1").replace(",\"taken_out\":[]", "");
        assert_eq!(Draft::from_json(&version_1).unwrap(), older);
    }
}

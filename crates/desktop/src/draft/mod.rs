//! A release that somebody works on: what it says, where each value comes from, and the files behind it.

mod again;
mod arrange;
mod history;
mod place;
mod step;
mod stored;

#[cfg(test)]
mod again_tests;
#[cfg(test)]
pub(crate) mod sample;

use std::collections::BTreeMap;
use std::path::PathBuf;

use release::{Artwork, Asset, EditError, Field, FieldName, Release, Sha256, Track, TrackId};
use serde::{Deserialize, Serialize};
use upload::digest::FileDigest;

pub(crate) use history::History;
pub use place::place_in_words;
pub(crate) use step::Step;

use crate::import::{FileIdentity, Imported, LeftOut, Note, Origin, TrackFile, stored_path};

/// A release in the making. It is named by its release's id, and stays when the release is delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What the release says so far.
    pub release: Release,
    /// What was chosen to make it of: absolute paths of folders and files, in order.
    pub sources: Vec<PathBuf>,
    /// Where each value comes from; fields without a value are absent.
    pub origins: BTreeMap<Field, Origin>,
    /// The file behind each track.
    pub files: BTreeMap<TrackId, SourceFile>,
    /// The file behind the artwork.
    pub artwork: Option<SourceFile>,
    /// What was found in the sources and is not used.
    pub left_out: Vec<LeftOut>,
    /// What a person should look at in what was found.
    pub notes: Vec<Note>,
    /// Tracks whose files were gone when the sources were last read. What was entered for them is kept, and they
    /// take their places again when their files are back.
    pub absent: Vec<AbsentTrack>,
    /// Tracks that a person took out. Their files are not used when the sources are read again.
    pub taken_out: Vec<TakenOut>,
}

/// A file on this machine, as it was when it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Where it is; perhaps not Unicode.
    #[serde(with = "stored_path")]
    pub path: PathBuf,
    /// Tells whether it is still the file that was read.
    pub identity: FileIdentity,
    /// Its checksums.
    pub digest: FileDigest,
}

/// A track whose file is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsentTrack {
    /// What it said.
    pub track: Track,
    /// The file it had.
    pub file: Option<SourceFile>,
    /// Which of its fields were filled by hand.
    pub by_hand: Vec<FieldName>,
}

/// A track that a person took out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenOut {
    /// What it said.
    pub track: Track,
    /// The file it had.
    pub file: Option<SourceFile>,
    /// Where its values came from.
    pub origins: BTreeMap<FieldName, Origin>,
}

impl Draft {
    /// The draft that an import makes, with the file of its artwork.
    #[must_use]
    pub(crate) fn of_import(sources: Vec<PathBuf>, imported: Imported, picture: Option<SourceFile>) -> Self {
        Self {
            release: imported.release,
            sources,
            origins: imported.origins,
            files: imported.files.into_iter().map(|(track, file)| (track, SourceFile::of_track(&file))).collect(),
            artwork: picture,
            left_out: imported.left_out,
            notes: imported.notes,
            absent: Vec::new(),
            taken_out: Vec::new(),
        }
    }

    /// Puts a text into a field, as a person enters it; it then counts more than any file's word.
    ///
    /// # Errors
    /// Where the field cannot hold the text. Nothing is changed then.
    pub fn edit(&mut self, field: Field, text: &str) -> Result<(), EditError> {
        self.release.set(field, text)?;
        self.origins.insert(field, Origin::Hand);
        if matches!(field.name, FieldName::Disc | FieldName::Number) {
            self.sort_tracks();
        }
        Ok(())
    }

    /// Gives it the picture that a person chose.
    pub fn set_artwork(&mut self, artwork: Artwork, file: SourceFile) {
        self.release.artwork = Some(artwork);
        self.artwork = Some(file);
        self.origins.insert(Field::of_release(FieldName::Artwork), Origin::Hand);
    }

    /// Leaves it without a picture. One that its sources hold is not taken when they are read again: that it has none
    /// was a person's choice.
    pub fn remove_artwork(&mut self) {
        self.release.artwork = None;
        self.artwork = None;
        self.origins.insert(Field::of_release(FieldName::Artwork), Origin::Hand);
    }

    /// Whether a person filled a field.
    #[must_use]
    pub fn is_by_hand(&self, field: Field) -> bool {
        self.origins.get(&field) == Some(&Origin::Hand)
    }

    /// Every file that a delivery sends, with the asset that it is; each content once.
    #[must_use]
    pub fn asset_files(&self) -> Vec<(Asset, SourceFile)> {
        let of_tracks = self.release.tracks.iter().filter_map(|track| self.files.get(&track.id));
        let files: Vec<&SourceFile> = of_tracks.chain(&self.artwork).collect();
        let assets = self.release.assets().into_iter();
        assets
            .filter_map(|asset| {
                let file = files.iter().find(|file| Sha256(file.digest.sha256) == asset.sha256)?;
                Some((asset.clone(), (*file).clone()))
            })
            .collect()
    }

    fn sort_tracks(&mut self) {
        self.release.tracks.sort_by_key(|track| (track.disc, track.number));
    }
}

impl SourceFile {
    fn of_track(file: &TrackFile) -> Self {
        Self { path: file.path.clone(), identity: file.identity, digest: file.digest.clone() }
    }
}

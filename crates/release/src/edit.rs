use std::str::FromStr;

use thiserror::Error;

use crate::{
    Advisory, Contributor, Entry, Field, FieldName, Release, ReleaseKind, Role, TerritoriesError, Track, TrackId,
    preview_start,
};

/// What stands between two names where a field holds several, as in `Ann Ash; Bo Birk`. A comma may be part of a name.
pub const LIST_SEPARATOR: char = ';';

/// Why a text cannot be put into a field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The release has no field of this name.
    #[error("a release has no {} of its own; its tracks have", .0.words())]
    NotOfRelease(FieldName),
    /// Tracks have no field of this name.
    #[error("a track has no {} of its own; its release has", .0.words())]
    NotOfTrack(FieldName),
    /// The field's content is not text.
    #[error("{} is not set by text; it comes from the files", .0.words())]
    NotText(FieldName),
    /// The release has no such track, or no longer.
    #[error("the release has no track {0}")]
    NoSuchTrack(TrackId),
    /// The field takes one of a few words.
    #[error("\"{text}\" is not a {}: {possible}", .field.words())]
    NotOneOf {
        /// The field.
        field: FieldName,
        /// What was to be put there.
        text: String,
        /// What could be.
        possible: &'static str,
    },
    /// The field takes a whole number.
    #[error("\"{text}\" is not a {}: a whole number from 1 on", .field.words())]
    NotANumber {
        /// The field.
        field: FieldName,
        /// What was to be put there.
        text: String,
    },
    /// Not a list of territories.
    #[error(transparent)]
    Territories(#[from] TerritoriesError),
    /// Not a place in a recording.
    #[error("\"{0}\" is not a place in a recording: seconds as in 83.5, or minutes and seconds as in 1:23.5")]
    PreviewStart(String),
}

impl Release {
    /// Puts a text into a field, as a person enters it. White space at its ends is dropped; nothing clears the field.
    ///
    /// Names of a role are separated by [`LIST_SEPARATOR`]. Values that have a form (UPC, ISRC, dates, ℗ and © lines)
    /// are kept where they do not satisfy it, for [`crate::check`] to name. A cleared time zone is UTC, cleared
    /// territories are the whole world, and a cleared preview start is the beginning.
    ///
    /// # Errors
    /// Where the field is not the release's or the track's, or cannot hold the text. Nothing is changed then.
    pub fn set(&mut self, field: Field, text: &str) -> Result<(), EditError> {
        let text = text.trim();
        let name = field.name;
        match field.track {
            None if name.is_of_release() => self.set_own(name, text),
            None => Err(EditError::NotOfRelease(name)),
            Some(_) if !name.is_of_track() => Err(EditError::NotOfTrack(name)),
            Some(id) => match self.tracks.iter_mut().find(|track| track.id == id) {
                Some(track) => track.set(name, text),
                None => Err(EditError::NoSuchTrack(id)),
            },
        }
    }

    /// What a field shows: the text that, put into it, leaves it as it is. Nothing for a field that is not there.
    #[must_use]
    pub fn text(&self, field: Field) -> String {
        match field.track {
            None => self.own_text(field.name),
            Some(id) => {
                self.tracks.iter().find(|track| track.id == id).map_or_else(String::new, |t| t.text(field.name))
            }
        }
    }

    fn set_own(&mut self, name: FieldName, text: &str) -> Result<(), EditError> {
        match name {
            FieldName::Title => text.clone_into(&mut self.title),
            FieldName::Version => text.clone_into(&mut self.version),
            FieldName::Label => text.clone_into(&mut self.label),
            FieldName::CatalogueNumber => text.clone_into(&mut self.catalogue_number),
            FieldName::Genre => text.clone_into(&mut self.genre),
            FieldName::Language => text.clone_into(&mut self.language),
            FieldName::TimeZone => self.time_zone = if text.is_empty() { "UTC" } else { text }.to_owned(),
            FieldName::Upc => self.upc = Entry::read(text),
            FieldName::PLine => self.p_line = Entry::read(text),
            FieldName::CLine => self.c_line = Entry::read(text),
            FieldName::ReleaseDate => self.release_date = Entry::read(text),
            FieldName::OriginalReleaseDate => self.original_release_date = Entry::read(text),
            FieldName::Territories => self.territories = text.parse()?,
            FieldName::Kind => {
                self.kind_override = one_of::<ReleaseKind>(name, text, "single, ep or album, or nothing")?
            }
            _ => match role_of(name) {
                Some(role) => set_names(&mut self.contributors, role, text),
                None => return Err(EditError::NotText(name)),
            },
        }
        Ok(())
    }

    fn own_text(&self, name: FieldName) -> String {
        match name {
            FieldName::Title => self.title.clone(),
            FieldName::Version => self.version.clone(),
            FieldName::Label => self.label.clone(),
            FieldName::CatalogueNumber => self.catalogue_number.clone(),
            FieldName::Genre => self.genre.clone(),
            FieldName::Language => self.language.clone(),
            FieldName::TimeZone => self.time_zone.clone(),
            FieldName::Upc => self.upc.text(),
            FieldName::PLine => self.p_line.text(),
            FieldName::CLine => self.c_line.text(),
            FieldName::ReleaseDate => self.release_date.text(),
            FieldName::OriginalReleaseDate => self.original_release_date.text(),
            FieldName::Territories => self.territories.to_string(),
            FieldName::Kind => shown(self.kind_override),
            _ => role_of(name).map_or_else(String::new, |role| names(&self.contributors, role)),
        }
    }
}

impl Track {
    fn set(&mut self, name: FieldName, text: &str) -> Result<(), EditError> {
        match name {
            FieldName::Title => text.clone_into(&mut self.title),
            FieldName::Version => text.clone_into(&mut self.version),
            FieldName::Language => text.clone_into(&mut self.language),
            FieldName::PLine => self.p_line = Entry::read(text),
            FieldName::Isrc => self.isrc = Entry::read(text),
            FieldName::Disc => self.disc = whole_number(name, text)?,
            FieldName::Number => self.number = whole_number(name, text)?,
            FieldName::Advisory => self.advisory = one_of::<Advisory>(name, text, "explicit, clean or none")?,
            FieldName::PreviewStart if text.is_empty() => self.preview_start_ms = 0,
            FieldName::PreviewStart => {
                self.preview_start_ms =
                    preview_start::parse(text).ok_or_else(|| EditError::PreviewStart(text.to_owned()))?;
            }
            _ => match role_of(name) {
                Some(role) => set_names(&mut self.contributors, role, text),
                None => return Err(EditError::NotText(name)),
            },
        }
        Ok(())
    }

    fn text(&self, name: FieldName) -> String {
        match name {
            FieldName::Title => self.title.clone(),
            FieldName::Version => self.version.clone(),
            FieldName::Language => self.language.clone(),
            FieldName::PLine => self.p_line.text(),
            FieldName::Isrc => self.isrc.text(),
            FieldName::Disc => self.disc.to_string(),
            FieldName::Number => self.number.to_string(),
            FieldName::Advisory => shown(self.advisory),
            FieldName::PreviewStart => preview_start::format(self.preview_start_ms),
            _ => role_of(name).map_or_else(String::new, |role| names(&self.contributors, role)),
        }
    }
}

fn role_of(name: FieldName) -> Option<Role> {
    match name {
        FieldName::Artist => Some(Role::MainArtist),
        FieldName::FeaturedArtist => Some(Role::FeaturedArtist),
        FieldName::Composer => Some(Role::Composer),
        FieldName::Lyricist => Some(Role::Lyricist),
        FieldName::Producer => Some(Role::Producer),
        FieldName::Remixer => Some(Role::Remixer),
        _ => None,
    }
}

/// Puts names in the place of those of a role; the others keep theirs, and display artists stay in front.
fn set_names(contributors: &mut Vec<Contributor>, role: Role, text: &str) {
    contributors.retain(|contributor| contributor.role != role);
    let place = contributors.iter().position(|other| other.role > role).unwrap_or(contributors.len());
    let names = text.split(LIST_SEPARATOR).map(str::trim).filter(|name| !name.is_empty());
    contributors.splice(place..place, names.map(|name| Contributor::new(name, role)));
}

fn names(contributors: &[Contributor], role: Role) -> String {
    let names: Vec<&str> = contributors.iter().filter(|c| c.role == role).map(|c| c.name.as_str()).collect();
    names.join("; ")
}

fn one_of<T: FromStr>(field: FieldName, text: &str, possible: &'static str) -> Result<Option<T>, EditError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| EditError::NotOneOf { field, text: text.to_owned(), possible })
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string().to_lowercase())
}

fn whole_number(field: FieldName, text: &str) -> Result<u32, EditError> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| EditError::NotANumber { field, text: text.to_owned() })
}

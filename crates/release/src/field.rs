use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::TrackId;

/// A field of a release or of one of its tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Field {
    /// The track; none for the release itself.
    pub track: Option<TrackId>,
    /// Which of its fields.
    pub name: FieldName,
}

impl Field {
    /// A field of the release itself.
    #[must_use]
    pub fn of_release(name: FieldName) -> Self {
        Self { track: None, name }
    }

    /// A field of a track.
    #[must_use]
    pub fn of_track(track: TrackId, name: FieldName) -> Self {
        Self { track: Some(track), name }
    }
}

/// A text that names no field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{0}\" is not a field")]
pub struct UnknownField(pub String);

/// Whose field a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Release,
    Track,
    Both,
}

macro_rules! field_names {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $words:literal, $owner:ident;)*) => {
        /// The name of a field; some belong to releases, some to tracks, some to both.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FieldName {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl FieldName {
            /// Every name, in the order of the screen.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name as the command line and stored formats spell it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The name as a person reads it.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words),* }
            }

            fn owner(self) -> Owner {
                match self { $(Self::$variant => Owner::$owner),* }
            }
        }
    };
}

field_names! {
    /// Of a release or a track.
    Title = "title", "title", Both;
    /// Of a release or a track.
    Version = "version", "version", Both;
    /// Main artists, of a release or a track.
    Artist = "artist", "artist", Both;
    /// Featured artists, of a release or a track.
    FeaturedArtist = "featured_artist", "featured artist", Both;
    /// Of a track.
    Composer = "composer", "composer", Track;
    /// Of a track.
    Lyricist = "lyricist", "lyricist", Track;
    /// Of a track.
    Producer = "producer", "producer", Track;
    /// Of a track.
    Remixer = "remixer", "remixer", Track;
    /// Of a release.
    Label = "label", "label", Release;
    /// Of a release.
    Upc = "upc", "UPC / EAN", Release;
    /// Of a release.
    CatalogueNumber = "catalogue_number", "catalogue number", Release;
    /// Of a release.
    Genre = "genre", "genre", Release;
    /// Of a release or a track.
    Language = "language", "language", Both;
    /// Of a release or a track.
    PLine = "p_line", "℗ line", Both;
    /// Of a release.
    CLine = "c_line", "© line", Release;
    /// Of a release.
    ReleaseDate = "release_date", "release date", Release;
    /// Of a release.
    TimeZone = "time_zone", "time zone", Release;
    /// Of a release.
    OriginalReleaseDate = "original_release_date", "original release date", Release;
    /// Of a release.
    Territories = "territories", "territories", Release;
    /// Of a release: single, EP or album.
    Kind = "kind", "release type", Release;
    /// Of a release.
    Artwork = "artwork", "artwork", Release;
    /// Of a release: the tracks as a whole.
    Tracks = "tracks", "tracks", Release;
    /// Of a track.
    Disc = "disc", "disc", Track;
    /// Of a track.
    Number = "number", "track number", Track;
    /// Of a track.
    Isrc = "isrc", "ISRC", Track;
    /// Of a track.
    Advisory = "advisory", "parental advisory", Track;
    /// Of a track.
    PreviewStart = "preview_start", "preview start", Track;
    /// Of a track: its file.
    Master = "master", "master", Track;
}

impl FieldName {
    /// Whether a release has a field of this name.
    #[must_use]
    pub fn is_of_release(self) -> bool {
        self.owner() != Owner::Track
    }

    /// Whether a track has a field of this name.
    #[must_use]
    pub fn is_of_track(self) -> bool {
        self.owner() != Owner::Release
    }

    /// Whether the field is set by text; the others come from files.
    #[must_use]
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Artwork | Self::Tracks | Self::Master)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FieldName {
    type Err = UnknownField;

    /// Accepts hyphens for underscores.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.trim().to_ascii_lowercase().replace('-', "_");
        Self::ALL.iter().copied().find(|name| name.as_str() == plain).ok_or_else(|| UnknownField(text.to_owned()))
    }
}

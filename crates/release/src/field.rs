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

macro_rules! field_names {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $words:literal;)*) => {
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
        }
    };
}

field_names! {
    /// Of a release or a track.
    Title = "title", "title";
    /// Of a release or a track.
    Version = "version", "version";
    /// Main artists, of a release or a track.
    Artist = "artist", "artist";
    /// Featured artists, of a release or a track.
    FeaturedArtist = "featured_artist", "featured artist";
    /// Of a track.
    Composer = "composer", "composer";
    /// Of a track.
    Lyricist = "lyricist", "lyricist";
    /// Of a track.
    Producer = "producer", "producer";
    /// Of a track.
    Remixer = "remixer", "remixer";
    /// Of a release.
    Label = "label", "label";
    /// Of a release.
    Upc = "upc", "UPC / EAN";
    /// Of a release.
    CatalogueNumber = "catalogue_number", "catalogue number";
    /// Of a release.
    Genre = "genre", "genre";
    /// Of a release or a track.
    Language = "language", "language";
    /// Of a release or a track.
    PLine = "p_line", "℗ line";
    /// Of a release.
    CLine = "c_line", "© line";
    /// Of a release.
    ReleaseDate = "release_date", "release date";
    /// Of a release.
    TimeZone = "time_zone", "time zone";
    /// Of a release.
    OriginalReleaseDate = "original_release_date", "original release date";
    /// Of a release.
    Territories = "territories", "territories";
    /// Of a release: single, EP or album.
    Kind = "kind", "release type";
    /// Of a release.
    Artwork = "artwork", "artwork";
    /// Of a release: the tracks as a whole.
    Tracks = "tracks", "tracks";
    /// Of a track.
    Disc = "disc", "disc";
    /// Of a track.
    Number = "number", "track number";
    /// Of a track.
    Isrc = "isrc", "ISRC";
    /// Of a track.
    Advisory = "advisory", "parental advisory";
    /// Of a track.
    PreviewStart = "preview_start", "preview start";
    /// Of a track: its file.
    Master = "master", "master";
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

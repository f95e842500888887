use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{HashError, Manifest, Profile, Sha256, Tags, Track};

/// The name of a rendition: a hash over all that determines its bytes. The same recipe is never made twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recipe(Sha256);

/// All that determines a rendition's bytes. Field names and their order are part of the recipe's version.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecipeInput<'a> {
    /// The master's content.
    pub master: Sha256,
    /// The profile's name.
    pub profile: &'a str,
    /// The profile's version.
    pub profile_version: u32,
    /// The tags.
    pub tags: &'a Tags,
    /// The picture's content, where the format has a place for one.
    pub picture: Option<Sha256>,
    /// Where the excerpt starts, for profiles that take one.
    pub preview_start_ms: Option<u64>,
    /// Gain applied, in dB.
    pub gain_db: Option<f64>,
}

impl<'a> RecipeInput<'a> {
    /// What makes a rendition of a master: the picture and the preview's start count only for profiles that use
    /// them, so that a new picture does not make the WAVs anew.
    #[must_use]
    pub fn new(
        master: Sha256,
        profile: &'a Profile,
        tags: &'a Tags,
        picture: Option<Sha256>,
        preview_start_ms: u64,
    ) -> Self {
        Self {
            master,
            profile: profile.name,
            profile_version: profile.version,
            tags,
            picture: picture.filter(|_| profile.picture),
            preview_start_ms: profile.excerpt.map(|_| preview_start_ms),
            gain_db: None,
        }
    }

    /// The recipe's name.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        #[derive(Serialize)]
        struct Versioned<'b, 'a> {
            format: &'static str,
            version: u32,
            input: &'b RecipeInput<'a>,
        }
        let versioned = Versioned { format: "lacquer.recipe", version: 1, input: self };
        let canonical = serde_json::to_vec(&versioned).expect("strings and numbers always serialise");
        Recipe(Sha256::of(&canonical))
    }
}

impl Recipe {
    /// The recipe of a track of a delivery in a profile; none where the track has no master.
    #[must_use]
    pub fn of(manifest: &Manifest, track: &Track, profile: &Profile) -> Option<Self> {
        let master = track.master.as_ref()?.asset.sha256;
        let tags = Tags::of(&manifest.release, track);
        let picture = manifest.release.artwork.as_ref().map(|artwork| artwork.asset.sha256);
        Some(RecipeInput::new(master, profile, &tags, picture, track.preview_start_ms).recipe())
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Recipe {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

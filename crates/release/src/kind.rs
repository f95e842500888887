use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Track;

/// Whether a release is a single, an EP or an album.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseKind {
    /// One to three tracks, each under ten minutes, at most thirty together.
    Single,
    /// One to three tracks with a long one, or four to six, under thirty minutes together.
    Ep,
    /// Seven tracks or more, or more than thirty minutes.
    Album,
}

/// A text that is no kind of release.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{0}\" is not a release type: single, EP or album")]
pub struct KindError(pub String);

impl ReleaseKind {
    /// The kind that follows from the tracks' number and lengths; tracks without a master have no length yet.
    #[must_use]
    pub fn of(tracks: &[Track]) -> Self {
        const TEN_MINUTES: f64 = 600.0;
        const THIRTY_MINUTES: f64 = 1800.0;
        let seconds = || tracks.iter().filter_map(|track| track.master.as_ref()).map(|master| master.facts.seconds());
        let total: f64 = seconds().sum();
        let has_long = seconds().any(|length| length >= TEN_MINUTES);
        match tracks.len() {
            0..=3 if !has_long && total <= THIRTY_MINUTES => Self::Single,
            0..=6 if total < THIRTY_MINUTES => Self::Ep,
            _ => Self::Album,
        }
    }
}

impl fmt::Display for ReleaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Single => "Single",
            Self::Ep => "EP",
            Self::Album => "Album",
        })
    }
}

impl FromStr for ReleaseKind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "single" => Ok(Self::Single),
            "ep" => Ok(Self::Ep),
            "album" => Ok(Self::Album),
            _ => Err(KindError(text.to_owned())),
        }
    }
}

use std::fmt;
use std::str::FromStr;

use release::{ReleaseId, TrackId};
use thiserror::Error;

/// A recording that can be heard. Its text stands as the id of what is played: `draft/<draft>/<track>`,
/// `master/<release>/<track>` or `rendition/<release>/<track>/<profile>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PlaySource {
    /// The file of a draft's track, where it lies on this machine.
    DraftMaster {
        /// The draft.
        draft: ReleaseId,
        /// Its track.
        track: TrackId,
    },
    /// A master that was delivered.
    ReleaseMaster {
        /// The release.
        release: ReleaseId,
        /// Its track.
        track: TrackId,
    },
    /// What the cloud made of a master.
    Rendition {
        /// The release.
        release: ReleaseId,
        /// Its track.
        track: TrackId,
        /// The profile's name.
        profile: String,
    },
}

/// A picture that can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureSource {
    /// The artwork of a draft.
    Draft(ReleaseId),
    /// The artwork of a release, as it was delivered.
    Release(ReleaseId),
}

/// A text that names no recording.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{0}\" names no recording")]
pub struct UnknownSource(pub String);

impl fmt::Display for PlaySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DraftMaster { draft, track } => write!(f, "draft/{draft}/{track}"),
            Self::ReleaseMaster { release, track } => write!(f, "master/{release}/{track}"),
            Self::Rendition { release, track, profile } => write!(f, "rendition/{release}/{track}/{profile}"),
        }
    }
}

impl FromStr for PlaySource {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownSource(text.to_owned());
        let parts: Vec<&str> = text.split('/').collect();
        let (kind, release, track) = match parts.as_slice() {
            [kind, release, track, ..] => (*kind, release, track),
            _ => return Err(unknown()),
        };
        let release: ReleaseId = release.parse().map_err(|_| unknown())?;
        let track: TrackId = track.parse().map_err(|_| unknown())?;
        match (kind, parts.get(3..).unwrap_or_default()) {
            ("draft", []) => Ok(Self::DraftMaster { draft: release, track }),
            ("master", []) => Ok(Self::ReleaseMaster { release, track }),
            ("rendition", [profile]) if !profile.is_empty() => {
                Ok(Self::Rendition { release, track, profile: (*profile).to_owned() })
            }
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_source_is_found_again_by_its_text() {
        let (release, track) = (ReleaseId::new(Timestamp::UNIX_EPOCH, 1), TrackId::new(Timestamp::UNIX_EPOCH, 2));
        for (source, text) in [
            (
                PlaySource::DraftMaster { draft: release, track },
                "draft/00000000000000000000000001/00000000000000000000000002",
            ),
            (
                PlaySource::ReleaseMaster { release, track },
                "master/00000000000000000000000001/00000000000000000000000002",
            ),
            (
                PlaySource::Rendition { release, track, profile: "mp3-320".to_owned() },
                "rendition/00000000000000000000000001/00000000000000000000000002/mp3-320",
            ),
        ] {
            assert_eq!(source.to_string(), text);
            assert_eq!(text.parse(), Ok(source));
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        let ids = "00000000000000000000000001/00000000000000000000000002";
        for text in [
            "".to_owned(),
            "draft".to_owned(),
            "draft/1/2".to_owned(),
            format!("drafts/{ids}"),
            format!("draft/{ids}/mp3-320"),
            format!("rendition/{ids}"),
            format!("rendition/{ids}/"),
            format!("rendition/{ids}/a/b"),
            format!("draft/{ids}/"),
        ] {
            assert_eq!(text.parse::<PlaySource>(), Err(UnknownSource(text)));
        }
    }
}

use std::path::PathBuf;

use release::{ReleaseId, TrackId};
use thiserror::Error;

use crate::workspace::ApiError;

/// Why a recording cannot be heard or drawn, or a picture seen. Each text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListenError {
    /// There is no such draft, or no longer.
    #[error("There is no draft {0}. It may have been removed.")]
    NoSuchDraft(ReleaseId),
    /// The cloud knows no such release.
    #[error("No release {0} was delivered from here. Deliver it first.")]
    NoSuchRelease(ReleaseId),
    /// No such track, or no longer.
    #[error("\"{title}\" has no track {track}. It may have been removed.")]
    NoSuchTrack {
        /// The release.
        title: String,
        /// What was asked for.
        track: TrackId,
    },
    /// A track without a file.
    #[error("\"{title}\" has no sound file. Import its folder again.")]
    NoFile {
        /// The track.
        title: String,
    },
    /// No profile of this name.
    #[error("There is no rendition \"{profile}\" of \"{title}\". Play its master instead.")]
    NoSuchRendition {
        /// The track.
        title: String,
        /// What was asked for.
        profile: String,
    },
    /// A rendition that is not there yet.
    #[error("The rendition \"{profile}\" of \"{title}\" is not made yet. Play its master meanwhile.")]
    NotMade {
        /// The track.
        title: String,
        /// The profile.
        profile: String,
    },
    /// A file that is not where it was.
    #[error("{}, the file of \"{title}\", is not there. {help}", path.display())]
    Gone {
        /// The track or release.
        title: String,
        /// The file.
        path: PathBuf,
        /// What to do.
        help: &'static str,
    },
    /// What was delivered is not on this machine.
    #[error("The files of \"{0}\" are not on this machine. Play its draft instead.")]
    Elsewhere(String),
    /// The manifest of a delivery cannot be read.
    #[error("What was delivered of release {release} cannot be read: {reason}. Deliver it again.")]
    NoManifest {
        /// The release.
        release: ReleaseId,
        /// What is wrong.
        reason: String,
    },
    /// Sound that cannot be decoded.
    #[error("{} cannot be read as sound: {reason}. Export it again, and import its folder anew.", path.display())]
    BadSound {
        /// The file.
        path: PathBuf,
        /// What the decoder says.
        reason: String,
    },
    /// A release without artwork.
    #[error("\"{0}\" has no artwork. Choose a picture for it.")]
    NoArtwork(String),
    /// A picture that cannot be decoded.
    #[error("The artwork {} cannot be shown: {reason}. Export it again as JPEG or PNG.", path.display())]
    BadPicture {
        /// The file.
        path: PathBuf,
        /// What the decoder says.
        reason: String,
    },
    /// The program failed over a file.
    #[error("Lacquer failed over {}, which is a mistake in the program: please report it.", .0.display())]
    Panicked(PathBuf),
    /// Sound that is elsewhere and cannot be decoded.
    #[error("\"{title}\" cannot be read as sound: {reason}.")]
    BadRendition {
        /// The track.
        title: String,
        /// What the decoder says.
        reason: String,
    },
    /// The cloud refuses, or cannot be reached.
    #[error("{0} {help}", help = .0.help())]
    Cloud(Box<ApiError>),
    /// The session ends.
    #[error("Lacquer is closing.")]
    Closing,
}

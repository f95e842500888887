use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::stored_path;

/// A file or folder that was given, or found in what was given, and is not part of the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Where it is. It may not be Unicode: show it with [`PathBuf::display`].
    #[serde(with = "stored_path")]
    pub path: PathBuf,
    /// Why it is not used.
    pub reason: Reason,
}

/// Why a file or folder is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Reason {
    /// Its name starts with a dot, or an operating system keeps it for itself.
    Hidden,
    /// A cue sheet.
    CueSheet,
    /// A playlist.
    Playlist,
    /// A program's log or checksums.
    Log,
    /// A text, PDF or other document.
    Document,
    /// A table.
    Table,
    /// An archive.
    Archive,
    /// A moving picture.
    Video,
    /// A picture, and another one is the artwork.
    AnotherPicture {
        /// The picture that is used, or the file that holds it.
        #[serde(with = "stored_path")]
        used: PathBuf,
    },
    /// A lossy file of a track whose lossless file is there as well.
    LossyTwin {
        /// The file that is used.
        #[serde(with = "stored_path")]
        used: PathBuf,
    },
    /// One of several pictures, and none has a name that says which is the artwork.
    UnclearPicture,
    /// Called a picture, and it is none.
    NotAPicture,
    /// Neither sound nor a picture.
    Other,
    /// A file of no bytes.
    Empty,
    /// Called a sound file, and it holds no sound.
    NotAudio {
        /// What it looks like instead.
        why: String,
    },
    /// Sound of a kind that cannot be decoded here.
    Unsupported {
        /// What the decoder says.
        why: String,
    },
    /// Sound that cannot be decoded at all. Where only some of it cannot, the track is kept, and its facts say so.
    Damaged {
        /// What the decoder says.
        why: String,
    },
    /// The system does not let it be read.
    Unreadable {
        /// What the system says.
        why: String,
    },
    /// Nothing is there, or no longer.
    Gone,
    /// Somebody wrote to it while it was being read.
    Changed,
    /// A pipe, socket or device.
    NotAFile,
    /// A link that leads back to itself or to a folder above it, or to what has been looked through already.
    LinkLoop,
    /// A folder too far down.
    TooDeep {
        /// How many folders deep one looks.
        limit: usize,
    },
}

impl Reason {
    /// Whether a person should be told, since they probably meant it to be used.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        match self {
            Self::Hidden
            | Self::CueSheet
            | Self::Playlist
            | Self::Log
            | Self::Document
            | Self::Table
            | Self::Archive
            | Self::Video
            | Self::AnotherPicture { .. }
            | Self::LossyTwin { .. }
            | Self::Other => false,
            Self::UnclearPicture
            | Self::NotAPicture
            | Self::Empty
            | Self::NotAudio { .. }
            | Self::Unsupported { .. }
            | Self::Damaged { .. }
            | Self::Unreadable { .. }
            | Self::Gone
            | Self::Changed
            | Self::NotAFile
            | Self::LinkLoop
            | Self::TooDeep { .. } => true,
        }
    }

    /// A stable name, such as `not-audio`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::CueSheet => "cue-sheet",
            Self::Playlist => "playlist",
            Self::Log => "log",
            Self::Document => "document",
            Self::Table => "table",
            Self::Archive => "archive",
            Self::Video => "video",
            Self::AnotherPicture { .. } => "another-picture",
            Self::LossyTwin { .. } => "lossy-twin",
            Self::UnclearPicture => "unclear-picture",
            Self::NotAPicture => "not-a-picture",
            Self::Other => "other",
            Self::Empty => "empty",
            Self::NotAudio { .. } => "not-audio",
            Self::Unsupported { .. } => "unsupported",
            Self::Damaged { .. } => "damaged",
            Self::Unreadable { .. } => "unreadable",
            Self::Gone => "gone",
            Self::Changed => "changed",
            Self::NotAFile => "not-a-file",
            Self::LinkLoop => "link-loop",
            Self::TooDeep { .. } => "too-deep",
        }
    }

    /// What to do about it; empty where there is nothing to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Hidden
            | Self::CueSheet
            | Self::Playlist
            | Self::Log
            | Self::Document
            | Self::Video
            | Self::AnotherPicture { .. }
            | Self::LossyTwin { .. }
            | Self::Other => "",
            Self::Table => "Type its values in, or set them in the files' tags.",
            Self::Archive => "If it holds music, unpack it and import the folder.",
            Self::UnclearPicture => "Call the artwork \"cover\", or choose it yourself.",
            Self::NotAPicture => "Export the artwork again as JPEG or PNG.",
            Self::Empty => "Export it again.",
            Self::NotAudio { .. } => "Export the track again and import the folder anew.",
            Self::Unsupported { .. } => "Export it as WAV, AIFF, FLAC, ALAC or CAF.",
            Self::Damaged { .. } => "Play it elsewhere to see whether it is damaged, and export it again.",
            Self::Unreadable { .. } => "Look at its permissions and at the disk that holds it.",
            Self::Gone => "See whether the disk is still connected and the name is right.",
            Self::Changed => "Wait until the program that writes it is done, and import the folder anew.",
            Self::NotAFile => "Choose files and folders only.",
            Self::LinkLoop => "Import the folder that it leads to.",
            Self::TooDeep { .. } => "Import the album's own folder.",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hidden => "is hidden",
            Self::CueSheet => "is a cue sheet",
            Self::Playlist => "is a playlist",
            Self::Log => "is a log or a list of checksums",
            Self::Document => "is a document",
            Self::Table => "is a table, and tables are not read",
            Self::Archive => "is an archive",
            Self::Video => "is a video",
            Self::AnotherPicture { used } => {
                return write!(f, "is not used, since the artwork is taken from {}", used.display());
            }
            Self::LossyTwin { used } => {
                return write!(f, "is not used, since the track is taken from {}, which loses nothing", used.display());
            }
            Self::UnclearPicture => "is one of several pictures, and no name says which is the artwork",
            Self::NotAPicture => "is called a picture and is none",
            Self::Other => "is neither sound nor a picture",
            Self::Empty => "is empty",
            Self::NotAudio { why } => return write!(f, "is called a sound file and holds no sound: {why}"),
            Self::Unsupported { why } => return write!(f, "holds sound of a kind that Lacquer cannot read: {why}"),
            Self::Damaged { why } => return write!(f, "is damaged: {why}"),
            Self::Unreadable { why } => return write!(f, "cannot be read: {why}"),
            Self::Gone => "is not there",
            Self::Changed => "was changed while it was being read",
            Self::NotAFile => "is not an ordinary file",
            Self::LinkLoop => "is a link to a place that is looked through already",
            Self::TooDeep { limit } => return write!(f, "is more than {limit} folders deep"),
        })
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}.", self.path.display(), self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a person reads, and what a stored draft holds: neither changes by accident.
    #[test]
    fn every_reason_says_what_is_wrong_and_what_to_do() {
        let why = || "the reason".to_owned();
        let used = |name| PathBuf::from("/album").join(name);
        let reasons = [
            Reason::Hidden,
            Reason::CueSheet,
            Reason::Playlist,
            Reason::Log,
            Reason::Document,
            Reason::Table,
            Reason::Archive,
            Reason::Video,
            Reason::AnotherPicture { used: used("cover.jpg") },
            Reason::LossyTwin { used: used("01 Title.flac") },
            Reason::UnclearPicture,
            Reason::NotAPicture,
            Reason::Other,
            Reason::Empty,
            Reason::NotAudio { why: why() },
            Reason::Unsupported { why: why() },
            Reason::Damaged { why: why() },
            Reason::Unreadable { why: why() },
            Reason::Gone,
            Reason::Changed,
            Reason::NotAFile,
            Reason::LinkLoop,
            Reason::TooDeep { limit: 16 },
        ];
        let mut shown = String::new();
        for reason in reasons {
            assert!(!reason.is_trouble() || !reason.help().is_empty(), "{reason:?}");
            let left_out = LeftOut { path: PathBuf::from("/album/file"), reason };
            let stored = serde_json::to_string(&left_out).unwrap();
            assert_eq!(serde_json::from_str::<LeftOut>(&stored).unwrap(), left_out);
            assert!(stored.contains(&format!("\"kind\":\"{}\"", left_out.reason.code())), "{stored}");
            let trouble = if left_out.reason.is_trouble() { "! " } else { "  " };
            shown.push_str(&format!("{trouble}{left_out} {}\n  {stored}\n", left_out.reason.help()));
        }
        insta::assert_snapshot!(shown);
    }
}

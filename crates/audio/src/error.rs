use std::io;
use std::path::PathBuf;

use release::Container;

/// Why sound could not be read or written. A file that ends too early is not among these: what was there is decoded,
/// and the facts say that it is truncated.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// The content is not sound.
    #[error("This is not an audio file: {0}.")]
    NotAudio(LooksLike),
    /// The content is sound of a kind that is not read here.
    #[error("{0} is not supported.")]
    Unsupported(Unsupported),
    /// The file begins as its format should and then makes no sense.
    #[error("The {} file is damaged: {reason}.", container_name(*container))]
    Damaged {
        /// What the file begins as.
        container: Container,
        /// What does not make sense.
        reason: String,
    },
    /// The source could not be read.
    #[error("The file could not be read: {}.", said_by_system(.0))]
    Read(#[source] io::Error),
    /// A rendition could not be written: no space, no permission.
    #[error("{} could not be written: {}.", path.display(), said_by_system(source))]
    Write {
        /// The rendition's file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// An encoder refused its settings or its sound.
    #[error("{} could not be encoded: {reason}.", path.display())]
    Encode {
        /// The rendition's file.
        path: PathBuf,
        /// What the encoder says.
        reason: String,
    },
    /// It was stopped through its [`crate::Control`].
    #[error("Stopped.")]
    Cancelled,
}

/// Without the system's number.
fn said_by_system(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error ").map_or_else(|| text.clone(), |(words, _)| words.to_owned())
}

impl AudioError {
    /// What the person can do; none where there is nothing to add.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NotAudio(LooksLike::Empty) => Some("Copy or export the file again."),
            Self::NotAudio(_) => Some("Export the master as WAV, AIFF or FLAC, or leave this file out."),
            Self::Unsupported(Unsupported::SampleRate(_)) => Some("Export the master at 44.1 to 192 kHz."),
            Self::Unsupported(Unsupported::Channels { .. }) => Some("Export a mix in stereo."),
            Self::Unsupported(_) => Some("Export the master as WAV, AIFF or FLAC."),
            Self::Damaged { .. } => Some("Copy or export the file again."),
            Self::Read(_) => Some("See that the disk is connected and that the file may be read."),
            Self::Write { .. } => Some("See that there is space on the disk and that the folder may be written to."),
            Self::Encode { .. } | Self::Cancelled => None,
        }
    }

    /// Whether the same call may succeed later with the same file: the trouble is with reading or writing, not with
    /// what the file holds.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Read(_) | Self::Write { .. } | Self::Cancelled)
    }
}

/// What a file that is not sound looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LooksLike {
    /// No bytes at all.
    #[error("it is empty")]
    Empty,
    /// Only zeros, as a copy leaves that was cut off on a full disk.
    #[error("it holds only zeros")]
    Zeros,
    /// Letters.
    #[error("it is text")]
    Text,
    /// A kind of file that is known by its first bytes.
    #[error("it is {0}")]
    Known(&'static str),
    /// Nothing that is known.
    #[error("its content is not that of any known audio format")]
    Unknown,
}

/// Sound that is not read here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// A file format or codec as a whole.
    #[error("{0}")]
    Format(&'static str),
    /// A form of a format that is otherwise read.
    #[error("{} with {form}", container_name(*container))]
    Form {
        /// The file format.
        container: Container,
        /// What is special about it.
        form: String,
    },
    /// A sample rate that no recording has.
    #[error("A sample rate of {0} Hz")]
    SampleRate(u32),
    /// More channels than the format of a rendition holds.
    #[error("{format} with {channels} channels")]
    Channels {
        /// The rendition's format.
        format: &'static str,
        /// The master's channels.
        channels: u16,
    },
}

/// The name of a file format as people write it.
pub(crate) fn container_name(container: Container) -> &'static str {
    match container {
        Container::Wav => "WAV",
        Container::Rf64 => "RF64",
        Container::Aiff => "AIFF",
        Container::Caf => "CAF",
        Container::Flac => "FLAC",
        Container::Mp4 => "M4A",
        Container::Mp3 => "MP3",
        Container::Adts => "AAC",
        Container::Ogg => "Ogg",
    }
}

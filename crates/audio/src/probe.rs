use release::AudioFormat;

use crate::{AudioError, LooksLike, Source};

/// What a file's header tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// How the file holds its sound, by content and never by name.
    pub format: AudioFormat,
    /// Frames that the header promises, where it promises any.
    pub declared_frames: Option<u64>,
}

/// Reads a source's header.
///
/// # Errors
/// [`AudioError::NotAudio`], [`AudioError::Unsupported`], [`AudioError::Damaged`] or [`AudioError::Read`].
pub fn probe(_source: impl Source) -> Result<Probe, AudioError> {
    Err(AudioError::NotAudio(LooksLike::Unknown))
}

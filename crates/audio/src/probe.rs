use release::AudioFormat;

use crate::decoder::Decoder;
use crate::{AudioError, Source};

/// What a file's header tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// How the file holds its sound, by content and never by name.
    pub format: AudioFormat,
    /// Frames that the header promises, where it promises any.
    pub declared_frames: Option<u64>,
}

/// Reads a source's header, and of coded sound the first packet.
///
/// # Errors
/// [`AudioError::NotAudio`], [`AudioError::Unsupported`], [`AudioError::Damaged`] or [`AudioError::Read`].
pub fn probe(source: impl Source) -> Result<Probe, AudioError> {
    let decoder = Decoder::open(source)?;
    Ok(Probe { format: decoder.format().clone(), declared_frames: decoder.declared_frames() })
}

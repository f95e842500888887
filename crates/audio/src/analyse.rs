use release::{AudioFacts, Loudness};
use serde::{Deserialize, Serialize};

use crate::{AudioError, Control, LooksLike, Source, Waveform};

/// What one pass over a recording tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Format, length, damage.
    pub facts: AudioFacts,
    /// How loud it is.
    pub loudness: Loudness,
    /// Its shape.
    pub waveform: Waveform,
}

/// Decodes a source from end to end, once. The caller keeps the source by passing `&mut` of it.
///
/// # Errors
/// [`AudioError`], where nothing can be decoded or the source cannot be read. Damage inside is in the facts instead.
pub fn analyse(_source: impl Source, _control: &Control) -> Result<Analysis, AudioError> {
    Err(AudioError::NotAudio(LooksLike::Unknown))
}

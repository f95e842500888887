use std::fmt;

use release::AudioFormat;

use crate::block::Samples;
use crate::decoder::Decoder;
use crate::{AudioError, Source};

/// Hands out a recording's samples, block by block, from any frame on. It decodes as [`crate::analyse`] does, so that
/// what is heard is what was measured.
pub struct SampleReader {
    decoder: Decoder<'static>,
    buffer: Vec<f32>,
}

impl SampleReader {
    /// Reads a source's header; the next sample is the first.
    ///
    /// # Errors
    /// As [`crate::probe`].
    pub fn open(source: impl Source + 'static) -> Result<Self, AudioError> {
        Ok(Self { decoder: Decoder::open(source)?, buffer: Vec::new() })
    }

    /// How the file holds its sound.
    #[must_use]
    pub fn format(&self) -> &AudioFormat {
        self.decoder.format()
    }

    /// Frames that the header promises, where it promises any.
    #[must_use]
    pub fn declared_frames(&self) -> Option<u64> {
        self.decoder.declared_frames()
    }

    /// Reads the next samples, interleaved, full scale being −1 to 1: those of a few thousand frames. None at the end, be it
    /// where the header says or not.
    ///
    /// # Errors
    /// [`AudioError::Read`].
    pub fn read(&mut self) -> Result<Option<&[f32]>, AudioError> {
        let depth = self.decoder.shape().depth;
        let Some(samples) = self.decoder.next()? else { return Ok(None) };
        match samples {
            Samples::Float(samples) => self.buffer = samples,
            integers => _ = integers.floats(depth, &mut self.buffer),
        }
        Ok(Some(&self.buffer))
    }

    /// Goes to a frame, counted from 0: the next sample is its first, or there is none where the sound is shorter. What
    /// then comes out is, but for codecs that fill in noise, what would have come out without going there.
    ///
    /// # Errors
    /// [`AudioError::Read`], and [`AudioError::Damaged`] where the file can only be read from its beginning.
    pub fn seek(&mut self, frame: u64) -> Result<(), AudioError> {
        self.decoder.seek(frame)
    }
}

impl fmt::Debug for SampleReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SampleReader").field("format", self.format()).finish_non_exhaustive()
    }
}

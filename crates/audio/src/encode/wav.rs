use std::path::Path;

use release::Tags;

use super::id3::id3v2;
use super::output::Output;
use super::riff_info::{chunk, riff_info};
use super::{Encoded, Spec};
use crate::{AudioError, Picture, Unsupported};

/// A WAV file with the plain format tag 0x0001, tags before the sound and nothing behind it: some stores refuse the
/// extensible format and any chunk after `data`.
pub struct WavFile {
    output: Output,
    spec: Spec,
    sound_start: u64,
    frames: u64,
    buffer: Vec<u8>,
}

impl WavFile {
    /// Begins a file of 8, 16, 24 or 32 bits, whose tags are a `LIST INFO` chunk. The file is removed again unless it
    /// is finished.
    ///
    /// # Errors
    /// [`AudioError::Write`], or [`AudioError::Encode`] where WAV has no place for the format.
    pub fn create(path: &Path, spec: Spec, tags: &Tags) -> Result<Self, AudioError> {
        Self::begin(path, spec, &riff_info(tags))
    }

    /// Begins a file that also holds an ID3v2 tag, for what INFO has no place: ISRC, UPC, disc, picture.
    ///
    /// # Errors
    /// As [`WavFile::create`].
    pub fn create_with_id3(
        path: &Path,
        spec: Spec,
        tags: &Tags,
        picture: Option<Picture<'_>>,
    ) -> Result<Self, AudioError> {
        Self::begin(path, spec, &[riff_info(tags), chunk(b"id3 ", &id3v2(tags, picture))].concat())
    }

    fn begin(path: &Path, spec: Spec, tags: &[u8]) -> Result<Self, AudioError> {
        if !(1..=255).contains(&spec.channels) {
            return Err(AudioError::Unsupported(Unsupported::Channels { format: "WAV", channels: spec.channels }));
        }
        let mut output = Output::create(path)?;
        if !matches!(spec.bits, 8 | 16 | 24 | 32) {
            return Err(output.refused(format!("WAV has no samples of {} bits", spec.bits)));
        }
        let frame_bytes = spec.channels * u16::from(spec.bits / 8);
        let mut format = Vec::new();
        format.extend(1_u16.to_le_bytes()); // PCM
        format.extend(spec.channels.to_le_bytes());
        format.extend(spec.sample_rate.to_le_bytes());
        format.extend((spec.sample_rate.saturating_mul(u32::from(frame_bytes))).to_le_bytes());
        format.extend(frame_bytes.to_le_bytes());
        format.extend(u16::from(spec.bits).to_le_bytes());
        output.write(b"RIFF\0\0\0\0WAVE")?;
        output.write(&chunk(b"fmt ", &format))?;
        output.write(tags)?;
        output.write(b"data\0\0\0\0")?;
        let sound_start = output.bytes();
        Ok(Self { output, spec, sound_start, frames: 0, buffer: Vec::new() })
    }

    /// Writes whole frames of interleaved samples.
    ///
    /// # Errors
    /// [`AudioError::Write`], or [`AudioError::Encode`] where a sample is out of range or the file grows beyond WAV's
    /// 4 GiB.
    pub fn write(&mut self, samples: &[i32]) -> Result<(), AudioError> {
        self.spec.check(samples).map_err(|reason| self.output.refused(reason))?;
        self.buffer.clear();
        match self.spec.bits {
            8 => self.buffer.extend(samples.iter().map(|sample| sample.to_le_bytes()[0] ^ 0x80)),
            16 => samples.iter().for_each(|sample| self.buffer.extend(&sample.to_le_bytes()[..2])),
            24 => samples.iter().for_each(|sample| self.buffer.extend(&sample.to_le_bytes()[..3])),
            _ => samples.iter().for_each(|sample| self.buffer.extend(sample.to_le_bytes())),
        }
        if self.output.bytes() + self.buffer.len() as u64 > u64::from(u32::MAX) {
            return Err(self.output.refused("it is longer than the 4 GiB that a WAV file can hold"));
        }
        self.frames += (samples.len() / usize::from(self.spec.channels)) as u64;
        self.output.write(&self.buffer)
    }

    /// Completes the file.
    ///
    /// # Errors
    /// [`AudioError::Write`].
    pub fn finish(mut self) -> Result<Encoded, AudioError> {
        let size = |bytes: u64| u32::try_from(bytes).expect("writing stops at 4 GiB").to_le_bytes();
        let sound = size(self.output.bytes() - self.sound_start);
        if self.output.bytes() % 2 == 1 {
            self.output.write(&[0])?;
        }
        let whole = size(self.output.bytes() - 8);
        self.output.overwrite(4, &whole)?;
        self.output.overwrite(self.sound_start - 4, &sound)?;
        Ok(Encoded { bytes: self.output.finish()?, frames: self.frames, notes: Vec::new() })
    }
}

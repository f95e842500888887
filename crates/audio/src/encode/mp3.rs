use std::path::Path;

use mp3lame_encoder::{
    Bitrate, Builder, Encoder, FlushGap, InterleavedPcm, Mode, MonoPcm, Quality, VbrMode, max_required_buffer_size,
};
use release::Tags;

use super::Encoded;
use super::id3::id3v2;
use super::output::Output;
use crate::{AudioError, Note, Picture, Unsupported};

/// An MP3 file at a constant bit rate, by LAME, with an ID3v2.4 tag and the LAME tag by which players trim the delay
/// and the padding that MP3 adds.
pub struct Mp3File {
    output: Output,
    encoder: Encoder,
    channels: u16,
    /// Where the first MP3 frame lies: that of the LAME tag.
    sound_start: u64,
    frames: u64,
    buffer: Vec<u8>,
    notes: Vec<Note>,
}

impl Mp3File {
    /// More than this does not fit into a tag with the rest.
    const LARGEST_PICTURE: usize = 200_000_000;

    /// Begins a file of one or two channels at 32, 44.1 or 48 kHz. The file is removed again unless it is finished.
    ///
    /// # Errors
    /// [`AudioError::Write`], or [`AudioError::Encode`] where MP3 has no place for the format.
    pub fn create(
        path: &Path,
        sample_rate: u32,
        channels: u16,
        kbps: u16,
        tags: &Tags,
        picture: Option<Picture<'_>>,
    ) -> Result<Self, AudioError> {
        if !matches!(channels, 1 | 2) {
            return Err(AudioError::Unsupported(Unsupported::Channels { format: "MP3", channels }));
        }
        let mut output = Output::create(path)?;
        let encoder = encoder(sample_rate, channels, kbps).map_err(|reason| output.refused(reason))?;
        let too_large = picture.filter(|picture| picture.bytes.len() > Self::LARGEST_PICTURE);
        let picture = if too_large.is_some() { None } else { picture };
        let notes = too_large.map(|picture| Note::PictureTooLarge { bytes: picture.bytes.len() as u64 });
        output.write(&id3v2(tags, picture))?;
        let sound_start = output.bytes();
        let notes = notes.into_iter().collect();
        Ok(Self { output, encoder, channels, sound_start, frames: 0, buffer: Vec::new(), notes })
    }

    /// Writes whole frames of interleaved samples as parts of full scale.
    ///
    /// # Errors
    /// [`AudioError::Write`] or [`AudioError::Encode`].
    pub fn write(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        let frames = samples.len() / usize::from(self.channels);
        self.buffer.clear();
        self.buffer.reserve(max_required_buffer_size(frames));
        let encoded = match self.channels {
            1 => self.encoder.encode_to_vec(MonoPcm(samples), &mut self.buffer),
            _ => self.encoder.encode_to_vec(InterleavedPcm(samples), &mut self.buffer),
        };
        encoded.map_err(|error| self.output.refused(format!("LAME says: {error}")))?;
        self.frames += frames as u64;
        self.output.write(&self.buffer)
    }

    /// Completes the file.
    ///
    /// # Errors
    /// [`AudioError::Write`] or [`AudioError::Encode`].
    pub fn finish(mut self) -> Result<Encoded, AudioError> {
        self.buffer.clear();
        self.buffer.reserve(max_required_buffer_size(0));
        // The flush that leaves no gap would lose the last 30 ms.
        let flushed = self.encoder.flush_to_vec::<FlushGap>(&mut self.buffer);
        flushed.map_err(|error| self.output.refused(format!("LAME says: {error}")))?;
        self.output.write(&self.buffer)?;
        // LAME left a frame empty for its tag, which tells the delay and the padding.
        let mut tag = Vec::with_capacity(self.encoder.lame_tag_size());
        if self.encoder.lame_tag_encode_to_vec(&mut tag).is_some() {
            self.output.overwrite(self.sound_start, &tag)?;
        }
        Ok(Encoded { bytes: self.output.finish()?, frames: self.frames, notes: self.notes })
    }
}

fn encoder(sample_rate: u32, channels: u16, kbps: u16) -> Result<Encoder, String> {
    const BIT_RATES: [Bitrate; 9] = [
        Bitrate::Kbps64,
        Bitrate::Kbps96,
        Bitrate::Kbps112,
        Bitrate::Kbps128,
        Bitrate::Kbps160,
        Bitrate::Kbps192,
        Bitrate::Kbps224,
        Bitrate::Kbps256,
        Bitrate::Kbps320,
    ];
    let bit_rate = BIT_RATES.into_iter().find(|rate| *rate as u16 == kbps);
    let bit_rate = bit_rate.ok_or_else(|| format!("there is no MP3 of {kbps} kbit/s"))?;
    let (count, mode) = if channels == 1 { (1, Mode::Mono) } else { (2, Mode::JointStereo) };
    let builder = Builder::new().ok_or("there is no memory for it")?;
    builder
        .with_num_channels(count)
        .and_then(|builder| builder.with_sample_rate(sample_rate))
        .and_then(|builder| builder.with_mode(mode))
        .and_then(|builder| builder.with_brate(bit_rate))
        .and_then(|builder| builder.with_vbr_mode(VbrMode::Off))
        // LAME's own default for constant bit rates.
        .and_then(|builder| builder.with_quality(Quality::VeryNice))
        .and_then(|builder| builder.with_to_write_vbr_tag(true))
        .and_then(Builder::build)
        .map_err(|error| format!("LAME says: {error}"))
}

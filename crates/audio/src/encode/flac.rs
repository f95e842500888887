use std::path::Path;

use release::Tags;

use super::libflac::{LibFlac, StreamFacts};
use super::output::Output;
use super::vorbis_comment::vorbis_comment;
use super::{Encoded, Spec};
use crate::picture::mime;
use crate::{AudioError, Note, Picture, Unsupported};

/// A FLAC file (RFC 9639), by libFLAC, the reference encoder.
pub struct FlacFile {
    output: Output,
    encoder: LibFlac,
    spec: Spec,
    frames: u64,
    buffer: Vec<u8>,
    notes: Vec<Note>,
}

impl FlacFile {
    /// Where STREAMINFO lies: behind `fLaC` and the head of its block.
    const STREAM_INFO: u64 = 8;

    /// Begins a file of 4 to 32 bits and up to 8 channels. `level` is libFLAC's compression level, 0 to 8. The file is
    /// removed again unless it is finished.
    ///
    /// # Errors
    /// [`AudioError::Write`], or [`AudioError::Encode`] where FLAC has no place for the format.
    pub fn create(
        path: &Path,
        spec: Spec,
        level: u8,
        tags: &Tags,
        picture: Option<Picture<'_>>,
    ) -> Result<Self, AudioError> {
        if !(1..=8).contains(&spec.channels) {
            return Err(AudioError::Unsupported(Unsupported::Channels { format: "FLAC", channels: spec.channels }));
        }
        let mut output = Output::create(path)?;
        if !(4..=32).contains(&spec.bits) {
            return Err(output.refused(format!("FLAC has no samples of {} bits", spec.bits)));
        }
        let encoder = LibFlac::new(spec, level).map_err(|reason| output.refused(reason))?;
        let mut notes = Vec::new();
        let picture = picture.and_then(|picture| match picture_block(&picture) {
            Some(block) => Some(block),
            None => {
                notes.push(Note::PictureTooLarge { bytes: picture.bytes.len() as u64 });
                None
            }
        });
        output.write(b"fLaC")?;
        output.write(&block(BlockKind::StreamInfo, &stream_info(spec, StreamFacts::default()), false))?;
        output.write(&block(BlockKind::VorbisComment, &vorbis_comment(tags), picture.is_none()))?;
        if let Some(picture) = picture {
            output.write(&picture)?;
        }
        Ok(Self { output, encoder, spec, frames: 0, buffer: Vec::new(), notes })
    }

    /// Writes whole frames of interleaved samples.
    ///
    /// # Errors
    /// [`AudioError::Write`], or [`AudioError::Encode`] where a sample is out of range.
    pub fn write(&mut self, samples: &[i32]) -> Result<(), AudioError> {
        self.spec.check(samples).map_err(|reason| self.output.refused(reason))?;
        self.buffer.clear();
        self.encoder.encode(samples, &mut self.buffer).map_err(|reason| self.output.refused(reason))?;
        self.frames += (samples.len() / usize::from(self.spec.channels)) as u64;
        self.output.write(&self.buffer)
    }

    /// Completes the file.
    ///
    /// # Errors
    /// [`AudioError::Write`] or [`AudioError::Encode`].
    pub fn finish(self) -> Result<Encoded, AudioError> {
        let Self { mut output, encoder, spec, frames, mut buffer, notes } = self;
        buffer.clear();
        let facts = encoder.finish(&mut buffer).map_err(|reason| output.refused(reason))?;
        output.write(&buffer)?;
        output.overwrite(Self::STREAM_INFO, &stream_info(spec, facts))?;
        Ok(Encoded { bytes: output.finish()?, frames, notes })
    }
}

#[derive(Clone, Copy)]
enum BlockKind {
    StreamInfo = 0,
    VorbisComment = 4,
    Picture = 6,
}

fn block(kind: BlockKind, content: &[u8], is_last: bool) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap_or(u32::MAX).min(0x00ff_ffff);
    let head = u32::from(is_last) << 31 | (kind as u32) << 24 | size;
    [&head.to_be_bytes(), content].concat()
}

/// STREAMINFO (RFC 9639, 8.2).
fn stream_info(spec: Spec, facts: StreamFacts) -> [u8; 34] {
    let mut bytes = [0; 34];
    bytes[..2].copy_from_slice(&facts.min_block_frames.to_be_bytes());
    bytes[2..4].copy_from_slice(&facts.max_block_frames.to_be_bytes());
    bytes[4..7].copy_from_slice(&facts.min_frame_bytes.to_be_bytes()[1..]);
    bytes[7..10].copy_from_slice(&facts.max_frame_bytes.to_be_bytes()[1..]);
    let packed = u64::from(spec.sample_rate) << 44
        | u64::from(spec.channels - 1) << 41
        | u64::from(spec.bits - 1) << 36
        | facts.total_frames & 0xf_ffff_ffff;
    bytes[10..18].copy_from_slice(&packed.to_be_bytes());
    bytes[18..].copy_from_slice(&facts.md5);
    bytes
}

/// The picture as a front cover (RFC 9639, 8.8), the last block; none where it is larger than a block can be.
fn picture_block(picture: &Picture<'_>) -> Option<Vec<u8>> {
    const FRONT_COVER: u32 = 3;
    const BITS_A_PIXEL: u32 = 24;
    const MOST: usize = 0x00ff_ffff;
    let mime = mime(picture.format);
    let mut content = Vec::new();
    content.extend(FRONT_COVER.to_be_bytes());
    content.extend(u32::try_from(mime.len()).ok()?.to_be_bytes());
    content.extend(mime.as_bytes());
    content.extend(0_u32.to_be_bytes()); // no description
    content.extend(picture.width.to_be_bytes());
    content.extend(picture.height.to_be_bytes());
    content.extend(BITS_A_PIXEL.to_be_bytes());
    content.extend(0_u32.to_be_bytes()); // no palette
    content.extend(u32::try_from(picture.bytes.len()).ok()?.to_be_bytes());
    content.extend(picture.bytes);
    (content.len() <= MOST).then(|| block(BlockKind::Picture, &content, true))
}

//! The encoders by themselves: each writes a file from samples in memory, with tags and picture. Made for programs that
//! compose or convert sound; [`crate::render`] is built on them.
//!
//! ```
//! use audio::encode::{FlacFile, Spec};
//! use release::{Tag, Tags};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("tone.flac");
//! let mut tags = Tags::default();
//! tags.set(Tag::Title, "Tone".to_owned());
//! let spec = Spec { sample_rate: 48_000, channels: 2, bits: 24 };
//! let mut file = FlacFile::create(&path, spec, 8, &tags, None)?;
//! file.write(&[0, 0, 8_388_607, -8_388_608])?; // two frames of two channels
//! let encoded = file.finish()?;
//! assert_eq!(encoded.frames, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod flac;
mod id3;
mod language;
mod libflac;
mod mp3;
mod output;
mod riff_info;
mod vorbis_comment;
mod wav;

pub use flac::FlacFile;
pub use mp3::Mp3File;
pub use wav::WavFile;

use crate::Note;

/// How integer samples are to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// Frames a second, in Hz.
    pub sample_rate: u32,
    /// Channels, whose samples are interleaved.
    pub channels: u16,
    /// Bits a sample: −2^(bits − 1) to 2^(bits − 1) − 1.
    pub bits: u8,
}

impl Spec {
    /// Why samples cannot be written so.
    fn check(self, samples: &[i32]) -> Result<(), String> {
        let (least, most) = (i32::MIN >> (32 - self.bits), i32::MAX >> (32 - self.bits));
        let (low, high) = samples.iter().fold((0, 0), |(low, high), s| (*s.min(&low), *s.max(&high)));
        if low < least || high > most {
            return Err(format!("a sample is beyond {} bits", self.bits));
        }
        if !samples.len().is_multiple_of(usize::from(self.channels)) {
            return Err("the samples end within a frame".to_owned());
        }
        Ok(())
    }
}

/// A file that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Its size.
    pub bytes: u64,
    /// The frames that went into it.
    pub frames: u64,
    /// What a person should know about it.
    pub notes: Vec<Note>,
}

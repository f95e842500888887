//! Sound: decode, analyse, resample, encode, tag. No network.
//!
//! - [`probe`] reads a header, [`analyse`] a whole file: facts, loudness, waveform.
//! - [`render`] makes any number of renditions of a master in one decode (feature `encode`).
//! - [`SampleReader`] hands out samples from any frame on, for playing, and [`Resampler`] changes their rate.
//! - [`encode`] holds the encoders by themselves.
//!
//! Read are WAV, RF64, BW64, AIFF and AIFF-C with plain samples; CAF with plain samples or ALAC; FLAC, also in Ogg; ALAC
//! and AAC in M4A; MP3; AAC in ADTS; Ogg Vorbis. What a file is, its content says and never its name. Anything else is
//! named as well as can be. Damage is not an error as long as something can be decoded: it is in the facts.
//!
//! Everything is synchronous and takes memory that does not grow with a file's length.

mod analyse;
mod block;
mod coded;
mod control;
mod decoder;
#[cfg(feature = "encode")]
mod dither;
#[cfg(feature = "encode")]
pub mod encode;
mod error;
mod meter;
mod mpeg;
#[cfg(feature = "encode")]
mod note;
mod pcm;
mod picture;
mod probe;
#[cfg(feature = "encode")]
mod render;
mod resample;
mod sample_reader;
mod sniff;
mod source;
mod waveform;

pub use analyse::{Analysis, analyse};
pub use control::Control;
pub use error::{AudioError, LooksLike, Unsupported};
#[cfg(feature = "encode")]
pub use note::Note;
pub use picture::Picture;
pub use probe::{Probe, probe};
#[cfg(feature = "encode")]
pub use render::{Order, Rendered, Rendition, render};
pub use resample::Resampler;
pub use sample_reader::SampleReader;
pub use source::Source;
pub use waveform::{Bin, Waveform};

use release::{Codec, Loudness, profile::Encoding};

use super::Order;
use super::excerpt::Excerpt;
use super::feed::{Halt, Inlet};
use super::order::Rendition;
use crate::block::{Depth, Samples, Shape};
use crate::dither::Quantiser;
use crate::encode::{Encoded, FlacFile, Mp3File, Spec, WavFile};
use crate::meter::Meter;
use crate::{AudioError, Control, Note};

/// Makes a rendition of the blocks that come in. Its loudness is that of an excerpt, or else none.
pub(super) fn make(
    inlet: &Inlet,
    order: &Order<'_>,
    shape: Shape,
    master: Codec,
    control: &Control,
) -> Result<Rendition, Halt> {
    let Some(excerpt) = order.profile.excerpt else {
        let mut file = RenditionFile::create(order, shape)?;
        while let Some(block) = inlet.next()? {
            file.write(&block)?;
        }
        return Ok(file.finish(master, Loudness::default())?);
    };
    let mut excerpt = Excerpt::new(excerpt, order.preview_start, shape.sample_rate, shape.channels);
    let mut floats = Vec::new();
    // Every block is awaited: an end that is not announced means that the rest of the work failed.
    while let Some(block) = inlet.next()? {
        if !excerpt.is_complete() {
            excerpt.push(block.floats(shape.depth, &mut floats));
        }
    }
    let shape = Shape { depth: Depth::Float, ..shape };
    let mut file = RenditionFile::create(order, shape)?;
    let mut meter = Meter::new(shape);
    for piece in excerpt.finish().chunks(4096 * usize::from(shape.channels)) {
        control.check()?;
        let piece = Samples::Float(piece.to_vec());
        meter.add(&piece);
        file.write(&piece)?;
    }
    Ok(file.finish(master, meter.loudness())?)
}

/// A file of any format, with what turns samples into those that it holds.
struct RenditionFile {
    encoder: Encoder,
    shape: Shape,
    floats: Vec<f32>,
    integers: Vec<i32>,
}

enum Encoder {
    Flac(FlacFile, Quantiser, u8),
    Wav(WavFile, Quantiser, u8),
    Mp3(Box<Mp3File>),
}

impl RenditionFile {
    /// What a floating-point master becomes in FLAC.
    const BITS_OF_FLOAT: u8 = 24;

    fn create(order: &Order<'_>, shape: Shape) -> Result<Self, AudioError> {
        let Shape { sample_rate, channels, depth } = shape;
        let picture = order.picture.filter(|_| order.profile.picture);
        let spec = |bits| Spec { sample_rate, channels, bits };
        let encoder = match order.profile.encoding {
            Encoding::Flac { level } => {
                let bits = match depth {
                    Depth::Int(bits) => bits,
                    Depth::Float => Self::BITS_OF_FLOAT,
                };
                let file = FlacFile::create(&order.path, spec(bits), level, order.tags, picture)?;
                Encoder::Flac(file, Quantiser::new(depth, bits), bits)
            }
            Encoding::Wav { bits } => {
                let file = WavFile::create(&order.path, spec(bits), order.tags)?;
                Encoder::Wav(file, Quantiser::new(depth, bits), bits)
            }
            Encoding::Mp3 { kbps } => {
                let file = Mp3File::create(&order.path, sample_rate, channels, kbps, order.tags, picture)?;
                Encoder::Mp3(Box::new(file))
            }
        };
        Ok(Self { encoder, shape, floats: Vec::new(), integers: Vec::new() })
    }

    fn write(&mut self, samples: &Samples) -> Result<(), AudioError> {
        match &mut self.encoder {
            Encoder::Flac(file, quantiser, _) => file.write(quantiser.quantise(samples, &mut self.integers)),
            Encoder::Wav(file, quantiser, _) => file.write(quantiser.quantise(samples, &mut self.integers)),
            Encoder::Mp3(file) => file.write(samples.floats(self.shape.depth, &mut self.floats)),
        }
    }

    fn finish(self, master: Codec, loudness: Loudness) -> Result<Rendition, AudioError> {
        let Shape { sample_rate, channels, .. } = self.shape;
        let (encoded, quantiser, bit_depth) = match self.encoder {
            Encoder::Flac(file, quantiser, bits) => (file.finish()?, Some(quantiser), Some(bits)),
            Encoder::Wav(file, quantiser, bits) => (file.finish()?, Some(quantiser), Some(bits)),
            Encoder::Mp3(file) => (file.finish()?, None, None),
        };
        let Encoded { bytes, frames, mut notes } = encoded;
        let dithered = quantiser.as_ref().is_some_and(Quantiser::dithers);
        let clipped = quantiser.as_ref().map_or(0, Quantiser::clipped);
        if let (Codec::PcmFloat, Some(bits)) = (master, bit_depth) {
            notes.push(Note::FromFloat { bits });
        }
        if clipped > 0 {
            notes.push(Note::Clipped { samples: clipped });
        }
        Ok(Rendition { bytes, sample_rate, bit_depth, channels, frames, loudness, dithered, notes })
    }
}

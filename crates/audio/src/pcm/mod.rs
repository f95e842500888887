//! Plain samples: WAV, RF64, BW64, AIFF and CAF. They are read here and not by symphonia, which knows no RF64, fails on
//! an AIFF that was cut off and on headers that recorders leave behind, and reads 1,152 frames at a time.

mod aiff;
mod caf;
mod wav;

use std::io::{self, Read, Seek as _, SeekFrom};

use release::{AudioFormat, Codec, Container};

use crate::block::{Depth, Samples, Shape};
use crate::source::Watched;
use crate::{AudioError, Unsupported};

/// Where the samples of a file are and how they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    container: Container,
    encoding: Encoding,
    channels: u16,
    sample_rate: u32,
    /// Frames that the header promises; none where it leaves that open and the samples go on to the end.
    declared_frames: Option<u64>,
    /// Bytes that belong to the sound, where the header tells.
    sound_bytes: Option<u64>,
}

/// How a sample is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// An integer in so many bytes, of whose bits the upper `bits` count.
    Int { bytes: u8, bits: u8, order: Order, is_unsigned: bool },
    /// A floating-point number in 4 or 8 bytes.
    Float { bytes: u8, order: Order },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// What a header led to.
pub(crate) enum Header {
    /// The source stands at the first sample.
    Plain(Layout),
    /// A form of the format that symphonia may know.
    Coded,
}

/// Reads the header of a file that begins as one of these formats.
pub(crate) fn read_header(source: &mut Watched<'_>, container: Container) -> Result<Header, AudioError> {
    let header = match container {
        Container::Wav | Container::Rf64 => wav::read_header(source, container).map(Header::Plain),
        Container::Aiff => aiff::read_header(source).map(Header::Plain),
        Container::Caf => caf::read_header(source),
        _ => return Ok(Header::Coded),
    };
    header.map_err(|error| match error {
        AudioError::Read(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            AudioError::Damaged { container, reason: "it ends within its header".to_owned() }
        }
        other => other,
    })
}

impl Layout {
    fn frame_bytes(&self) -> usize {
        usize::from(self.encoding.bytes()) * usize::from(self.channels)
    }

    pub(crate) fn format(&self) -> AudioFormat {
        let (codec, bits) = match self.encoding {
            Encoding::Int { bits, .. } => (Codec::Pcm, bits),
            Encoding::Float { bytes, .. } => (Codec::PcmFloat, bytes * 8),
        };
        AudioFormat {
            container: self.container,
            codec,
            sample_rate: self.sample_rate,
            bit_depth: Some(bits),
            channels: self.channels,
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        let depth = match self.encoding {
            Encoding::Int { bits, .. } => Depth::Int(bits),
            Encoding::Float { .. } => Depth::Float,
        };
        Shape { sample_rate: self.sample_rate, channels: self.channels, depth }
    }

    pub(crate) fn declared_frames(&self) -> Option<u64> {
        self.declared_frames
    }

    /// Frames that are read at most.
    fn most_frames(&self) -> u64 {
        let declared = self.declared_frames.unwrap_or(u64::MAX);
        declared.min(self.frames_by_bytes().unwrap_or(u64::MAX))
    }

    /// Frames that fit into the bytes of the sound, where the header tells those.
    fn frames_by_bytes(&self) -> Option<u64> {
        self.sound_bytes.map(|bytes| bytes / self.frame_bytes() as u64)
    }
}

impl Encoding {
    /// Integers of `bits` in `bytes`. Depths between the usual ones (20 bit) count as the next byte's, since files
    /// that claim them often use the bits below.
    fn int(bytes: u16, bits: u16, order: Order, is_unsigned: bool) -> Option<Self> {
        let bytes = u8::try_from(bytes).ok().filter(|bytes| (1..=4).contains(bytes))?;
        let whole = u8::try_from(bits).ok()?.checked_next_multiple_of(8).filter(|w| (8..=bytes * 8).contains(w))?;
        Some(Self::Int { bytes, bits: whole, order, is_unsigned })
    }

    fn float(bits: u16, order: Order) -> Option<Self> {
        match bits {
            32 => Some(Self::Float { bytes: 4, order }),
            64 => Some(Self::Float { bytes: 8, order }),
            _ => None,
        }
    }

    fn bytes(self) -> u8 {
        match self {
            Self::Int { bytes, .. } | Self::Float { bytes, .. } => bytes,
        }
    }

    fn decode(self, bytes: &[u8]) -> Samples {
        match self {
            Self::Int { bytes: width, bits, order, is_unsigned } => {
                let flip = if is_unsigned { 0x8000_0000 } else { 0 };
                let sample = |upper: u32| (upper ^ flip).cast_signed() >> (32 - bits);
                Samples::Int(match (width, order) {
                    (1, _) => bytes.iter().map(|b| sample(u32::from(*b) << 24)).collect(),
                    (2, Order::Little) => each(bytes, |[a, b]| sample(u32::from_le_bytes([0, 0, a, b]))),
                    (2, Order::Big) => each(bytes, |[a, b]| sample(u32::from_be_bytes([a, b, 0, 0]))),
                    (3, Order::Little) => each(bytes, |[a, b, c]| sample(u32::from_le_bytes([0, a, b, c]))),
                    (3, Order::Big) => each(bytes, |[a, b, c]| sample(u32::from_be_bytes([a, b, c, 0]))),
                    (_, Order::Little) => each(bytes, |four| sample(u32::from_le_bytes(four))),
                    (_, Order::Big) => each(bytes, |four| sample(u32::from_be_bytes(four))),
                })
            }
            Self::Float { bytes: width, order } => Samples::Float(match (width, order) {
                (4, Order::Little) => each(bytes, |four| finite(f32::from_le_bytes(four))),
                (4, Order::Big) => each(bytes, |four| finite(f32::from_be_bytes(four))),
                (_, Order::Little) => each(bytes, |eight| finite(narrow(f64::from_le_bytes(eight)))),
                (_, Order::Big) => each(bytes, |eight| finite(narrow(f64::from_be_bytes(eight)))),
            }),
        }
    }
}

fn each<const N: usize, T>(bytes: &[u8], sample: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|chunk| sample(*chunk)).collect()
}

/// 64-bit samples are kept to the 24 bits that any rendition of them has.
#[expect(clippy::cast_possible_truncation, reason = "rounding to 24 bits is meant")]
fn narrow(sample: f64) -> f32 {
    sample as f32
}

/// What is no number is silence; it would make everything after it in a filter no number too.
fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample } else { 0.0 }
}

/// Reads plain samples one block after the other.
pub(crate) struct PcmReader<'s> {
    source: Watched<'s>,
    layout: Layout,
    /// Where the first sample is.
    start: u64,
    frames_left: u64,
    bytes: Vec<u8>,
}

impl<'s> PcmReader<'s> {
    /// The source stands at the first sample.
    pub(crate) fn new(source: Watched<'s>, layout: Layout) -> Self {
        let (start, frames_left) = (source.position(), layout.most_frames());
        Self { source, layout, start, frames_left, bytes: Vec::new() }
    }

    /// Goes to a frame: the next sample is its first, or there is none where the sound is shorter.
    pub(crate) fn seek(&mut self, frame: u64) -> io::Result<()> {
        let offset = frame.saturating_mul(self.layout.frame_bytes() as u64);
        self.source.seek(SeekFrom::Start(self.start.saturating_add(offset)))?;
        self.frames_left = self.layout.most_frames().saturating_sub(frame);
        Ok(())
    }

    /// The next samples; none at the end of the file or of what the header promises.
    pub(crate) fn next(&mut self) -> io::Result<Option<Samples>> {
        const BLOCK_BYTES: usize = 64 * 1024;
        let frame_bytes = self.layout.frame_bytes();
        let frames = (BLOCK_BYTES / frame_bytes).max(1);
        let frames = frames.min(usize::try_from(self.frames_left).unwrap_or(usize::MAX));
        self.bytes.clear();
        self.source.by_ref().take((frames * frame_bytes) as u64).read_to_end(&mut self.bytes)?;
        let whole = self.bytes.len() / frame_bytes;
        if whole == 0 {
            return Ok(None);
        }
        self.frames_left -= whole as u64;
        Ok(Some(self.layout.encoding.decode(&self.bytes[..whole * frame_bytes])))
    }
}

fn unsupported(container: Container, form: impl Into<String>) -> AudioError {
    AudioError::Unsupported(Unsupported::Form { container, form: form.into() })
}

fn damaged(container: Container, reason: impl Into<String>) -> AudioError {
    AudioError::Damaged { container, reason: reason.into() }
}

fn read_array<const N: usize>(source: &mut impl Read) -> Result<[u8; N], AudioError> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes).map_err(AudioError::Read)?;
    Ok(bytes)
}

/// Reads a small chunk as a whole, of which more than `most` bytes are not looked at.
fn read_chunk(source: &mut Watched<'_>, bytes: u64, most: u64) -> Result<Vec<u8>, AudioError> {
    let mut content = Vec::new();
    source.by_ref().take(bytes.min(most)).read_to_end(&mut content).map_err(AudioError::Read)?;
    skip(source, bytes.saturating_sub(most))?;
    Ok(content)
}

fn skip(source: &mut Watched<'_>, bytes: u64) -> Result<(), AudioError> {
    source.skip(bytes).map_err(AudioError::Read)
}

/// Reads the bytes of a file to the end.
#[cfg(test)]
fn decoded(bytes: &[u8], container: Container) -> Result<(Layout, Samples), AudioError> {
    let mut source = Watched::new(io::Cursor::new(bytes.to_vec())).map_err(AudioError::Read)?;
    let Header::Plain(layout) = read_header(&mut source, container)? else { panic!("it is coded") };
    let mut reader = PcmReader::new(source, layout.clone());
    let samples = reader.next().map_err(AudioError::Read)?;
    Ok((layout.clone(), samples.unwrap_or(Samples::empty(layout.shape().depth))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_keep_their_exact_value() {
        use Order::{Big, Little};
        let int = |bytes, bits, order, unsigned| Encoding::int(bytes, bits, order, unsigned).unwrap();
        let cases: &[(Encoding, &[u8], &[i32])] = &[
            (int(1, 8, Little, true), &[0, 128, 255], &[-128, 0, 127]),
            (int(1, 8, Big, false), &[0x80, 0, 0x7f], &[-128, 0, 127]),
            (int(2, 16, Little, false), &[0x01, 0x80, 0xff, 0xff], &[-32767, -1]),
            (int(2, 16, Big, false), &[0x80, 0x01, 0x7f, 0xff], &[-32767, 32767]),
            (int(3, 24, Little, false), &[1, 0, 0x80, 1, 0, 0], &[-8_388_607, 1]),
            (int(3, 24, Big, false), &[0x80, 0, 1, 0, 0, 1], &[-8_388_607, 1]),
            (int(4, 24, Little, false), &[0, 1, 0, 0x80], &[-8_388_607]),
            (int(4, 32, Little, false), &[1, 0, 0, 0x80], &[-2_147_483_647]),
            (int(3, 20, Little, false), &[0x10, 0, 0], &[16]),
        ];
        for (encoding, bytes, samples) in cases {
            assert_eq!(encoding.decode(bytes), Samples::Int(samples.to_vec()), "{encoding:?}");
        }
    }
}

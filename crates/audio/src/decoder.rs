use release::{AudioFacts, AudioFormat};

use crate::block::{Samples, Shape};
use crate::coded::CodedReader;
use crate::pcm::{Header, PcmReader, read_header};
use crate::sniff::sniff;
use crate::source::{Source, Watch, Watched};
use crate::{AudioError, Unsupported};

/// Decodes any file that is read here, block by block.
pub(crate) struct Decoder<'s> {
    reader: Reader<'s>,
    format: AudioFormat,
    shape: Shape,
    declared_frames: Option<u64>,
    frames: u64,
    bytes: u64,
    watch: Watch,
}

enum Reader<'s> {
    Plain(PcmReader<'s>),
    Coded(Box<CodedReader<'s>>),
}

impl<'s> Decoder<'s> {
    /// Frames that a block has at least, unless it is the last.
    const BLOCK_FRAMES: usize = 4096;

    pub(crate) fn open(source: impl Source + 's) -> Result<Self, AudioError> {
        let mut source = Watched::new(source).map_err(AudioError::Read)?;
        let (watch, bytes) = (source.watch(), source.bytes());
        let opened = sniff(&mut source).and_then(|found| {
            let header = read_header(&mut source, found.container)?;
            Ok(match header {
                Header::Plain(layout) => {
                    let (format, shape, declared) = (layout.format(), layout.shape(), layout.declared_frames());
                    (Reader::Plain(PcmReader::new(source, layout)), format, shape, declared)
                }
                Header::Coded => {
                    let reader = CodedReader::open(source, found)?;
                    let (format, shape, declared) = (reader.format(), reader.shape(), reader.declared_frames());
                    (Reader::Coded(Box::new(reader)), format, shape, declared)
                }
            })
        });
        if let Some(fault) = watch.take_fault() {
            return Err(AudioError::Read(fault));
        }
        let (reader, format, shape, declared_frames) = opened?;
        check_bounds(&format)?;
        Ok(Self { reader, format, shape, declared_frames, frames: 0, bytes, watch })
    }

    pub(crate) fn format(&self) -> &AudioFormat {
        &self.format
    }

    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    pub(crate) fn declared_frames(&self) -> Option<u64> {
        self.declared_frames
    }

    /// The next samples; none at the end, be it the right one or not: [`Decoder::facts`] tells.
    pub(crate) fn next(&mut self) -> Result<Option<Samples>, AudioError> {
        let enough = Self::BLOCK_FRAMES * usize::from(self.shape.channels);
        let mut block = Samples::empty(self.shape.depth);
        while block.len() < enough {
            let Some(samples) = self.next_samples()? else { break };
            match (&mut block, samples) {
                (block, samples) if block.is_empty() => *block = samples,
                (Samples::Int(block), Samples::Int(samples)) => block.extend(samples),
                (Samples::Float(block), Samples::Float(samples)) => block.extend(samples),
                _ => unreachable!("a decoder does not change its depth"),
            }
        }
        self.frames += (block.len() / usize::from(self.shape.channels)) as u64;
        Ok(Some(block).filter(|block| !block.is_empty()))
    }

    /// Goes to a frame: the next sample is its first, or there is none where the sound is shorter.
    pub(crate) fn seek(&mut self, frame: u64) -> Result<(), AudioError> {
        let found = match &mut self.reader {
            Reader::Plain(reader) => reader.seek(frame).is_ok(),
            Reader::Coded(reader) => reader.seek(frame),
        };
        if let Some(fault) = self.watch.take_fault() {
            return Err(AudioError::Read(fault));
        }
        if !found {
            let reason = "it can only be read from its beginning".to_owned();
            return Err(AudioError::Damaged { container: self.format.container, reason });
        }
        self.frames = frame;
        Ok(())
    }

    fn next_samples(&mut self) -> Result<Option<Samples>, AudioError> {
        let samples = match &mut self.reader {
            Reader::Plain(reader) => reader.next().ok().flatten(),
            Reader::Coded(reader) => reader.next(),
        };
        match self.watch.take_fault() {
            Some(fault) => Err(AudioError::Read(fault)),
            None => Ok(samples),
        }
    }

    /// How much of the file was read, 0 to 1.
    pub(crate) fn fraction(&self) -> f64 {
        match self.declared_frames {
            Some(declared) => ratio(self.frames, declared),
            None => ratio(self.watch.furthest(), self.bytes),
        }
    }

    /// What was found up to now; of the whole file once there is no next block.
    pub(crate) fn facts(&self) -> AudioFacts {
        let (declared_frames, undecodable_packets) = match &self.reader {
            Reader::Plain(_) => (self.declared_frames, 0),
            Reader::Coded(reader) => (reader.declared_frames_after(self.frames), reader.undecodable_packets()),
        };
        AudioFacts { format: self.format.clone(), frames: self.frames, declared_frames, undecodable_packets }
    }
}

#[expect(clippy::cast_precision_loss, reason = "it is shown, not counted with")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Keeps what a header claims from deciding how much memory is taken.
fn check_bounds(format: &AudioFormat) -> Result<(), AudioError> {
    const MOST_CHANNELS: u16 = 32;
    const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;
    if !RATES.contains(&format.sample_rate) {
        return Err(AudioError::Unsupported(Unsupported::SampleRate(format.sample_rate)));
    }
    if format.channels > MOST_CHANNELS {
        let form = format!("{} channels", format.channels);
        return Err(AudioError::Unsupported(Unsupported::Form { container: format.container, form }));
    }
    Ok(())
}

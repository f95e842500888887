//! Coded sound, by symphonia.

mod codec;
mod seek;

use std::panic::{AssertUnwindSafe, catch_unwind};

use release::{AudioFormat, Codec, Container};
use symphonia::core::audio::{Channels, GenericAudioBufferRef};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::default::formats::{AdtsReader, CafReader, FlacReader, IsoMp4Reader, MpaReader, OggReader};

use self::codec::{alac_packet_frames, bits, codec, unsupported};
use self::seek::Clock;
use crate::block::{Depth, Samples, Shape};
use crate::sniff::Found;
use crate::source::Watched;
use crate::{AudioError, Unsupported};

/// Decodes coded sound one packet after the other.
pub(crate) struct CodedReader<'s> {
    format: AudioFormat,
    depth: Depth,
    declared_frames: Option<u64>,
    /// Frames of a packet, where the declared frames are but a count of packets, the last of which may be shorter.
    packet_frames: Option<u64>,
    found: Found,
    /// None once it could not be made anew.
    demuxer: Option<Box<dyn FormatReader + 's>>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// The first packet, which was decoded to know the shape for certain.
    first: Option<Samples>,
    undecodable_packets: u64,
    has_ended: bool,
    clock: Clock,
}

impl<'s> CodedReader<'s> {
    pub(crate) fn open(source: Watched<'s>, found: Found) -> Result<Self, AudioError> {
        contained(|| Self::try_open(source, found)).unwrap_or_else(|| {
            let reason = "its description makes no sense".to_owned();
            Err(AudioError::Damaged { container: found.container, reason })
        })
    }

    fn try_open(source: Watched<'s>, found: Found) -> Result<Self, AudioError> {
        let container = found.container;
        let stream = MediaSourceStream::new(Box::new(source), Default::default());
        let demuxer = demuxer(stream, found).map_err(|error| translate(&error, container))?;
        let no_sound = || AudioError::Damaged { container, reason: "it has no sound".to_owned() };
        let track = demuxer.default_track(TrackType::Audio).ok_or_else(no_sound)?;
        let Some(CodecParameters::Audio(parameters)) = track.codec_params.clone() else { return Err(no_sound()) };
        let (id, num_frames, time_base) = (track.id, track.num_frames, track.time_base);
        let options = AudioDecoderOptions::default().gapless(is_length_known(found));
        let decoder = symphonia::default::get_codecs().make_audio_decoder(&parameters, &options).map_err(|error| {
            unsupported(parameters.codec).map_or_else(
                || translate(&error, container),
                |form| AudioError::Unsupported(Unsupported::Form { container, form: form.to_owned() }),
            )
        })?;

        let codec = codec(parameters.codec);
        let bit_depth = if codec.is_lossless() { Some(bits(&parameters).ok_or_else(no_sound)?) } else { None };
        let depth = bit_depth.filter(|_| codec != Codec::PcmFloat).map_or(Depth::Float, Depth::Int);
        let sample_rate = parameters.sample_rate.unwrap_or(0);
        let channels = count(parameters.channels.as_ref());
        let declared_frames = num_frames.filter(|frames| is_length_known(found) && *frames > 0);
        let packet_frames = alac_packet_frames(&parameters)
            .filter(|_| (container, codec) == (Container::Caf, Codec::Alac))
            .filter(|packet| declared_frames.is_some_and(|declared| declared.is_multiple_of(*packet)));
        let mut reader = Self {
            format: AudioFormat { container, codec, sample_rate, bit_depth, channels },
            depth,
            declared_frames,
            packet_frames,
            found,
            demuxer: Some(demuxer),
            decoder,
            track: id,
            first: None,
            undecodable_packets: 0,
            has_ended: false,
            clock: Clock::default(),
        };
        reader.learn_from_first_packet()?;
        reader.clock.ticks_are_frames =
            time_base.is_some_and(|base| (base.numer.get(), base.denom.get()) == (1, reader.format.sample_rate));
        Ok(reader)
    }

    pub(crate) fn format(&self) -> AudioFormat {
        self.format.clone()
    }

    pub(crate) fn shape(&self) -> Shape {
        let AudioFormat { sample_rate, channels, .. } = self.format;
        Shape { sample_rate, channels, depth: self.depth }
    }

    pub(crate) fn declared_frames(&self) -> Option<u64> {
        self.declared_frames
    }

    /// The declared frames, once so many were decoded.
    ///
    /// Some writers of ALAC in CAF count the last packet as a full one. Where it was decoded, what came out is all.
    pub(crate) fn declared_frames_after(&self, frames: u64) -> Option<u64> {
        match (self.declared_frames, self.packet_frames) {
            (Some(declared), Some(packet)) if frames < declared && frames + packet > declared => Some(frames),
            (declared, _) => declared,
        }
    }

    /// Packets that could not be decoded up to now.
    pub(crate) fn undecodable_packets(&self) -> u64 {
        self.undecodable_packets
    }

    /// The next samples; none at the end, be it the right one or not.
    pub(crate) fn next(&mut self) -> Option<Samples> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        contained(|| self.decode_next()).unwrap_or_else(|| {
            self.undecodable_packets += 1;
            self.has_ended = true;
            None
        })
    }

    fn decode_next(&mut self) -> Option<Samples> {
        let format = (self.format.sample_rate, self.format.channels);
        self.decode_while(|rate, channels| (rate, channels) == format)
    }

    /// The header of a coded file is not always right about rate and channels; its first packet is.
    fn learn_from_first_packet(&mut self) -> Result<(), AudioError> {
        self.first = self.decode_while(|_, _| true);
        if self.first.is_some() {
            let (sample_rate, channels) = spec(&self.decoder.last_decoded());
            // AAC of the kind that adds the upper half of the spectrum (HE-AAC) is decoded without it, at half the rate.
            self.declared_frames = self.declared_frames.filter(|_| sample_rate == self.format.sample_rate);
            (self.format.sample_rate, self.format.channels) = (sample_rate, channels);
        }
        if self.format.channels == 0 || self.format.sample_rate == 0 {
            let reason = "none of its sound can be decoded".to_owned();
            return Err(AudioError::Damaged { container: self.format.container, reason });
        }
        Ok(())
    }

    /// The next packet's samples, if they are of a rate and of channels that are wanted.
    fn decode_while(&mut self, is_wanted: impl Fn(u32, u16) -> bool) -> Option<Samples> {
        while !self.has_ended {
            let Some(demuxer) = &mut self.demuxer else { break };
            let packet = match demuxer.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => packet,
                Ok(Some(_)) => continue,
                Ok(None) => break,
                // A file that was cut off: the count of frames tells.
                Err(Error::IoError(_)) => break,
                Err(_) => {
                    self.undecodable_packets += 1;
                    break;
                }
            };
            self.clock.first_packet.get_or_insert(packet.pts.get());
            let decoded = match self.decoder.decode(&packet) {
                Ok(decoded) if spec(&decoded).0 > 0 && is_wanted(spec(&decoded).0, spec(&decoded).1) => decoded,
                _ => {
                    self.undecodable_packets += 1;
                    continue;
                }
            };
            let samples = interleaved(&decoded, self.depth);
            if !samples.is_empty() {
                // Where a decoder cuts its start off, the rest begins that much later.
                let start = packet.pts.get().saturating_add_unsigned(packet.trim_start.get());
                self.clock.first_sample.get_or_insert(start);
                self.clock.last_decoded = start;
                return Some(samples);
            }
        }
        self.has_ended = true;
        None
    }
}

/// Rate and channels of decoded samples.
fn spec(decoded: &GenericAudioBufferRef<'_>) -> (u32, u16) {
    (decoded.spec().rate(), count(Some(decoded.spec().channels())))
}

fn count(channels: Option<&Channels>) -> u16 {
    channels.map_or(0, |channels| u16::try_from(channels.count()).unwrap_or(u16::MAX))
}

/// Runs code of symphonia's, which panics on some damaged files (numbers in their headers that overflow). What was at
/// work is not used any more where there is none.
fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn interleaved(decoded: &GenericAudioBufferRef<'_>, depth: Depth) -> Samples {
    match depth {
        Depth::Int(bits) => {
            let mut samples = Vec::new();
            // Integers come with their highest bit in the highest place.
            decoded.copy_to_vec_interleaved::<i32>(&mut samples);
            samples.iter_mut().for_each(|sample| *sample >>= 32 - bits);
            Samples::Int(samples)
        }
        Depth::Float => {
            let mut samples = Vec::new();
            decoded.copy_to_vec_interleaved::<f32>(&mut samples);
            samples.iter_mut().filter(|sample| !sample.is_finite()).for_each(|sample| *sample = 0.0);
            Samples::Float(samples)
        }
    }
}

fn demuxer(mut stream: MediaSourceStream<'_>, found: Found) -> Result<Box<dyn FormatReader + '_>, Error> {
    std::io::Seek::seek(&mut stream, std::io::SeekFrom::Start(found.start))?;
    let options = FormatOptions::default();
    Ok(match found.container {
        Container::Wav | Container::Rf64 | Container::Aiff => unreachable!("these are read as plain samples only"),
        Container::Caf => Box::new(CafReader::try_new(stream, options)?),
        Container::Flac => Box::new(FlacReader::try_new(stream, options)?),
        Container::Mp4 => Box::new(IsoMp4Reader::try_new(stream, options)?),
        Container::Mp3 => Box::new(MpaReader::try_new(stream, options)?),
        Container::Adts => Box::new(AdtsReader::try_new(stream, options)?),
        Container::Ogg => Box::new(OggReader::try_new(stream, options)?),
    })
}

/// Whether a length is written in the file. For an MP3 without a tag and for ADTS symphonia guesses one, and would cut
/// the sound off there.
fn is_length_known(found: Found) -> bool {
    match found.container {
        Container::Mp3 => found.has_length_tag,
        Container::Adts => false,
        _ => true,
    }
}

fn translate(error: &Error, container: Container) -> AudioError {
    let damaged = |reason: String| AudioError::Damaged { container, reason };
    match error {
        Error::IoError(_) => damaged("it was cut off before it tells how its sound is held".to_owned()),
        // The index comes last where the writer did not move it to the front.
        Error::Unsupported("isomp4: missing moov atom") => {
            damaged("its index is missing, so it was cut off".to_owned())
        }
        Error::Unsupported(what) => AudioError::Unsupported(Unsupported::Form {
            container,
            form: format!("content that is not known ({what})"),
        }),
        other => damaged(other.to_string()),
    }
}

//! Coded sound, by symphonia.

use std::panic::{AssertUnwindSafe, catch_unwind};

use release::{AudioFormat, Codec, Container};
use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_AC3, CODEC_ID_ALAC, CODEC_ID_EAC3, CODEC_ID_FLAC, CODEC_ID_MP3, CODEC_ID_OPUS,
    CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F64BE, CODEC_ID_PCM_F64LE, CODEC_ID_PCM_S8,
    CODEC_ID_PCM_S16BE, CODEC_ID_PCM_S16LE, CODEC_ID_PCM_S24BE, CODEC_ID_PCM_S24LE, CODEC_ID_PCM_S32BE,
    CODEC_ID_PCM_S32LE, CODEC_ID_PCM_U8, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::default::formats::{AdtsReader, CafReader, FlacReader, IsoMp4Reader, MpaReader, OggReader};

use crate::block::{Depth, Samples, Shape};
use crate::sniff::Found;
use crate::source::{Source, Watched};
use crate::{AudioError, Unsupported};

/// Decodes coded sound one packet after the other.
pub(crate) struct CodedReader<'s> {
    format: AudioFormat,
    shape: Shape,
    declared_frames: Option<u64>,
    /// Frames of a packet, where the declared frames are but a count of packets, the last of which may be shorter.
    packet_frames: Option<u64>,
    demuxer: Box<dyn FormatReader + 's>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// The first packet, which was decoded to know the shape for certain.
    first: Option<Samples>,
    undecodable_packets: u64,
    has_ended: bool,
}

impl<'s> CodedReader<'s> {
    pub(crate) fn open<S: Source + 's>(source: Watched<S>, found: Found) -> Result<Self, AudioError> {
        contained(|| Self::try_open(source, found)).unwrap_or_else(|| {
            let reason = "its description makes no sense".to_owned();
            Err(AudioError::Damaged { container: found.container, reason })
        })
    }

    fn try_open<S: Source + 's>(source: Watched<S>, found: Found) -> Result<Self, AudioError> {
        let container = found.container;
        let damaged = |error: &Error| translate(error, container);
        let demuxer = demuxer(source, found).map_err(|error| damaged(&error))?;
        let no_sound = || AudioError::Damaged { container, reason: "it has no sound".to_owned() };
        let track = demuxer.default_track(TrackType::Audio).ok_or_else(no_sound)?;
        let Some(CodecParameters::Audio(parameters)) = track.codec_params.clone() else { return Err(no_sound()) };
        let (id, num_frames) = (track.id, track.num_frames);
        let codec = codec(parameters.codec);
        let options = AudioDecoderOptions::default().gapless(is_length_known(found));
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(&parameters, &options)
            .map_err(|error| unsupported_codec(parameters.codec, &error, container))?;
        let mut reader = Self {
            format: AudioFormat { container, codec, sample_rate: 0, bit_depth: None, channels: 0 },
            shape: Shape { sample_rate: 0, channels: 0, depth: Depth::Float },
            declared_frames: num_frames.filter(|frames| is_length_known(found) && *frames > 0),
            packet_frames: None,
            demuxer,
            decoder,
            track: id,
            first: None,
            undecodable_packets: 0,
            has_ended: false,
        };
        if codec == Codec::PcmFloat {
            let is_double = matches!(parameters.codec, CODEC_ID_PCM_F64LE | CODEC_ID_PCM_F64BE);
            reader.format.bit_depth = Some(if is_double { 64 } else { 32 });
        } else if codec.is_lossless() {
            let bits = bits(&parameters).ok_or_else(no_sound)?;
            reader.format.bit_depth = Some(bits);
            reader.shape.depth = Depth::Int(bits);
        }
        if (container, codec) == (Container::Caf, Codec::Alac) {
            let packet = alac_config(&parameters).and_then(|config| config.first_chunk::<4>());
            let packet = packet.map(|frames| u64::from(u32::from_be_bytes(*frames)));
            let is_multiple = |packet: &u64| reader.declared_frames.is_some_and(|d| d.is_multiple_of(*packet));
            reader.packet_frames = packet.filter(|packet| *packet > 0 && is_multiple(packet));
        }
        reader.learn_shape(&parameters)?;
        Ok(reader)
    }

    pub(crate) fn format(&self) -> AudioFormat {
        self.format.clone()
    }

    pub(crate) fn shape(&self) -> Shape {
        self.shape
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

    /// The header of a coded file is not always right about rate and channels; its first packet is.
    fn learn_shape(&mut self, parameters: &AudioCodecParameters) -> Result<(), AudioError> {
        let channels = parameters.channels.as_ref().map_or(0, |channels| channels.count());
        let mut spec = (parameters.sample_rate.unwrap_or(0), channels);
        self.first = self.decode_next();
        if self.first.is_some() {
            let decoded = self.decoder.last_decoded();
            spec = (decoded.spec().rate(), decoded.spec().channels().count());
        }
        self.shape.sample_rate = spec.0;
        self.shape.channels = u16::try_from(spec.1).unwrap_or(u16::MAX);
        self.format.sample_rate = self.shape.sample_rate;
        self.format.channels = self.shape.channels;
        if self.shape.channels == 0 || self.shape.sample_rate == 0 {
            let reason = "none of its sound can be decoded".to_owned();
            return Err(AudioError::Damaged { container: self.format.container, reason });
        }
        Ok(())
    }

    fn decode_next(&mut self) -> Option<Samples> {
        while !self.has_ended {
            let packet = match self.demuxer.next_packet() {
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
            let Ok(decoded) = self.decoder.decode(&packet) else {
                self.undecodable_packets += 1;
                continue;
            };
            let spec = (decoded.spec().rate(), decoded.spec().channels().count());
            let is_first = self.shape.channels == 0;
            if !is_first && spec != (self.shape.sample_rate, usize::from(self.shape.channels)) {
                self.undecodable_packets += 1;
                continue;
            }
            let samples = interleaved(&decoded, self.shape.depth);
            if !samples.is_empty() {
                return Some(samples);
            }
        }
        self.has_ended = true;
        None
    }
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

fn demuxer<'s, S: Source + 's>(source: Watched<S>, found: Found) -> Result<Box<dyn FormatReader + 's>, Error> {
    let mut stream = MediaSourceStream::new(Box::new(source), Default::default());
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

fn codec(id: AudioCodecId) -> Codec {
    match id {
        CODEC_ID_FLAC => Codec::Flac,
        CODEC_ID_ALAC => Codec::Alac,
        CODEC_ID_MP3 => Codec::Mp3,
        CODEC_ID_AAC => Codec::Aac,
        CODEC_ID_VORBIS => Codec::Vorbis,
        _ if PCM.contains(&id) => Codec::Pcm,
        CODEC_ID_PCM_F32LE | CODEC_ID_PCM_F32BE | CODEC_ID_PCM_F64LE | CODEC_ID_PCM_F64BE => Codec::PcmFloat,
        _ => Codec::OtherLossy,
    }
}

/// Plain samples, as QuickTime files hold them.
const PCM: [AudioCodecId; 8] = [
    CODEC_ID_PCM_S8,
    CODEC_ID_PCM_U8,
    CODEC_ID_PCM_S16LE,
    CODEC_ID_PCM_S16BE,
    CODEC_ID_PCM_S24LE,
    CODEC_ID_PCM_S24BE,
    CODEC_ID_PCM_S32LE,
    CODEC_ID_PCM_S32BE,
];

/// Bits a sample of a lossless codec. ALAC's are in its configuration only.
fn bits(parameters: &AudioCodecParameters) -> Option<u8> {
    let bits = match parameters.codec {
        CODEC_ID_ALAC => u32::from(*alac_config(parameters)?.get(5)?),
        _ => parameters.bits_per_sample?,
    };
    u8::try_from(bits).ok().filter(|bits| (4..=32).contains(bits))
}

/// ALACSpecificConfig: u32 frames of a packet, u8 version, u8 depth, and more. QuickTime and old CAF files wrap it.
fn alac_config(parameters: &AudioCodecParameters) -> Option<&[u8]> {
    let cookie = parameters.extra_data.as_deref()?;
    if cookie.get(4..8) == Some(b"frma") { cookie.get(24..) } else { Some(cookie) }
}

fn unsupported_codec(id: AudioCodecId, error: &Error, container: Container) -> AudioError {
    let form = match id {
        CODEC_ID_OPUS => "Opus inside",
        CODEC_ID_AC3 | CODEC_ID_EAC3 => "Dolby Digital inside",
        _ => return translate(error, container),
    };
    AudioError::Unsupported(Unsupported::Form { container, form: form.to_owned() })
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

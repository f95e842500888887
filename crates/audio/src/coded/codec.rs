//! What symphonia's ids and parameters mean here.

use release::Codec;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_AC3, CODEC_ID_ALAC, CODEC_ID_EAC3, CODEC_ID_FLAC, CODEC_ID_MP3, CODEC_ID_OPUS,
    CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F64BE, CODEC_ID_PCM_F64LE, CODEC_ID_PCM_S8,
    CODEC_ID_PCM_S16BE, CODEC_ID_PCM_S16LE, CODEC_ID_PCM_S24BE, CODEC_ID_PCM_S24LE, CODEC_ID_PCM_S32BE,
    CODEC_ID_PCM_S32LE, CODEC_ID_PCM_U8, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};

/// The codec of symphonia's id.
pub(super) fn codec(id: AudioCodecId) -> Codec {
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

/// Bits a sample of a lossless codec; none where its description lacks them.
pub(super) fn bits(parameters: &AudioCodecParameters) -> Option<u8> {
    let bits = match parameters.codec {
        CODEC_ID_PCM_F32LE | CODEC_ID_PCM_F32BE => 32,
        CODEC_ID_PCM_F64LE | CODEC_ID_PCM_F64BE => return Some(64),
        // In its configuration only.
        CODEC_ID_ALAC => u32::from(*alac_config(parameters)?.get(5)?),
        _ => parameters.bits_per_sample?,
    };
    u8::try_from(bits).ok().filter(|bits| (4..=32).contains(bits))
}

/// Frames of a full packet of ALAC.
pub(super) fn alac_packet_frames(parameters: &AudioCodecParameters) -> Option<u64> {
    let frames = alac_config(parameters)?.first_chunk::<4>()?;
    Some(u64::from(u32::from_be_bytes(*frames))).filter(|frames| *frames > 0)
}

/// ALACSpecificConfig: u32 frames of a packet, u8 version, u8 depth, and more. QuickTime and old CAF files wrap it.
fn alac_config(parameters: &AudioCodecParameters) -> Option<&[u8]> {
    let cookie = parameters.extra_data.as_deref()?;
    if cookie.get(4..8) == Some(b"frma") { cookie.get(24..) } else { Some(cookie) }
}

/// What of a codec that cannot be decoded is said, where it is a usual one.
pub(super) fn unsupported(id: AudioCodecId) -> Option<&'static str> {
    match id {
        CODEC_ID_OPUS => Some("Opus inside"),
        CODEC_ID_AC3 | CODEC_ID_EAC3 => Some("Dolby Digital inside"),
        _ => None,
    }
}

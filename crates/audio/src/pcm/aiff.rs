//! AIFF and AIFF-C (Apple, "Audio Interchange File Format" 1.3 and its compressed extension).

use std::io::{Seek, SeekFrom};

use release::Container;

use super::{Encoding, Layout, Order, damaged, read_array, read_chunk, skip, unsupported};
use crate::AudioError;
use crate::source::Watched;

const AIFF: Container = Container::Aiff;

pub(super) fn read_header(source: &mut Watched<'_>) -> Result<Layout, AudioError> {
    let form = read_array::<12>(source)?;
    let is_compressed = form.ends_with(b"AIFC");
    let mut layout = None;
    let mut sound = None;
    loop {
        if let (Some(layout), Some(Sound { position, bytes })) = (&layout, &sound) {
            source.seek(SeekFrom::Start(*position)).map_err(AudioError::Read)?;
            let mut layout: Layout = Layout::clone(layout);
            // Both are left at nought by recorders that were cut off.
            layout.sound_bytes = Some(*bytes).filter(|bytes| *bytes > 0);
            if layout.declared_frames == Some(0) {
                layout.declared_frames = layout.frames_by_bytes();
            }
            return Ok(layout);
        }
        if source.position() >= source.bytes() {
            let missing = if layout.is_none() { "it has no format" } else { "it has no sound" };
            return Err(damaged(AIFF, missing));
        }
        let [a, b, c, d, size @ ..] = read_array::<8>(source)?;
        let padded = u64::from(u32::from_be_bytes(size)).next_multiple_of(2);
        match &[a, b, c, d] {
            b"COMM" => layout = Some(read_common(&read_chunk(source, padded, 512)?, is_compressed)?),
            b"SSND" => {
                let offset = u64::from(u32::from_be_bytes(*read_array::<8>(source)?.first_chunk().expect("8 bytes")));
                let written = u64::from(u32::from_be_bytes(size)).saturating_sub(8);
                let position = source.position() + offset;
                sound = Some(Sound { position, bytes: written.saturating_sub(offset) });
                // Nearly always the format came before, and the samples are read next.
                if layout.is_none() {
                    skip(source, padded.saturating_sub(8))?;
                } else if offset > 0 {
                    skip(source, offset)?;
                }
            }
            _ => skip(source, padded)?,
        }
    }
}

struct Sound {
    position: u64,
    bytes: u64,
}

fn read_common(content: &[u8], is_compressed: bool) -> Result<Layout, AudioError> {
    let cut_off = || damaged(AIFF, "its format is cut off");
    let (common, rest) = content.split_first_chunk::<18>().ok_or_else(cut_off)?;
    let [c0, c1, f0, f1, f2, f3, b0, b1, rate @ ..] = *common;
    let channels = u16::from_be_bytes([c0, c1]);
    let declared_frames = Some(u64::from(u32::from_be_bytes([f0, f1, f2, f3])));
    let bits = u16::from_be_bytes([b0, b1]);
    if channels == 0 {
        return Err(damaged(AIFF, "it has no channels"));
    }
    let sample_rate = extended_to_hz(rate).ok_or_else(|| damaged(AIFF, "its sample rate makes no sense"))?;
    let kind = if is_compressed { rest.first_chunk::<4>().ok_or_else(cut_off)? } else { b"NONE" };
    let bytes = bits.div_ceil(8);
    let encoding = match kind {
        b"NONE" | b"twos" => Encoding::int(bytes, bits, Order::Big, false),
        b"in24" => Encoding::int(3, 24, Order::Big, false),
        b"in32" => Encoding::int(4, 32, Order::Big, false),
        b"sowt" => Encoding::int(bytes, bits, Order::Little, false),
        b"42ni" => Encoding::int(3, 24, Order::Little, false),
        b"23ni" => Encoding::int(4, 32, Order::Little, false),
        b"raw " => Encoding::int(1, 8, Order::Big, true),
        b"fl32" | b"FL32" => Encoding::float(32, Order::Big),
        b"fl64" | b"FL64" => Encoding::float(64, Order::Big),
        other => {
            return Err(unsupported(AIFF, format!("sound of the kind “{}” inside", other.escape_ascii())));
        }
    };
    let encoding = encoding.ok_or_else(|| unsupported(AIFF, format!("samples of {bits} bits")))?;
    Ok(Layout { container: AIFF, encoding, channels, sample_rate, declared_frames, sound_bytes: None })
}

/// An 80-bit extended floating-point number as a whole number of Hz.
fn extended_to_hz(bytes: [u8; 10]) -> Option<u32> {
    let [e0, e1, mantissa @ ..] = bytes;
    let exponent = i32::from(u16::from_be_bytes([e0, e1])) - 16383;
    let mantissa = u64::from_be_bytes(mantissa);
    let shift = u32::try_from(63 - exponent).ok().filter(|shift| (32..64).contains(shift))?;
    u32::try_from((mantissa >> (shift - 1)).div_ceil(2)).ok()
}

#[cfg(test)]
mod tests {
    use super::super::decoded;
    use super::*;
    use crate::block::Samples;

    type Chunk<'a> = (&'a [u8; 4], u32, &'a [u8]);

    fn file(form: &[u8; 4], chunks: &[Chunk<'_>]) -> Vec<u8> {
        let mut bytes = [b"FORM\0\0\0\0", &form[..]].concat();
        for (name, size, content) in chunks {
            bytes.extend([&name[..], &size.to_be_bytes(), content].concat());
        }
        bytes
    }

    /// A common chunk's content: one channel at 44.1 kHz.
    fn common(frames: u32, bits: u16, kind: &[u8]) -> Vec<u8> {
        let rate = b"\x40\x0e\xac\x44\0\0\0\0\0\0";
        [&[0, 1][..], &frames.to_be_bytes(), &bits.to_be_bytes(), rate, kind].concat()
    }

    const SOUND: Chunk<'_> = (b"SSND", 12, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x80, 0]);

    fn read(bytes: &[u8]) -> (Option<u64>, Samples) {
        let (layout, samples) = decoded(bytes, AIFF).unwrap();
        assert_eq!(layout.shape().sample_rate, 44_100);
        (layout.declared_frames(), samples)
    }

    #[test]
    fn the_format_may_stand_before_or_behind_the_sound() {
        let common = common(2, 16, &[]);
        let common: Chunk<'_> = (b"COMM", 18, &common);
        let text: Chunk<'_> = (b"NAME", 3, b"abc\0");
        for chunks in [[common, text, SOUND], [SOUND, text, common]] {
            assert_eq!(read(&file(b"AIFF", &chunks)), (Some(2), Samples::Int(vec![1, -32_768])));
        }
    }

    #[test]
    fn an_offset_is_passed_over_and_what_follows_is_not_sound() {
        let common = common(1, 16, &[]);
        let sound: Chunk<'_> = (b"SSND", 12, &[0, 0, 0, 2, 0, 0, 0, 0, 9, 9, 0x80, 0]);
        let chunks = [(b"COMM", 18, &common[..]), sound, (b"ID3 ", 2, b"xx")];
        assert_eq!(read(&file(b"AIFF", &chunks)), (Some(1), Samples::Int(vec![-32_768])));
    }

    #[test]
    fn the_kinds_of_aifc_are_read() {
        for (kind, bits, expected) in [
            (b"NONE", 16, Samples::Int(vec![1, -32_768])),
            (b"sowt", 16, Samples::Int(vec![256, 128])),
            (b"raw ", 8, Samples::Int(vec![-128, -127, 0, -128])),
            (b"fl32", 32, Samples::Float(vec![f32::from_be_bytes([0, 1, 0x80, 0])])),
        ] {
            let common = common(4, bits, kind);
            let bytes = file(b"AIFC", &[(b"COMM", 22, &common), SOUND]);
            assert_eq!(read(&bytes).1, expected, "{}", kind.escape_ascii());
        }
    }

    #[test]
    fn a_count_left_open_is_found_by_the_bytes() {
        let common = common(0, 16, &[]);
        assert_eq!(read(&file(b"AIFF", &[(b"COMM", 18, &common), SOUND])).0, Some(2));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let (plain, ima) = (common(2, 16, &[]), common(2, 16, b"ima4"));
        for (bytes, message) in [
            (
                file(b"AIFC", &[(b"COMM", 22, &ima), SOUND]),
                "AIFF with sound of the kind “ima4” inside is not supported.",
            ),
            (file(b"AIFC", &[(b"COMM", 18, &plain), SOUND]), "The AIFF file is damaged: its format is cut off."),
            (file(b"AIFF", &[SOUND]), "The AIFF file is damaged: it has no format."),
            (file(b"AIFF", &[(b"COMM", 18, &plain)]), "The AIFF file is damaged: it has no sound."),
        ] {
            assert_eq!(decoded(&bytes, AIFF).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn sample_rates_are_read() {
        assert_eq!(extended_to_hz([0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]), Some(44_100));
        assert_eq!(extended_to_hz([0x40, 0x0f, 0xbb, 0x80, 0, 0, 0, 0, 0, 0]), Some(96_000));
        assert_eq!(extended_to_hz([0xff; 10]), None);
        assert_eq!(extended_to_hz([0; 10]), None);
    }
}

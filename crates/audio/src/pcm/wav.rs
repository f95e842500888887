//! WAV (RIFF), and its forms for more than 4 GiB: RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088).

use release::Container;

use super::{Encoding, Layout, Order, damaged, read_array, read_chunk, skip, unsupported};
use crate::AudioError;
use crate::source::Watched;

/// The size of a chunk that was not known when it was begun, or that stands in `ds64`.
const OPEN: u32 = u32::MAX;

pub(super) fn read_header(source: &mut Watched<'_>, container: Container) -> Result<Layout, AudioError> {
    let [_, _, _, _, size @ .., _, _, _, _] = read_array::<12>(source)?;
    let riff_size = u32::from_le_bytes(size);
    let mut layout = None;
    let mut long_data = None;
    loop {
        let (name, size) = chunk_header(source, container)?;
        match &name {
            b"ds64" => {
                let content = read_chunk(source, padded(size), 64)?;
                long_data = content.get(8..16).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes);
            }
            b"fmt " => layout = Some(read_format(&read_chunk(source, padded(size), 64)?, container)?),
            b"data" => {
                let mut layout = layout.ok_or_else(|| damaged(container, "its sound comes before its format"))?;
                // A recorder that was cut off, or that wrote to a pipe, leaves its sizes open or at nought.
                let was_left_open = size == OPEN || size == 0 && matches!(riff_size, 0 | OPEN);
                let declared = match long_data {
                    Some(long) if size == OPEN || size == 0 => Some(long),
                    _ => (!was_left_open).then_some(u64::from(size)),
                };
                layout.sound_bytes = declared;
                layout.declared_frames = layout.frames_by_bytes();
                return Ok(layout);
            }
            _ => skip(source, padded(size))?,
        }
    }
}

fn chunk_header(source: &mut Watched<'_>, container: Container) -> Result<([u8; 4], u32), AudioError> {
    if source.position() >= source.bytes() {
        return Err(damaged(container, "it has no sound"));
    }
    let [a, b, c, d, size @ ..] = read_array::<8>(source)?;
    Ok(([a, b, c, d], u32::from_le_bytes(size)))
}

/// Chunks begin at even places.
fn padded(size: u32) -> u64 {
    u64::from(size).next_multiple_of(2)
}

fn read_format(content: &[u8], container: Container) -> Result<Layout, AudioError> {
    const PCM: u16 = 1;
    const FLOAT: u16 = 3;
    const EXTENSIBLE: u16 = 0xfffe;
    /// The GUIDs of coded forms differ from this in the first two bytes, which are the form's tag.
    const GUID_TAIL: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

    let number = |at: usize| content.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]));
    if content.len() < 16 {
        return Err(damaged(container, "its format is cut off"));
    }
    let (channels, block_bytes, written_bits) = (number(2), number(12), number(14));
    let sample_rate = u32::from(number(6)) << 16 | u32::from(number(4));
    if channels == 0 {
        return Err(damaged(container, "it has no channels"));
    }
    let mut tag = number(0);
    let mut bits = written_bits;
    if tag == EXTENSIBLE {
        if content.get(26..40) != Some(&GUID_TAIL) {
            return Err(unsupported(container, "an unknown kind of extended format"));
        }
        tag = number(24);
        // Some writers leave the count of valid bits at nought.
        bits = if number(18) == 0 { written_bits } else { number(18).min(written_bits) };
    }
    let encoding = match tag {
        PCM => {
            let by_bits = written_bits.div_ceil(8);
            let is_whole = block_bytes % channels == 0 && (by_bits..=4).contains(&(block_bytes / channels));
            let bytes = if is_whole { block_bytes / channels } else { by_bits };
            Encoding::int(bytes, bits, Order::Little, bytes == 1)
        }
        FLOAT => Encoding::float(written_bits, Order::Little),
        0x02 | 0x11 => return Err(unsupported(container, "ADPCM inside")),
        0x06 | 0x07 => return Err(unsupported(container, "A-law or µ-law inside")),
        0x50 | 0x55 => return Err(unsupported(container, "MPEG audio inside")),
        _ => return Err(unsupported(container, format!("sound of the kind 0x{tag:04x} inside"))),
    };
    let encoding = encoding.ok_or_else(|| unsupported(container, format!("samples of {written_bits} bits")))?;
    Ok(Layout { container, encoding, channels, sample_rate, declared_frames: None, sound_bytes: None })
}

#[cfg(test)]
mod tests {
    use super::super::decoded;
    use super::*;
    use crate::block::Samples;

    /// A file of chunks, whose sizes are as given.
    fn file(form: &[u8; 4], size: u32, chunks: &[(&[u8; 4], u32, &[u8])]) -> Vec<u8> {
        let mut bytes = [&form[..], &size.to_le_bytes(), b"WAVE"].concat();
        for (name, size, content) in chunks {
            bytes.extend([&name[..], &size.to_le_bytes(), content].concat());
        }
        bytes
    }

    /// A format chunk's content; `more` is the extension.
    fn format(tag: u16, channels: u16, block: u16, bits: u16, more: &[u8]) -> Vec<u8> {
        let mut bytes = [tag.to_le_bytes(), channels.to_le_bytes()].concat();
        bytes.extend(48_000_u32.to_le_bytes());
        bytes.extend((48_000 * u32::from(block)).to_le_bytes());
        bytes.extend([block.to_le_bytes(), bits.to_le_bytes()].concat());
        bytes.extend(more);
        bytes
    }

    fn extension(valid_bits: u16, tag: u16, guid: &[u8; 14]) -> Vec<u8> {
        let mut bytes = 22_u16.to_le_bytes().to_vec();
        bytes.extend(valid_bits.to_le_bytes());
        bytes.extend([3, 0, 0, 0]);
        bytes.extend(tag.to_le_bytes());
        bytes.extend(guid);
        bytes
    }

    const GUID: &[u8; 14] = b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71";

    fn samples(bytes: &[u8]) -> (Option<u64>, u8, Vec<i32>) {
        let (layout, samples) = decoded(bytes, Container::Wav).unwrap();
        let Samples::Int(samples) = samples else { panic!("floating point") };
        (layout.declared_frames(), layout.format().bit_depth.unwrap(), samples)
    }

    #[test]
    fn the_extensible_format_is_read() {
        for (valid, bits, sound, expected) in [
            (24, 24, &[1, 0, 0x80][..], (24, -8_388_607)),
            (20, 24, &[0x10, 0, 0], (24, 16)),
            (0, 24, &[1, 0, 0], (24, 1)),
            (24, 32, &[0, 1, 0, 0x80], (24, -8_388_607)),
            (32, 32, &[1, 0, 0, 0], (32, 1)),
        ] {
            let format = format(0xfffe, 1, bits / 8, bits, &extension(valid, 1, GUID));
            let size = u32::try_from(sound.len()).unwrap();
            let bytes = file(b"RIFF", 100, &[(b"fmt ", 40, &format), (b"data", size, sound)]);
            assert_eq!(samples(&bytes), (Some(1), expected.0, vec![expected.1]), "{valid} of {bits} bits");
        }
    }

    #[test]
    fn what_stands_between_the_chunks_is_passed_over() {
        let format = format(1, 1, 2, 16, &[]);
        // A chunk of odd length is padded; what follows the sound is not sound.
        let bytes = file(
            b"RIFF",
            100,
            &[
                (b"bext", 3, b"abc\0"),
                (b"fmt ", 16, &format),
                (b"JUNK", 2, b"xx"),
                (b"data", 4, &[1, 0, 2, 0]),
                (b"LIST", 4, b"INFO"),
            ],
        );
        assert_eq!(samples(&bytes), (Some(2), 16, vec![1, 2]));
    }

    #[test]
    fn a_recorder_that_was_cut_off_leaves_its_sizes_open() {
        let format = format(1, 1, 2, 16, &[]);
        for (whole, sound) in [(0, 0), (OPEN, OPEN), (OPEN, 0), (100, OPEN)] {
            let bytes = file(b"RIFF", whole, &[(b"fmt ", 16, &format), (b"data", sound, &[1, 0, 2, 0, 3])]);
            assert_eq!(samples(&bytes), (None, 16, vec![1, 2]), "{whole} {sound}");
        }
        let empty = file(b"RIFF", 36, &[(b"fmt ", 16, &format), (b"data", 0, &[])]);
        assert_eq!(samples(&empty), (Some(0), 16, vec![]));
    }

    #[test]
    fn rf64_and_bw64_tell_more_than_four_gib() {
        let format = format(1, 2, 6, 24, &[]);
        let long: u64 = 6_000_000_000;
        let ds64 = [&(long + 72).to_le_bytes()[..], &long.to_le_bytes(), &1_000_000_000_u64.to_le_bytes(), &[0; 4]];
        for form in [b"RF64", b"BW64"] {
            let chunks: &[(&[u8; 4], u32, &[u8])] =
                &[(b"ds64", 28, &ds64.concat()), (b"fmt ", 16, &format), (b"data", OPEN, &[1, 0, 0, 2, 0, 0])];
            let (layout, samples) = decoded(&file(form, OPEN, chunks), Container::Rf64).unwrap();
            assert_eq!(layout.declared_frames(), Some(1_000_000_000));
            assert_eq!(samples, Samples::Int(vec![1, 2]));
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let plain = format(1, 1, 2, 16, &[]);
        let sound: (&[u8; 4], u32, &[u8]) = (b"data", 4, &[1, 0, 2, 0]);
        let with =
            |format: &[u8]| file(b"RIFF", 100, &[(b"fmt ", u32::try_from(format.len()).unwrap(), format), sound]);
        for (bytes, message) in [
            (with(&format(0x55, 2, 1, 0, &[])), "WAV with MPEG audio inside is not supported."),
            (with(&format(2, 2, 512, 4, &[])), "WAV with ADPCM inside is not supported."),
            (with(&format(0x2000, 2, 1, 16, &[])), "WAV with sound of the kind 0x2000 inside is not supported."),
            (with(&format(1, 1, 8, 64, &[])), "WAV with samples of 64 bits is not supported."),
            (with(&format(1, 1, 0, 65_535, &[])), "WAV with samples of 65535 bits is not supported."),
            (with(&format(3, 1, 2, 16, &[])), "WAV with samples of 16 bits is not supported."),
            (
                with(&format(0xfffe, 1, 2, 16, &extension(16, 1, &[7; 14]))),
                "WAV with an unknown kind of extended format is not supported.",
            ),
            (with(&format(1, 0, 2, 16, &[])), "The WAV file is damaged: it has no channels."),
            (with(&plain[..12]), "The WAV file is damaged: its format is cut off."),
            (file(b"RIFF", 100, &[sound]), "The WAV file is damaged: its sound comes before its format."),
            (file(b"RIFF", 100, &[(b"fmt ", 16, &plain)]), "The WAV file is damaged: it has no sound."),
            (file(b"RIFF", 100, &[])[..11].to_vec(), "The WAV file is damaged: it ends within its header."),
        ] {
            assert_eq!(decoded(&bytes, Container::Wav).unwrap_err().to_string(), message);
        }
    }
}

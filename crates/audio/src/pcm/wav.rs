//! WAV (RIFF), and its forms for more than 4 GiB: RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088).

use release::Container;

use super::{Encoding, Layout, Order, damaged, read_array, read_chunk, skip, unsupported};
use crate::AudioError;
use crate::source::{Source, Watched};

/// The size of a chunk that was not known when it was begun, or that stands in `ds64`.
const OPEN: u32 = u32::MAX;

pub(super) fn read_header<S: Source>(source: &mut Watched<S>, container: Container) -> Result<Layout, AudioError> {
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

fn chunk_header<S: Source>(source: &mut Watched<S>, container: Container) -> Result<([u8; 4], u32), AudioError> {
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

//! CAF with plain samples (Apple, "Core Audio Format Specification 1.0").

use release::Container;

use super::{Encoding, Header, Layout, Order, damaged, read_array, read_chunk, skip, unsupported};
use crate::AudioError;
use crate::source::Watched;

const CAF: Container = Container::Caf;

pub(super) fn read_header(source: &mut Watched<'_>) -> Result<Header, AudioError> {
    read_array::<8>(source)?;
    let mut layout = None;
    loop {
        if source.position() >= source.bytes() {
            return Err(damaged(CAF, "it has no sound"));
        }
        let [a, b, c, d, size @ ..] = read_array::<12>(source)?;
        let size = u64::try_from(i64::from_be_bytes(size)).ok();
        match (&[a, b, c, d], size) {
            (b"desc", Some(size)) => match read_description(&read_chunk(source, size, 32)?)? {
                Some(found) => layout = Some(found),
                None => return Ok(Header::Coded),
            },
            (b"data", size) => {
                let mut layout: Layout = layout.ok_or_else(|| damaged(CAF, "its sound comes before its format"))?;
                read_array::<4>(source)?; // the count of edits
                layout.sound_bytes = size.map(|size| size.saturating_sub(4));
                layout.declared_frames = layout.frames_by_bytes();
                return Ok(Header::Plain(layout));
            }
            (_, Some(size)) => skip(source, size)?,
            (_, None) => return Err(damaged(CAF, "a part of it has no length")),
        }
    }
}

/// Reads a description; none where the sound is of a coded form that symphonia may read.
fn read_description(content: &[u8]) -> Result<Option<Layout>, AudioError> {
    let content: &[u8; 32] = content.first_chunk().ok_or_else(|| damaged(CAF, "its format is cut off"))?;
    let number = |at: usize| u32::from_be_bytes([content[at], content[at + 1], content[at + 2], content[at + 3]]);
    let [r0, r1, r2, r3, r4, r5, r6, r7, k0, k1, k2, k3, ..] = *content;
    match &[k0, k1, k2, k3] {
        b"lpcm" => {}
        b"alac" | b"aac " | b"alaw" | b"ulaw" => return Ok(None),
        other => return Err(unsupported(CAF, format!("sound of the kind “{}” inside", other.escape_ascii()))),
    }
    let rate = f64::from_be_bytes([r0, r1, r2, r3, r4, r5, r6, r7]).round();
    if !(1.0..=f64::from(u32::MAX)).contains(&rate) {
        return Err(damaged(CAF, "its sample rate makes no sense"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was just looked at")]
    let sample_rate = rate as u32;
    let (flags, packet_bytes, channels, bits) = (number(12), number(16), number(24), number(28));
    let channels = u16::try_from(channels).ok().filter(|channels| *channels > 0);
    let channels = channels.ok_or_else(|| damaged(CAF, "its count of channels makes no sense"))?;
    let order = if flags & 2 == 0 { Order::Big } else { Order::Little };
    let written_bits = u16::try_from(bits).unwrap_or(u16::MAX);
    let bytes = u16::try_from(packet_bytes / u32::from(channels)).unwrap_or(u16::MAX);
    let encoding = if flags & 1 == 0 {
        Encoding::int(bytes, written_bits, order, false)
    } else {
        Encoding::float(written_bits, order)
    };
    let encoding = encoding.ok_or_else(|| unsupported(CAF, format!("samples of {bits} bits")))?;
    Ok(Some(Layout { container: CAF, encoding, channels, sample_rate, declared_frames: None, sound_bytes: None }))
}

#[cfg(test)]
mod tests {
    use super::super::decoded;
    use super::*;
    use crate::block::Samples;

    /// A file with one channel at 48 kHz, whose sound has a size as given.
    fn file(kind: &[u8; 4], flags: u32, bits: u32, size: i64, sound: &[u8]) -> Vec<u8> {
        let description = [flags, bits / 8, 1, 1, bits].map(u32::to_be_bytes).concat();
        let mut bytes = b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20".to_vec();
        bytes.extend(48_000_f64.to_be_bytes());
        bytes.extend([&kind[..], &description, b"free\0\0\0\0\0\0\0\x01x", b"data"].concat());
        bytes.extend([&size.to_be_bytes()[..], &[0, 0, 0, 1], sound].concat());
        bytes
    }

    #[test]
    fn plain_samples_are_read_in_either_order() {
        const FLOAT: u32 = 1;
        const LITTLE: u32 = 2;
        for (flags, bits, size, sound, expected) in [
            (0, 16, 8, &[0, 1, 0x80, 0, 9, 9][..], (Some(2), Samples::Int(vec![1, -32_768]))),
            (LITTLE, 16, 8, &[1, 0, 0, 0x80], (Some(2), Samples::Int(vec![1, -32_768]))),
            (LITTLE, 24, 7, &[1, 0, 0x80], (Some(1), Samples::Int(vec![-8_388_607]))),
            (FLOAT, 32, 8, &[0x3f, 0, 0, 0], (Some(1), Samples::Float(vec![0.5]))),
            // The sound may go on to the end of the file.
            (0, 16, -1, &[0, 1, 0, 2, 0], (None, Samples::Int(vec![1, 2]))),
        ] {
            let (layout, samples) = decoded(&file(b"lpcm", flags, bits, size, sound), CAF).unwrap();
            assert_eq!(layout.shape().sample_rate, 48_000);
            assert_eq!((layout.declared_frames(), samples), expected);
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (bytes, message) in [
            (file(b"ima4", 0, 16, 4, &[]), "CAF with sound of the kind “ima4” inside is not supported."),
            (file(b"lpcm", 0, 64, 4, &[]), "CAF with samples of 64 bits is not supported."),
            (file(b"lpcm", 0, 16, 4, &[])[..56].to_vec(), "The CAF file is damaged: it ends within its header."),
            (b"caff\0\x01\0\0".to_vec(), "The CAF file is damaged: it has no sound."),
        ] {
            assert_eq!(decoded(&bytes, CAF).unwrap_err().to_string(), message);
        }
    }
}

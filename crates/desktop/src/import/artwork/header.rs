//! What the header of a picture says. The decoders convert colours on the way, and stores refuse by what is in the file.

use std::io::{self, Read, Seek, SeekFrom};

use release::{ColourModel, ImageFormat};

/// Size and colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) colour: ColourModel,
    pub(super) alpha: bool,
}

/// Reads the header of a picture; none where it makes no sense.
pub(super) fn read(file: &mut (impl Read + Seek), format: ImageFormat) -> io::Result<Option<Header>> {
    file.seek(SeekFrom::Start(0))?;
    match format {
        ImageFormat::Jpeg => ended(jpeg(file)),
        ImageFormat::Png => ended(png(file)),
        ImageFormat::Tiff => ended(tiff(file)),
        ImageFormat::Gif => ended(bytes::<10>(file).map(|head| gif(&head))),
        ImageFormat::Bmp => ended(bytes::<30>(file).map(|head| bmp(&head))),
        ImageFormat::Webp => ended(bytes::<30>(file).map(|head| webp(&head))),
        ImageFormat::Unknown => Ok(None),
    }
}

/// A file that ends within its header is no trouble of reading.
fn ended<T>(result: io::Result<Option<T>>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        other => other,
    }
}

/// ITU-T T.81: segments up to the frame header.
fn jpeg(file: &mut (impl Read + Seek)) -> io::Result<Option<Header>> {
    let [0xff, 0xd8] = bytes::<2>(file)? else { return Ok(None) };
    loop {
        let [0xff, mut marker] = bytes::<2>(file)? else { return Ok(None) };
        while marker == 0xff {
            [marker] = bytes::<1>(file)?;
        }
        let length = u16::from_be_bytes(bytes::<2>(file)?);
        match marker {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let [_precision, h1, h0, w1, w0, components] = bytes::<6>(file)?;
                let colour = match components {
                    1 => ColourModel::Grey,
                    3 => ColourModel::Rgb,
                    4 => ColourModel::Cmyk,
                    _ => ColourModel::Unknown,
                };
                let (width, height) = (u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into());
                return Ok(Some(Header { width, height, colour, alpha: false }));
            }
            // The scan or the end before any frame header.
            0xda | 0xd9 => return Ok(None),
            _ if length < 2 => return Ok(None),
            _ => file.seek(SeekFrom::Current(i64::from(length) - 2))?,
        };
    }
}

/// PNG (W3C, third edition): `IHDR`, and `tRNS` if it comes before the pixels.
fn png(file: &mut (impl Read + Seek)) -> io::Result<Option<Header>> {
    let head = bytes::<29>(file)?;
    let Some((width, height)) = be32(&head[16..20]).zip(be32(&head[20..24])).filter(|_| &head[12..16] == b"IHDR")
    else {
        return Ok(None);
    };
    let (colour, mut alpha) = match head[25] {
        0 => (ColourModel::Grey, false),
        2 => (ColourModel::Rgb, false),
        3 => (ColourModel::Indexed, false),
        4 => (ColourModel::Grey, true),
        6 => (ColourModel::Rgb, true),
        _ => return Ok(None),
    };
    let mut at = 33;
    // A few dozen chunks stand before the pixels at most.
    for _ in 0..256 {
        file.seek(SeekFrom::Start(at))?;
        let Ok(chunk) = bytes::<8>(file) else { break };
        match &chunk[4..] {
            b"IDAT" | b"IEND" => break,
            b"tRNS" => alpha = true,
            _ => {}
        }
        at += 12 + u64::from(be32(&chunk[..4]).unwrap_or(0));
    }
    Ok(Some(Header { width, height, colour, alpha }))
}

/// TIFF 6.0: the first directory's width, length, photometric interpretation and extra samples.
fn tiff(file: &mut (impl Read + Seek)) -> io::Result<Option<Header>> {
    let head = bytes::<8>(file)?;
    let is_little = head.starts_with(b"II");
    let short = |b: &[u8]| if is_little { u16::from_le_bytes([b[0], b[1]]) } else { u16::from_be_bytes([b[0], b[1]]) };
    let long = |b: &[u8]| {
        let b = [b[0], b[1], b[2], b[3]];
        if is_little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) }
    };
    file.seek(SeekFrom::Start(long(&head[4..]).into()))?;
    let entries = short(&bytes::<2>(file)?);
    let (mut width, mut height, mut colour, mut alpha) = (0, 0, ColourModel::Unknown, false);
    for _ in 0..entries {
        let entry = bytes::<12>(file)?;
        // A value of two bytes stands first in its place of four, whatever the order of bytes.
        let value = if short(&entry[2..]) == 3 { short(&entry[8..]).into() } else { long(&entry[8..]) };
        match short(&entry) {
            256 => width = value,
            257 => height = value,
            262 => {
                colour = match value {
                    0 | 1 => ColourModel::Grey,
                    2 | 6 => ColourModel::Rgb,
                    3 => ColourModel::Indexed,
                    5 => ColourModel::Cmyk,
                    _ => ColourModel::Unknown,
                }
            }
            338 => alpha = true,
            _ => {}
        }
    }
    Ok((width > 0 && height > 0).then_some(Header { width, height, colour, alpha }))
}

fn gif(head: &[u8; 10]) -> Option<Header> {
    let [.., w0, w1, h0, h1] = *head;
    let (width, height) = (u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into());
    Some(Header { width, height, colour: ColourModel::Indexed, alpha: false })
}

fn bmp(head: &[u8; 30]) -> Option<Header> {
    // Windows' header of 40 bytes and its successors; rows from the top down have a negative height.
    let side = |at: usize| Some(i32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?).unsigned_abs());
    let colour = if head[28] <= 8 { ColourModel::Indexed } else { ColourModel::Rgb };
    Some(Header { width: side(18)?, height: side(22)?, colour, alpha: false })
}

fn webp(head: &[u8; 30]) -> Option<Header> {
    let (width, height, alpha) = match &head[12..16] {
        b"VP8 " if head[23..26] == [0x9d, 0x01, 0x2a] => {
            let side = |at: usize| u32::from(u16::from_le_bytes([head[at], head[at + 1]]) & 0x3fff);
            (side(26), side(28), false)
        }
        b"VP8L" if head[20] == 0x2f => {
            let bits = u32::from_le_bytes([head[21], head[22], head[23], head[24]]);
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, bits >> 28 & 1 == 1)
        }
        b"VP8X" => {
            let side = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], 0]) + 1;
            (side(24), side(27), head[20] & 0x10 != 0)
        }
        _ => return None,
    };
    Some(Header { width, height, colour: ColourModel::Rgb, alpha })
}

fn bytes<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn be32(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn header(bytes: &[u8], format: ImageFormat) -> Option<(u32, u32, ColourModel, bool)> {
        let header = read(&mut Cursor::new(bytes), format).unwrap()?;
        Some((header.width, header.height, header.colour, header.alpha))
    }

    fn jpeg_of(components: u8) -> Vec<u8> {
        let frame = [0xff, 0xc2, 0, 11, 8, 0x0b, 0xb8, 0x0f, 0xa0, components];
        [&[0xff, 0xd8, 0xff, 0xe0, 0, 4, b'J', b'F', 0xff][..], &frame].concat()
    }

    fn png_of(colour: u8, chunk: &[u8; 4]) -> Vec<u8> {
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x0b\xb8\0\0\x0f\xa0\x08";
        [&head[..], &[colour, 0, 0, 0], &[0; 4], &[0; 4], chunk, &[0; 4], b"\0\0\0\0IDAT"].concat()
    }

    #[test]
    fn jpeg_tells_ink_from_light_by_its_components() {
        for (components, colour) in
            [(1, ColourModel::Grey), (3, ColourModel::Rgb), (4, ColourModel::Cmyk), (2, ColourModel::Unknown)]
        {
            let expected = Some((4000, 3000, colour, false));
            assert_eq!(header(&jpeg_of(components), ImageFormat::Jpeg), expected, "{components}");
        }
        assert_eq!(header(&jpeg_of(3)[..12], ImageFormat::Jpeg), None);
    }

    #[test]
    fn png_tells_palette_and_alpha() {
        for (colour, chunk, expected, alpha) in [
            (0, b"gAMA", ColourModel::Grey, false),
            (2, b"gAMA", ColourModel::Rgb, false),
            (2, b"tRNS", ColourModel::Rgb, true),
            (3, b"tRNS", ColourModel::Indexed, true),
            (4, b"gAMA", ColourModel::Grey, true),
            (6, b"gAMA", ColourModel::Rgb, true),
        ] {
            let found = header(&png_of(colour, chunk), ImageFormat::Png);
            assert_eq!(found, Some((3000, 4000, expected, alpha)), "{colour}");
        }
        assert_eq!(header(&png_of(5, b"gAMA"), ImageFormat::Png), None);
    }

    #[test]
    fn what_stores_do_not_take_has_its_size_all_the_same() {
        let gif = b"GIF89a\x90\x01\x2c\x01";
        assert_eq!(header(gif, ImageFormat::Gif), Some((400, 300, ColourModel::Indexed, false)));
        let mut bmp = [0; 30];
        bmp[18..22].copy_from_slice(&400_i32.to_le_bytes());
        bmp[22..26].copy_from_slice(&(-300_i32).to_le_bytes());
        bmp[28] = 24;
        assert_eq!(header(&bmp, ImageFormat::Bmp), Some((400, 300, ColourModel::Rgb, false)));
        let mut webp = *b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x8f\x01\0\x2b\x01\0";
        assert_eq!(header(&webp, ImageFormat::Webp), Some((400, 300, ColourModel::Rgb, true)));
        webp[15] = b'?';
        assert_eq!(header(&webp, ImageFormat::Webp), None);
        let entry = |tag: u16, value: u16| {
            [&tag.to_be_bytes()[..], &3_u16.to_be_bytes(), &1_u32.to_be_bytes(), &value.to_be_bytes(), &[0; 2]].concat()
        };
        let entries = [entry(256, 400), entry(257, 300), entry(262, 5)].concat();
        let tiff = [&b"MM\0*\0\0\0\x08\0\x03"[..], &entries].concat();
        assert_eq!(header(&tiff, ImageFormat::Tiff), Some((400, 300, ColourModel::Cmyk, false)));
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for format in [
                ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Tiff, ImageFormat::Gif, ImageFormat::Webp, ImageFormat::Bmp,
            ] {
                let _ = read(&mut Cursor::new(&bytes), format);
            }
            let _ = read(&mut Cursor::new([&b"\xff\xd8\xff"[..], &bytes].concat()), ImageFormat::Jpeg);
            let _ = read(&mut Cursor::new([&b"II*\0\x08\0\0\0"[..], &bytes].concat()), ImageFormat::Tiff);
            let _ = read(&mut Cursor::new([&png_of(2, b"gAMA")[..45], &bytes].concat()), ImageFormat::Png);
        }
    }
}

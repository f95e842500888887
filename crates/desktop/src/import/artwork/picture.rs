use std::io::{BufRead as _, BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{ImageReader, Limits};
use release::{ColourModel, ImageFormat};

use super::header::{self, Header};

/// Memory that decoding a picture may take: enough for 8,000 × 8,000 with alpha.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// A JPEG is held in memory while it is decoded.
const LONGEST_FILE: u64 = 128 * 1024 * 1024;

/// What looking at a picture tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) colour: ColourModel,
    pub(super) alpha: bool,
    pub(super) unreadable: Option<String>,
}

/// Looks at a picture of a format, `bytes` long: its header, and whether it can be decoded to its end. A picture that
/// would take too much memory is not decoded, however short its file is.
pub(super) fn look(file: &mut (impl Read + Seek), format: ImageFormat, bytes: u64) -> Look {
    let header = match header::read(file, format) {
        Ok(Some(header)) if header.width > 0 && header.height > 0 => header,
        Ok(_) => return unreadable("its header is damaged".to_owned()),
        Err(error) => return unreadable(error.to_string()),
    };
    let Header { width, height, colour, alpha } = header;
    Look { width, height, colour, alpha, unreadable: trouble(file, format, bytes, &header) }
}

fn unreadable(why: String) -> Look {
    Look { width: 0, height: 0, colour: ColourModel::Unknown, alpha: false, unreadable: Some(why) }
}

/// Why a picture cannot be decoded. Formats that are to be converted anyhow are not tried.
fn trouble(file: &mut (impl Read + Seek), format: ImageFormat, bytes: u64, header: &Header) -> Option<String> {
    let decoder = match format {
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Png => image::ImageFormat::Png,
        _ => return None,
    };
    let memory = u64::from(header.width).saturating_mul(header.height.into()).saturating_mul(4);
    if memory > MOST_MEMORY {
        return Some(format!("with {} × {} pixels it is too large to be opened", header.width, header.height));
    }
    if bytes > LONGEST_FILE {
        return Some(format!("a file of {} MB is too long for a picture", bytes / 1_000_000));
    }
    // The decoder fills what is missing with grey, and is content.
    if format == ImageFormat::Jpeg {
        match has_end(file) {
            Ok(true) => {}
            Ok(false) => return Some("the file ends before the picture does".to_owned()),
            Err(error) => return Some(error.to_string()),
        }
    }
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        file.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
        let mut reader = ImageReader::with_format(BufReader::new(file), decoder);
        let mut limits = Limits::default();
        // The decoder's own tables come on top of the picture.
        limits.max_alloc = Some(MOST_MEMORY + 64 * 1024 * 1024);
        reader.limits(limits);
        reader.decode().map(drop).map_err(|error| error.to_string())
    }));
    match decoded {
        Ok(Ok(())) => None,
        Ok(Err(why)) => Some(why),
        Err(_) => Some("the decoder failed".to_owned()),
    }
}

/// Whether an end marker follows the start of a scan. Inside a scan the two bytes cannot stand beside one another.
fn has_end(file: &mut (impl Read + Seek)) -> std::io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut file = BufReader::with_capacity(64 * 1024, file);
    let (mut previous, mut in_scan) = (0, false);
    loop {
        let block = file.fill_buf()?;
        if block.is_empty() {
            return Ok(false);
        }
        for &byte in block {
            match (previous, byte) {
                (0xff, 0xda) => in_scan = true,
                (0xff, 0xd9) if in_scan => return Ok(true),
                _ => {}
            }
            previous = byte;
        }
        let length = block.len();
        file.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, ImageEncoder as _, RgbImage};

    use super::*;

    fn picture(format: image::ImageFormat) -> Vec<u8> {
        let mut image = RgbImage::new(64, 48);
        for (x, y, pixel) in image.enumerate_pixels_mut() {
            pixel.0 = [(x * 4) as u8, (y * 5) as u8, (x * y) as u8];
        }
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn look_at(bytes: &[u8], format: ImageFormat) -> Look {
        look(&mut Cursor::new(bytes), format, bytes.len() as u64)
    }

    #[test]
    fn whole_pictures_can_be_read() {
        let jpeg = look_at(&picture(image::ImageFormat::Jpeg), ImageFormat::Jpeg);
        assert_eq!(jpeg, Look { width: 64, height: 48, colour: ColourModel::Rgb, alpha: false, unreadable: None });
        assert_eq!(look_at(&picture(image::ImageFormat::Png), ImageFormat::Png), jpeg);
    }

    #[test]
    fn pictures_that_end_too_early_cannot() {
        for (bytes, format) in [
            (picture(image::ImageFormat::Jpeg), ImageFormat::Jpeg),
            (picture(image::ImageFormat::Png), ImageFormat::Png),
        ] {
            for length in [bytes.len() - 2, bytes.len() / 2, 12] {
                let look = look_at(&bytes[..length], format);
                // Of a PNG, the last chunk is a mark without content, and the picture is whole without it.
                let is_whole = format == ImageFormat::Png && length == bytes.len() - 2;
                assert_eq!(look.unreadable.is_none(), is_whole, "{format:?} {length} {look:?}");
            }
        }
    }

    #[test]
    fn a_small_file_of_a_huge_picture_is_not_decoded() {
        let mut png = picture(image::ImageFormat::Png);
        png[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let look = look_at(&png, ImageFormat::Png);
        assert_eq!((look.width, look.height), (60_000, 60_000));
        assert_eq!(look.unreadable.as_deref(), Some("with 60000 × 60000 pixels it is too large to be opened"));
    }

    #[test]
    fn a_thumbnail_s_end_is_not_the_picture_s() {
        let mut jpeg = picture(image::ImageFormat::Jpeg);
        jpeg.truncate(jpeg.len() - 2);
        let thumbnail = [&[0xff, 0xe1, 0, 6][..], &[0xff, 0xd9, 0, 0]].concat();
        jpeg.splice(2..2, thumbnail);
        assert!(!has_end(&mut Cursor::new(&jpeg)).unwrap());
    }

    #[test]
    fn grey_is_told_from_colour() {
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes).write_image(&[7; 64], 8, 8, image::ExtendedColorType::L8).unwrap();
        assert_eq!(look_at(&bytes, ImageFormat::Jpeg).colour, ColourModel::Grey);
    }
}

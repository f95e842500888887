//! Small pictures of large ones.

use std::io::{BufRead, BufReader, Cursor, Seek};
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};

/// Memory that decoding a picture may take: enough for 8,000 × 8,000 with alpha.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;

/// Good enough that nobody sees that it was made smaller.
const JPEG_QUALITY: u8 = 88;

/// Makes a picture small: its longest side is at most `size` pixels, and it is never made larger. A JPEG, or a PNG where
/// it has transparent parts.
///
/// # Errors
/// Where it cannot be read or decoded.
pub(crate) fn of_file(path: &Path, size: u32) -> Result<Vec<u8>, ImageError> {
    let file = std::fs::File::open(path).map_err(ImageError::IoError)?;
    of(BufReader::new(file), size)
}

/// As [`of_file`], of a picture that is at hand.
///
/// # Errors
/// Where it cannot be decoded.
pub(crate) fn of_bytes(bytes: &[u8], size: u32) -> Result<Vec<u8>, ImageError> {
    of(Cursor::new(bytes), size)
}

fn of(source: impl BufRead + Seek, size: u32) -> Result<Vec<u8>, ImageError> {
    let mut reader = ImageReader::new(source).with_guessed_format().map_err(ImageError::IoError)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let small = smaller(reader.decode()?, size.max(1));
    let mut bytes = Cursor::new(Vec::new());
    if small.color().has_alpha() {
        small.to_rgba8().write_to(&mut bytes, ImageFormat::Png)?;
    } else {
        JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&small.to_rgb8())?;
    }
    Ok(bytes.into_inner())
}

fn smaller(picture: DynamicImage, size: u32) -> DynamicImage {
    let longest = |picture: &DynamicImage| picture.width().max(picture.height());
    let mut picture = picture;
    // The quick way nearly there, and the good way for the rest.
    if longest(&picture) / 2 > size {
        picture = picture.thumbnail(size * 2, size * 2);
    }
    if longest(&picture) > size {
        picture = picture.resize(size, size, FilterType::CatmullRom);
    }
    picture
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn encoded(picture: DynamicImage, format: ImageFormat) -> Cursor<Vec<u8>> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.set_position(0);
        bytes
    }

    fn made(picture: DynamicImage, format: ImageFormat, size: u32) -> (ImageFormat, DynamicImage) {
        let small = of(encoded(picture, format), size).unwrap();
        let format = image::guess_format(&small).unwrap();
        (format, image::load_from_memory(&small).unwrap())
    }

    #[test]
    fn the_longest_side_is_as_asked_and_nothing_is_made_larger() {
        let red = |width, height| DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, Rgb([200, 30, 40])));
        for (width, height, size, expected) in
            [(1000, 1000, 96, (96, 96)), (1000, 500, 100, (100, 50)), (90, 300, 200, (60, 200)), (40, 30, 96, (40, 30))]
        {
            let (format, small) = made(red(width, height), ImageFormat::Png, size);
            assert_eq!((format, (small.width(), small.height())), (ImageFormat::Jpeg, expected));
            let Rgb([r, g, b]) = *small.to_rgb8().get_pixel(expected.0 / 2, expected.1 / 2);
            assert!(r.abs_diff(200) < 6 && g.abs_diff(30) < 6 && b.abs_diff(40) < 6, "{r} {g} {b}");
        }
    }

    #[test]
    fn what_can_be_seen_through_stays_so() {
        let glass = DynamicImage::ImageRgba8(RgbaImage::from_pixel(400, 400, Rgba([0, 0, 250, 100])));
        let (format, small) = made(glass, ImageFormat::Png, 64);
        assert_eq!((format, small.to_rgba8().get_pixel(9, 9).0[3]), (ImageFormat::Png, 100));
    }

    #[test]
    fn what_is_no_picture_or_a_cut_one_is_an_error() {
        assert!(of(Cursor::new(b"no picture".to_vec()), 64).is_err());
        let whole = encoded(DynamicImage::ImageRgb8(RgbImage::new(300, 300)), ImageFormat::Png).into_inner();
        assert!(of(Cursor::new(whole[..whole.len() / 2].to_vec()), 64).is_err());
    }

    #[test]
    fn a_small_file_of_a_huge_picture_is_not_decoded() {
        let mut png = encoded(DynamicImage::ImageRgb8(RgbImage::new(8, 8)), ImageFormat::Png).into_inner();
        png[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        assert!(of(Cursor::new(png), 64).is_err());
    }
}

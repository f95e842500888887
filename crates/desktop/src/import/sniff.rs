//! What a file is, by its first bytes.

use release::ImageFormat;

/// How many of the first bytes are looked at.
pub(super) const HEAD: usize = 16;

/// What the first bytes of a file look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Sound, for a decoder to say of what kind.
    Sound,
    /// A picture.
    Picture(ImageFormat),
    /// Something else.
    Other,
}

/// Looks at the first bytes of a file; there may be fewer than [`HEAD`].
pub(super) fn content(head: &[u8]) -> Content {
    if let Some(format) = picture(head) {
        return Content::Picture(format);
    }
    let form = head.get(8..12);
    let is_sound = match head.get(..4) {
        Some(b"RIFF" | b"RF64" | b"BW64") => form == Some(b"WAVE"),
        Some(b"FORM") => matches!(form, Some(b"AIFF" | b"AIFC")),
        Some(b"caff" | b"fLaC" | b"OggS" | b"wvpk" | b"MAC " | b"DSD ") => true,
        Some([b'I', b'D', b'3', _]) => true,
        // Frames of MPEG audio and of ADTS: eleven bits set. Layer I is left out: it is rare, and FF FE is how text in
        // UTF-16 begins.
        Some([0xff, second, ..]) => second & 0xe0 == 0xe0 && second & 0x06 != 0x06,
        _ => false,
    };
    let is_mp4 = head.get(4..8) == Some(b"ftyp");
    if is_sound || is_mp4 { Content::Sound } else { Content::Other }
}

fn picture(head: &[u8]) -> Option<ImageFormat> {
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(ImageFormat::Jpeg)
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(ImageFormat::Png)
    } else if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
        Some(ImageFormat::Tiff)
    } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        Some(ImageFormat::Gif)
    } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        Some(ImageFormat::Webp)
    } else if head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]) {
        // Two letters are not enough to tell a picture from a text; the reserved bytes behind the length are zero.
        Some(ImageFormat::Bmp)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_known_by_its_first_bytes() {
        for (head, expected) in [
            (&b"RIFF\x24\0\0\0WAVEfmt "[..], Content::Sound),
            (b"RF64\xff\xff\xff\xffWAVEds64", Content::Sound),
            (b"RIFF\x24\0\0\0AVI LIST", Content::Other),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Content::Picture(ImageFormat::Webp)),
            (b"FORM\0\0\0\0AIFFCOMM", Content::Sound),
            (b"FORM\0\0\0\0AIFCFVER", Content::Sound),
            (b"fLaC\0\0\0\x22", Content::Sound),
            (b"caff\0\x01\0\0", Content::Sound),
            (b"\0\0\0\x20ftypM4A ", Content::Sound),
            (b"OggS\0\x02", Content::Sound),
            (b"ID3\x04\0\0", Content::Sound),
            (b"\xff\xfb\x90\x64", Content::Sound),
            (b"\xff\xf1\x50\x80", Content::Sound),
            (b"\xff\xfeh\0e\0l\0l\0", Content::Other),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Content::Picture(ImageFormat::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Content::Picture(ImageFormat::Png)),
            (b"II*\0\x08\0\0\0", Content::Picture(ImageFormat::Tiff)),
            (b"MM\0*\0\0\0\x08", Content::Picture(ImageFormat::Tiff)),
            (b"GIF89a\x01\0", Content::Picture(ImageFormat::Gif)),
            (b"BM\x36\0\x0c\0\0\0\0\0\x36\0\0\0", Content::Picture(ImageFormat::Bmp)),
            (b"BMW is a car, this is a text", Content::Other),
            (b"%PDF-1.7", Content::Other),
            (b"RIFF", Content::Other),
            (b"\xff", Content::Other),
            (b"", Content::Other),
        ] {
            assert_eq!(content(head), expected, "{:?}", String::from_utf8_lossy(head));
        }
    }
}

//! What a file is, by its content. Names and extensions play no part.

use std::io::{self, Read, Seek, SeekFrom};

use release::Container;

use crate::mpeg::{FrameHeader, Layer, is_adts};
use crate::source::Watched;
use crate::{AudioError, LooksLike, Unsupported};

/// A file that begins as an audio file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) container: Container,
    /// Where it begins: behind an ID3v2 tag, where there is one.
    pub(crate) start: u64,
    /// Whether an MP3 tells its length. Without that, a decoder can but guess it.
    pub(crate) has_length_tag: bool,
}

/// What a source is. It is left where the sound's file format begins.
pub(crate) fn sniff(source: &mut Watched<'_>) -> Result<Found, AudioError> {
    let found = match id3v2_bytes(source.head()) {
        Some(tag) => judge(&read_at(source, tag).map_err(AudioError::Read)?, tag)?,
        None => judge(source.head(), 0)?,
    };
    source.seek(SeekFrom::Start(found.start)).map_err(AudioError::Read)?;
    Ok(found)
}

fn read_at(source: &mut Watched<'_>, position: u64) -> io::Result<Vec<u8>> {
    const ENOUGH: u64 = 16 * 1024;
    source.seek(SeekFrom::Start(position))?;
    let mut bytes = Vec::new();
    source.by_ref().take(ENOUGH).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The length of an ID3v2 tag with its header and footer.
fn id3v2_bytes(head: &[u8]) -> Option<u64> {
    let header = head.get(..10).filter(|header| header.starts_with(b"ID3"))?;
    let size = header[6..10].iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
    let footer = if header[5] & 0x10 == 0 { 0 } else { 10 };
    Some(10 + size + footer)
}

fn judge(bytes: &[u8], start: u64) -> Result<Found, AudioError> {
    let found = |container| Ok(Found { container, start, has_length_tag: false });
    let is_at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if is_at(8, b"WAVE") {
        if is_at(0, b"RIFF") {
            return found(Container::Wav);
        }
        if is_at(0, b"RF64") || is_at(0, b"BW64") {
            return found(Container::Rf64);
        }
    }
    if is_at(0, b"FORM") && (is_at(8, b"AIFF") || is_at(8, b"AIFC")) {
        return found(Container::Aiff);
    }
    if is_at(0, b"caff") {
        return found(Container::Caf);
    }
    if is_at(0, b"fLaC") {
        return found(Container::Flac);
    }
    if let Some(format) = unsupported(&is_at) {
        return Err(AudioError::Unsupported(Unsupported::Format(format)));
    }
    if is_at(0, b"OggS") {
        return found(Container::Ogg);
    }
    if let Some(kind) = known(&is_at) {
        return Err(AudioError::NotAudio(LooksLike::Known(kind)));
    }
    if [&b"ftyp"[..], b"moov", b"mdat", b"wide"].iter().any(|name| is_at(4, name)) {
        return found(Container::Mp4);
    }
    if is_adts(bytes) {
        return found(Container::Adts);
    }
    // Some encoders leave a little rubbish before the first frame.
    if let Some((offset, header)) = FrameHeader::find(bytes, 4096) {
        return match header.layer {
            Layer::One => Err(AudioError::Unsupported(Unsupported::Format("MPEG audio layer I"))),
            Layer::Two => Err(AudioError::Unsupported(Unsupported::Format("MPEG audio layer II"))),
            Layer::Three => Ok(Found {
                container: Container::Mp3,
                start: start + offset as u64,
                has_length_tag: header.has_length_tag(&bytes[offset..]),
            }),
        };
    }
    Err(AudioError::NotAudio(looks_like(bytes)))
}

/// Sound that others read and this does not.
fn unsupported(is_at: &impl Fn(usize, &[u8]) -> bool) -> Option<&'static str> {
    /// `riff` and the rest of its GUID: Wave64 writes its chunks' names in small letters.
    const WAVE64: &[u8] = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00";
    const FORMATS: &[(usize, &[u8], &str)] = &[
        (0, WAVE64, "Wave64 (W64)"),
        (0, b"DSD ", "DSD (DSF)"),
        (0, b"FRM8", "DSD (DSDIFF)"),
        (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA)"),
        (28, b"OpusHead", "Opus"),
        (28, b"Speex   ", "Speex"),
        (0, b"wvpk", "WavPack"),
        (0, b"MAC ", "Monkey's Audio (APE)"),
        (0, b"TTA1", "True Audio (TTA)"),
        (0, b"OFR ", "OptimFROG"),
        (0, b"tBaK", "TAK"),
        (0, b"MPCK", "Musepack"),
        (0, b"MP+", "Musepack"),
        (0, b"#!AMR", "AMR"),
        (0, b".snd", "AU"),
        (0, b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
        (0, b"\x7f\xfe\x80\x01", "DTS"),
        (0, b"\x0b\x77", "AC-3 (Dolby Digital)"),
    ];
    FORMATS.iter().find(|(offset, magic, _)| is_at(*offset, magic)).map(|(_, _, name)| *name)
}

/// Files that lie beside sound and are none.
fn known(is_at: &impl Fn(usize, &[u8]) -> bool) -> Option<&'static str> {
    const KINDS: &[(usize, &[u8], &str)] = &[
        (0, b"%PDF", "a PDF document"),
        (0, b"\x89PNG", "a PNG picture"),
        (0, b"\xff\xd8\xff", "a JPEG picture"),
        (0, b"GIF8", "a GIF picture"),
        (0, b"II*\0", "a TIFF picture"),
        (0, b"MM\0*", "a TIFF picture"),
        (8, b"WEBP", "a WebP picture"),
        (8, b"AVI ", "an AVI video"),
        (4, b"ftyphei", "a HEIC picture"),
        (4, b"ftypavif", "an AVIF picture"),
        (0, b"PK\x03\x04", "a ZIP archive or an Office document"),
        (0, b"Rar!", "a RAR archive"),
        (0, b"7z\xbc\xaf", "a 7z archive"),
        (0, b"\x1f\x8b", "a gzip archive"),
        (0, b"MThd", "a MIDI file, which holds notes and no sound"),
        (0, b"\x7fELF", "a program"),
        (0, b"MZ", "a program"),
        (0, b"\x00\x05\x16\x07", "a side file of macOS, which holds no sound"),
    ];
    KINDS.iter().find(|(offset, magic, _)| is_at(*offset, magic)).map(|(_, _, name)| *name)
}

fn looks_like(bytes: &[u8]) -> LooksLike {
    let bytes = &bytes[..bytes.len().min(4096)];
    if bytes.is_empty() {
        LooksLike::Empty
    } else if bytes.iter().all(|byte| *byte == 0) {
        LooksLike::Zeros
    } else if is_text(bytes) {
        LooksLike::Text
    } else {
        LooksLike::Unknown
    }
}

fn is_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return true;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // A letter may be cut at the end of what was read.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn sniffed(bytes: &[u8]) -> Result<Found, String> {
        let mut source = Watched::new(Cursor::new(bytes.to_vec())).unwrap();
        sniff(&mut source).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_no_audio_is_named() {
        let cases: &[(&[u8], &str)] = &[
            (b"", "This is not an audio file: it is empty."),
            (&[0; 5000], "This is not an audio file: it holds only zeros."),
            (b"Dear label,\r\nhere is my demo \xe2\x99\xa5", "This is not an audio file: it is text."),
            (b"cut letter \xe2\x99", "This is not an audio file: it is text."),
            (b"%PDF-1.7", "This is not an audio file: it is a PDF document."),
            (
                b"\x01\x02\x03\x99\xff\xfe",
                "This is not an audio file: its content is not that of any known audio format.",
            ),
            (b"RIFF\0\0\0\0WEBPVP8 ", "This is not an audio file: it is a WebP picture."),
            (b"ID3\x04\0\0\0\0\0\x02ab", "This is not an audio file: it is empty."),
        ];
        for (bytes, message) in cases {
            assert_eq!(sniffed(bytes).unwrap_err(), *message);
        }
    }

    #[test]
    fn sound_that_is_not_read_is_named() {
        let mut opus = b"OggS".to_vec();
        opus.resize(28, 0);
        opus.extend(b"OpusHead");
        let cases: &[(&[u8], &str)] = &[
            (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00....", "Wave64 (W64) is not supported."),
            (b"DSD \x1c\0\0\0", "DSD (DSF) is not supported."),
            (&opus, "Opus is not supported."),
            (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA) is not supported."),
        ];
        for (bytes, message) in cases {
            assert_eq!(sniffed(bytes).unwrap_err(), *message);
        }
    }

    #[test]
    fn a_tag_in_front_is_passed_over() {
        let found = sniffed(b"ID3\x04\0\0\0\0\0\x02abfLaC....").unwrap();
        assert_eq!(found, Found { container: Container::Flac, start: 12, has_length_tag: false });
    }
}

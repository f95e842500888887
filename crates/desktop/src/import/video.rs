//! Videos begin as sound files in MP4 do. A music video beside an album is not one of its tracks.

use std::io::{self, Read, Seek, SeekFrom};

/// Boxes of headers are small; those of sound and pictures are skipped.
const MOST_BOXES: usize = 1024;

/// Whether a file is an MP4 with a moving picture (ISO/IEC 14496-12: a track whose handler is `vide`).
///
/// The cover of an M4A is in its tags and no track.
pub(super) fn is_in(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut at = 0;
    for place in 0..MOST_BOXES {
        if at + 16 > end {
            return Ok(false);
        }
        file.seek(SeekFrom::Start(at))?;
        let mut header = [0; 16];
        file.read_exact(&mut header)?;
        let [s0, s1, s2, s3, n0, n1, n2, n3, long @ ..] = header;
        let name = [n0, n1, n2, n3];
        if place == 0 && &name != b"ftyp" {
            return Ok(false);
        }
        let (head, size) = match u32::from_be_bytes([s0, s1, s2, s3]) {
            0 => (8, end - at),
            1 => (16, u64::from_be_bytes(long)),
            size => (8, size.into()),
        };
        if size < head {
            return Ok(false);
        }
        at = match &name {
            // Their content is boxes again.
            b"moov" | b"trak" | b"mdia" => at + head,
            b"hdlr" => {
                let mut handler = [0; 12];
                file.seek(SeekFrom::Start(at + head))?;
                file.read_exact(&mut handler)?;
                if handler.ends_with(b"vide") {
                    return Ok(true);
                }
                at.saturating_add(size)
            }
            _ => at.saturating_add(size),
        };
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap();
        [&size.to_be_bytes()[..], name, content].concat()
    }

    fn track(handler: &[u8; 4]) -> Vec<u8> {
        let handler = boxed(b"hdlr", &[&[0; 8][..], handler, &[0; 12]].concat());
        boxed(b"trak", &boxed(b"mdia", &[boxed(b"mdhd", &[0; 24]), handler].concat()))
    }

    fn file(tracks: &[Vec<u8>]) -> Cursor<Vec<u8>> {
        let parts = [boxed(b"ftyp", b"isom\0\0\0\0"), boxed(b"mdat", &[7; 50]), boxed(b"moov", &tracks.concat())];
        Cursor::new(parts.concat())
    }

    #[test]
    fn a_track_of_pictures_makes_a_video() {
        assert!(!is_in(&mut file(&[track(b"soun")])).unwrap());
        assert!(is_in(&mut file(&[track(b"soun"), track(b"vide")])).unwrap());
        assert!(!is_in(&mut Cursor::new(b"RIFF\0\0\0\0WAVEfmt vide")).unwrap());
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..100), cut in 0_usize..200) {
            let _ = is_in(&mut Cursor::new([boxed(b"ftyp", b"isom"), bytes].concat()));
            let mut whole = file(&[track(b"soun"), track(b"vide")]).into_inner();
            whole.truncate(cut);
            let _ = is_in(&mut Cursor::new(whole));
        }
    }
}

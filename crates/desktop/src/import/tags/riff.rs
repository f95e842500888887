//! The chunks of a WAV file that hold tags: `INFO`, `id3 `, and the ISRC in `axml`.
//!
//! RF64 and BW64 are read as well: their sizes beyond 4 GiB are in `ds64`, and tags mostly lie behind the sound.

use std::io::{self, Read, Seek, SeekFrom};

/// No tag is larger, but for one with a picture in it.
const LARGEST: u64 = 64 * 1024 * 1024;
/// A file made of thousands of empty chunks is not a recording.
const MOST_CHUNKS: usize = 4096;

/// The chunks that hold tags.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chunks {
    /// The values of the `INFO` list.
    pub(super) info: Vec<([u8; 4], String)>,
    /// An ID3 tag.
    pub(super) id3: Option<Vec<u8>>,
    /// EBU core metadata, or other XML.
    pub(super) axml: Option<String>,
}

/// Reads the chunks that hold tags and skips the others. A file that ends too early yields what came before.
pub(super) fn chunks(file: &mut (impl Read + Seek)) -> io::Result<Chunks> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut found = Chunks::default();
    let mut long_data = None;
    let mut at = 12;
    for _ in 0..MOST_CHUNKS {
        if at + 8 > end {
            break;
        }
        file.seek(SeekFrom::Start(at))?;
        let mut header = [0; 8];
        file.read_exact(&mut header)?;
        let [a, b, c, d, size @ ..] = header;
        let name = [a, b, c, d];
        let mut size = u64::from(u32::from_le_bytes(size));
        if &name == b"data" && size == u64::from(u32::MAX) {
            // Without `ds64`, a recorder that never came back to write the size: the sound goes on to the end.
            size = long_data.unwrap_or(end - at - 8);
        }
        let here = size.min(end - at - 8);
        match &name {
            b"ds64" => long_data = data_size(&read_up_to(file, here.min(16))?),
            b"LIST" if here <= LARGEST => {
                let list = read_up_to(file, here)?;
                if let Some(items) = list.strip_prefix(b"INFO") {
                    found.info.extend(info(items));
                }
            }
            b"id3 " | b"ID3 " if here <= LARGEST && found.id3.is_none() => found.id3 = Some(read_up_to(file, here)?),
            b"axml" if here <= LARGEST => {
                found.axml = Some(String::from_utf8_lossy(&read_up_to(file, here)?).into_owned());
            }
            _ => {}
        }
        // Chunks begin at even places.
        at = at.saturating_add(8).saturating_add(size).saturating_add(size % 2);
    }
    Ok(found)
}

/// The ISRC in EBU core metadata: `<dc:identifier>ISRC:GBXXX0000000</dc:identifier>` (EBU R 122, Tech 3352).
pub(super) fn isrc_in(axml: &str) -> Option<&str> {
    let from = axml.find("ISRC:")? + "ISRC:".len();
    let rest = &axml[from..];
    let code = rest[..rest.find('<').unwrap_or(rest.len())].trim();
    (!code.is_empty() && code.len() <= 32).then_some(code)
}

/// `ds64` holds the sizes of the file and of `data`, eight bytes each, first.
fn data_size(ds64: &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(ds64.get(8..16)?.try_into().ok()?))
}

fn read_up_to(file: &mut impl Read, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.by_ref().take(size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn info(mut items: &[u8]) -> Vec<([u8; 4], String)> {
    let mut values = Vec::new();
    while let Some((header, rest)) = items.split_at_checked(8) {
        let [a, b, c, d, size @ ..] = header else { break };
        let Ok(size) = size.try_into().map(u32::from_le_bytes) else { break };
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
        values.push(([*a, *b, *c, *d], text(&rest[..size])));
        items = rest.get(size + size % 2..).unwrap_or_default();
    }
    values
}

/// The standard names no encoding: UTF-8 where it is that, else Windows' western one, whose printable part is Latin-1's.
fn text(bytes: &[u8]) -> String {
    let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len()).unwrap();
        let mut bytes = [&name[..], &size.to_le_bytes(), content].concat();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    }

    fn wave(chunks: &[Vec<u8>]) -> Cursor<Vec<u8>> {
        Cursor::new([b"RIFF\0\0\0\0WAVE".to_vec(), chunks.concat()].concat())
    }

    #[test]
    fn tags_are_found_before_and_behind_the_sound() {
        let list = [&b"INFO"[..], &chunk(b"INAM", b"Caf\xe9\0"), &chunk(b"IART", "Ännchen\0".as_bytes())].concat();
        let axml = b"<dc:identifier>ISRC:GBAAA9900001</dc:identifier>";
        let file =
            &mut wave(&[chunk(b"LIST", &list), chunk(b"data", &[1; 7]), chunk(b"id3 ", b"ID3x"), chunk(b"axml", axml)]);
        let chunks = chunks(file).unwrap();
        assert_eq!(chunks.info, [(*b"INAM", "Café".to_owned()), (*b"IART", "Ännchen".to_owned())]);
        assert_eq!(chunks.id3.as_deref(), Some(&b"ID3x"[..]));
        assert_eq!(chunks.axml.as_deref().and_then(isrc_in), Some("GBAAA9900001"));
    }

    #[test]
    fn the_sound_of_rf64_is_skipped_by_its_long_size() {
        let ds64 = [100_u64.to_le_bytes(), 6_u64.to_le_bytes()].concat();
        let mut data = chunk(b"data", &[1; 6]);
        data[4..8].copy_from_slice(&[0xff; 4]);
        let file = &mut wave(&[chunk(b"ds64", &ds64), data, chunk(b"id3 ", b"tag!")]);
        assert_eq!(chunks(file).unwrap().id3.as_deref(), Some(&b"tag!"[..]));
    }

    #[test]
    fn other_lists_and_sizes_beyond_the_end_are_passed_over() {
        let mut long = chunk(b"LIST", b"INFOINAM\xff\xff\xff\x7fTitle");
        long[4..8].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
        let found = chunks(&mut wave(&[chunk(b"LIST", b"adtl"), long])).unwrap();
        assert_eq!(found.info, [(*b"INAM", "Title".to_owned())]);
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = chunks(&mut Cursor::new(&bytes));
            let _ = chunks(&mut wave(&[bytes]));
        }

        #[test]
        fn any_text_can_hold_an_isrc(text in "(ISRC:|<|\\PC){0,20}") {
            isrc_in(&text);
        }
    }
}

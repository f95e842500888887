//! The `info` chunk of a CAF file: names and values in UTF-8 (Apple, Core Audio Format Specification 1.0).

use std::io::{self, Read, Seek, SeekFrom};

/// Texts are short.
const LARGEST: u64 = 1024 * 1024;
const MOST_CHUNKS: usize = 4096;

/// Reads the names and values of all `info` chunks. A file that ends too early yields what came before.
pub(super) fn info(file: &mut (impl Read + Seek)) -> io::Result<Vec<(String, String)>> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut values = Vec::new();
    let mut at: u64 = 8;
    for _ in 0..MOST_CHUNKS {
        if at.saturating_add(12) > end {
            break;
        }
        file.seek(SeekFrom::Start(at))?;
        let mut header = [0; 12];
        file.read_exact(&mut header)?;
        let [a, b, c, d, size @ ..] = header;
        // −1 stands for sound that goes on to the end.
        let Ok(size) = u64::try_from(i64::from_be_bytes(size)) else { break };
        if &[a, b, c, d] == b"info" && size <= LARGEST {
            let mut content = Vec::new();
            file.by_ref().take(size).read_to_end(&mut content)?;
            let mut texts = content.get(4..).unwrap_or_default().split(|byte| *byte == 0);
            while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
                values.push((lossy(name), lossy(value)));
            }
        }
        at = at.saturating_add(12).saturating_add(size);
    }
    Ok(values)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn chunk(name: &[u8; 4], size: i64, content: &[u8]) -> Vec<u8> {
        [&name[..], &size.to_be_bytes(), content].concat()
    }

    #[test]
    fn names_and_values_are_found_around_the_sound() {
        let texts = b"\0\0\0\x02title\0Some Song\0track number\x003\0";
        let chunks = [
            chunk(b"data", 5, b"sound"),
            chunk(b"info", i64::try_from(texts.len()).unwrap(), texts),
            chunk(b"data", -1, b"sound"),
        ];
        let file = [b"caff\0\x01\0\0".to_vec(), chunks.concat()].concat();
        let expected = [("title", "Some Song"), ("track number", "3")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(info(&mut Cursor::new(file)).unwrap(), expected);
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..100), size in any::<i64>()) {
            let file = [b"caff\0\x01\0\0".to_vec(), chunk(b"info", size, &bytes)].concat();
            let _ = info(&mut Cursor::new(file));
        }
    }
}

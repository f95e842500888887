use release::{Tag, Tags};

/// Tags as a `LIST INFO` chunk with its head, in UTF-8; nothing where no tag has a place in it.
pub(super) fn riff_info(tags: &Tags) -> Vec<u8> {
    let mut content = b"INFO".to_vec();
    for (tag, value) in tags.iter() {
        let Some(name) = name(tag) else { continue };
        // Texts end with a zero, which counts, and are padded to an even length, which does not.
        let size = u32::try_from(value.len() + 1).expect("tags are far below 4 GiB");
        content.extend(name);
        content.extend(size.to_le_bytes());
        content.extend(value.as_bytes());
        content.push(0);
        if size % 2 == 1 {
            content.push(0);
        }
    }
    if content.len() == 4 {
        return Vec::new();
    }
    chunk(b"LIST", &content)
}

/// A chunk with its head, padded to an even length.
pub(super) fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).expect("tags are far below 4 GiB");
    let mut chunk = [&name[..], &size.to_le_bytes(), content].concat();
    if size % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

/// INFO has no place for what is missing here; its own ISRC means the source of a picture.
fn name(tag: Tag) -> Option<&'static [u8; 4]> {
    Some(match tag {
        Tag::Title => b"INAM",
        Tag::Artist => b"IART",
        Tag::Album => b"IPRD",
        Tag::TrackNumber => b"ITRK",
        Tag::Date => b"ICRD",
        Tag::Genre => b"IGNR",
        Tag::Composer => b"IMUS",
        Tag::Producer => b"IPRO",
        Tag::Copyright => b"ICOP",
        Tag::Language => b"ILNG",
        _ => return None,
    })
}

use release::{Tag, Tags};

/// Tags as a Vorbis comment (Xiph, "Ogg Vorbis I format specification: comment field and header"), without the framing
/// bit, as FLAC has it.
pub(super) fn vorbis_comment(tags: &Tags) -> Vec<u8> {
    let comments: Vec<String> =
        tags.iter().filter_map(|(tag, value)| Some(format!("{}={value}", name(tag)?))).collect();
    let mut bytes = Vec::new();
    // No version: it would change the bytes of a recipe that is otherwise the same.
    push(&mut bytes, "Lacquer");
    bytes.extend(length(comments.len()));
    for comment in &comments {
        push(&mut bytes, comment);
    }
    bytes
}

fn push(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend(length(text.len()));
    bytes.extend(text.as_bytes());
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("tags are far below 4 GiB").to_le_bytes()
}

fn name(tag: Tag) -> Option<&'static str> {
    Some(match tag {
        Tag::Title => "TITLE",
        Tag::Artist => "ARTIST",
        Tag::Album => "ALBUM",
        Tag::AlbumArtist => "ALBUMARTIST",
        Tag::TrackNumber => "TRACKNUMBER",
        Tag::TrackTotal => "TRACKTOTAL",
        Tag::DiscNumber => "DISCNUMBER",
        Tag::DiscTotal => "DISCTOTAL",
        Tag::Date => "DATE",
        Tag::Isrc => "ISRC",
        Tag::Upc => "BARCODE",
        Tag::Label => "LABEL",
        Tag::CatalogueNumber => "CATALOGNUMBER",
        Tag::Genre => "GENRE",
        Tag::Composer => "COMPOSER",
        Tag::Lyricist => "LYRICIST",
        Tag::Producer => "PRODUCER",
        Tag::Remixer => "REMIXER",
        Tag::Copyright => "COPYRIGHT",
        Tag::Language => "LANGUAGE",
        // Vorbis comments have no usual name for it.
        Tag::PLine => return None,
    })
}

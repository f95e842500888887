use release::{Tag, Tags};

use super::language::iso_639_2;
use crate::Picture;
use crate::picture::mime;

/// Tags and picture as an ID3v2.4 tag (id3.org, "ID3 tag version 2.4.0"), in UTF-8, without padding.
pub(super) fn id3v2(tags: &Tags, picture: Option<Picture<'_>>) -> Vec<u8> {
    let mut frames = Vec::new();
    for (tag, value) in tags.iter() {
        frames.extend(frame_of(tag, value, tags));
    }
    if let Some(picture) = picture {
        frames.extend(attached_picture(&picture));
    }
    [b"ID3\x04\x00\x00", &syncsafe(frames.len())[..], &frames].concat()
}

fn frame_of(tag: Tag, value: &str, tags: &Tags) -> Vec<u8> {
    match tag {
        Tag::Title => text(b"TIT2", value),
        Tag::Artist => text(b"TPE1", value),
        Tag::Album => text(b"TALB", value),
        Tag::AlbumArtist => text(b"TPE2", value),
        Tag::TrackNumber => text(b"TRCK", &of_total(value, tags.get(Tag::TrackTotal))),
        Tag::DiscNumber => text(b"TPOS", &of_total(value, tags.get(Tag::DiscTotal))),
        // They stand beside their numbers.
        Tag::TrackTotal | Tag::DiscTotal => Vec::new(),
        Tag::Date => text(b"TDRC", value),
        Tag::Isrc => text(b"TSRC", value),
        Tag::Upc => text(b"TXXX", &format!("BARCODE\0{value}")),
        Tag::Label => text(b"TPUB", value),
        Tag::CatalogueNumber => text(b"TXXX", &format!("CATALOGNUMBER\0{value}")),
        Tag::Genre => text(b"TCON", value),
        Tag::Composer => text(b"TCOM", value),
        Tag::Lyricist => text(b"TEXT", value),
        Tag::Producer => text(b"TIPL", &format!("producer\0{value}")),
        Tag::Remixer => text(b"TPE4", value),
        Tag::Copyright => text(b"TCOP", from_the_year(value)),
        Tag::PLine => text(b"TPRO", from_the_year(value)),
        Tag::Language => iso_639_2(value).map(|language| text(b"TLAN", language)).unwrap_or_default(),
    }
}

fn of_total(number: &str, total: Option<&str>) -> String {
    total.map_or_else(|| number.to_owned(), |total| format!("{number}/{total}"))
}

/// The frames for © and ℗ begin with the year; players add the sign.
fn from_the_year(line: &str) -> &str {
    line.trim_start_matches(['©', '℗', ' '])
}

fn text(name: &[u8; 4], value: &str) -> Vec<u8> {
    frame(name, &[&[UTF_8], value.as_bytes()].concat())
}

fn attached_picture(picture: &Picture<'_>) -> Vec<u8> {
    const FRONT_COVER: u8 = 3;
    let head = [&[UTF_8], mime(picture.format).as_bytes(), &[0, FRONT_COVER, 0]].concat();
    frame(b"APIC", &[&head, picture.bytes].concat())
}

const UTF_8: u8 = 3;

fn frame(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&name[..], &syncsafe(content.len()), &[0, 0], content].concat()
}

/// A number in four bytes of seven bits, so that it never looks like a frame of sound.
fn syncsafe(number: usize) -> [u8; 4] {
    let number = u32::try_from(number).ok().filter(|number| *number < 1 << 28);
    let number = number.expect("pictures over 200 MB are left out by the caller");
    [number >> 21, number >> 14, number >> 7, number].map(|part| part.to_be_bytes()[3] & 0x7f)
}

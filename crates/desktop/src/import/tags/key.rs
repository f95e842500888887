/// What a tag can say of a track or its release, whatever its format calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::import) enum TagKey {
    Title,
    Version,
    Artist,
    /// The artists' names one by one, beside a line of all.
    Artists,
    Album,
    AlbumArtist,
    AlbumArtists,
    Number,
    Disc,
    TrackTotal,
    /// The date of an unnamed kind, in practice the release's.
    Date,
    ReleaseDate,
    OriginalDate,
    Isrc,
    Upc,
    Label,
    /// In older tags the label, in newer ones the publisher of the works.
    Publisher,
    CatalogueNumber,
    Genre,
    Composer,
    Lyricist,
    Producer,
    Remixer,
    /// Mostly the © line.
    Copyright,
    PLine,
    Language,
    /// iTunes' numbers: 0 none, 1 (once 4) explicit, 2 clean.
    Advisory,
}

/// A frame of ID3v2.4. Those of 2.2 and 2.3 are upgraded before.
pub(super) fn id3(frame: &str) -> Option<TagKey> {
    Some(match frame {
        "TIT2" => TagKey::Title,
        "TPE1" => TagKey::Artist,
        "TALB" => TagKey::Album,
        "TPE2" => TagKey::AlbumArtist,
        "TRCK" => TagKey::Number,
        "TPOS" => TagKey::Disc,
        "TDRC" => TagKey::Date,
        "TDRL" => TagKey::ReleaseDate,
        "TDOR" => TagKey::OriginalDate,
        "TSRC" => TagKey::Isrc,
        "TPUB" => TagKey::Publisher,
        "TCON" => TagKey::Genre,
        "TCOM" => TagKey::Composer,
        "TEXT" => TagKey::Lyricist,
        "TPE4" => TagKey::Remixer,
        "TCOP" => TagKey::Copyright,
        "TPRO" => TagKey::PLine,
        "TLAN" => TagKey::Language,
        _ => return None,
    })
}

/// A freely named field: a Vorbis comment, an ID3 `TXXX`, an MP4 `----` of `com.apple.iTunes`.
///
/// Case, spaces and punctuation are ignored, as the programs that write these fields do not agree on them.
pub(super) fn named(name: &str) -> Option<TagKey> {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric() || *c == '℗').collect();
    Some(match plain.to_uppercase().as_str() {
        "TITLE" => TagKey::Title,
        "VERSION" => TagKey::Version,
        "ARTIST" => TagKey::Artist,
        "ARTISTS" => TagKey::Artists,
        "ALBUM" => TagKey::Album,
        "ALBUMARTIST" => TagKey::AlbumArtist,
        "ALBUMARTISTS" => TagKey::AlbumArtists,
        "TRACKNUMBER" | "TRACK" => TagKey::Number,
        "DISCNUMBER" | "DISC" => TagKey::Disc,
        "TRACKTOTAL" | "TOTALTRACKS" => TagKey::TrackTotal,
        "DATE" | "YEAR" => TagKey::Date,
        "RELEASEDATE" => TagKey::ReleaseDate,
        "ORIGINALDATE" | "ORIGINALRELEASEDATE" | "ORIGINALYEAR" => TagKey::OriginalDate,
        "ISRC" => TagKey::Isrc,
        "BARCODE" | "UPC" | "EAN" | "UPCEAN" | "EANUPN" | "ICPN" => TagKey::Upc,
        "LABEL" | "RECORDLABEL" => TagKey::Label,
        "PUBLISHER" | "ORGANIZATION" => TagKey::Publisher,
        "CATALOGNUMBER" | "CATALOGUENUMBER" | "CATALOG" | "CATALOGID" | "LABELNO" => TagKey::CatalogueNumber,
        "GENRE" => TagKey::Genre,
        "COMPOSER" => TagKey::Composer,
        "LYRICIST" => TagKey::Lyricist,
        "PRODUCER" => TagKey::Producer,
        "REMIXER" | "MIXARTIST" => TagKey::Remixer,
        "COPYRIGHT" | "CLINE" => TagKey::Copyright,
        "PLINE" | "PRODUCTIONCOPYRIGHT" | "PHONOGRAPHICCOPYRIGHT" | "℗" | "℗LINE" => TagKey::PLine,
        "LANGUAGE" => TagKey::Language,
        "ITUNESADVISORY" => TagKey::Advisory,
        _ => return None,
    })
}

/// An atom of an MP4 file's `ilst`.
pub(super) fn mp4(atom: [u8; 4]) -> Option<TagKey> {
    Some(match &atom {
        b"\xa9nam" => TagKey::Title,
        b"\xa9ART" => TagKey::Artist,
        b"\xa9alb" => TagKey::Album,
        b"aART" => TagKey::AlbumArtist,
        b"\xa9day" => TagKey::Date,
        b"\xa9gen" => TagKey::Genre,
        b"\xa9wrt" => TagKey::Composer,
        b"cprt" => TagKey::Copyright,
        _ => return None,
    })
}

/// A chunk of a RIFF `INFO` list. `ISRC` there is the source of the material and no recording code.
pub(super) fn riff(chunk: &[u8; 4]) -> Option<TagKey> {
    Some(match &chunk.to_ascii_uppercase()[..] {
        b"INAM" => TagKey::Title,
        b"IART" => TagKey::Artist,
        b"IPRD" => TagKey::Album,
        b"ITRK" | b"IPRT" => TagKey::Number,
        b"IFRM" => TagKey::TrackTotal,
        b"ICRD" => TagKey::Date,
        b"IGNR" => TagKey::Genre,
        b"IMUS" => TagKey::Composer,
        b"IPRO" => TagKey::Producer,
        b"ICOP" => TagKey::Copyright,
        b"ILNG" => TagKey::Language,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_names_are_known_in_every_spelling() {
        for (name, expected) in [
            ("BARCODE", Some(TagKey::Upc)),
            ("barcode", Some(TagKey::Upc)),
            ("UPC/EAN", Some(TagKey::Upc)),
            ("Catalog Number", Some(TagKey::CatalogueNumber)),
            ("CATALOG #", Some(TagKey::CatalogueNumber)),
            ("ALBUM ARTIST", Some(TagKey::AlbumArtist)),
            ("album_artist", Some(TagKey::AlbumArtist)),
            ("P-Line", Some(TagKey::PLine)),
            ("℗ Line", Some(TagKey::PLine)),
            ("PRODUCTIONCOPYRIGHT", Some(TagKey::PLine)),
            ("iTunesAdvisory", Some(TagKey::Advisory)),
            ("REPLAYGAIN_TRACK_GAIN", None),
            ("", None),
        ] {
            assert_eq!(named(name), expected, "{name:?}");
        }
    }

    #[test]
    fn an_info_list_s_source_is_no_recording_code() {
        assert_eq!(riff(b"ISRC"), None);
    }
}

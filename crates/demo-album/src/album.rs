//! What the album says of itself: titles, credits, codes.

use release::{Tag, Tags};

use crate::pieces::{copper_morning, lamp_out, undertow};
use crate::sound::Sound;

/// Who plays.
pub const ARTIST: &str = "The Evening Lathe";

const TITLE: &str = "A Day on Lacquer";
const LABEL: &str = "Lacquer Recordings";
const RIGHTS: &str = "2026 Lacquer Recordings";

/// A track of the album.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) title: &'static str,
    pub(crate) isrc: &'static str,
    pub(crate) sample_rate: u32,
    pub(crate) file: File,
    pub(crate) compose: fn(f64) -> Sound,
}

/// How a track's file holds its sound; all have 24 bits a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    Flac,
    Wav,
}

/// In the order of the day. ISRCs of the prefix ZZ are given by the international agency alone, and the bar code's first
/// digit says that it is for use inside a shop: no recording that is sold has these.
pub(crate) const PIECES: [Piece; 3] = [
    Piece {
        title: "Copper Morning",
        isrc: "ZZLQR2600001",
        sample_rate: 48_000,
        file: File::Flac,
        compose: copper_morning,
    },
    Piece { title: "Undertow", isrc: "ZZLQR2600002", sample_rate: 48_000, file: File::Flac, compose: undertow },
    Piece { title: "Lamp Out", isrc: "ZZLQR2600003", sample_rate: 96_000, file: File::Wav, compose: lamp_out },
];
const UPC: &str = "426112200013";

impl Piece {
    /// `01 Copper Morning.flac`.
    pub(crate) fn file_name(&self, number: usize) -> String {
        let extension = match self.file {
            File::Flac => "flac",
            File::Wav => "wav",
        };
        format!("{number:02} {}.{extension}", self.title)
    }

    /// The tags of the piece as a track of the album.
    pub(crate) fn tags(&self, number: usize) -> Tags {
        let values = [
            (Tag::Title, self.title),
            (Tag::Artist, ARTIST),
            (Tag::Album, TITLE),
            (Tag::AlbumArtist, ARTIST),
            (Tag::TrackNumber, &number.to_string()),
            (Tag::TrackTotal, &PIECES.len().to_string()),
            (Tag::DiscNumber, "1"),
            (Tag::DiscTotal, "1"),
            (Tag::Date, "2026-01-16"),
            (Tag::Isrc, self.isrc),
            (Tag::Upc, UPC),
            (Tag::Label, LABEL),
            (Tag::CatalogueNumber, "LQR 001"),
            (Tag::Genre, "Ambient"),
            (Tag::Composer, ARTIST),
            (Tag::Producer, ARTIST),
            (Tag::Copyright, &format!("© {RIGHTS}")),
            (Tag::PLine, &format!("℗ {RIGHTS}")),
            // Nobody sings.
            (Tag::Language, "zxx"),
        ];
        let mut tags = Tags::default();
        for (tag, value) in values {
            tags.set(tag, value.to_owned());
        }
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use release::{Isrc, RightsLine, Upc};

    #[test]
    fn codes_and_lines_are_good() {
        assert!(UPC.parse::<Upc>().is_ok() && RIGHTS.parse::<RightsLine>().is_ok());
        let isrcs: Vec<Isrc> = PIECES.iter().map(|piece| piece.isrc.parse().unwrap()).collect();
        assert!(isrcs.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

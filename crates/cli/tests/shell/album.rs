//! Small albums.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use release::Tag;

use crate::shell::Shell;
use crate::sound::{flac, tags};

/// What tags cannot say, as `--set` says it.
pub(crate) const BY_HAND: [&str; 8] = [
    "--set",
    "p_line=2026 Night Records",
    "--set",
    "c_line=2026 Night Records",
    "--set",
    "1.advisory=none",
    "--set",
    "2.advisory=none",
];

const TITLES: [&str; 2] = ["Terminus", "Last Stop"];

/// Two tagged tracks and their artwork, in the folder `Night Bus`.
pub(crate) fn night_bus(shell: &Shell) -> PathBuf {
    let folder = shell.path("Night Bus");
    fs::create_dir_all(&folder).unwrap();
    for (number, title) in (1..).zip(TITLES) {
        let isrc = format!("DEA01260000{number}");
        let tags = tags(&[
            (Tag::Title, title),
            (Tag::Artist, "Ann Ash"),
            (Tag::Album, "Night Bus"),
            (Tag::AlbumArtist, "Ann Ash"),
            (Tag::TrackNumber, &number.to_string()),
            (Tag::Isrc, &isrc),
            (Tag::Upc, "190295810726"),
            (Tag::Label, "Night Records"),
            (Tag::Genre, "Electronic"),
        ]);
        flac(&folder.join(format!("{number:02} {title}.flac")), &tags);
    }
    fs::write(folder.join("cover.png"), artwork()).unwrap();
    folder
}

/// A square of one colour, as large as stores like it.
pub(crate) fn artwork() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let square = image::GrayImage::from_pixel(4000, 4000, image::Luma([60]));
        square.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    })
}

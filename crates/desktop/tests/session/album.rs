//! Albums to test with, made on the spot.

use std::fs;
use std::path::{Path, PathBuf};

use desktop::{Session, SessionError};
use image::{ImageFormat, RgbImage};
use release::{Field, FieldName, ReleaseId};

/// Writes an album: a folder of WAV files of half a second each, named by artist and title, and a picture.
pub(crate) fn write(parent: &Path, titles: &[&str]) -> PathBuf {
    let folder = parent.join("Ann Ash - Slack Water");
    fs::create_dir_all(&folder).unwrap();
    for (number, title) in (1_u32..).zip(titles) {
        fs::write(folder.join(format!("{number:02} {title}.wav")), wav(number)).unwrap();
    }
    // Flat, so that it is small; of the size that stores want.
    let picture = RgbImage::from_pixel(4000, 4000, image::Rgb([20, 60, 90]));
    picture.save_with_format(folder.join("cover.png"), ImageFormat::Png).unwrap();
    folder
}

/// Half a second of stereo at 44.1 kHz and 16 bit, another one for every seed.
pub(crate) fn wav(seed: u32) -> Vec<u8> {
    const RATE: u32 = 44_100;
    let frames = RATE / 2;
    let mut sound = Vec::new();
    for frame in 0..frames {
        // Two sines that start and end at nothing.
        let at = f64::from(frame) / f64::from(frames);
        let swell = (at * std::f64::consts::PI).sin() * 6_000.0;
        for channel in 1..=2_u32 {
            let turns = f64::from(frame) / f64::from(RATE) * f64::from(110 * (seed + channel));
            #[expect(clippy::cast_possible_truncation, reason = "within 16 bits")]
            let sample = ((turns * std::f64::consts::TAU).sin() * swell) as i16;
            sound.extend(sample.to_le_bytes());
        }
    }
    let bytes = u32::try_from(sound.len()).unwrap();
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend(1_u16.to_le_bytes());
    wav.extend(2_u16.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 4).to_le_bytes());
    wav.extend(4_u16.to_le_bytes());
    wav.extend(16_u16.to_le_bytes());
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    wav.extend(sound);
    wav
}

/// Enters by hand what names of files do not say.
pub(crate) async fn complete(session: &Session, draft: ReleaseId) -> Result<(), SessionError> {
    let of_release = |name, text: &str| (Field::of_release(name), text.to_owned());
    let mut edits = vec![
        of_release(FieldName::Artist, "Ann Ash"),
        of_release(FieldName::Title, "Slack Water"),
        of_release(FieldName::Label, "Low Tide"),
        of_release(FieldName::Genre, "Electronic"),
        of_release(FieldName::Language, "zxx"),
        of_release(FieldName::PLine, "2026 Low Tide"),
        of_release(FieldName::CLine, "2026 Low Tide"),
    ];
    let view = session.view();
    for track in &view.draft(draft).unwrap().draft.release.tracks {
        edits.push((Field::of_track(track.id, FieldName::Advisory), "none".to_owned()));
    }
    session.edit_all(draft, edits, None).await
}

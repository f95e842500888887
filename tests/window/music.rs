//! Music made for a test: tones, in files and folders as labels have them.

use std::f64::consts::TAU;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::stage::album as demo_album;

/// An album of tones, with the demo album's cover; a track a length in seconds.
pub(crate) fn tones(folder: &Path, lengths: &[f64]) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    for (at, seconds) in lengths.iter().enumerate() {
        tone(&folder.join(format!("{:02} Tone.wav", at + 1)), 220.0 + at as f64, *seconds);
    }
    fs::copy(demo_album().join("cover.jpg"), folder.join("cover.jpg")).unwrap();
    folder.to_owned()
}

/// Very short tones, each other than the rest, in so many files of one folder.
pub(crate) fn many(folder: &Path, count: u32) -> Vec<PathBuf> {
    fs::create_dir_all(folder).unwrap();
    let file = |number| {
        let path = folder.join(format!("{number:04} Tone.wav"));
        tone(&path, 200.0 + f64::from(number), 0.2);
        path
    };
    (1..=count).map(file).collect()
}

/// A box of two discs with all that lies around in such folders, two levels deep.
pub(crate) fn tree(folder: &Path) -> PathBuf {
    for disc in ["CD 1", "CD 2"] {
        let disc_folder = folder.join(disc);
        fs::create_dir_all(&disc_folder).unwrap();
        for number in 1..=3 {
            let pitch = 300.0 + f64::from(number) + disc.len() as f64 + f64::from(disc.as_bytes()[3]);
            tone(&disc_folder.join(format!("{number:02} Tone.wav")), pitch, 0.5);
        }
    }
    let artwork = folder.join("Artwork");
    fs::create_dir_all(&artwork).unwrap();
    fs::copy(demo_album().join("cover.jpg"), artwork.join("front.jpg")).unwrap();
    fs::write(folder.join("notes.txt"), "Mastered at night.\n").unwrap();
    folder.to_owned()
}

/// A folder with two tones, and beside them what cannot be read, even by root: a file of no bytes, a text that is called a
/// sound file, a link to nothing, and links in a circle.
pub(crate) fn unreadable(folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    tone(&folder.join("01 Good.wav"), 440.0, 0.5);
    tone(&folder.join("02 Good as well.wav"), 550.0, 0.5);
    fs::write(folder.join("03 Empty.wav"), "").unwrap();
    fs::write(folder.join("04 Text.wav"), "This is no sound.\n").unwrap();
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(folder.join(to), folder.join(name)).unwrap();
    link("nowhere", "05 Gone.wav");
    link("06 Circle.wav", "06 Circle.wav");
    folder.to_owned()
}

/// A quiet tone, 16 bit, 44.1 kHz, stereo.
pub(crate) fn tone(path: &Path, pitch: f64, seconds: f64) {
    const RATE: u32 = 44_100;
    let frames = (f64::from(RATE) * seconds) as u32;
    let bytes = frames * 4;
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(b"RIFF").unwrap();
    file.write_all(&(36 + bytes).to_le_bytes()).unwrap();
    file.write_all(b"WAVEfmt \x10\0\0\0\x01\0\x02\0").unwrap();
    file.write_all(&RATE.to_le_bytes()).unwrap();
    file.write_all(&(RATE * 4).to_le_bytes()).unwrap();
    file.write_all(b"\x04\0\x10\0data").unwrap();
    file.write_all(&bytes.to_le_bytes()).unwrap();
    // One period, again and again: a test spends no time on sines. Its length makes the pitch nearly right.
    let period = (f64::from(RATE) / pitch).round() as u32;
    // What is the same in two files is one master: the height tells them apart where the period does not.
    let height = 4000.0 + pitch.rem_euclid(1000.0);
    let wave: Vec<u8> = (0..period)
        .flat_map(|frame| {
            let sample = ((f64::from(frame) / f64::from(period) * TAU).sin() * height) as i16;
            [sample.to_le_bytes(), sample.to_le_bytes()].concat()
        })
        .collect();
    let mut left = bytes as usize;
    while left > 0 {
        let piece = &wave[..left.min(wave.len())];
        file.write_all(piece).unwrap();
        left -= piece.len();
    }
    file.flush().unwrap();
}

//! Files that tests import, made on the fly.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use desktop::import::{ImportControl, ImportError, Imported, LeftOut, Origin};
use release::{Field, FieldName};
use tempfile::TempDir;

/// A folder that is gone after the test.
pub(crate) struct Album {
    folder: TempDir,
}

impl Album {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("Ann Ash - Some Album")
    }

    /// Writes a file, and the folders around it.
    pub(crate) fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Writes a short sound file, different for every name.
    pub(crate) fn wav(&self, name: &str) -> PathBuf {
        self.write(name, wav(tone(name)))
    }

    /// Has ffmpeg write a file of a short tone, with further arguments for its output.
    pub(crate) fn ffmpeg(&self, name: &str, output: &[&str]) -> PathBuf {
        let source = self.folder.path().join("tone.wav");
        fs::write(&source, wav(tone(name))).unwrap();
        self.convert(&source, name, output)
    }

    /// Has ffmpeg convert a file.
    pub(crate) fn convert(&self, source: &Path, name: &str, output: &[&str]) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut command = Command::new("ffmpeg");
        command.args(["-nostdin", "-loglevel", "error", "-y", "-i"]).arg(source).args(output).arg(&path);
        assert!(command.status().expect("these tests need ffmpeg").success(), "{command:?}");
        path
    }

    pub(crate) fn import(&self) -> Imported {
        self.try_import().unwrap()
    }

    pub(crate) fn try_import(&self) -> Result<Imported, ImportError> {
        desktop::import::import(&[self.path()], &ImportControl::new())
    }

    /// A text without the folder's path, which is another every time.
    pub(crate) fn plain(&self, text: impl ToString) -> String {
        text.to_string().replace(self.path().to_str().unwrap(), "ALBUM")
    }

    /// What was left out, as a person reads it.
    pub(crate) fn left_out(&self, left_out: &[LeftOut]) -> Vec<String> {
        left_out.iter().map(|left| self.plain(left)).collect()
    }
}

/// A tone that a name decides on: 0.1 s of 44.1 kHz stereo.
pub(crate) fn tone(name: &str) -> Vec<i16> {
    let pitch = name.bytes().fold(200.0, |pitch, byte| (pitch * 31.0 + f64::from(byte)) % 2_000.0) + 100.0;
    (0..4_410_u32)
        .flat_map(|n| {
            let phase = std::f64::consts::TAU * pitch * f64::from(n) / 44_100.0;
            [(phase.sin() * 8_000.0) as i16, (phase.cos() * 8_000.0) as i16]
        })
        .collect()
}

/// A WAV file of 16 bit, 44.1 kHz, stereo.
pub(crate) fn wav(samples: Vec<i16>) -> Vec<u8> {
    wav_with(samples, &[])
}

/// The same with chunks behind the sound.
pub(crate) fn wav_with(samples: Vec<i16>, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let mut format = Vec::new();
    format.extend(1_u16.to_le_bytes());
    format.extend(2_u16.to_le_bytes());
    format.extend(44_100_u32.to_le_bytes());
    format.extend(176_400_u32.to_le_bytes());
    format.extend(4_u16.to_le_bytes());
    format.extend(16_u16.to_le_bytes());
    let mut body = b"WAVE".to_vec();
    for (name, content) in [(b"fmt ", &format[..]), (b"data", &data)].into_iter().chain(chunks.iter().copied()) {
        body.extend(name);
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend(content);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    let mut file = b"RIFF".to_vec();
    file.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    file.extend(body);
    file
}

/// The tracks as `disc-number title`.
pub(crate) fn tracks(imported: &Imported) -> Vec<String> {
    imported.release.tracks.iter().map(|t| format!("{}-{} {}", t.disc, t.number, t.display_title())).collect()
}

/// Every field that was filled, as a person reads it, with where it comes from.
pub(crate) fn fields(imported: &Imported) -> Vec<String> {
    let tracks = imported.release.tracks.iter().map(|track| Some(track.id));
    let mut shown = Vec::new();
    for (place, track) in [None].into_iter().chain(tracks).enumerate() {
        for name in FieldName::ALL {
            let field = Field { track, name: *name };
            let Some(origin) = imported.origins.get(&field) else { continue };
            let place = if place == 0 { "release".to_owned() } else { format!("track {place}") };
            let origin = match origin {
                Origin::Name => "name",
                Origin::Tags => "tags",
                Origin::Sheet => "sheet",
                Origin::Hand => "hand",
            };
            shown.push(format!("{place} {name}: {} ({origin})", imported.release.text(field)));
        }
    }
    shown
}

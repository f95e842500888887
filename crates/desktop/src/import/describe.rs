use std::fs::File;
use std::path::Path;

use audio::{Analysis, Waveform};
use release::{AudioFacts, Loudness};
use upload::digest::FileDigest;

use super::{ImportControl, ImportError, Imported, Known, import};

/// What one file's tags and name say of it, as a release of one track. Its sound is neither decoded nor hashed, so that
/// checksums, length and loudness are empty.
///
/// # Errors
/// Where the file holds no sound or cannot be read.
pub fn describe(file: &Path) -> Result<Imported, ImportError> {
    // Known beforehand is all that reading the whole file would tell.
    let control = ImportControl::new().with_known(|path, _| {
        let probe = audio::probe(File::open(path).ok()?).ok()?;
        let facts = AudioFacts { format: probe.format, frames: 0, declared_frames: None, undecodable_packets: 0 };
        let waveform = Waveform { frames_per_bin: 1, bins: Vec::new() };
        Some(Known {
            digest: FileDigest::of(&[]),
            analysis: Analysis { facts, loudness: Loudness::default(), waveform },
        })
    });
    import(&[file.to_owned()], &control)
}

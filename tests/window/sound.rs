//! What was heard, against what a file holds.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use audio::SampleReader;

use crate::stage::{Stage, until};

/// What was heard in a stage so far.
pub(crate) fn heard(stage: &Stage) -> Vec<f32> {
    samples(&fs::read(stage.heard()).unwrap_or_default())
}

/// Waits until all of a recording was heard after what was heard before, to the sample. It is played as fast as it is
/// decoded, and to its end.
pub(crate) async fn is_heard(stage: &Stage, before: usize, wanted: &[f32]) {
    assert!(wanted.iter().any(|sample| sample.abs() > 0.05), "it is music");
    // Silence may come before it: what else was heard ended in silence.
    let trimmed = |sound: &[f32]| sound.iter().copied().skip_while(|sample| *sample == 0.0).collect::<Vec<f32>>();
    let wanted = trimmed(wanted);
    let heard = until("all of it is heard", async || {
        let heard = fs::metadata(stage.heard()).map_or(0, |file| file.len());
        if heard < (before + wanted.len()) as u64 * 4 {
            return None;
        }
        Some(trimmed(&self::heard(stage)[before..])).filter(|heard| heard.len() >= wanted.len())
    })
    .await;
    let other = heard.iter().zip(&wanted).position(|(heard, wanted)| heard.to_bits() != wanted.to_bits());
    assert_eq!(other, None, "the first sample that is another than the rendition's");
    assert!(heard[wanted.len()..].iter().all(|sample| *sample == 0.0), "silence after the end");
}

/// What another program decodes.
pub(crate) fn decoded(path: &Path) -> Vec<f32> {
    samples(&run("ffmpeg", &["-v", "error", "-i"], path, &["-f", "f32le", "-"]))
}

/// What the app's own decoder makes of a file, read whole. Decoders of MP3 differ in the last bits.
pub(crate) fn decoded_here(path: &Path) -> Vec<f32> {
    let mut reader = SampleReader::open(File::open(path).unwrap()).unwrap();
    let mut samples = Vec::new();
    while let Some(block) = reader.read().unwrap() {
        samples.extend_from_slice(block);
    }
    samples
}

/// The title in a file's tags.
pub(crate) fn title_of(path: &Path) -> String {
    let arguments = ["-v", "error", "-show_entries", "format_tags=title", "-of", "csv=p=0"];
    String::from_utf8(run("ffprobe", &arguments, path, &[])).unwrap().trim().to_owned()
}

fn samples(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

fn run(program: &str, before: &[&str], file: &Path, after: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(before).arg(file).args(after).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

//! Going to a frame gives what reading up to it gives.

use std::fs::File;
use std::path::Path;

use audio::SampleReader;

use crate::machine::{ffmpeg, folder, music};

const CHANNELS: usize = 2;
/// Frames that are compared after each seek.
const COMPARED: usize = 6000;

/// Six seconds of music in every kind of file: name, ffmpeg's arguments, and whether the codec fills in noise.
const CASES: &[(&str, &str, bool)] = &[
    ("a.wav", "-c:a pcm_s24le", false),
    ("a.rf64", "-c:a pcm_s16le -rf64 always -f wav", false),
    ("a.aiff", "-c:a pcm_s16be", false),
    ("a.caf", "-c:a pcm_s24le", false),
    ("a.flac", "-c:a flac", false),
    ("hi.flac", "-ar 96000 -c:a flac -sample_fmt s32", false),
    ("a.m4a", "-c:a alac", false),
    ("alac.caf", "-c:a alac", false),
    ("a.mp3", "-c:a libmp3lame -b:a 320k", false),
    ("variable.mp3", "-c:a libmp3lame -q:a 4", false),
    ("low.mp3", "-c:a libmp3lame -b:a 32k", false),
    ("untagged.mp3", "-c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0", false),
    ("a.ogg", "-c:a libvorbis -q:a 5", false),
    ("aac.m4a", "-c:a aac -b:a 192k -aac_pns 0", false),
    ("a.aac", "-c:a aac -b:a 192k -aac_pns 0", false),
    ("noise.m4a", "-c:a aac -b:a 64k -aac_pns 1", true),
];

fn rest(reader: &mut SampleReader, most: usize) -> Vec<f32> {
    let mut samples = Vec::new();
    while samples.len() < most {
        let Some(block) = reader.read().unwrap() else { break };
        samples.extend_from_slice(block);
    }
    samples.truncate(most);
    samples
}

fn check(path: &Path, fills_in_noise: bool) {
    let name = path.file_name().unwrap().display();
    let open = || SampleReader::open(File::open(path).unwrap()).unwrap();
    let whole = rest(&mut open(), usize::MAX);
    let frames = whole.len() / CHANNELS;
    assert!(frames > 250_000, "{name}: {frames} frames");
    let mut reader = open();
    // There and back, within a packet, at its edges, at the end and behind it.
    for frame in [100_000, 0, 1, 1151, 1152, 4095, 20_000, 200_001, 199_999, frames - 1, 77, frames, 3, frames + 9] {
        reader.seek(frame as u64).unwrap();
        let wanted = whole.get(frame * CHANNELS..).unwrap_or_default();
        let wanted = &wanted[..wanted.len().min(COMPARED * CHANNELS)];
        let got = rest(&mut reader, COMPARED * CHANNELS);
        assert_eq!(got.len(), wanted.len(), "{name}: frames after a seek to {frame}");
        let furthest = got.iter().zip(wanted).map(|(got, wanted)| (got - wanted).abs()).fold(0.0, f32::max);
        let tolerance = if fills_in_noise { 0.1 } else { 0.0 };
        assert!(furthest <= tolerance, "{name}: {furthest} off after a seek to {frame}");
    }
}

#[test]
fn every_kind_of_file_is_sought_to_the_frame() {
    let folder = folder();
    for (name, arguments, fills_in_noise) in CASES {
        let path = folder.path().join(name);
        ffmpeg("-ss 20 -t 6", &music("battle.ogg"), &format!("-map 0:a -ac 2 {arguments}"), &path);
        check(&path, *fills_in_noise);
    }
}

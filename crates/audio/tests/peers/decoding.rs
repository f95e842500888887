use std::fs::File;
use std::path::{Path, PathBuf};

use audio::{Analysis, AudioError, Control, analyse, probe};
use release::{AudioFormat, Codec, Container};

use crate::machine::{ffmpeg, folder, music};

/// Four seconds of music in a file of this kind.
fn encoded(folder: &Path, name: &str, rate: u32, arguments: &str) -> PathBuf {
    let path = folder.join(name);
    ffmpeg("-ss 20 -t 4", &music("battle.ogg"), &format!("-map 0:a -ar {rate} {arguments}"), &path);
    path
}

fn analysed(path: &Path) -> Analysis {
    let file = File::open(path).unwrap();
    analyse(file, &Control::none()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cut_to_seventy_percent(path: &Path) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_len(file.metadata().unwrap().len() * 7 / 10).unwrap();
}

type Case = (&'static str, u32, &'static str, Container, Codec, Option<u8>);

const LOSSLESS: &[Case] = &[
    ("16.wav", 44_100, "-c:a pcm_s16le", Container::Wav, Codec::Pcm, Some(16)),
    ("24.wav", 96_000, "-c:a pcm_s24le", Container::Wav, Codec::Pcm, Some(24)),
    ("32.wav", 48_000, "-c:a pcm_s32le", Container::Wav, Codec::Pcm, Some(32)),
    ("8.wav", 44_100, "-c:a pcm_u8", Container::Wav, Codec::Pcm, Some(8)),
    ("float.wav", 48_000, "-c:a pcm_f32le", Container::Wav, Codec::PcmFloat, Some(32)),
    ("double.wav", 48_000, "-c:a pcm_f64le", Container::Wav, Codec::PcmFloat, Some(64)),
    ("rf64.wav", 192_000, "-c:a pcm_s24le -rf64 always", Container::Rf64, Codec::Pcm, Some(24)),
    ("mono.wav", 88_200, "-ac 1 -c:a pcm_s24le", Container::Wav, Codec::Pcm, Some(24)),
    ("24.aiff", 48_000, "-c:a pcm_s24be", Container::Aiff, Codec::Pcm, Some(24)),
    ("little.aifc", 44_100, "-c:a pcm_s16le -f aiff", Container::Aiff, Codec::Pcm, Some(16)),
    ("float.aifc", 48_000, "-c:a pcm_f32be -f aiff", Container::Aiff, Codec::PcmFloat, Some(32)),
    ("24.caf", 44_100, "-c:a pcm_s24le", Container::Caf, Codec::Pcm, Some(24)),
    ("big.caf", 44_100, "-c:a pcm_s16be", Container::Caf, Codec::Pcm, Some(16)),
    ("16.flac", 44_100, "-c:a flac -sample_fmt s16", Container::Flac, Codec::Flac, Some(16)),
    ("24.flac", 96_000, "-c:a flac -sample_fmt s32", Container::Flac, Codec::Flac, Some(24)),
    ("16.m4a", 44_100, "-c:a alac -sample_fmt s16p", Container::Mp4, Codec::Alac, Some(16)),
    ("24.m4a", 48_000, "-c:a alac -sample_fmt s32p", Container::Mp4, Codec::Alac, Some(24)),
    ("alac16.caf", 44_100, "-c:a alac -sample_fmt s16p", Container::Caf, Codec::Alac, Some(16)),
    ("alac24.caf", 48_000, "-c:a alac -sample_fmt s32p", Container::Caf, Codec::Alac, Some(24)),
];

#[test]
fn lossless_formats_are_known_by_content_and_told_truly() {
    let folder = folder();
    for (name, rate, arguments, container, codec, bit_depth) in LOSSLESS {
        // The name is as misleading as a name can be.
        let written = encoded(folder.path(), name, *rate, arguments);
        let path = folder.path().join("track.mp3");
        std::fs::rename(written, &path).unwrap();
        let channels = if *name == "mono.wav" { 1 } else { 2 };
        let format =
            AudioFormat { container: *container, codec: *codec, sample_rate: *rate, bit_depth: *bit_depth, channels };
        let probed = probe(File::open(&path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(probed.format, format, "{name}");
        let analysis = analysed(&path);
        assert_eq!(analysis.facts.format, format, "{name}");
        assert_eq!(analysis.facts.frames, u64::from(*rate) * 4, "{name}");
        assert_eq!(analysis.facts.declared_frames, Some(u64::from(*rate) * 4), "{name}");
        assert_eq!(analysis.facts.undecodable_packets, 0, "{name}");
        assert!(!analysis.facts.is_truncated(), "{name}");
    }
}

#[test]
fn lossy_formats_are_decoded() {
    let folder = folder();
    let cases: &[(&str, &str, Container, Codec, u64)] = &[
        ("a.mp3", "-c:a libmp3lame -b:a 192k", Container::Mp3, Codec::Mp3, 176_400),
        // Without a tag, the delay and the padding of the encoder cannot be known.
        ("b.mp3", "-c:a libmp3lame -b:a 192k -write_xing 0", Container::Mp3, Codec::Mp3, 178_560),
        ("a.m4a", "-c:a aac -b:a 192k", Container::Mp4, Codec::Aac, 178_176),
        ("a.aac", "-c:a aac -b:a 192k", Container::Adts, Codec::Aac, 178_176),
        ("a.ogg", "-c:a libvorbis", Container::Ogg, Codec::Vorbis, 176_400),
    ];
    let loudness = analysed(&encoded(folder.path(), "reference.wav", 44_100, "-c:a pcm_s24le")).loudness;
    for (name, arguments, container, codec, frames) in cases {
        let analysis = analysed(&encoded(folder.path(), name, 44_100, arguments));
        assert_eq!((analysis.facts.format.container, analysis.facts.format.codec), (*container, *codec), "{name}");
        assert_eq!(analysis.facts.format.bit_depth, None, "{name}");
        assert_eq!(analysis.facts.frames, *frames, "{name}");
        assert!(!analysis.facts.is_truncated(), "{name}: {:?}", analysis.facts);
        let difference = analysis.loudness.integrated_lufs.unwrap() - loudness.integrated_lufs.unwrap();
        assert!(difference.abs() < 0.5, "{name}: {difference} LU");
    }
}

#[test]
fn a_file_that_was_cut_off_says_so() {
    let folder = folder();
    let mp3 = [("a.mp3", 44_100, "-c:a libmp3lame -b:a 192k", Container::Mp3, Codec::Mp3, None)];
    for (name, rate, arguments, container, codec, _) in LOSSLESS.iter().chain(&mp3) {
        let path = encoded(folder.path(), name, *rate, arguments);
        cut_to_seventy_percent(&path);
        match analyse(File::open(&path).unwrap(), &Control::none()) {
            Ok(analysis) => {
                assert!(analysis.facts.is_truncated(), "{name}: {:?}", analysis.facts);
                assert!(analysis.facts.frames > u64::from(*rate) * 2, "{name}: {:?}", analysis.facts);
            }
            // These keep their index at the end.
            Err(AudioError::Damaged { reason, .. }) if *codec == Codec::Alac => {
                assert!(reason.contains("cut off"), "{name}: {reason}");
            }
            Err(error) => panic!("{name} ({container:?}): {error}"),
        }
    }
}

#[test]
fn an_m4a_with_its_index_in_front_says_so_too() {
    let folder = folder();
    let path = encoded(folder.path(), "front.m4a", 44_100, "-c:a alac -sample_fmt s16p -movflags +faststart");
    cut_to_seventy_percent(&path);
    assert!(analysed(&path).facts.is_truncated());
}

#[test]
fn a_flac_that_was_damaged_inside_says_so() {
    let folder = folder();
    let path = encoded(folder.path(), "m.flac", 44_100, "-c:a flac -sample_fmt s16");
    let whole = std::fs::read(&path).unwrap();
    for part in 1..9 {
        let mut damaged = whole.clone();
        let place = whole.len() * part / 10;
        damaged[place..place + 20].iter_mut().for_each(|byte| *byte ^= 0x55);
        std::fs::write(&path, damaged).unwrap();
        let facts = analysed(&path).facts;
        assert!(facts.is_truncated() || facts.undecodable_packets > 0, "at {part} tenths: {facts:?}");
        assert!(facts.frames > 44_100 * 3, "at {part} tenths: {facts:?}");
    }
}

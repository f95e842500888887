use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use audio::{Control, Note, Order, Rendition, render};
use release::{Profile, Tags, profile};

use crate::machine::{ffmpeg, folder, music, run};

/// Music in a file of this kind.
fn master(folder: &Path, name: &str, before: &str, arguments: &str) -> PathBuf {
    let path = folder.join(name);
    ffmpeg(before, &music("battle.ogg"), &format!("-map 0:a {arguments}"), &path);
    path
}

fn rendered(master: &Path, profile: &Profile, preview_start: Duration, path: &Path) -> Rendition {
    let tags = Tags::default();
    let order = Order { profile, tags: &tags, picture: None, preview_start, path: path.to_owned() };
    let mut rendered = render(File::open(master).unwrap(), &[order], &Control::none()).unwrap();
    rendered.renditions.remove(0)
}

/// The samples of a file as ffmpeg decodes them, as parts of full scale, both channels in turn.
fn samples(path: &Path) -> Vec<f64> {
    let bytes = run("ffmpeg", &[&"-nostdin", &"-v", &"error", &"-i", &path, &"-map", &"0:a", &"-f", &"f64le", &"-"]);
    bytes.as_chunks::<8>().0.iter().map(|eight| f64::from_le_bytes(*eight)).collect()
}

/// How much weaker the difference is than the sound, in dB.
fn signal_to_noise(sound: &[f64], other: &[f64]) -> f64 {
    assert_eq!(sound.len(), other.len());
    let noise: f64 = sound.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum();
    10.0 * (sound.iter().map(|a| a * a).sum::<f64>() / noise).log10()
}

#[test]
fn a_master_that_is_16_bit_at_44_100_hz_stays_exactly_so() {
    let folder = folder();
    let master = master(folder.path(), "m.flac", "-ss 20 -t 3", "-ar 44100 -sample_fmt s16");
    let path = folder.path().join("r.wav");
    let rendition = rendered(&master, &profile::WAV_16_44, Duration::ZERO, &path);
    assert!(!rendition.dithered);
    assert_eq!(rendition.notes, []);
    assert!(samples(&path) == samples(&master));
}

#[test]
fn the_wav_is_no_further_from_the_master_than_dither_makes_it() {
    let folder = folder();
    let master = master(folder.path(), "m.wav", "-ss 20 -t 3", "-ar 44100 -c:a pcm_s24le");
    let path = folder.path().join("r.wav");
    let rendition = rendered(&master, &profile::WAV_16_44, Duration::ZERO, &path);
    assert!(rendition.dithered);
    let (before, after) = (samples(&master), samples(&path));
    let worst = before.iter().zip(&after).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // TPDF dither of two steps and the rounding make an error of a step and a half at most.
    assert!(worst * 32_768.0 <= 1.5, "{} steps", worst * 32_768.0);
}

#[test]
fn a_floating_point_master_becomes_24_bit_and_says_so() {
    let folder = folder();
    let loud = "-ar 48000 -af volume=9dB -c:a pcm_f32le";
    let master = master(folder.path(), "m.wav", "-ss 20 -t 3", loud);
    let path = folder.path().join("r.flac");
    let rendition = rendered(&master, &profile::FLAC, Duration::ZERO, &path);
    run("flac", &[&"--silent", &"--test", &path]);
    assert!(rendition.dithered);
    assert_eq!(rendition.bit_depth, Some(24));
    assert_eq!(rendition.notes[0], Note::FromFloat { bits: 24 });
    let over = samples(&master).iter().filter(|sample| sample.abs() > 1.0).count() as u64;
    assert!(over > 0);
    assert_eq!(rendition.notes[1..], [Note::Clipped { samples: over }]);
    let clipped: Vec<f64> = samples(&master).iter().map(|sample| sample.clamp(-1.0, 1.0)).collect();
    let ratio = signal_to_noise(&clipped, &samples(&path));
    assert!(ratio > 120.0, "{ratio:.1} dB");
}

#[test]
fn a_32_bit_master_stays_32_bit_in_flac() {
    let folder = folder();
    let master = master(folder.path(), "m.wav", "-ss 20 -t 2", "-ar 48000 -c:a pcm_s32le");
    let path = folder.path().join("r.flac");
    let rendition = rendered(&master, &profile::FLAC, Duration::ZERO, &path);
    assert_eq!((rendition.bit_depth, rendition.dithered), (Some(32), false));
    let decoded = folder.path().join("d.wav");
    run("flac", &[&"--silent", &"--decode", &"-o", &decoded, &path]);
    assert!(samples(&decoded) == samples(&master));
}

#[test]
fn an_mp3_is_as_long_as_the_master_and_in_its_place() {
    let folder = folder();
    let master = master(folder.path(), "m.wav", "-ss 20 -t 5.123", "-ar 44100 -c:a pcm_s16le");
    let path = folder.path().join("r.mp3");
    rendered(&master, &profile::MP3_320, Duration::ZERO, &path);
    let ratio = signal_to_noise(&samples(&master), &samples(&path));
    assert!(ratio > 20.0, "{ratio:.1} dB");
}

#[test]
fn a_preview_is_thirty_seconds_from_the_chosen_start() {
    let folder = folder();
    let master = master(folder.path(), "m.wav", "-ss 20 -t 45", "-ar 48000 -c:a pcm_s24le");
    let whole = folder.path().join("whole.wav");
    rendered(&master, &profile::WAV_16_44, Duration::ZERO, &whole);
    let whole = samples(&whole);
    // The last would end behind the master's end, so it starts earlier.
    for (start_ms, seconds) in [(0, 0.0), (7_500, 7.5), (40_000, 15.0)] {
        let path = folder.path().join("r.mp3");
        rendered(&master, &profile::PREVIEW, Duration::from_millis(start_ms), &path);
        let preview = samples(&path);
        assert_eq!(preview.len(), 30 * 44_100 * 2);
        let start = (seconds * 44_100.0) as usize * 2;
        // Between the fades.
        let (from, to) = (44_100 * 2, 28 * 44_100 * 2);
        let ratio = signal_to_noise(&whole[start + from..start + to], &preview[from..to]);
        assert!(ratio > 10.0, "{start_ms} ms: {ratio:.1} dB");
        assert!(preview[..200].iter().chain(&preview[preview.len() - 200..]).all(|sample| sample.abs() < 0.01));
    }
}

#[test]
fn the_same_recipe_gives_the_same_bytes() {
    let folder = folder();
    let master = master(folder.path(), "m.wav", "-ss 20 -t 4", "-ar 48000 -c:a pcm_f32le");
    for profile in profile::ALL {
        let bytes = |name: &str| {
            let path = folder.path().join(name);
            rendered(&master, profile, Duration::from_secs(1), &path);
            std::fs::read(path).unwrap()
        };
        assert!(bytes("one") == bytes("two"), "{}", profile.name);
    }
}

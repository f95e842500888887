use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use audio::{Control, Order, Picture, Rendered, render};
use release::{ImageFormat, Tag, Tags, profile};
use serde_json::Value;

use crate::machine::{ffmpeg, folder, music, run};

/// Seconds of music in a file of this kind.
fn master(folder: &Path, name: &str, seconds: u32, arguments: &str) -> PathBuf {
    let path = folder.join(name);
    let before = format!("-ss 30 -t {seconds}");
    ffmpeg(&before, &music("battle.ogg"), &format!("-map 0:a -map_metadata -1 {arguments}"), &path);
    path
}

pub(crate) fn tags() -> Tags {
    let mut tags = Tags::default();
    for (tag, value) in [
        (Tag::Title, "Drop (Live)"),
        (Tag::Artist, "Ana & Bo ♥"),
        (Tag::Album, "Shellac"),
        (Tag::AlbumArtist, "Ana"),
        (Tag::TrackNumber, "2"),
        (Tag::TrackTotal, "9"),
        (Tag::DiscNumber, "1"),
        (Tag::DiscTotal, "2"),
        (Tag::Date, "2026-11-20"),
        (Tag::Isrc, "USRC17607839"),
        (Tag::Upc, "190295810726"),
        (Tag::Label, "Lacquer Records"),
        (Tag::CatalogueNumber, "LQ 001"),
        (Tag::Genre, "Ambient"),
        (Tag::Composer, "Carla / Dimitri"),
        (Tag::Lyricist, "Elif"),
        (Tag::Producer, "Fela"),
        (Tag::Remixer, "Goran"),
        (Tag::Copyright, "© 2026 Lacquer Records"),
        (Tag::PLine, "℗ 2025 Lacquer Records"),
        (Tag::Language, "de"),
    ] {
        tags.set(tag, value.to_owned());
    }
    tags
}

fn cover(folder: &Path) -> Vec<u8> {
    let path = folder.join("cover.png");
    run("ffmpeg", &[&"-y", &"-v", &"error", &"-f", &"lavfi", &"-i", &"testsrc=s=300x300", &"-frames:v", &"1", &path]);
    std::fs::read(path).unwrap()
}

fn rendered(folder: &Path, master: &Path, preview_start: Duration) -> Rendered {
    let (tags, cover) = (tags(), cover(folder));
    let picture = Some(Picture { bytes: &cover, format: ImageFormat::Png, width: 300, height: 300 });
    let orders: Vec<Order<'_>> = profile::ALL
        .iter()
        .map(|profile| {
            let path = folder.join(format!("{}.{}", profile.name, profile.extension));
            Order { profile, tags: &tags, picture, preview_start, path }
        })
        .collect();
    let mut file = File::open(master).unwrap();
    render(&mut file, &orders, &Control::none()).unwrap()
}

/// What ffprobe says of a file: its sound, its tags in lower case, whether it has a cover of 300 × 300.
struct Probed {
    codec: String,
    sample_rate: String,
    bit_rate: Option<String>,
    /// Bits a sample, of a lossless codec.
    bits: u64,
    codec_tag: String,
    seconds: f64,
    tags: BTreeMap<String, String>,
    has_cover: bool,
}

fn probed(path: &Path) -> Probed {
    let json = run("ffprobe", &[&"-v", &"error", &"-of", &"json", &"-show_format", &"-show_streams", &path]);
    let json: Value = serde_json::from_slice(&json).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let streams = json["streams"].as_array().unwrap();
    let sound = streams.iter().find(|stream| stream["codec_type"] == "audio").unwrap();
    let is_cover = |stream: &&Value| {
        stream["disposition"]["attached_pic"] == 1
            && stream["width"] == 300
            && stream["tags"]["comment"] == "Cover (front)"
    };
    let bits = text(&sound["bits_per_raw_sample"]).parse().ok();
    let tags = json["format"]["tags"].as_object().unwrap();
    Probed {
        codec: text(&sound["codec_name"]),
        sample_rate: text(&sound["sample_rate"]),
        bit_rate: sound["bit_rate"].as_str().map(str::to_owned),
        bits: bits.or(sound["bits_per_sample"].as_u64()).unwrap_or_default(),
        codec_tag: text(&sound["codec_tag"]),
        seconds: text(&sound["duration"]).parse().unwrap(),
        tags: tags.iter().map(|(name, value)| (name.to_lowercase(), text(value))).collect(),
        has_cover: streams.iter().any(|stream| is_cover(&stream)),
    }
}

/// The samples of a file as ffmpeg decodes them, with the highest bit in the highest place.
fn samples(path: &Path) -> Vec<i32> {
    let bytes = run("ffmpeg", &[&"-nostdin", &"-v", &"error", &"-i", &path, &"-map", &"0:a", &"-f", &"s32le", &"-"]);
    bytes.as_chunks::<4>().0.iter().map(|four| i32::from_le_bytes(*four)).collect()
}

#[test]
fn ffprobe_accepts_every_rendition_with_its_tags_and_picture() {
    let folder = folder();
    let master = master(folder.path(), "master.wav", 35, "-ar 96000 -c:a pcm_s24le");
    let result = rendered(folder.path(), &master, Duration::from_secs(2));
    let seconds = result.facts.seconds();
    let frames = (seconds * 44_100.0).round() as u64;
    assert!(!result.facts.is_truncated());
    let expected = [
        ("flac.flac", "flac", "96000", None, 24, result.facts.frames, seconds),
        ("wav-16-44.wav", "pcm_s16le", "44100", Some("1411200"), 16, frames, seconds),
        ("mp3-320.mp3", "mp3", "44100", Some("320000"), 0, frames, seconds),
        ("preview.mp3", "mp3", "44100", Some("128000"), 0, 1_323_000, 30.0),
    ];
    for ((name, codec, rate, bit_rate, bits, frames, seconds), rendition) in expected.iter().zip(&result.renditions) {
        let path = folder.path().join(name);
        let file = probed(&path);
        assert_eq!(file.codec, *codec, "{name}");
        assert_eq!(file.sample_rate, *rate, "{name}");
        assert_eq!(file.bit_rate.as_deref(), *bit_rate, "{name}");
        assert_eq!(file.bits, *bits, "{name}");
        assert!((file.seconds - seconds).abs() < 0.06, "{name}: {} s", file.seconds);
        assert_eq!(rendition.bytes, path.metadata().unwrap().len(), "{name}");
        assert_eq!(rendition.frames, *frames, "{name}");
        assert_eq!(rendition.sample_rate.to_string(), *rate, "{name}");
        assert_eq!(u64::from(rendition.bit_depth.unwrap_or(0)), *bits, "{name}");
        assert_eq!(rendition.dithered, *name == "wav-16-44.wav", "{name}");
        assert_eq!(samples(&path).len() as u64, frames * 2, "{name}");
        assert_eq!(file.has_cover, *name != "wav-16-44.wav", "{name}");
        for (tag, value) in [("title", "Drop (Live)"), ("artist", "Ana & Bo ♥"), ("album", "Shellac")] {
            assert_eq!(file.tags[tag], value, "{name}");
        }
        let decibels = rendition.loudness.integrated_lufs.unwrap() - result.loudness.integrated_lufs.unwrap();
        assert!(decibels.abs() < if *name == "preview.mp3" { 2.0 } else { 0.1 }, "{name}: {decibels} LU");
    }
    // The plain format, tags before the sound, nothing behind it.
    let wav = std::fs::read(folder.path().join("wav-16-44.wav")).unwrap();
    assert_eq!(probed(&folder.path().join("wav-16-44.wav")).codec_tag, "0x0001");
    assert_eq!((&wav[36..40], &wav[44..48]), (&b"LIST"[..], &b"INFO"[..]));
    let sound = wav.windows(4).position(|name| name == b"data").unwrap();
    assert_eq!(wav.len(), sound + 8 + usize::try_from(frames).unwrap() * 4);
}

#[test]
fn the_flac_rendition_holds_exactly_the_masters_samples() {
    let folder = folder();
    for (name, arguments) in [
        ("24.wav", "-ar 96000 -c:a pcm_s24le"),
        ("16.aiff", "-ar 44100 -c:a pcm_s16be"),
        ("8.wav", "-ar 44100 -c:a pcm_u8"),
        ("24.flac", "-ar 48000 -c:a flac -sample_fmt s32"),
        ("24.m4a", "-ar 48000 -c:a alac -sample_fmt s32p"),
        ("16.caf", "-ar 44100 -c:a alac -sample_fmt s16p"),
        ("rf64.wav", "-ar 88200 -c:a pcm_s24le -rf64 always"),
        ("mono.caf", "-ar 48000 -ac 1 -c:a pcm_s24be"),
    ] {
        let master = master(folder.path(), name, 3, arguments);
        let flac = folder.path().join("rendition.flac");
        let tags = tags();
        let profile = &profile::FLAC;
        let order = Order { profile, tags: &tags, picture: None, preview_start: Duration::ZERO, path: flac.clone() };
        render(File::open(&master).unwrap(), &[order], &Control::none()).unwrap();
        run("flac", &[&"--silent", &"--warnings-as-errors", &"--test", &flac]);
        assert!(samples(&flac) == samples(&master), "{name}");
    }
}

use std::path::Path;

use audio::encode::{FlacFile, Mp3File, Spec, WavFile};
use audio::{Note, Picture};
use lofty::config::ParseOptions;
use lofty::file::{AudioFile, TaggedFile, TaggedFileExt};
use lofty::picture::{MimeType, PictureType};
use lofty::tag::TagType;
use release::ImageFormat;

use crate::machine::folder;
use crate::renditions::tags;

const SPEC: Spec = Spec { sample_rate: 48_000, channels: 2, bits: 24 };
const PICTURE: Picture<'static> =
    Picture { bytes: b"\xff\xd8\xff\xe0 a picture", format: ImageFormat::Jpeg, width: 3000, height: 3000 };

fn read(path: &Path) -> TaggedFile {
    lofty::probe::Probe::open(path).unwrap().options(ParseOptions::new()).read().unwrap()
}

/// What lofty finds, as lines of key and text.
fn found(file: &TaggedFile, kind: TagType) -> Vec<String> {
    let tag = file.tag(kind).unwrap();
    let mut lines: Vec<String> =
        tag.items().map(|item| format!("{:?}: {}", item.key(), item.value().text().unwrap_or("?"))).collect();
    lines.sort();
    lines
}

fn has_cover(file: &TaggedFile, kind: TagType) -> bool {
    file.tag(kind).unwrap().pictures().iter().any(|picture| {
        picture.pic_type() == PictureType::CoverFront
            && picture.mime_type() == Some(&MimeType::Jpeg)
            && picture.data() == PICTURE.bytes
    })
}

/// A second of sound that is nearly silent.
fn second() -> Vec<i32> {
    vec![1; 96_000]
}

const COMMON: [&str; 9] = [
    "AlbumTitle: Shellac",
    "Composer: Carla / Dimitri",
    "CopyrightMessage: © 2026 Lacquer Records",
    "Genre: Ambient",
    "Producer: Fela",
    "RecordingDate: 2026-11-20",
    "TrackArtist: Ana & Bo ♥",
    "TrackNumber: 2",
    "TrackTitle: Drop (Live)",
];

const BESIDE_INFO: [&str; 9] = [
    "AlbumArtist: Ana",
    "Barcode: 190295810726",
    "CatalogNumber: LQ 001",
    "DiscNumber: 1",
    "DiscTotal: 2",
    "Isrc: USRC17607839",
    "Lyricist: Elif",
    "Remixer: Goran",
    "TrackTotal: 9",
];

fn sorted(parts: &[&[&str]]) -> Vec<String> {
    let mut lines: Vec<String> = parts.concat().iter().map(ToString::to_string).collect();
    lines.sort();
    lines
}

/// ID3 has a publisher where others have a label, languages in three letters, and rights that begin with the year.
fn sorted_as_id3() -> Vec<String> {
    let lines = sorted(&[&COMMON, &BESIDE_INFO, &["Language: deu", "Publisher: Lacquer Records"]]);
    lines.iter().map(|line| line.replace("© ", "")).collect()
}

#[test]
fn a_flac_file_has_all_tags_and_the_cover() {
    let folder = folder();
    let path = folder.path().join("a.flac");
    let mut file = FlacFile::create(&path, SPEC, 8, &tags(), Some(PICTURE)).unwrap();
    file.write(&second()).unwrap();
    assert_eq!(file.finish().unwrap().bytes, path.metadata().unwrap().len());
    let file = read(&path);
    let expected =
        sorted(&[&COMMON, &BESIDE_INFO, &["EncoderSoftware: Lacquer", "Label: Lacquer Records", "Language: de"]]);
    assert_eq!(found(&file, TagType::VorbisComments), expected);
    assert!(has_cover(&file, TagType::VorbisComments));
    assert_eq!(file.properties().duration().as_millis(), 1000);
}

#[test]
fn a_wav_file_has_what_info_has_a_place_for_and_the_rest_in_id3() {
    let folder = folder();
    let path = folder.path().join("a.wav");
    let mut file = WavFile::create(&path, SPEC, &tags()).unwrap();
    file.write(&second()).unwrap();
    file.finish().unwrap();
    let info = sorted(&[&COMMON, &["Language: de"]]);
    assert_eq!(found(&read(&path), TagType::RiffInfo), info);
    assert!(read(&path).tag(TagType::Id3v2).is_none());

    let mut file = WavFile::create_with_id3(&path, SPEC, &tags(), Some(PICTURE)).unwrap();
    file.write(&second()).unwrap();
    assert_eq!(file.finish().unwrap().frames, 48_000);
    let file = read(&path);
    assert_eq!(found(&file, TagType::RiffInfo), info);
    assert_eq!(found(&file, TagType::Id3v2), sorted_as_id3());
    assert!(has_cover(&file, TagType::Id3v2));
    assert_eq!(file.properties().duration().as_millis(), 1000);
}

#[test]
fn an_mp3_file_has_all_tags_and_the_cover() {
    let folder = folder();
    let path = folder.path().join("a.mp3");
    let mut file = Mp3File::create(&path, 48_000, 2, 320, &tags(), Some(PICTURE)).unwrap();
    file.write(&vec![0.001; 96_000]).unwrap();
    assert_eq!(file.finish().unwrap().frames, 48_000);
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(&bytes[..5], b"ID3\x04\0");
    let is_there = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(is_there(b"TRCK\0\0\0\x04\0\0\x032/9"));
    // lofty has no key for it.
    assert!(is_there(b"TPRO\0\0\0\x15\0\0\x032025 Lacquer Records"));
    let file = read(&path);
    assert_eq!(found(&file, TagType::Id3v2), sorted_as_id3());
    assert!(has_cover(&file, TagType::Id3v2));
}

#[test]
fn a_picture_that_is_too_large_for_flac_is_left_out_and_told() {
    let folder = folder();
    let path = folder.path().join("a.flac");
    let bytes = vec![0; 17_000_000];
    let file = FlacFile::create(&path, SPEC, 0, &tags(), Some(Picture { bytes: &bytes, ..PICTURE })).unwrap();
    let encoded = file.finish().unwrap();
    assert_eq!(encoded.notes, [Note::PictureTooLarge { bytes: 17_000_000 }]);
    assert!(encoded.bytes < 10_000);
}

#[test]
fn what_a_format_cannot_hold_is_refused_and_leaves_no_file() {
    let folder = folder();
    let path = folder.path().join("a");
    let refused: [String; 5] = [
        FlacFile::create(&path, Spec { channels: 9, ..SPEC }, 5, &tags(), None).err().unwrap().to_string(),
        FlacFile::create(&path, Spec { bits: 33, ..SPEC }, 5, &tags(), None).err().unwrap().to_string(),
        WavFile::create(&path, Spec { bits: 20, ..SPEC }, &tags()).err().unwrap().to_string(),
        Mp3File::create(&path, 44_100, 6, 320, &tags(), None).err().unwrap().to_string(),
        Mp3File::create(&path, 44_100, 2, 321, &tags(), None).err().unwrap().to_string(),
    ];
    let path_text = path.display().to_string();
    let refused = refused.map(|text| text.replace(&path_text, "a"));
    assert_eq!(
        refused,
        [
            "FLAC with 9 channels is not supported.",
            "a could not be encoded: FLAC has no samples of 33 bits.",
            "a could not be encoded: WAV has no samples of 20 bits.",
            "MP3 with 6 channels is not supported.",
            "a could not be encoded: there is no MP3 of 321 kbit/s.",
        ]
    );
    let mut flac = FlacFile::create(&path, SPEC, 5, &tags(), None).unwrap();
    let error = flac.write(&[8_388_608, 0]).unwrap_err().to_string().replace(&path_text, "a");
    assert_eq!(error, "a could not be encoded: a sample is beyond 24 bits.");
    drop(flac);
    assert!(!path.exists());
}

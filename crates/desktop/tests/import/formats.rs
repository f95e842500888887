use std::fs::File;

use lofty::TextEncoding;
use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::AudioFile as _;
use lofty::id3::v2::{Frame, FrameId, Id3v2Tag, KeyValueFrame, TextInformationFrame};
use lofty::mp4::{AdvisoryRating, Atom, AtomData, AtomIdent, Mp4File};
use lofty::tag::TagExt as _;

use crate::album::{Album, fields, tone, tracks, wav_with};

/// Tags under ffmpeg's names, which it writes as each format has them.
const COMMON: [&str; 18] = [
    "-metadata",
    "title=Some Song (feat. Bo Birk)",
    "-metadata",
    "artist=Ann Ash",
    "-metadata",
    "album=Some Album",
    "-metadata",
    "album_artist=Ann Ash",
    "-metadata",
    "track=3/12",
    "-metadata",
    "disc=1/2",
    "-metadata",
    "date=2024-05-03",
    "-metadata",
    "genre=Folk",
    "-metadata",
    "composer=Cy Cole",
];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let tags = COMMON.into_iter().chain(more.iter().flat_map(|tag| ["-metadata", tag]));
    ["-fflags", "+bitexact"].into_iter().chain(tags).collect()
}

/// What every format says alike; further fields go in between.
fn expected(release: &[&str], track: &[&str]) -> Vec<String> {
    let mut fields = vec!["release title: Some Album (tags)", "release artist: Ann Ash (tags)"];
    fields.extend(release);
    fields.extend(["track 1 title: Some Song (tags)", "track 1 featured_artist: Bo Birk (tags)"]);
    fields.extend(track);
    fields.into_iter().map(str::to_owned).collect()
}

const PLACE: [&str; 2] = ["track 1 disc: 1 (tags)", "track 1 number: 3 (tags)"];

#[test]
fn vorbis_comments_are_read() {
    let album = Album::new();
    let tags = with(&[
        "ISRC=GB-AAA-99-00001",
        "BARCODE=190295810726",
        "LABEL=Some Label",
        "CATALOGNUMBER=SL 1",
        "LYRICIST=Dee Dunn",
        "PRODUCER=Eve Elm",
        "REMIXER=Fay Fern",
        "COPYRIGHT=© 2024 Some Label",
        "PRODUCTIONCOPYRIGHT=℗ 2024 Some Studio",
        "LANGUAGE=eng",
        "ITUNESADVISORY=1",
        "ORIGINALDATE=1994-01-02",
    ]);
    let expected = expected(
        &[
            "release label: Some Label (tags)",
            "release upc: 190295810726 (tags)",
            "release catalogue_number: SL 1 (tags)",
            "release genre: Folk (tags)",
            "release language: en (tags)",
            "release p_line: 2024 Some Studio (tags)",
            "release c_line: 2024 Some Label (tags)",
            "release release_date: 2024-05-03 (tags)",
            "release original_release_date: 1994-01-02 (tags)",
        ],
        &[
            "track 1 composer: Cy Cole (tags)",
            "track 1 lyricist: Dee Dunn (tags)",
            "track 1 producer: Eve Elm (tags)",
            "track 1 remixer: Fay Fern (tags)",
            PLACE[0],
            PLACE[1],
            "track 1 isrc: GBAAA9900001 (tags)",
            "track 1 advisory: explicit (tags)",
        ],
    );
    album.ffmpeg("a.flac", &tags);
    assert_eq!(fields(&album.import()), expected);
    // The same comments in Ogg.
    let ogg = Album::new();
    ogg.ffmpeg("a.ogg", &[&tags[..], &["-c:a", "libvorbis"]].concat());
    assert_eq!(fields(&ogg.import()), expected);
}

const ID3: [&str; 13] = [
    "TSRC=GBAAA9900001",
    "BARCODE=190295810726",
    "publisher=Some Label",
    "CATALOGNUMBER=SL 1",
    "lyricist=Dee Dunn",
    "copyright=© 2024 Some Label",
    "TPRO=2024 Some Studio",
    "language=eng",
    "ITUNESADVISORY=2",
    "TPE4=Fay Fern",
    "TDOR=1994-01-02",
    "TEXT=Dee Dunn",
    "TIPL=x",
];

fn expected_of_id3() -> Vec<String> {
    expected(
        &[
            "release label: Some Label (tags)",
            "release upc: 190295810726 (tags)",
            "release catalogue_number: SL 1 (tags)",
            "release genre: Folk (tags)",
            "release language: en (tags)",
            "release p_line: 2024 Some Studio (tags)",
            "release c_line: 2024 Some Label (tags)",
            "release release_date: 2024-05-03 (tags)",
            "release original_release_date: 1994-01-02 (tags)",
        ],
        &[
            "track 1 composer: Cy Cole (tags)",
            "track 1 lyricist: Dee Dunn (tags)",
            "track 1 remixer: Fay Fern (tags)",
            PLACE[0],
            PLACE[1],
            "track 1 isrc: GBAAA9900001 (tags)",
            "track 1 advisory: clean (tags)",
        ],
    )
}

#[test]
fn id3_is_read_in_mp3_and_aiff() {
    for name in ["a.mp3", "a.aiff"] {
        let album = Album::new();
        let options = [&with(&ID3[..12])[..], &["-write_id3v2", "1", "-id3v2_version", "4"]].concat();
        let options: Vec<&str> = match name {
            // The one encoder has the switch, the other always writes the tag.
            "a.mp3" => options.iter().copied().filter(|o| !["-write_id3v2", "1"].contains(o)).collect(),
            _ => options,
        };
        album.ffmpeg(name, &options);
        assert_eq!(fields(&album.import()), expected_of_id3(), "{name}");
    }
}

#[test]
fn id3_is_read_in_a_chunk_of_wav_and_rf64() {
    let album = Album::new();
    let options = [&with(&ID3[..12])[..], &["-id3v2_version", "4", "-write_xing", "0"]].concat();
    let mp3 = std::fs::read(album.ffmpeg("a.mp3", &options)).unwrap();
    std::fs::remove_file(album.path().join("a.mp3")).unwrap();
    // A tag's length is in its header, seven bits a byte.
    let size = mp3[6..10].iter().fold(0, |size, byte| size << 7 | usize::from(*byte));
    let mut wav = wav_with(tone("a"), &[(b"id3 ", &mp3[..size + 10])]);
    album.write("a.wav", &wav);
    assert_eq!(fields(&album.import()), expected_of_id3());

    let data = u64::try_from(tone("a").len() * 2).unwrap();
    wav.splice(..12, *b"RF64\xff\xff\xff\xffWAVE");
    let mut ds64 = b"ds64".to_vec();
    ds64.extend(28_u32.to_le_bytes());
    for size in [u64::try_from(wav.len() + 28).unwrap(), data, data / 4] {
        ds64.extend(size.to_le_bytes());
    }
    ds64.extend([0; 4]);
    wav.splice(12..12, ds64);
    let at = wav.windows(4).position(|name| name == b"data").unwrap();
    wav[at + 4..at + 8].copy_from_slice(&[0xff; 4]);
    album.write("a.wav", &wav);
    let imported = album.import();
    assert_eq!(fields(&imported), expected_of_id3());
    let container = imported.release.tracks[0].master.as_ref().unwrap().facts.format.container;
    assert_eq!(container, release::Container::Rf64);
}

#[test]
fn mp4_atoms_are_read() {
    let album = Album::new();
    let tags = with(&["copyright=℗ & © 2024 Some Label"]);
    let path = album.ffmpeg("a.m4a", &[&tags[..], &["-c:a", "alac"]].concat());
    let mut ilst = Mp4File::read_from(&mut File::open(&path).unwrap(), ParseOptions::new()).unwrap();
    let ilst = ilst.ilst_mut().unwrap();
    for (name, value) in [
        ("ISRC", "GBAAA9900001"),
        ("BARCODE", "190295810726"),
        ("LABEL", "Some Label"),
        ("CATALOGNUMBER", "SL 1"),
        ("LYRICIST", "Dee Dunn"),
        ("PRODUCER", "Eve Elm"),
        ("REMIXER", "Fay Fern"),
        ("LANGUAGE", "eng"),
        ("ORIGINALDATE", "1994-01-02"),
    ] {
        let ident = AtomIdent::Freeform { mean: "com.apple.iTunes".into(), name: name.into() };
        ilst.insert(Atom::new(ident, AtomData::UTF8(value.to_owned())));
    }
    ilst.set_advisory_rating(AdvisoryRating::Explicit);
    ilst.save_to_path(&path, WriteOptions::default()).unwrap();
    let imported = album.import();
    assert_eq!(
        fields(&imported),
        expected(
            &[
                "release label: Some Label (tags)",
                "release upc: 190295810726 (tags)",
                "release catalogue_number: SL 1 (tags)",
                "release genre: Folk (tags)",
                "release language: en (tags)",
                "release p_line: 2024 Some Label (tags)",
                "release c_line: 2024 Some Label (tags)",
                "release release_date: 2024-05-03 (tags)",
                "release original_release_date: 1994-01-02 (tags)",
            ],
            &[
                "track 1 composer: Cy Cole (tags)",
                "track 1 lyricist: Dee Dunn (tags)",
                "track 1 producer: Eve Elm (tags)",
                "track 1 remixer: Fay Fern (tags)",
                PLACE[0],
                PLACE[1],
                "track 1 isrc: GBAAA9900001 (tags)",
                "track 1 advisory: explicit (tags)",
            ],
        )
    );
    let facts = &imported.release.tracks[0].master.as_ref().unwrap().facts;
    assert_eq!((facts.format.codec, facts.frames), (release::Codec::Alac, 4_410));
}

#[test]
fn a_list_of_involved_people_names_the_producers() {
    let album = Album::new();
    let path = album.ffmpeg("a.mp3", &["-id3v2_version", "4", "-metadata", "genre=17"]);
    let mut id3 = Id3v2Tag::new();
    let people = vec![("mix".into(), "Gus Gum".into()), ("Producer".into(), "Eve Elm".into())];
    let id = FrameId::Valid("TIPL".into());
    id3.insert(Frame::KeyValue(KeyValueFrame::new(id, TextEncoding::UTF8, people)));
    for (name, text) in [("TPE1", "Ann Ash\0Bo Birk"), ("TCON", "17")] {
        let id = FrameId::Valid(name.into());
        id3.insert(Frame::Text(TextInformationFrame::new(id, TextEncoding::UTF8, text)));
    }
    id3.save_to_path(&path, WriteOptions::default()).unwrap();
    let fields = fields(&album.import());
    for expected in
        ["release artist: Ann Ash; Bo Birk (tags)", "release genre: Rock (tags)", "track 1 producer: Eve Elm (tags)"]
    {
        assert!(fields.iter().any(|field| field == expected), "{expected} {fields:?}");
    }
}

#[test]
fn an_info_list_and_the_isrc_of_broadcast_wave_are_read() {
    let info = |name: &[u8; 4], text: &str| {
        let mut text = text.as_bytes().to_vec();
        text.push(0);
        let size = u32::try_from(text.len()).unwrap().to_le_bytes();
        text.resize(text.len().next_multiple_of(2), 0);
        [&name[..], &size, &text].concat()
    };
    let list = [
        b"INFO".to_vec(),
        info(b"INAM", "Some Song"),
        info(b"IART", "Ann Ash"),
        info(b"IPRD", "Some Album"),
        info(b"ITRK", "3"),
        info(b"ICRD", "2024-05-03"),
        info(b"IGNR", "Folk"),
        info(b"IMUS", "Cy Cole"),
        info(b"IPRO", "Eve Elm"),
        info(b"ICOP", "2024 Some Label"),
        info(b"ILNG", "English"),
        info(b"ISRC", "The studio's tape"),
    ]
    .concat();
    let axml = b"<ebuCoreMain><dc:identifier>ISRC:GBAAA9900001</dc:identifier></ebuCoreMain>";
    let album = Album::new();
    album.write("a.wav", wav_with(tone("a"), &[(b"LIST", &list), (b"axml", axml)]));
    assert_eq!(
        fields(&album.import()),
        [
            "release title: Some Album (tags)",
            "release artist: Ann Ash (tags)",
            "release genre: Folk (tags)",
            "release language: English (tags)",
            "release c_line: 2024 Some Label (tags)",
            "release release_date: 2024-05-03 (tags)",
            "track 1 title: Some Song (tags)",
            "track 1 composer: Cy Cole (tags)",
            "track 1 producer: Eve Elm (tags)",
            "track 1 disc: 1 (name)",
            "track 1 number: 3 (tags)",
            "track 1 isrc: GBAAA9900001 (tags)",
        ]
    );
}

#[test]
fn the_texts_of_caf_are_read() {
    let album = Album::new();
    album.ffmpeg("a.caf", &[&with(&["ISRC=GBAAA9900001"])[..], &["-c:a", "pcm_s24le"]].concat());
    let fields = fields(&album.import());
    for expected in ["release title: Some Album (tags)", "track 1 title: Some Song (tags)", PLACE[1]] {
        assert!(fields.iter().any(|field| field == expected), "{expected} {fields:?}");
    }
}

#[test]
fn every_format_is_taken_with_the_extension_that_is_usual_for_it() {
    let album = Album::new();
    for (name, codec) in [
        ("1.wav", "pcm_s24le"),
        ("2.aiff", "pcm_s24be"),
        ("3.caf", "pcm_s24le"),
        ("4.flac", "flac"),
        ("5.m4a", "alac"),
        ("6.mp3", "libmp3lame"),
        ("7.m4a", "aac"),
        ("8.aac", "aac"),
        ("9.ogg", "libvorbis"),
    ] {
        album.ffmpeg(name, &["-c:a", codec]);
    }
    let imported = album.import();
    assert_eq!(album.left_out(&imported.left_out), [""; 0]);
    let extensions: Vec<&str> =
        imported.release.tracks.iter().map(|track| track.master.as_ref().unwrap().asset.extension.as_str()).collect();
    assert_eq!(extensions, ["wav", "aif", "caf", "flac", "m4a", "mp3", "m4a", "aac", "ogg"]);
    assert_eq!(tracks(&imported).len(), 9);
}

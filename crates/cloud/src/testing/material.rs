//! What albums of tests are made of. The tests of the emulator include this file too, so it names nothing of the crate.

use std::f64::consts::TAU;
use std::io::Cursor;

use audio::Control;
use jiff::Timestamp;
use release::{
    Advisory, Artwork, Asset, ColourModel, Contributor, Crc64, ImageFormat, Master, Release, Role, Sha256, Track,
    TrackId,
};
use upload::{ObjectStore, Whole, crc64};

/// Fills in what the checks ask of a release, but for its tracks and its artwork.
pub(crate) fn complete(release: &mut Release, title: String) {
    release.title = title;
    release.contributors = vec![Contributor::new("Vesper Bloom", Role::MainArtist)];
    release.label = "Night Office".to_owned();
    release.upc = "190295810726".parse::<release::Upc>().unwrap().into();
    release.genre = "Ambient".to_owned();
    release.language = "zxx".to_owned();
    release.p_line = "2026 Night Office".parse::<release::RightsLine>().unwrap().into();
    release.c_line = "2026 Night Office".parse::<release::RightsLine>().unwrap().into();
    release.time_zone = "Europe/Berlin".to_owned();
}

/// A track that passes the checks, without its master. `random` tells its id from others of the same instant.
pub(crate) fn track(now: Timestamp, random: u128, number: u32) -> Track {
    let mut track = Track::new(TrackId::new(now, random), 1, number);
    track.title = format!("Tone {number}");
    track.isrc = format!("QMABC26{number:05}").parse::<release::Isrc>().unwrap().into();
    track.advisory = Some(Advisory::None);
    track
}

/// A file as a manifest names it.
pub(crate) fn asset(bytes: &[u8], extension: &str) -> Asset {
    Asset {
        sha256: Sha256::of(bytes),
        crc64: Crc64(crc64::of(bytes)),
        bytes: bytes.len() as u64,
        extension: extension.to_owned(),
    }
}

/// A file as a track's master.
pub(crate) fn master(asset: Asset, bytes: &[u8]) -> Master {
    let analysis = audio::analyse(Cursor::new(bytes), &Control::none()).unwrap();
    Master { asset, facts: analysis.facts, loudness: analysis.loudness }
}

/// A picture that is said to be large enough.
pub(crate) fn artwork(asset: Asset) -> Artwork {
    Artwork {
        asset,
        format: ImageFormat::Png,
        width: 4000,
        height: 4000,
        colour: ColourModel::Rgb,
        alpha: false,
        unreadable: None,
    }
}

pub(crate) async fn put(store: &dyn ObjectStore, key: &str, bytes: &[u8]) {
    store.put(key, bytes.to_vec().into(), Whole::of(bytes)).await.unwrap();
}

/// A tone in 16 bit at 44.1 kHz, stereo.
pub(crate) fn wav(hertz: f64) -> Vec<u8> {
    const RATE: u32 = 44_100;
    const FRAMES: u32 = RATE / 5;
    let data_bytes = FRAMES * 4;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + data_bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 2, 0]);
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 4).to_le_bytes());
    wav.extend([4, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(data_bytes.to_le_bytes());
    for frame in 0..FRAMES {
        let phase = TAU * hertz * f64::from(frame) / f64::from(RATE);
        for sample in [phase.sin() * 8000.0, phase.cos() * 8000.0] {
            #[expect(clippy::cast_possible_truncation, reason = "8,000 fits")]
            wav.extend((sample as i16).to_le_bytes());
        }
    }
    wav
}

/// A picture of one pixel.
pub(crate) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2,
    0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3,
    1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

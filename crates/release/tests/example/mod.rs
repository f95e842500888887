//! A release that satisfies every rule, to be spoilt by tests.

use jiff::Timestamp;
use jiff::civil::date;
use release::{
    Advisory, Artwork, Asset, AudioFacts, AudioFormat, Codec, ColourModel, Container, Contributor, Crc64, ImageFormat,
    Loudness, Master, Release, ReleaseId, Role, Sha256, Track, TrackId,
};

/// The instant at which the example is looked at.
pub(crate) fn now() -> Timestamp {
    "2026-11-22T17:00:00Z".parse().unwrap()
}

/// The id of the example's nth track, from 1.
pub(crate) fn track_id(n: u128) -> TrackId {
    TrackId::new(now(), n)
}

/// Three tracks with all that a store asks for.
pub(crate) fn release() -> Release {
    let mut release = Release::new(ReleaseId::new(now(), 1));
    release.title = "Night Lamp".to_owned();
    release.contributors = vec![Contributor::new("Ann Ash", Role::MainArtist)];
    release.label = "Lacquer Recordings".to_owned();
    release.upc = "190295810726".parse::<release::Upc>().unwrap().into();
    release.catalogue_number = "LQR 1".to_owned();
    release.genre = "Ambient".to_owned();
    release.language = "en".to_owned();
    release.p_line = "2026 Lacquer Recordings".parse::<release::RightsLine>().unwrap().into();
    release.c_line = "2026 Lacquer Recordings".parse::<release::RightsLine>().unwrap().into();
    release.release_date = date(2026, 12, 4).into();
    release.time_zone = "Europe/Berlin".to_owned();
    release.artwork = Some(artwork());
    release.tracks = vec![
        track(1, "Harbour", "USRC17607839"),
        track(2, "Slow Tide", "QMABC2600002"),
        track(3, "Embers", "UKABC2600003"),
    ];
    release
}

/// A track of the example.
pub(crate) fn track(number: u32, title: &str, isrc: &str) -> Track {
    let mut track = Track::new(track_id(number.into()), 1, number);
    track.title = title.to_owned();
    track.contributors = vec![Contributor::new("Ann Ash", Role::Composer)];
    track.isrc = isrc.parse::<release::Isrc>().unwrap().into();
    track.advisory = Some(Advisory::None);
    track.preview_start_ms = 30_000;
    track.master = Some(master(title));
    track
}

/// Two minutes of 24 bit at 96 kHz.
pub(crate) fn master(name: &str) -> Master {
    Master {
        asset: asset(name, "flac", 40_000_000),
        facts: AudioFacts {
            format: AudioFormat {
                container: Container::Flac,
                codec: Codec::Flac,
                sample_rate: 96_000,
                bit_depth: Some(24),
                channels: 2,
            },
            frames: 11_520_000,
            declared_frames: Some(11_520_000),
            undecodable_packets: 0,
        },
        loudness: Loudness { integrated_lufs: Some(-14.2), true_peak_dbtp: Some(-1.5), sample_peak_dbfs: Some(-1.75) },
    }
}

/// A picture of 4,000 × 4,000.
pub(crate) fn artwork() -> Artwork {
    Artwork {
        asset: asset("cover", "jpg", 3_200_000),
        format: ImageFormat::Jpeg,
        width: 4_000,
        height: 4_000,
        colour: ColourModel::Rgb,
        alpha: false,
        unreadable: None,
    }
}

/// A file whose content is a name.
pub(crate) fn asset(name: &str, extension: &str, bytes: u64) -> Asset {
    let sha256 = Sha256::of(name.as_bytes());
    let crc64 = Crc64(u64::from_be_bytes(sha256.0[..8].try_into().unwrap()));
    Asset { sha256, crc64, bytes, extension: extension.to_owned() }
}

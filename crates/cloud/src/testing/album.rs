use std::collections::BTreeMap;
use std::f64::consts::TAU;
use std::io::Cursor;

use audio::Control;
use jiff::Timestamp;
use release::{
    Advisory, Artwork, Asset, ColourModel, Contributor, Crc64, DeliveryId, ImageFormat, Manifest, Master, Release,
    ReleaseId, Role, Sha256, Track, TrackId, keys,
};
use upload::{ObjectStore, Whole, crc64};

use crate::catalogue::sample;

/// A release with the bytes of its files.
#[derive(Debug, Clone)]
pub(crate) struct Album {
    pub(crate) release: Release,
    files: BTreeMap<Sha256, Vec<u8>>,
}

impl Album {
    /// An album that passes the checks, of tones of a fifth of a second.
    pub(crate) fn new(tracks: u32) -> Self {
        let mut release = Release::new(ReleaseId::new(sample::start(), 1));
        release.title = "Tidewater".to_owned();
        release.contributors = vec![Contributor::new("Vesper Bloom", Role::MainArtist)];
        release.label = "Night Office".to_owned();
        release.upc = "190295810726".parse::<release::Upc>().unwrap().into();
        release.genre = "Ambient".to_owned();
        release.language = "zxx".to_owned();
        release.p_line = "2026 Night Office".parse::<release::RightsLine>().unwrap().into();
        release.c_line = "2026 Night Office".parse::<release::RightsLine>().unwrap().into();
        release.time_zone = "Europe/Berlin".to_owned();
        let mut album = Self { release, files: BTreeMap::new() };
        album.set_artwork(PNG);
        for number in 1..=tracks {
            let mut track = Track::new(TrackId::new(sample::start(), u128::from(number)), 1, number);
            track.title = format!("Tone {number}");
            track.isrc = format!("QMABC26{number:05}").parse::<release::Isrc>().unwrap().into();
            track.advisory = Some(Advisory::None);
            album.release.tracks.push(track);
            album.set_master(number, wav(220.0 * f64::from(number)));
        }
        album
    }

    /// Gives a track another master.
    pub(crate) fn set_master(&mut self, number: u32, bytes: Vec<u8>) {
        let analysis = audio::analyse(Cursor::new(&bytes), &Control::none()).unwrap();
        let asset = self.add(bytes, "wav");
        let track = self.release.tracks.iter_mut().find(|track| track.number == number).unwrap();
        track.master = Some(Master { asset, facts: analysis.facts, loudness: analysis.loudness });
    }

    /// Gives a track a master that is not what is said of it.
    pub(crate) fn set_broken_master(&mut self, number: u32, bytes: Vec<u8>, claims: Master) {
        let asset = self.add(bytes, "wav");
        let track = self.release.tracks.iter_mut().find(|track| track.number == number).unwrap();
        track.master = Some(Master { asset, ..claims });
    }

    /// Gives it another picture, which is said to be large enough.
    pub(crate) fn set_artwork(&mut self, bytes: &[u8]) {
        self.release.artwork = Some(Artwork {
            asset: self.add(bytes.to_vec(), "png"),
            format: ImageFormat::Png,
            width: 4000,
            height: 4000,
            colour: ColourModel::Rgb,
            alpha: false,
            unreadable: None,
        });
    }

    fn add(&mut self, bytes: Vec<u8>, extension: &str) -> Asset {
        let asset = Asset {
            sha256: Sha256::of(&bytes),
            crc64: Crc64(crc64::of(&bytes)),
            bytes: bytes.len() as u64,
            extension: extension.to_owned(),
        };
        self.files.insert(asset.sha256, bytes);
        asset
    }

    /// The key of a track's master.
    pub(crate) fn master_key(&self, number: u32) -> String {
        let track = self.release.tracks.iter().find(|track| track.number == number).unwrap();
        keys::asset(&sample::key().label, &track.master.as_ref().unwrap().asset)
    }

    /// The bytes of one of its files.
    pub(crate) fn bytes(&self, file: Sha256) -> &[u8] {
        &self.files[&file]
    }

    /// Sends all files that are not there.
    pub(crate) async fn send_files(&self, store: &dyn ObjectStore) {
        for asset in self.release.assets() {
            let key = keys::asset(&sample::key().label, asset);
            if store.confirm(&key).await.unwrap().is_none() {
                put(store, &key, &self.files[&asset.sha256]).await;
            }
        }
    }

    /// Writes the manifest of the nth delivery; its key.
    pub(crate) async fn send_manifest(&self, store: &dyn ObjectStore, number: u8) -> String {
        let manifest = self.manifest(number);
        let key = keys::manifest(&sample::key().label, self.release.id, manifest.delivery);
        put(store, &key, &manifest.to_json()).await;
        key
    }

    pub(crate) fn manifest(&self, number: u8) -> Manifest {
        let supersedes: Option<DeliveryId> = (number > 1).then(|| sample::delivery(number - 1));
        let created: Timestamp = sample::start();
        Manifest::new(sample::delivery(number), supersedes, created, self.release.clone())
    }

    /// Sends everything.
    pub(crate) async fn deliver(&self, store: &dyn ObjectStore, number: u8) -> String {
        self.send_files(store).await;
        self.send_manifest(store, number).await
    }
}

pub(crate) async fn put(store: &dyn ObjectStore, key: &str, bytes: &[u8]) {
    let whole = Whole { bytes: bytes.len() as u64, crc64: crc64::of(bytes) };
    store.put(key, bytes.to_vec().into(), whole).await.unwrap();
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
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2,
    0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3,
    1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

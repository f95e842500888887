//! An album that passes the checks, with its files.

use std::f64::consts::TAU;
use std::io::Cursor;

use audio::Control;
use jiff::Timestamp;
use release::{
    Advisory, Artwork, Asset, ColourModel, Contributor, Crc64, DeliveryId, ImageFormat, LabelId, Manifest, Master,
    Release, ReleaseId, Role, Sha256, Track, TrackId, keys,
};
use upload::{ObjectStore, Whole, crc64};

/// A release, and the bytes of its assets.
#[derive(Debug, Clone)]
pub(crate) struct Album {
    pub(crate) label: LabelId,
    pub(crate) manifest: Manifest,
    files: Vec<(Asset, Vec<u8>)>,
}

impl Album {
    /// The nth album of a label, of tones of a fifth of a second: no two albums have a file in common but the picture.
    pub(crate) fn new(label: &str, number: u32, tracks: u32) -> Self {
        let tone = |at: u32| (wav(100.0 * f64::from(number) + 10.0 * f64::from(at)), "wav");
        Self::of(label, number, (1..=tracks).map(tone))
    }

    /// The nth album of a label, of masters: their files' bytes and extensions.
    pub(crate) fn of(label: &str, number: u32, masters: impl IntoIterator<Item = (Vec<u8>, &'static str)>) -> Self {
        let now = Timestamp::now();
        let mut album = Self {
            label: label.parse().unwrap(),
            manifest: Manifest::new(
                DeliveryId::new(now, u128::from(number)),
                None,
                now,
                Release::new(ReleaseId::new(now, u128::from(number))),
            ),
            files: Vec::new(),
        };
        let artwork = album.add(PNG.to_vec(), "png");
        let release = &mut album.manifest.release;
        release.title = format!("Tidewater {number}");
        release.contributors = vec![Contributor::new("Vesper Bloom", Role::MainArtist)];
        release.label = "Night Office".to_owned();
        release.upc = "190295810726".parse::<release::Upc>().unwrap().into();
        release.genre = "Ambient".to_owned();
        release.language = "zxx".to_owned();
        release.p_line = "2026 Night Office".parse::<release::RightsLine>().unwrap().into();
        release.c_line = "2026 Night Office".parse::<release::RightsLine>().unwrap().into();
        release.time_zone = "Europe/Berlin".to_owned();
        release.artwork = Some(Artwork {
            asset: artwork,
            format: ImageFormat::Png,
            width: 4000,
            height: 4000,
            colour: ColourModel::Rgb,
            alpha: false,
            unreadable: None,
        });
        for (at, (bytes, extension)) in (1..).zip(masters) {
            let analysis = audio::analyse(Cursor::new(&bytes), &Control::none()).unwrap();
            let asset = album.add(bytes, extension);
            let mut track = Track::new(TrackId::new(now, u128::from(number * 1000 + at)), 1, at);
            track.title = format!("Tone {at}");
            track.isrc = format!("QMABC26{at:05}").parse::<release::Isrc>().unwrap().into();
            track.advisory = Some(Advisory::None);
            track.master = Some(Master { asset, facts: analysis.facts, loudness: analysis.loudness });
            album.manifest.release.tracks.push(track);
        }
        album
    }

    /// The same delivery, to the byte, of another label.
    pub(crate) fn of_label(&self, label: &str) -> Self {
        Self { label: label.parse().unwrap(), ..self.clone() }
    }

    fn add(&mut self, bytes: Vec<u8>, extension: &str) -> Asset {
        let asset = Asset {
            sha256: Sha256::of(&bytes),
            crc64: Crc64(crc64::of(&bytes)),
            bytes: bytes.len() as u64,
            extension: extension.to_owned(),
        };
        self.files.push((asset.clone(), bytes));
        asset
    }

    /// A file of it.
    pub(crate) fn bytes(&self, content: Sha256) -> &[u8] {
        let (_, bytes) = self.files.iter().find(|(asset, _)| asset.sha256 == content).unwrap();
        bytes
    }

    /// Puts everything, the manifest last.
    pub(crate) async fn deliver(&self, store: &dyn ObjectStore) {
        for (asset, bytes) in &self.files {
            put(store, &keys::asset(&self.label, asset), bytes).await;
        }
        put(store, &self.manifest_key(), &self.manifest.to_json()).await;
    }

    /// Has another file in the place of the first track's master, of the same length.
    pub(crate) fn damage_a_master(&mut self) {
        let (_, bytes) = self.files.iter_mut().find(|(asset, _)| asset.extension == "wav").unwrap();
        *bytes.last_mut().unwrap() ^= 1;
    }

    pub(crate) fn manifest_key(&self) -> String {
        keys::manifest(&self.label, self.manifest.release.id, self.manifest.delivery)
    }
}

pub(crate) async fn put(store: &dyn ObjectStore, key: &str, bytes: &[u8]) {
    store.put(key, bytes.to_vec().into(), Whole::of(bytes)).await.unwrap();
}

/// A tone in 16 bit at 44.1 kHz, stereo.
fn wav(hertz: f64) -> Vec<u8> {
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

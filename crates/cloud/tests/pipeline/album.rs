//! An album that passes the checks, with its files.

use jiff::Timestamp;
use release::{Asset, DeliveryId, LabelId, Manifest, Release, ReleaseId, Sha256, keys};
use upload::ObjectStore;

use crate::material::{self, PNG, put, wav};

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
        material::complete(release, format!("Tidewater {number}"));
        release.artwork = Some(material::artwork(artwork));
        for (at, (bytes, extension)) in (1..).zip(masters) {
            let mut track = material::track(now, u128::from(number * 1000 + at), at);
            track.master = Some(material::master(material::asset(&bytes, extension), &bytes));
            album.add(bytes, extension);
            album.manifest.release.tracks.push(track);
        }
        album
    }

    /// The same delivery, to the byte, of another label.
    pub(crate) fn of_label(&self, label: &str) -> Self {
        Self { label: label.parse().unwrap(), ..self.clone() }
    }

    fn add(&mut self, bytes: Vec<u8>, extension: &str) -> Asset {
        let asset = material::asset(&bytes, extension);
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

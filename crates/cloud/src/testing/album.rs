use std::collections::BTreeMap;

use jiff::Timestamp;
use release::{Asset, DeliveryId, Manifest, Master, Release, ReleaseId, Sha256, keys};
use upload::ObjectStore;

use super::material::{self, PNG, put, wav};
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
        material::complete(&mut release, "Tidewater".to_owned());
        let mut album = Self { release, files: BTreeMap::new() };
        album.set_artwork(PNG);
        for number in 1..=tracks {
            album.release.tracks.push(material::track(sample::start(), u128::from(number), number));
            album.set_master(number, wav(220.0 * f64::from(number)));
        }
        album
    }

    /// Gives a track another master.
    pub(crate) fn set_master(&mut self, number: u32, bytes: Vec<u8>) {
        let master = material::master(material::asset(&bytes, "wav"), &bytes);
        self.add(bytes, "wav");
        let track = self.release.tracks.iter_mut().find(|track| track.number == number).unwrap();
        track.master = Some(master);
    }

    /// Gives a track a master that is not what is said of it.
    pub(crate) fn set_broken_master(&mut self, number: u32, bytes: Vec<u8>, claims: Master) {
        let asset = self.add(bytes, "wav");
        let track = self.release.tracks.iter_mut().find(|track| track.number == number).unwrap();
        track.master = Some(Master { asset, ..claims });
    }

    /// Gives it another picture, which is said to be large enough.
    pub(crate) fn set_artwork(&mut self, bytes: &[u8]) {
        self.release.artwork = Some(material::artwork(self.add(bytes.to_vec(), "png")));
    }

    fn add(&mut self, bytes: Vec<u8>, extension: &str) -> Asset {
        let asset = material::asset(&bytes, extension);
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

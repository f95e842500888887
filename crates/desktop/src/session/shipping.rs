//! Sends one delivery: its files, and then its manifest.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt as _;
use release::{Asset, DeliveryId, LabelId, Manifest, Release, ReleaseId, Track, keys};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use upload::{FileToSend, ObjectStore, OnProgress, Outcome, Retry, SendError, Sender, StoreError, Whole};

use super::command::Reply;
use super::controller::{Controller, Report};
use super::offline::Held;
use super::speed::{Estimate, Speed};
use crate::delivery::{Shipment, ShippedFile, Trouble, Wish};
use crate::import::FileIdentity;
use crate::view::{AssetSending, Sending};

/// The delivery that is being sent.
pub(super) struct Shipping {
    pub(super) delivery: DeliveryId,
    /// What was asked of it since it is being stopped.
    pub(super) wishes: Vec<(Wish, Reply<()>)>,
    stop: CancellationToken,
    progress: Progress,
    begun: Instant,
    speed: Speed,
}

/// What became of a delivery that was being sent.
pub(super) struct ShippingReport {
    pub(super) delivery: DeliveryId,
    pub(super) end: ShippingEnd,
}

pub(super) enum ShippingEnd {
    /// Its manifest is in the store.
    Sent,
    /// It was stopped, and can go on.
    Stopped,
    /// The store cannot be reached, and may be later.
    Held(Held),
    /// It cannot be sent as it is.
    Failed(Trouble),
}

/// How far it is; written by the task that sends, read by the session.
#[derive(Clone)]
struct Progress {
    seen: Arc<Mutex<Seen>>,
    nudge: Arc<Notify>,
}

#[derive(Debug)]
struct Seen {
    sending: Sending,
    /// Of each file, the bytes that this run need not send.
    spared: Vec<u64>,
    /// Whether the store has kept anything that this run sent.
    is_kept: bool,
}

impl Shipping {
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    /// How far it is, and how fast it goes.
    pub(super) fn sending(&mut self) -> Sending {
        let (mut sending, moved) = self.progress.now();
        let (at, left) = (self.begun.elapsed(), sending.bytes - sending.bytes_done);
        self.speed.note(at, moved);
        let Estimate { bytes_per_second, seconds_left } = self.speed.estimate(at, moved, left);
        (sending.bytes_per_second, sending.seconds_left) = (bytes_per_second, seconds_left);
        sending
    }

    /// Whether this run sent anything that is kept.
    pub(super) fn came_further(&self) -> bool {
        self.progress.seen.lock().unwrap_or_else(PoisonError::into_inner).is_kept
    }
}

impl Controller {
    pub(super) fn ship(&mut self, delivery: DeliveryId, shipment: Shipment) {
        let Some(release) = self.view.delivery(delivery).map(|view| view.delivery.release) else { return };
        let progress = Progress::of(&shipment, Arc::clone(&self.progress));
        let stop = CancellationToken::new();
        let voyage = Voyage {
            delivery,
            release,
            label: self.workspace.label().clone(),
            store: Arc::clone(&self.store),
            sender: Arc::clone(&self.sender),
            stop: stop.clone(),
            progress: progress.clone(),
        };
        let (begun, speed) = (Instant::now(), Speed::default());
        self.shipping = Some(Shipping { delivery, wishes: Vec::new(), stop, progress, begun, speed });
        let reports = self.reports.clone();
        self.tasks.spawn(async move {
            let end = match AssertUnwindSafe(voyage.make(&shipment)).catch_unwind().await {
                Ok(Ok(())) => ShippingEnd::Sent,
                Ok(Err(end)) => end,
                Err(_panic) => ShippingEnd::Failed(panicked()),
            };
            // An error means that the session has ended.
            let _ = reports.send(Report::Shipping(ShippingReport { delivery, end }));
        });
        self.show_progress();
    }
}

/// All that sending a delivery takes.
struct Voyage {
    delivery: DeliveryId,
    release: ReleaseId,
    label: LabelId,
    store: Arc<dyn ObjectStore>,
    sender: Arc<Sender>,
    stop: CancellationToken,
    progress: Progress,
}

impl Voyage {
    async fn make(&self, shipment: &Shipment) -> Result<(), ShippingEnd> {
        for (index, file) in shipment.files.iter().enumerate() {
            self.send(index, file).await?;
        }
        self.find_the_others(shipment).await?;
        fail::fail_point!("desktop.assets-sent");
        if self.stop.is_cancelled() {
            return Err(ShippingEnd::Stopped);
        }
        self.write_manifest(&shipment.manifest).await?;
        fail::fail_point!("desktop.manifest-written");
        Ok(())
    }

    async fn send(&self, index: usize, shipped: &ShippedFile) -> Result<(), ShippingEnd> {
        let ShippedFile { asset, file } = shipped;
        let key = keys::asset(&self.label, asset);
        // Before the file is looked at: what the store has needs no file any more.
        let whole = Whole::from(&file.digest);
        let there = self.ask(|| self.store.confirm(&key)).await?;
        if there.is_some_and(|there| there.is(whole)) {
            self.progress.done(index, true);
            return Ok(());
        }
        let (path, identity) = (file.path.clone(), file.identity);
        if let Some(trouble) = crate::blocking::blocking(move || changed(&path, &identity)).await {
            return Err(ShippingEnd::Failed(trouble));
        }
        let to_send = FileToSend { path: file.path.clone(), key, digest: file.digest.clone() };
        let progress = self.progress.clone();
        let on_progress: OnProgress = Arc::new(move |now| progress.at(index, now));
        let sent =
            self.sender.send(&to_send, &on_progress, &self.stop).await.map_err(|error| ended(&error, "upload"))?;
        self.progress.done(index, sent.outcome == Outcome::AlreadyThere);
        Ok(())
    }

    /// Sees that the store has what the manifest names and no file here holds: a release that was delivered from another
    /// computer is mended without its files.
    async fn find_the_others(&self, shipment: &Shipment) -> Result<(), ShippingEnd> {
        // It was read when it was taken from the desk.
        let Ok(manifest) = Manifest::from_json(&shipment.manifest) else { return Ok(()) };
        let sent = |asset: &Asset| shipment.files.iter().any(|file| file.asset.sha256 == asset.sha256);
        for asset in manifest.release.assets().into_iter().filter(|asset| !sent(asset)) {
            let key = keys::asset(&self.label, asset);
            let whole = Whole { bytes: asset.bytes, crc64: asset.crc64.0 };
            let there = self.ask(|| self.store.confirm(&key)).await?;
            if !there.is_some_and(|there| there.is(whole)) {
                return Err(ShippingEnd::Failed(not_stored(&manifest.release, asset)));
            }
        }
        Ok(())
    }

    async fn write_manifest(&self, manifest: &[u8]) -> Result<(), ShippingEnd> {
        let key = keys::manifest(&self.label, self.release, self.delivery);
        let whole = Whole::of(manifest);
        let there = self.ask(|| self.store.confirm(&key)).await?;
        if there.is_some_and(|there| there.is(whole)) {
            return Ok(());
        }
        tracing::info!(target: "ledger", act = "manifest", item = %self.delivery, step = "begin");
        self.ask(|| self.store.put(&key, manifest.to_vec().into(), whole)).await?;
        tracing::info!(target: "ledger", act = "manifest", item = %self.delivery, step = "end");
        Ok(())
    }

    /// Asks the store, and again where that may help at once.
    async fn ask<T, F>(&self, ask: impl FnMut() -> F) -> Result<T, ShippingEnd>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        match self.stop.run_until_cancelled(Retry::default().run(ask)).await {
            Some(answer) => answer.map_err(|error| ended(&error.into(), "store")),
            None => Err(ShippingEnd::Stopped),
        }
    }
}

/// A file is neither here nor in the store.
fn not_stored(release: &Release, asset: &Asset) -> Trouble {
    let is_of = |track: &&Track| track.master.as_ref().is_some_and(|master| master.asset.sha256 == asset.sha256);
    let what = match release.tracks.iter().find(is_of) {
        Some(track) => format!("The master of \"{}\"", track.display_title()),
        None => "The artwork".to_owned(),
    };
    Trouble {
        code: "not-stored".to_owned(),
        message: format!("{what} is not in the store, and its file is not on this computer."),
        help: "Import the release's folder, and deliver it from there.".to_owned(),
    }
}

fn panicked() -> Trouble {
    Trouble {
        code: "panic".to_owned(),
        message: "Lacquer failed over this delivery, which is a mistake in the program: please report it.".to_owned(),
        help: "Try again.".to_owned(),
    }
}

impl Progress {
    fn of(shipment: &Shipment, nudge: Arc<Notify>) -> Self {
        let assets: Vec<AssetSending> = shipment
            .files
            .iter()
            .map(|shipped| AssetSending {
                path: shipped.file.path.clone(),
                bytes: shipped.asset.bytes,
                bytes_done: 0,
                is_done: false,
                was_there: false,
            })
            .collect();
        let bytes = assets.iter().map(|asset| asset.bytes).sum();
        let spared = vec![0; assets.len()];
        let sending = Sending { bytes_done: 0, bytes, bytes_per_second: None, seconds_left: None, assets };
        Self { seen: Arc::new(Mutex::new(Seen { sending, spared, is_kept: false })), nudge }
    }

    /// How far it is, and how many bytes this run sent.
    fn now(&self) -> (Sending, u64) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let spared: u64 = seen.spared.iter().sum();
        (seen.sending.clone(), seen.sending.bytes_done.saturating_sub(spared))
    }

    fn at(&self, index: usize, now: upload::Progress) {
        self.change(|seen| {
            let asset = &mut seen.sending.assets[index];
            asset.bytes_done = now.passed.min(asset.bytes);
            seen.spared[index] = now.resumed.min(asset.bytes_done);
            seen.is_kept |= now.arrived > now.resumed;
        });
    }

    fn done(&self, index: usize, was_there: bool) {
        self.change(|seen| {
            let asset = &mut seen.sending.assets[index];
            (asset.bytes_done, asset.is_done, asset.was_there) = (asset.bytes, true, was_there);
            if was_there {
                seen.spared[index] = asset.bytes;
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut seen);
            seen.sending.bytes_done = seen.sending.assets.iter().map(|asset| asset.bytes_done).sum();
        }
        self.nudge.notify_one();
    }
}

/// Why a file cannot be sent as it is, where it is not the one that was imported.
fn changed(path: &Path, imported: &FileIdentity) -> Option<Trouble> {
    match std::fs::metadata(path) {
        Ok(found) if is_same(FileIdentity::of(&found), *imported) => None,
        Ok(_) => Some(Trouble {
            code: "file-changed".to_owned(),
            message: format!("{} has changed since it was imported.", path.display()),
            help: "Import its folder again, check the release, and queue it anew.".to_owned(),
        }),
        Err(error) => Some(Trouble {
            code: "file-gone".to_owned(),
            message: format!("{} cannot be read: {}.", path.display(), upload::said_by_system(&error)),
            help: "Put the file back where it was and try again, or import the release's folder anew.".to_owned(),
        }),
    }
}

/// The file system's number is another one after a disk was plugged in again, and its files are the same.
fn is_same(found: FileIdentity, imported: FileIdentity) -> bool {
    FileIdentity { device: imported.device, ..found } == imported
}

/// What an error of a store makes of a delivery: one that passes by itself does not end it.
fn ended(error: &SendError, code: &str) -> ShippingEnd {
    let (message, help) = match error {
        // Who it is that has to sign in, and why, and nothing of the store.
        SendError::Store(StoreError::Unasked { reason, .. }) => (reason.clone(), error.help()),
        error => (error.to_string(), error.help()),
    };
    match error {
        SendError::Cancelled => ShippingEnd::Stopped,
        error if error.is_passing() || needs_sign_in(error) => {
            ShippingEnd::Held(Held { message, help, after: error.retry_after() })
        }
        _ => ShippingEnd::Failed(Trouble { code: code.to_owned(), message, help }),
    }
}

/// Whether it goes on once somebody signs in: nothing is lost by waiting for that.
fn needs_sign_in(error: &SendError) -> bool {
    const OVER: [&str; 4] = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken"];
    match error {
        SendError::Store(StoreError::Unasked { .. }) => true,
        SendError::Store(StoreError::Refused(refusal)) => OVER.contains(&refusal.code.as_str()),
        _ => false,
    }
}

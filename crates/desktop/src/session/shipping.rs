//! Sends one delivery: its files, and then its manifest.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use release::{DeliveryId, LabelId, ReleaseId, keys};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use upload::{FileToSend, ObjectStore, OnProgress, Outcome, SendError, Sender, StoreError, Whole};

use super::command::Reply;
use super::controller::{Controller, Report};
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
    /// It cannot be sent as it is.
    Failed(Trouble),
}

/// How far it is; written by the task that sends, read by the session.
#[derive(Clone)]
struct Progress {
    seen: Arc<Mutex<Sending>>,
    nudge: Arc<Notify>,
}

impl Shipping {
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    pub(super) fn sending(&self) -> Sending {
        self.progress.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
            store: self.workspace.store(),
            sender: Arc::clone(&self.sender),
            stop: stop.clone(),
            progress: progress.clone(),
        };
        self.shipping = Some(Shipping { delivery, wishes: Vec::new(), stop, progress });
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
        let there = self.retry(|| self.store.confirm(&key)).await.map_err(|error| failed(&error))?;
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
        let on_progress: OnProgress = Arc::new(move |now| progress.at(index, now.passed));
        let sent = self.sender.send(&to_send, &on_progress, &self.stop).await.map_err(|error| ended(&error))?;
        self.progress.done(index, sent.outcome == Outcome::AlreadyThere);
        Ok(())
    }

    async fn write_manifest(&self, manifest: &[u8]) -> Result<(), ShippingEnd> {
        let key = keys::manifest(&self.label, self.release, self.delivery);
        let whole = Whole::of(manifest);
        let there = self.retry(|| self.store.confirm(&key)).await.map_err(|error| failed(&error))?;
        if there.is_some_and(|there| there.is(whole)) {
            return Ok(());
        }
        tracing::info!(target: "ledger", act = "manifest", item = %self.delivery, step = "begin");
        self.retry(|| self.store.put(&key, manifest.to_vec().into(), whole)).await.map_err(|error| failed(&error))?;
        tracing::info!(target: "ledger", act = "manifest", item = %self.delivery, step = "end");
        Ok(())
    }

    /// Asks the store until it answers, for as long as what it says is that trying again may help.
    async fn retry<T, F>(&self, ask: impl Fn() -> F) -> Result<T, Interrupted>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        const FIRST: Duration = Duration::from_millis(500);
        const LONGEST: Duration = Duration::from_secs(60);
        let mut pause = FIRST;
        loop {
            let error = tokio::select! {
                answer = ask() => match answer {
                    Ok(answer) => return Ok(answer),
                    Err(error) if !error.is_passing() => return Err(Interrupted::Failed(error)),
                    Err(error) => error,
                },
                () = self.stop.cancelled() => return Err(Interrupted::Stopped),
            };
            tracing::info!(delivery = %self.delivery, %error, "the store will be asked again");
            tokio::select! {
                () = tokio::time::sleep(error.retry_after().unwrap_or(pause)) => {}
                () = self.stop.cancelled() => return Err(Interrupted::Stopped),
            }
            pause = (pause * 2).min(LONGEST);
        }
    }
}

fn panicked() -> Trouble {
    Trouble {
        code: "panic".to_owned(),
        message: "Lacquer failed over this delivery, which is a mistake in the program: please report it.".to_owned(),
        help: "Try again.".to_owned(),
    }
}

enum Interrupted {
    Stopped,
    Failed(StoreError),
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
        Self {
            seen: Arc::new(Mutex::new(Sending {
                bytes_done: 0,
                bytes,
                bytes_per_second: None,
                seconds_left: None,
                assets,
            })),
            nudge,
        }
    }

    fn at(&self, index: usize, bytes_done: u64) {
        self.change(|assets| assets[index].bytes_done = bytes_done.min(assets[index].bytes));
    }

    fn done(&self, index: usize, was_there: bool) {
        self.change(|assets| {
            let asset = &mut assets[index];
            (asset.bytes_done, asset.is_done, asset.was_there) = (asset.bytes, true, was_there);
        });
    }

    fn change(&self, change: impl FnOnce(&mut [AssetSending])) {
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut seen.assets);
            seen.bytes_done = seen.assets.iter().map(|asset| asset.bytes_done).sum();
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
            message: format!("{} cannot be read: {error}.", path.display()),
            help: "Put the file back where it was and try again, or import the release's folder anew.".to_owned(),
        }),
    }
}

/// The file system's number is another one after a disk was plugged in again, and its files are the same.
fn is_same(found: FileIdentity, imported: FileIdentity) -> bool {
    FileIdentity { device: imported.device, ..found } == imported
}

fn failed(error: &Interrupted) -> ShippingEnd {
    match error {
        Interrupted::Stopped => ShippingEnd::Stopped,
        Interrupted::Failed(error) => {
            ShippingEnd::Failed(Trouble { code: "store".to_owned(), message: error.to_string(), help: error.help() })
        }
    }
}

fn ended(error: &SendError) -> ShippingEnd {
    match error {
        SendError::Cancelled => ShippingEnd::Stopped,
        error => {
            ShippingEnd::Failed(Trouble { code: "upload".to_owned(), message: error.to_string(), help: error.help() })
        }
    }
}

//! Sending a file: in parts at a time, with a journal, so that a killed process goes on where it was.

mod error;
mod journal;
mod lanes;
mod ledger;
mod parts;
mod progress;
mod publish;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use futures::TryStreamExt as _;
use tokio_util::sync::CancellationToken;

pub use error::SendError;
pub use progress::{OnProgress, Progress};
pub use publish::publish;

use crate::pace::Pace;
use crate::plan::SMALLEST_PART;
use crate::retry::Retry;
use crate::{Body, FileDigest, FileIdentity, ObjectStore, Part, Plan, SentPart, StoreError, Upload, Whole};
use journal::{Alone, Head, Journal};
use lanes::Lanes;
use parts::PartsSender;
use progress::Meter;

/// Sends files to a store, any number at a time.
///
/// One sender a folder of journals: it keeps two of its own calls apart that send the same object, and refuses an object
/// that another process is sending.
#[derive(Debug)]
pub struct Sender {
    store: Arc<dyn ObjectStore>,
    journals: PathBuf,
    options: Options,
    /// One for each part, or small file, that is on its way: for all files together.
    lanes: Lanes,
    /// How fast all of them together may go.
    pace: Arc<Pace>,
    sending: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// How files are sent.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Parts and small files that are on their way at a time, of all files that a sender sends.
    pub parallel_parts: usize,
    /// The most bytes that are sent in a second, of all files that a sender sends; as many as can be without one.
    pub bytes_per_second: Option<u64>,
    /// The smallest part, in bytes; also the largest file that goes in one request. S3 takes no less than 5 MiB.
    pub smallest_part: u64,
    /// When to try again.
    pub retry: Retry,
}

impl Default for Options {
    fn default() -> Self {
        Self { parallel_parts: 4, bytes_per_second: None, smallest_part: SMALLEST_PART, retry: Retry::default() }
    }
}

/// A file, and the object it is to be.
#[derive(Debug, Clone)]
pub struct FileToSend {
    /// Where it is. It is only read.
    pub path: PathBuf,
    /// The object's key.
    pub key: String,
    /// What the file held when it was read; nothing else is sent.
    pub digest: FileDigest,
}

/// A file that is in the store, whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// How it came there.
    pub outcome: Outcome,
    /// Bytes that this call sent.
    pub bytes_sent: u64,
    /// Bytes that earlier runs had sent and that were not sent again.
    pub bytes_resumed: u64,
}

/// How an object came to be in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was there before.
    AlreadyThere,
    /// It was sent.
    Sent,
}

impl Sender {
    /// Sends to `store`, with journals in a folder that is made when it is needed, readable by its owner alone.
    #[must_use]
    pub fn new(store: Arc<dyn ObjectStore>, journals: impl Into<PathBuf>, options: Options) -> Self {
        let (lanes, pace) = (Lanes::new(options.parallel_parts), Arc::new(Pace::new(options.bytes_per_second)));
        Self { store, journals: journals.into(), options, lanes, pace, sending: Mutex::default() }
    }

    /// Changes [`Options::parallel_parts`] and [`Options::bytes_per_second`] for what is sent from now on. Parts that
    /// are on their way go on, at the new pace.
    pub fn limit(&self, parallel_parts: usize, bytes_per_second: Option<u64>) {
        self.lanes.set(parallel_parts);
        self.pace.set(bytes_per_second);
    }

    /// Sends a file. When it returns well, the store has confirmed the object's size and checksum.
    ///
    /// Cancelled, killed or failed, the same call later goes on with the parts that arrived.
    ///
    /// # Errors
    /// See [`SendError`]. After [`SendError::Changed`] nothing of the upload remains.
    pub async fn send(
        &self,
        file: &FileToSend,
        progress: &OnProgress,
        cancel: &CancellationToken,
    ) -> Result<Sent, SendError> {
        // Nothing needs to be done on the way out: whatever is finished is on a disk already.
        cancel.run_until_cancelled(self.send_to_the_end(file, progress)).await.unwrap_or(Err(SendError::Cancelled))
    }

    /// Gives up what an earlier [`Sender::send`] left of an object's upload, here and at the store.
    ///
    /// # Errors
    /// The store or the journal cannot be reached, or the object is being sent by another process.
    pub async fn discard(&self, key: &str) -> Result<(), SendError> {
        let alone = self.alone(key).await;
        match Journal::open(&self.journals, key, alone).await? {
            Some(journal) => self.discard_journal(journal).await,
            None => Ok(()),
        }
    }

    async fn send_to_the_end(&self, file: &FileToSend, progress: &OnProgress) -> Result<Sent, SendError> {
        let alone = self.alone(&file.key).await;
        let mut meter = Meter::new(progress, file.digest.bytes);
        // A store may lose an upload; it is sent anew, but not for ever.
        let mut lost = 0;
        loop {
            match self.send_once(file, Arc::clone(&alone), &mut meter).await {
                Err(SendError::Store(StoreError::NoSuchUpload { .. } | StoreError::Parts { .. })) if lost < 2 => {
                    lost += 1;
                    tracing::warn!(key = file.key, "the store lost the upload: it is begun anew");
                    if let Some(journal) = Journal::open(&self.journals, &file.key, Arc::clone(&alone)).await? {
                        self.discard_journal(journal).await?;
                    }
                }
                result => return result,
            }
        }
    }

    async fn send_once(&self, file: &FileToSend, alone: Alone, meter: &mut Meter) -> Result<Sent, SendError> {
        let whole = Whole::from(&file.digest);
        let journal = Journal::open(&self.journals, &file.key, Arc::clone(&alone)).await?;
        if let Some(there) = self.options.retry.run(|| self.store.confirm(&file.key)).await? {
            if let Some(journal) = journal {
                self.discard_journal(journal).await?;
            }
            if !there.is(whole) {
                return Err(StoreError::Differs { key: file.key.clone(), there, wanted: whole }.into());
            }
            let outcome = if meter.sent() == 0 { Outcome::AlreadyThere } else { Outcome::Sent };
            return Ok(meter.finish(outcome));
        }

        let identity =
            FileIdentity::of(&file.path).map_err(|source| StoreError::Source { path: file.path.clone(), source })?;
        let journal = self.only_if_of_this_file(journal, file, identity).await?;
        if identity.bytes != file.digest.bytes {
            return Err(self.changed(file, journal).await);
        }
        let plan = match &journal {
            Some(journal) => journal.head().plan(),
            None => Plan::with_smallest_part(file.digest.bytes, self.options.smallest_part),
        }
        .map_err(|reason| SendError::Plan { path: file.path.clone(), reason })?;
        if plan.is_one_put() {
            return self.send_in_one(file, whole, meter).await;
        }
        let journal = match journal {
            Some(journal) => journal,
            None => Journal::begin(&self.journals, Head::new(file, identity, &plan), alone).await?,
        };
        self.send_in_parts(file, &plan, identity, journal, meter).await
    }

    async fn send_in_one(&self, file: &FileToSend, whole: Whole, meter: &mut Meter) -> Result<Sent, SendError> {
        ledger::begin("object", &file.key);
        let tally = meter.tally();
        let put = self.options.retry.run(|| async {
            let _lane = self.lanes.enter().await;
            let flow = tally.flow(0, &self.pace);
            let body = Body::File { path: file.path.clone(), offset: 0, length: whole.bytes, flow };
            self.store.put(&file.key, body, whole).await
        });
        match put.await {
            Err(StoreError::Mismatch { .. }) => return Err(SendError::Changed { path: file.path.clone() }),
            put => put?,
        };
        fail::fail_point!("upload.put-sent");
        ledger::end("object", &file.key);
        meter.add(0, whole.bytes);
        Ok(meter.finish(Outcome::Sent))
    }

    async fn send_in_parts(
        &self,
        file: &FileToSend,
        plan: &Plan,
        identity: FileIdentity,
        mut journal: Journal,
        meter: &mut Meter,
    ) -> Result<Sent, SendError> {
        let retry = self.options.retry;
        let parts = parts::all(plan, &file.digest).ok_or_else(|| SendError::Digest { path: file.path.clone() })?;
        ledger::begin("object", &file.key);
        let (upload, mut arrived) = self.upload_of(&mut journal, plan, &parts).await?;
        meter.resume(arrived.iter().map(|sent| sent.bytes).sum());

        match self.send_missing(file, &parts, &upload, &mut arrived, &mut journal, meter).await {
            Err(SendError::Store(StoreError::Mismatch { .. })) => return Err(self.changed(file, Some(journal)).await),
            sent => sent?,
        }
        // Every part was checked against what was read at first. This is for the person: the file is another by now.
        if FileIdentity::of(&file.path).ok() != Some(identity) {
            return Err(self.changed(file, Some(journal)).await);
        }
        let whole = Whole::from(&file.digest);
        let completed = retry.run(|| self.store.complete(&upload, &arrived, whole)).await;
        match completed {
            Err(error @ (StoreError::Differs { .. } | StoreError::Mismatch { .. })) => {
                self.discard_journal(journal).await?;
                return Err(error.into());
            }
            completed => completed?,
        };
        fail::fail_point!("upload.completed");
        ledger::end("object", &file.key);
        journal.remove().await?;
        fail::fail_point!("upload.journal-removed");
        Ok(meter.finish(Outcome::Sent))
    }

    /// Sends the parts that did not arrive, and notes each. When it returns, none is on its way.
    async fn send_missing(
        &self,
        file: &FileToSend,
        parts: &[Part],
        upload: &Upload,
        arrived: &mut Vec<SentPart>,
        journal: &mut Journal,
        meter: &mut Meter,
    ) -> Result<(), SendError> {
        let tally = meter.tally();
        let flow = |part| tally.flow(part, &self.pace);
        let sender = PartsSender {
            store: &*self.store,
            options: &self.options,
            lanes: &self.lanes,
            flow: &flow,
            upload,
            path: &file.path,
            in_ledger: true,
        };
        let mut sending = std::pin::pin!(sender.send(parts::missing(parts, arrived)));
        while let Some(sent) = sending.try_next().await? {
            fail::fail_point!("upload.part-sent");
            journal.note_part(&sent).await?;
            fail::fail_point!("upload.part-noted");
            ledger::end("part", &format!("{}#{}", file.key, sent.number));
            meter.add(sent.number, sent.bytes);
            arrived.push(sent);
        }
        arrived.sort_by_key(|sent| sent.number);
        Ok(())
    }

    /// The upload of the journal with the parts that arrived, or a new one.
    async fn upload_of(
        &self,
        journal: &mut Journal,
        plan: &Plan,
        parts: &[Part],
    ) -> Result<(Upload, Vec<SentPart>), SendError> {
        let retry = self.options.retry;
        if let Some(upload) = journal.upload() {
            let listed = retry.run(|| self.store.sent_parts(&upload)).await?;
            return Ok((upload, parts::believed(parts, listed, journal.parts())));
        }
        fail::fail_point!("upload.journal-begun");
        let upload = retry.run(|| self.store.begin(&journal.head().key, plan)).await?;
        fail::fail_point!("upload.begun");
        journal.note_upload(&upload.id).await?;
        fail::fail_point!("upload.begin-noted");
        Ok((upload, Vec::new()))
    }

    /// The journal, if its parts are of this very file. One of a file that has changed since is an error; one of another
    /// file is given up.
    async fn only_if_of_this_file(
        &self,
        journal: Option<Journal>,
        file: &FileToSend,
        identity: FileIdentity,
    ) -> Result<Option<Journal>, SendError> {
        let Some(journal) = journal else { return Ok(None) };
        let head = journal.head();
        if head.is_of(&file.digest) && head.file == identity && head.plan().is_ok() {
            return Ok(Some(journal));
        }
        let changed = head.is_of(&file.digest) && head.path == file.path.to_string_lossy() && head.file != identity;
        if changed {
            return Err(self.changed(file, Some(journal)).await);
        }
        self.discard_journal(journal).await?;
        Ok(None)
    }

    /// Gives the upload of a file up that is no longer what it was.
    async fn changed(&self, file: &FileToSend, journal: Option<Journal>) -> SendError {
        if let Some(journal) = journal
            && let Err(error) = self.discard_journal(journal).await
        {
            return error;
        }
        SendError::Changed { path: file.path.clone() }
    }

    async fn discard_journal(&self, journal: Journal) -> Result<(), SendError> {
        if let Some(upload) = journal.upload() {
            self.options.retry.run(|| self.store.abort(&upload)).await?;
        }
        fail::fail_point!("upload.aborted");
        journal.remove().await
    }

    /// Waits until no other call sends this object.
    async fn alone(&self, key: &str) -> Alone {
        let lock = {
            let mut sending = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
            sending.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(sending.entry(key.to_owned()).or_default())
        };
        Arc::new(lock.lock_owned().await)
    }
}

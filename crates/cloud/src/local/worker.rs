use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use release::keys::{self, ManifestKey};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::cloud::Parts;
use super::leases::SqliteLeases;
use super::outbox::SqliteOutbox;
use super::queue::{SqliteQueue, Taken};
use super::remedy::{Remedy, backoff};
use crate::catalogue::{Event, Fact, ReleaseKey};
use crate::ports::{Catalogue as _, Letters, PortError, Queue as _};
use crate::stages::{
    Dispatch, Intake, Masters, Notify, StageError, Transcode, dispatch, give_up, intake, record, transcode,
};
use crate::{Message, QueueName};

/// Runs the stages in this process. What it was working on when it ends is taken up by the next one.
#[derive(Debug)]
pub struct Worker {
    /// One task that holds all others. They end with it.
    tasks: JoinSet<()>,
    /// Ends the tasks, and what they run on other threads, also where the worker is just dropped.
    stop: DropGuard,
}

/// How often the process may end while it works on a message. Many: people close laptops, and do not mean the release.
const MAX_INTERRUPTIONS: u32 = 100;

/// What the tasks that serve no queue are called.
const OUTBOX: &str = "outbox";
const DATES: &str = "dates";
const SWEEP: &str = "sweep";

/// What the work on a queue's messages is called, where the queue itself is well and they fail.
fn work_of(queue: QueueName) -> &'static str {
    match queue {
        QueueName::Intake => "taking in",
        QueueName::Transcode => "transcoding",
        QueueName::Catalogue => "cataloguing",
    }
}

impl Worker {
    pub(super) fn spawn(parts: Arc<Parts>) -> Self {
        let stop = CancellationToken::new();
        let stages = Arc::new(Stages::new(parts, stop.clone()));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            stages.recover().await;
            stages.run().await;
        });
        Self { tasks, stop: stop.drop_guard() }
    }

    /// Stops soon: what runs is put back, to be taken up by the next worker.
    pub async fn stop(self) {
        let Self { mut tasks, stop } = self;
        drop(stop);
        while tasks.join_next().await.is_some() {}
    }
}

/// A transcode runs a thread an encoder already: two use the cores of a laptop fully.
fn transcodes_at_once() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(2))
}

/// The stages of a local workspace, each with its ports.
struct Stages {
    parts: Arc<Parts>,
    /// Whether releases are reviewed, and followers written to, is asked each time.
    intake: Intake,
    transcode: Transcode,
    dispatch: Dispatch,
    stop: CancellationToken,
}

/// What becomes of a message after work on it.
enum Next {
    Done,
    PutBack { until: Timestamp, failed: bool },
    Bury(String),
}

/// What a task found to do.
enum Step {
    /// Something, and there may be more.
    Taken,
    /// Nothing before an instant, or before something is written.
    Idle { until: Option<Timestamp> },
}

impl Stages {
    fn new(parts: Arc<Parts>, stop: CancellationToken) -> Self {
        let masters = Masters { store: Arc::clone(&parts.masters) as _, reader: Arc::clone(&parts.masters) as _ };
        let queue = Arc::new(parts.queue());
        let intake = Intake { masters: masters.clone(), recorder: parts.recorder(), review: false };
        let transcode = Transcode {
            masters,
            renditions: Arc::clone(&parts.renditions) as _,
            facts: Arc::new(parts.rendition_facts()),
            catalogue: Arc::new(parts.catalogue()),
            leases: Arc::new(parts.leases()),
            queue: Arc::clone(&queue) as _,
            clock: Arc::clone(&parts.clock),
            scratch: parts.scratch.clone(),
            lease: Transcode::LEASE,
        };
        let notify = Notify {
            herald: Arc::new(Letters {
                subscriptions: Arc::new(parts.subscriptions()),
                mailer: Arc::new(parts.outbox_folder.clone()),
            }),
            outbox: Arc::new(parts.outbox()),
            catalogue: Arc::new(parts.catalogue()),
            artists_mail: true,
        };
        Self { parts, intake, transcode, dispatch: Dispatch { queue, notify }, stop }
    }

    /// Takes back what a worker that ended had taken: one process has the workspace, and it has one worker.
    async fn recover(&self) {
        while !self.stop.is_cancelled() {
            let now = self.parts.clock.now();
            let recovered = self.parts.database.write("taking up what was interrupted", move |transaction| {
                SqliteQueue::recover(transaction, now)?;
                SqliteOutbox::recover(transaction)?;
                SqliteLeases::recover(transaction)
            });
            match recovered.await {
                Ok(()) => return self.parts.now.is_well("recovery"),
                Err(error) => self.rest("recovery", &error).await,
            }
        }
    }

    async fn run(self: Arc<Self>) {
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(&self).sweep());
        tasks.spawn(Arc::clone(&self).empty_outbox());
        tasks.spawn(Arc::clone(&self).watch_dates());
        tasks.spawn(Arc::clone(&self).serve(QueueName::Intake));
        tasks.spawn(Arc::clone(&self).serve(QueueName::Catalogue));
        for _ in 0..transcodes_at_once() {
            tasks.spawn(Arc::clone(&self).serve(QueueName::Transcode));
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Works on the messages of a queue, one at a time.
    async fn serve(self: Arc<Self>, queue: QueueName) {
        let source = self.parts.queue();
        let mut written = self.parts.database.written();
        while !self.stop.is_cancelled() {
            // Before looking, so that nothing that comes meanwhile is missed.
            written.mark_unchanged();
            let taken = match source.take(queue).await {
                Ok(taken) => taken,
                Err(error) => {
                    self.rest(queue.as_str(), &error).await;
                    continue;
                }
            };
            self.parts.now.is_well(queue.as_str());
            match taken {
                Some(taken) => {
                    let next = self.work_on(&taken).await;
                    self.settle(&source, queue, &taken, &next).await;
                }
                None => match source.next_at(queue).await {
                    Ok(next) => self.wait(&mut written, next).await,
                    Err(error) => self.rest(queue.as_str(), &error).await,
                },
            }
        }
    }

    async fn work_on(&self, taken: &Taken) -> Next {
        let message = match &taken.message {
            Ok(message) => message,
            Err(error) => return Next::Bury(error.to_string()),
        };
        if taken.interruptions > MAX_INTERRUPTIONS {
            let why = format!("the app ended {} times while it worked on it", taken.interruptions);
            return self.bury(message, why).await;
        }
        // A stage that panics has failed, and must not take its queue with it.
        let result = match AssertUnwindSafe(self.handle(message)).catch_unwind().await {
            Ok(result) => result,
            Err(_) => Err(PortError::new("working on a message", true, "the program failed unexpectedly").into()),
        };
        let work = work_of(message.queue());
        let Err(error) = result else {
            self.parts.now.is_well(work);
            return Next::Done;
        };
        let now = self.parts.clock.now();
        match Remedy::of(&error, taken.failures, message.queue()) {
            Remedy::Wait(wait) => Next::PutBack { until: after(now, wait), failed: false },
            Remedy::TryAgain(wait) => {
                tracing::warn!(%error, failures = taken.failures + 1, "work on a message failed, and is tried again");
                self.parts.now.has_trouble(work, in_words(&error));
                Next::PutBack { until: after(now, wait), failed: true }
            }
            Remedy::GiveUp => {
                tracing::error!(%error, "work on a message is given up");
                // From here on the release itself says it.
                self.parts.now.is_well(work);
                match (message, &error) {
                    // Intake has told the catalogue, where there is a release to tell of.
                    (Message::Manifest { .. }, StageError::Refused(_)) => Next::Bury(error.to_string()),
                    _ => self.bury(message, in_words(&error)).await,
                }
            }
        }
    }

    async fn handle(&self, message: &Message) -> Result<(), StageError> {
        match message {
            Message::Manifest { key, version, .. } => {
                let review = self.parts.review.load(Ordering::Relaxed);
                intake(&Intake { review, ..self.intake.clone() }, key, version.as_deref()).await
            }
            Message::Transcode(job) => {
                let shown = Arc::new(self.parts.now.show(job));
                transcode(&self.transcode, job, &shown.progress(), &self.stop).await
            }
            // None of what the stages tell is an order that could be void.
            Message::Happened(event) => Ok(record(&self.intake.recorder, event).await.map(drop)?),
        }
    }

    /// Gives a message up, once the catalogue knows.
    async fn bury(&self, message: &Message, why: String) -> Next {
        match give_up(&self.intake.recorder, message, &why).await {
            Ok(()) => Next::Bury(why),
            Err(error) => {
                tracing::error!(%error, "the catalogue could not be told of a failure");
                Next::PutBack { until: after(self.parts.clock.now(), backoff(u32::MAX)), failed: false }
            }
        }
    }

    /// Does what stands in the outbox.
    async fn empty_outbox(self: Arc<Self>) {
        let mut written = self.parts.database.written();
        while !self.stop.is_cancelled() {
            written.mark_unchanged();
            match self.next_errand().await {
                Ok(Step::Taken) => {}
                Ok(Step::Idle { until }) => self.wait(&mut written, until).await,
                Err(error) => self.rest(OUTBOX, &error).await,
            }
        }
    }

    async fn next_errand(&self) -> Result<Step, PortError> {
        let outbox = self.parts.outbox();
        let Some(open) = outbox.next().await? else {
            let until = outbox.next_at().await?;
            if until.is_none() {
                self.parts.now.is_well(OUTBOX);
            }
            return Ok(Step::Idle { until });
        };
        let artists_mail = self.parts.artists_mail.load(Ordering::Relaxed);
        let dispatcher =
            Dispatch { notify: Notify { artists_mail, ..self.dispatch.notify.clone() }, ..self.dispatch.clone() };
        match dispatch(&dispatcher, &open.entry).await {
            Ok(()) => self.parts.now.is_well(OUTBOX),
            Err(error) => {
                tracing::warn!(%error, entry = %open.entry.id, "an errand failed, and is tried again");
                let until = after(self.parts.clock.now(), backoff(open.failures));
                outbox.put_back(&open.entry.id, until).await?;
                self.parts.now.has_trouble(OUTBOX, in_words(&error));
            }
        }
        Ok(Step::Taken)
    }

    /// Lets releases go live when their date comes.
    async fn watch_dates(self: Arc<Self>) {
        let mut written = self.parts.database.written();
        while !self.stop.is_cancelled() {
            written.mark_unchanged();
            let step = self.next_date().await;
            if step.is_ok() {
                self.parts.now.is_well(DATES);
            }
            match step {
                Ok(Step::Taken) => {}
                Ok(Step::Idle { until }) => self.wait(&mut written, until).await,
                Err(error) => self.rest(DATES, &error).await,
            }
        }
    }

    async fn next_date(&self) -> Result<Step, PortError> {
        match self.parts.catalogue().due(Timestamp::MAX, 1).await?.into_iter().next() {
            Some((due, key)) if due <= self.parts.clock.now() => {
                self.date_reached(key).await?;
                Ok(Step::Taken)
            }
            next => Ok(Step::Idle { until: next.map(|(due, _)| due) }),
        }
    }

    async fn date_reached(&self, key: ReleaseKey) -> Result<(), PortError> {
        if let Some(stored) = self.parts.catalogue().load(&key).await? {
            let delivery = stored.record.current.id;
            // It is no order that could be void.
            let _ = record(&self.intake.recorder, &Event { key, delivery, fact: Fact::DateReached }).await?;
        }
        Ok(())
    }

    /// Finds manifests that nobody took in yet: at the start, and whenever one may have arrived.
    async fn sweep(self: Arc<Self>) {
        loop {
            if let Err(error) = self.take_in_new().await {
                self.rest(SWEEP, &error).await;
                self.parts.arrivals.notify_one();
            } else {
                self.parts.now.is_well(SWEEP);
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = self.parts.arrivals.notified() => {}
            }
        }
    }

    async fn take_in_new(&self) -> Result<(), StageError> {
        for key in self.parts.masters.keys_with_suffix(keys::MANIFEST_SUFFIX).await? {
            let Some(manifest) = ManifestKey::parse(&key) else {
                tracing::warn!(key, "a file is named like a manifest, and lies where none can");
                continue;
            };
            let release = ReleaseKey { label: manifest.label, release: manifest.release };
            let stored = self.parts.catalogue().load(&release).await?;
            if !stored.is_some_and(|stored| stored.record.seen.contains(&manifest.delivery)) {
                self.parts
                    .queue()
                    .send(&Message::Manifest { key: key.clone(), version: None, trace: None }, &key)
                    .await?;
            }
        }
        Ok(())
    }

    /// Waits for a change, an instant, or the end.
    async fn wait(&self, written: &mut watch::Receiver<u64>, next: Option<Timestamp>) {
        let until = async {
            match next {
                Some(next) => self.parts.clock.until(next).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.stop.cancelled() => {}
            // An error would mean that the database is gone, and it is held here.
            _ = written.changed() => {}
            () = until => {}
        }
    }

    /// Waits a while after the database or a folder failed.
    async fn rest(&self, task: &'static str, error: &impl std::fmt::Display) {
        const REST: Duration = Duration::from_secs(5);
        tracing::error!(%error, task, "the workspace fails");
        self.parts.now.has_trouble(task, error.to_string());
        let _ = self.stop.run_until_cancelled(tokio::time::sleep(REST)).await;
    }

    /// Notes what becomes of a message, for as long as it takes: work that is finished must not look unfinished. Where
    /// the process ends before, it is found done when it is done again.
    async fn settle(&self, source: &SqliteQueue, queue: QueueName, taken: &Taken, next: &Next) {
        loop {
            let settled = match next {
                Next::Done => source.done(taken).await,
                Next::PutBack { until, failed } => source.put_back(taken, *until, *failed).await,
                Next::Bury(reason) => source.bury(taken, reason).await,
            };
            match settled {
                Ok(()) => return,
                Err(_) if self.stop.is_cancelled() => return,
                Err(error) => self.rest(queue.as_str(), &error).await,
            }
        }
    }
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)).unwrap_or(Timestamp::MAX)
}

/// What failed, with what a person can do about it.
fn in_words(error: &StageError) -> String {
    match error {
        StageError::Store(error) => format!("{error} {}", error.help()),
        other => other.to_string(),
    }
}

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use release::keys::{self, ManifestKey};
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::cloud::Parts;
use super::queue::{SqliteQueue, Taken};
use crate::catalogue::{Event, Fact, ReleaseKey};
use crate::ports::{Catalogue as _, PortError, Queue as _};
use crate::stages::{
    Dispatch, Intake, Masters, Notify, StageError, Transcode, dispatch, give_up, intake, record, transcode,
};
use crate::{Message, QueueName};

/// Runs the stages in this process. What it was working on when it ends is taken up by the next one.
#[derive(Debug)]
pub struct Worker {
    tasks: JoinSet<()>,
    /// Ends the tasks, and what they run on other threads, also where the worker is just dropped.
    stop: DropGuard,
}

/// How often work on a message may fail before it is given up.
const MAX_FAILURES: u32 = 5;

/// How often the process may end while it works on a message. Many: people close laptops, and do not mean the release.
const MAX_INTERRUPTIONS: u32 = 100;

impl Worker {
    pub(super) fn spawn(parts: Arc<Parts>) -> Self {
        let stop = CancellationToken::new();
        let stages = Arc::new(Stages::new(parts, stop.clone()));
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(&stages).sweep());
        tasks.spawn(Arc::clone(&stages).empty_outbox());
        tasks.spawn(Arc::clone(&stages).watch_dates());
        tasks.spawn(Arc::clone(&stages).serve(QueueName::Intake));
        tasks.spawn(Arc::clone(&stages).serve(QueueName::Catalogue));
        for _ in 0..transcodes_at_once() {
            tasks.spawn(Arc::clone(&stages).serve(QueueName::Transcode));
        }
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

impl Stages {
    fn new(parts: Arc<Parts>, stop: CancellationToken) -> Self {
        let masters = Masters { store: Arc::clone(&parts.masters) as _, reader: Arc::clone(&parts.masters) as _ };
        let queue = Arc::new(parts.queue());
        let intake = Intake { masters: masters.clone(), recorder: parts.recorder(), review: parts.settings.review };
        let transcode = Transcode {
            masters,
            renditions: Arc::clone(&parts.renditions) as _,
            facts: Arc::new(parts.rendition_facts()),
            catalogue: Arc::new(parts.catalogue()),
            leases: Arc::new(parts.leases()),
            queue: Arc::clone(&queue) as _,
            clock: Arc::clone(&parts.clock),
            scratch: parts.scratch.clone(),
        };
        let notify = Notify {
            subscriptions: Arc::new(parts.subscriptions()),
            mailer: Arc::new(parts.outbox_folder.clone()),
            outbox: Arc::new(parts.outbox()),
        };
        Self { parts, intake, transcode, dispatch: Dispatch { queue, notify }, stop }
    }

    /// Works on the messages of a queue, one at a time.
    async fn serve(self: Arc<Self>, queue: QueueName) {
        let source = self.parts.queue();
        let mut changes = self.parts.database.changes();
        while !self.stop.is_cancelled() {
            // Before looking, so that nothing that comes meanwhile is missed.
            changes.mark_unchanged();
            match source.take(queue).await {
                Ok(Some(taken)) => {
                    let next = self.work_on(&taken).await;
                    self.settle(&source, &taken, &next).await;
                }
                Ok(None) => match source.next_at(queue).await {
                    Ok(next) => self.wait(&mut changes, next).await,
                    Err(error) => self.rest(&error).await,
                },
                Err(error) => self.rest(&error).await,
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
        let Err(error) = result else { return Next::Done };
        let now = self.parts.clock.now();
        match Remedy::of(&error, taken.failures) {
            Remedy::Wait(until) => Next::PutBack { until: until.unwrap_or(now), failed: false },
            Remedy::TryAgain(wait) => {
                tracing::warn!(%error, failures = taken.failures + 1, "work on a message failed, and is tried again");
                Next::PutBack { until: after(now, wait), failed: true }
            }
            Remedy::GiveUp => {
                tracing::error!(%error, "work on a message is given up");
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
            Message::Manifest { key } => intake(&self.intake, key).await,
            Message::Transcode(job) => {
                let shown = Arc::new(self.parts.running.show(job, &self.parts.database));
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
                Next::PutBack { until: after(self.parts.clock.now(), backoff(MAX_FAILURES)), failed: false }
            }
        }
    }

    /// Does what stands in the outbox.
    async fn empty_outbox(self: Arc<Self>) {
        let outbox = self.parts.outbox();
        let mut changes = self.parts.database.changes();
        while !self.stop.is_cancelled() {
            changes.mark_unchanged();
            match outbox.next().await {
                Ok(Some(open)) => {
                    if let Err(error) = dispatch(&self.dispatch, &open.entry).await {
                        tracing::warn!(%error, entry = %open.entry.id, "an errand failed, and is tried again");
                        let until = after(self.parts.clock.now(), backoff(open.failures.min(MAX_FAILURES)));
                        if let Err(error) = outbox.put_back(&open.entry.id, until).await {
                            self.rest(&error).await;
                        }
                    }
                }
                Ok(None) => match outbox.next_at().await {
                    Ok(next) => self.wait(&mut changes, next).await,
                    Err(error) => self.rest(&error).await,
                },
                Err(error) => self.rest(&error).await,
            }
        }
    }

    /// Lets releases go live when their date comes.
    async fn watch_dates(self: Arc<Self>) {
        let catalogue = self.parts.catalogue();
        let mut changes = self.parts.database.changes();
        while !self.stop.is_cancelled() {
            changes.mark_unchanged();
            match catalogue.due(Timestamp::MAX, 1).await.map(|due| due.into_iter().next()) {
                Ok(Some((due, key))) if due <= self.parts.clock.now() => {
                    if let Err(error) = self.date_reached(key).await {
                        self.rest(&error).await;
                    }
                }
                Ok(next) => self.wait(&mut changes, next.map(|(due, _)| due)).await,
                Err(error) => self.rest(&error).await,
            }
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
                tracing::warn!(%error, "looking for new deliveries failed");
                self.rest(&error).await;
                self.parts.arrivals.notify_one();
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
                self.parts.queue().send(&Message::Manifest { key: key.clone() }, &key).await?;
            }
        }
        Ok(())
    }

    /// Waits for a change, an instant, or the end.
    async fn wait(&self, changes: &mut tokio::sync::watch::Receiver<u64>, next: Option<Timestamp>) {
        let until = async {
            match next {
                Some(next) => self.parts.clock.until(next).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.stop.cancelled() => {}
            // An error would mean that the database is gone, and it is held here.
            _ = changes.changed() => {}
            () = until => {}
        }
    }

    /// Waits a while after the database or a folder failed.
    async fn rest(&self, error: &impl std::fmt::Display) {
        const REST: Duration = Duration::from_secs(5);
        tracing::error!(%error, "the workspace fails");
        let _ = self.stop.run_until_cancelled(tokio::time::sleep(REST)).await;
    }

    /// Notes what becomes of a message, for as long as it takes: work that is finished must not look unfinished. Where
    /// the process ends before, it is found done when it is done again.
    async fn settle(&self, source: &SqliteQueue, taken: &Taken, next: &Next) {
        loop {
            let settled = match next {
                Next::Done => source.done(taken).await,
                Next::PutBack { until, failed } => source.put_back(taken, *until, *failed).await,
                Next::Bury(reason) => source.bury(taken, reason).await,
            };
            match settled {
                Ok(()) => return,
                Err(_) if self.stop.is_cancelled() => return,
                Err(error) => self.rest(&error).await,
            }
        }
    }
}

/// What helps against a failure.
#[derive(Debug, PartialEq, Eq)]
enum Remedy {
    /// Nothing is wrong: it is to be done at an instant, or at once.
    Wait(Option<Timestamp>),
    /// It may go better after a while.
    TryAgain(Duration),
    /// Nothing that a program could do.
    GiveUp,
}

impl Remedy {
    fn of(error: &StageError, failures: u32) -> Self {
        match error {
            StageError::Stopped => Self::Wait(None),
            StageError::Busy { until } => Self::Wait(Some(*until)),
            error if error.is_passing() && failures + 1 < MAX_FAILURES => Self::TryAgain(backoff(failures)),
            _ => Self::GiveUp,
        }
    }
}

/// How long to wait after a failure: 1, 4, 16, 64 s …, at most five minutes.
fn backoff(failures: u32) -> Duration {
    Duration::from_secs(4_u64.saturating_pow(failures).min(300))
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

#[cfg(test)]
mod tests {
    use upload::StoreError;

    use super::*;
    use crate::stages::Refused;

    #[test]
    fn what_passes_is_tried_five_times_and_what_does_not_once() {
        let passing = || StageError::Port(PortError::new("reading", true, "busy"));
        let lasting = || StageError::Port(PortError::new("reading", false, "gone"));
        let waits: Vec<Remedy> = (0..5).map(|failures| Remedy::of(&passing(), failures)).collect();
        let again = |seconds| Remedy::TryAgain(Duration::from_secs(seconds));
        assert_eq!(waits, [again(1), again(4), again(16), again(64), Remedy::GiveUp]);
        assert_eq!(Remedy::of(&lasting(), 0), Remedy::GiveUp);
        let missing = StageError::Store(StoreError::Missing { key: "x".to_owned() });
        assert_eq!(Remedy::of(&missing, 0), Remedy::GiveUp);
        assert_eq!(Remedy::of(&Refused::NotAManifest("x".to_owned()).into(), 0), Remedy::GiveUp);
    }

    #[test]
    fn who_waits_for_another_does_not_fail_however_often() {
        let until = Timestamp::UNIX_EPOCH;
        assert_eq!(Remedy::of(&StageError::Busy { until }, 99), Remedy::Wait(Some(until)));
        assert_eq!(Remedy::of(&StageError::Stopped, 99), Remedy::Wait(None));
    }
}

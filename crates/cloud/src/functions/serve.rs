use std::collections::BTreeSet;
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::{FutureExt, StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::batch::{Failures, Order};
use super::event::Received;
use super::remedy::Remedy;
use crate::figures::{self, Unit};
use crate::ports::{Clock, PortError};
use crate::stages::StageError;
use crate::{Message, QueueName};

/// What a function does with the messages of its queue.
#[async_trait]
pub(super) trait Stage: Send + Sync {
    /// What a body holds.
    fn read(&self, body: &str) -> Result<Vec<Message>, Unreadable>;

    /// Does a message's work; soon after `stop` it ends, done or not.
    async fn work(&self, message: &Message, stop: &CancellationToken) -> Result<(), StageError>;

    /// Tells the catalogue that a message goes to the dead letters, because of an error.
    async fn give_up(&self, message: &Message, error: &StageError) -> Result<(), PortError>;
}

/// The queue that messages came from.
#[async_trait]
pub(super) trait Inbox: Send + Sync + Debug {
    /// Keeps a message from being received again for a time from now on.
    async fn hide(&self, receipt: &str, period: Duration) -> Result<(), PortError>;

    /// Sends a copy of a message, to be received after a time.
    async fn put_off(&self, message: &Message, wait: Duration) -> Result<(), PortError>;
}

/// Why a body holds nothing that could be worked on.
pub(super) type Unreadable = Box<dyn std::error::Error + Send + Sync>;

/// Works on batches of messages.
pub(super) struct Server<'a> {
    /// What is done with them.
    pub(super) stage: &'a dyn Stage,
    /// Where they came from.
    pub(super) inbox: &'a dyn Inbox,
    /// Whether they are in order.
    pub(super) order: Order,
    /// How many are worked on at a time, where they are not in order.
    pub(super) at_once: usize,
    /// How often a message is received before its queue gives it up.
    pub(super) max_receives: u32,
    /// After how long without a sign of life somebody else takes a message up.
    pub(super) take_over: Duration,
    /// What time it is.
    pub(super) clock: Arc<dyn Clock>,
}

impl Server<'_> {
    /// Works on a batch, and tells which messages are to come again. While it works, nobody else gets them; when it
    /// dies, somebody does soon.
    pub(super) async fn serve(&self, batch: &[Received], stop: &CancellationToken) -> Failures {
        let open: Open = Mutex::new(batch.iter().map(|received| received.receipt.clone()).collect());
        // Before anything else: the queue's own time-out is long, for functions that die before they get here.
        self.hide_all(&open).await;
        let beat = async {
            loop {
                self.clock.until(after(self.clock.now(), self.take_over / 4)).await;
                self.hide_all(&open).await;
            }
        };
        tokio::select! {
            failures = self.work_on_all(batch, &open, stop) => failures,
            () = beat => unreachable!("a heart beats until the work ends"),
        }
    }

    async fn hide_all(&self, open: &Open) {
        let receipts: Vec<String> = locked(open).iter().cloned().collect();
        let hiding = receipts.iter().map(|receipt| self.hide(receipt, self.take_over));
        futures::future::join_all(hiding).await;
    }

    async fn hide(&self, receipt: &str, period: Duration) {
        // At worst somebody else does the work too, which changes nothing.
        if let Err(error) = self.inbox.hide(receipt, period).await {
            tracing::warn!(%error, "a message could not be kept hidden");
        }
    }

    async fn work_on_all(&self, batch: &[Received], open: &Open, stop: &CancellationToken) -> Failures {
        let failures = Mutex::new(Failures::default());
        let at_once = if self.order == Order::Groups { 1 } else { self.at_once };
        let work = batch.iter().map(|received| {
            let (open, failures) = (&open, &failures);
            async move {
                let held_up = locked(failures).hold_up(received, self.order);
                let next = if held_up { Next::Again(Duration::ZERO) } else { self.work_on(received, stop).await };
                locked(open).remove(&received.receipt);
                if let Next::Again(wait) = next {
                    locked(failures).add(received);
                    self.hide(&received.receipt, wait).await;
                }
            }
        });
        // Boxed and collected: else the compiler cannot tell that they may cross threads.
        let work: Vec<_> = work.map(FutureExt::boxed).collect();
        stream::iter(work).buffer_unordered(at_once.max(1)).collect::<()>().await;
        failures.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on a message of the queue, which may hold several of the pipeline's: it is done when all are.
    async fn work_on(&self, received: &Received, stop: &CancellationToken) -> Next {
        let now = self.clock.now();
        if let Some(sent) = received.sent {
            let age = now.duration_since(sent).as_millis();
            figures::note("QueueAge", Unit::Milliseconds, u64::try_from(age).unwrap_or(0));
        }
        let messages = match self.stage.read(&received.body) {
            Ok(messages) => messages,
            Err(error) => {
                // Nobody knows whose it is. Its queue moves it to the dead letters, where a person finds it.
                tracing::error!(%error, message = received.id, receives = received.receives, "a message is refused");
                figures::count("Refused");
                return Next::Again(Duration::ZERO);
            }
        };
        let mut next = Next::Done;
        for message in messages {
            let span = span(&message, received);
            let one = self.work_on_one(&message, received, stop).instrument(span).await;
            next = next.and(one);
        }
        next
    }

    async fn work_on_one(&self, message: &Message, received: &Received, stop: &CancellationToken) -> Next {
        let began = self.clock.now();
        // What panics has failed, and must not take the other messages of its batch with it.
        let worked = AssertUnwindSafe(self.stage.work(message, stop)).catch_unwind().await;
        let now = self.clock.now();
        let took = now.duration_since(began).as_millis();
        figures::note("WorkDuration", Unit::Milliseconds, u64::try_from(took).unwrap_or(0));
        let result =
            worked.unwrap_or_else(|_| Err(PortError::new("working on a message", true, "the program failed").into()));
        let Err(error) = result else {
            figures::count("Done");
            return Next::Done;
        };
        match Remedy::of(&error, received.receives, self.max_receives, now) {
            Remedy::PutOff(wait) => match self.inbox.put_off(message, wait).await {
                Ok(()) => {
                    let (seconds, receives) = (wait.as_secs(), received.receives);
                    tracing::info!(seconds, receives, "somebody else does this work: put off");
                    figures::count("PutOff");
                    Next::Done
                }
                Err(error) => {
                    tracing::warn!(%error, "a message could not be put off");
                    Next::Again(wait)
                }
            },
            Remedy::TryAgain(wait) => {
                tracing::warn!(%error, receives = received.receives, "work on a message failed, and is tried again");
                figures::count("Failed");
                Next::Again(wait)
            }
            Remedy::GiveUp => {
                tracing::error!(%error, receives = received.receives, "work on a message is given up");
                figures::count("GivenUp");
                // It stays in the queue, and so in the dead letters, whether or not this is heard.
                if let Err(error) = self.stage.give_up(message, &error).await {
                    tracing::error!(%error, "the catalogue could not be told of a failure");
                }
                Next::Again(Duration::ZERO)
            }
        }
    }
}

/// The receipts of the messages that are worked on, or wait for it.
type Open = Mutex<BTreeSet<String>>;

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)).unwrap_or(Timestamp::MAX)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What becomes of a message of the queue.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// It is removed.
    Done,
    /// It comes again after a time.
    Again(Duration),
}

impl Next {
    /// What becomes of a message that holds two of the pipeline's.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Again(one), Self::Again(other)) => Self::Again(one.max(other)),
            (Self::Again(wait), Self::Done) | (Self::Done, Self::Again(wait)) => Self::Again(wait),
            (Self::Done, Self::Done) => Self::Done,
        }
    }
}

/// What every line of the log says while a message is worked on.
pub(super) fn span(message: &Message, received: &Received) -> tracing::Span {
    let subject = message.subject();
    let track = match message {
        Message::Transcode(job) => Some(job.track.to_string()),
        _ => None,
    };
    let (label, release, delivery) = match &subject {
        Some((key, delivery)) => {
            (Some(key.label.to_string()), Some(key.release.to_string()), Some(delivery.to_string()))
        }
        None => (None, None, None),
    };
    let queue = message.queue();
    tracing::info_span!(
        "work",
        // Where the manifest says otherwise, a stage adds it once it knows.
        trace = message.trace(),
        queue = QueueName::as_str(queue),
        message = received.id,
        label,
        release,
        delivery,
        track
    )
}

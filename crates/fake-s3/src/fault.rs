use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::call::{Call, Operation};

/// Which requests something goes wrong with, counted from when the fault is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The one of this number, from 1 on.
    Nth(u32),
    /// All up to and with this number.
    First(u32),
    /// Every one.
    Always,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The request has no effect and gets an error.
    Answer {
        /// HTTP's status.
        status: u16,
        /// S3's code.
        code: &'static str,
    },
    /// As [`Fault::Answer`], with a `Retry-After` header.
    AnswerWait {
        /// HTTP's status.
        status: u16,
        /// S3's code.
        code: &'static str,
        /// In seconds.
        retry_after: u32,
    },
    /// The request has no effect, and its error comes with status 200, as CompleteMultipartUpload and CopyObject do it.
    ErrorIn200 {
        /// S3's code.
        code: &'static str,
    },
    /// The request has no effect, and a network on the way answers in S3's place: with a page for people, or the way to one.
    Page {
        /// HTTP's status.
        status: u16,
    },
    /// The connection breaks off and the request has no effect.
    DropBefore,
    /// The request takes effect, and the connection breaks off before the answer.
    DropAfter,
    /// The answer's body ends early by so many bytes.
    CutBody(usize),
    /// The request waits, without effect, until it is released.
    Hold(Held),
}

/// A request that waits. Clones are the same.
#[derive(Debug, Clone)]
pub struct Held(Arc<(Semaphore, Semaphore)>);

impl Held {
    /// For requests to come.
    #[expect(clippy::new_without_default, reason = "it is not a value but a meeting")]
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new((Semaphore::new(0), Semaphore::new(0))))
    }

    /// Waits until one more request is held.
    pub async fn reached(&self) {
        if let Ok(permit) = self.0.0.acquire().await {
            permit.forget();
        }
    }

    /// Lets one request go on, now or when it comes.
    pub fn release(&self) {
        self.0.1.add_permits(1);
    }

    pub(crate) async fn wait(&self) {
        self.0.0.add_permits(1);
        if let Ok(permit) = self.0.1.acquire().await {
            permit.forget();
        }
    }
}

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    operation: Operation,
    when: When,
    seen: u32,
    fault: Fault,
}

impl Faults {
    pub(crate) fn add(&mut self, operation: Operation, when: When, fault: Fault) {
        self.0.push(Rule { operation, when, seen: 0, fault });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What goes wrong with a call: the first fault set for it. Every matching fault counts it.
    pub(crate) fn of(&mut self, call: &Call) -> Option<Fault> {
        let mut found = None;
        for rule in self.0.iter_mut().filter(|rule| rule.operation == call.operation) {
            rule.seen += 1;
            let hit = match rule.when {
                When::Nth(nth) => rule.seen == nth,
                When::First(count) => rule.seen <= count,
                When::Always => true,
            };
            if hit && found.is_none() {
                found = Some(rule.fault.clone());
            }
        }
        found
    }
}

use std::collections::VecDeque;

use crate::figures::Figures;

/// How many invocations of a function a standard queue has at a time: Lambda's pollers begin with a few, and while
/// messages wait, more come every minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scaling {
    /// At first, and again when nothing waits.
    pub first: u32,
    /// How many more come with every minute that ends while messages wait.
    pub per_minute: u32,
    /// The most: the pollers' own limit, or the function's.
    pub most: u32,
}

impl Scaling {
    /// As many as there are, from the start and always: the servers of queueing theory.
    #[must_use]
    pub fn fixed(servers: u32) -> Self {
        Self { first: servers, per_minute: 0, most: servers }
    }
}

/// A standard queue and the function behind it, one message at a time each.
#[derive(Debug)]
pub struct Station {
    scaling: Scaling,
    pollers: u32,
    waiting: VecDeque<(f64, usize)>,
    busy: u32,
    /// Since when the instances that have nothing to do are idle, the latest last.
    idle: Vec<f64>,
    counts: Counts,
}

/// What a station has seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// How long each message waited, in seconds.
    pub(crate) waited: Figures,
    /// The most invocations at a time.
    pub(crate) most_busy: u32,
    /// Starts of new instances.
    pub(crate) cold: u32,
    /// The sum over time of how many messages waited, in message-seconds.
    waiting_area: f64,
    /// The sum over time of how many invocations there were, in seconds.
    busy_area: f64,
    changed: f64,
}

/// A station's means over all of its time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settled {
    /// Messages that were taken up, a second.
    pub arrivals_per_second: f64,
    /// How long one waited, in seconds.
    pub mean_wait: f64,
    /// How many waited.
    pub mean_waiting: f64,
    /// How many were being served.
    pub mean_busy: f64,
}

/// A message that is taken up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Started {
    /// Which, as it was told on arrival.
    pub job: usize,
    /// Whether its instance is a new one.
    pub cold: bool,
}

impl Station {
    /// Seconds after which an instance that has nothing to do is gone. Lambda promises nothing; ten minutes are often seen.
    const KEPT: f64 = 600.0;

    /// An empty queue.
    #[must_use]
    pub fn new(scaling: Scaling) -> Self {
        let pollers = scaling.first.min(scaling.most);
        Self { scaling, pollers, waiting: VecDeque::new(), busy: 0, idle: Vec::new(), counts: Counts::default() }
    }

    /// A message arrives.
    pub fn arrive(&mut self, now: f64, job: usize) {
        self.pass(now);
        self.waiting.push_back((now, job));
    }

    /// The next message is taken up, if one waits and an invocation may begin.
    pub fn start(&mut self, now: f64) -> Option<Started> {
        if self.busy >= self.pollers {
            return None;
        }
        self.pass(now);
        let (arrived, job) = self.waiting.pop_front()?;
        self.busy += 1;
        self.counts.waited.add(now - arrived);
        self.counts.most_busy = self.counts.most_busy.max(self.busy);
        let cold = self.idle.pop().is_none_or(|since| now - since > Self::KEPT);
        if cold {
            // What was idle longest was on top, so all of it is gone.
            self.idle.clear();
            self.counts.cold += 1;
        }
        Some(Started { job, cold })
    }

    /// An invocation ends.
    pub fn finish(&mut self, now: f64) {
        self.pass(now);
        self.busy -= 1;
        self.idle.push(now);
    }

    /// A minute ends: more pollers come while messages wait, and those that find nothing go.
    pub fn minute(&mut self) {
        let wanted = if self.waiting.is_empty() {
            self.busy.max(self.scaling.first)
        } else {
            self.pollers.saturating_add(self.scaling.per_minute)
        };
        self.pollers = wanted.min(self.scaling.most);
    }

    /// What theory has a formula for, when all is over.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of a simulation are far below 2^53")]
    pub fn settled(mut self, now: f64) -> Settled {
        self.pass(now);
        Settled {
            arrivals_per_second: self.counts.waited.count() as f64 / now,
            mean_wait: self.counts.waited.mean(),
            mean_waiting: self.counts.waiting_area / now,
            mean_busy: self.counts.busy_area / now,
        }
    }

    /// What there is to say.
    #[must_use]
    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a simulation are far below 2^53")]
    fn pass(&mut self, now: f64) {
        let passed = now - self.counts.changed;
        self.counts.waiting_area += passed * self.waiting.len() as f64;
        self.counts.busy_area += passed * f64::from(self.busy);
        self.counts.changed = now;
    }
}

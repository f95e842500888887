use std::collections::{HashMap, VecDeque};

use crate::figures::Figures;

/// A FIFO queue and the function behind it: the messages of a group in order, one invocation a group at a time, with a few
/// messages each. A table's stream is the same, with its partitions as groups.
#[derive(Debug)]
pub struct Groups {
    most: usize,
    batch: usize,
    groups: HashMap<usize, Group>,
    /// Groups that have messages and no invocation, in the order in which they came to be so.
    ready: VecDeque<usize>,
    busy: usize,
    waited: Figures,
    most_busy: usize,
}

#[derive(Debug, Default)]
struct Group {
    waiting: VecDeque<(f64, usize)>,
    busy: bool,
}

/// The messages of one invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Their group.
    pub group: usize,
    /// Which, as they were told on arrival, in order.
    pub jobs: Vec<usize>,
}

impl Groups {
    /// An empty queue, of which at most so many groups are served at a time, with so many messages an invocation.
    #[must_use]
    pub fn new(most: usize, batch: usize) -> Self {
        Self {
            most,
            batch,
            groups: HashMap::new(),
            ready: VecDeque::new(),
            busy: 0,
            waited: Figures::default(),
            most_busy: 0,
        }
    }

    /// A message arrives.
    pub fn arrive(&mut self, now: f64, group: usize, job: usize) {
        let entry = self.groups.entry(group).or_default();
        if entry.waiting.is_empty() && !entry.busy {
            self.ready.push_back(group);
        }
        entry.waiting.push_back((now, job));
    }

    /// The next invocation begins, if there is one to begin.
    pub fn start(&mut self, now: f64) -> Option<Batch> {
        if self.busy >= self.most {
            return None;
        }
        let group = self.ready.pop_front()?;
        let entry = self.groups.get_mut(&group).expect("a ready group is known");
        let count = entry.waiting.len().min(self.batch);
        let mut jobs = Vec::with_capacity(count);
        for (arrived, job) in entry.waiting.drain(..count) {
            self.waited.add(now - arrived);
            jobs.push(job);
        }
        entry.busy = true;
        self.busy += 1;
        self.most_busy = self.most_busy.max(self.busy);
        Some(Batch { group, jobs })
    }

    /// An invocation ends.
    pub fn finish(&mut self, group: usize) {
        self.busy -= 1;
        let entry = self.groups.get_mut(&group).expect("a group that was served is known");
        entry.busy = false;
        if entry.waiting.is_empty() {
            self.groups.remove(&group);
        } else {
            self.ready.push_back(group);
        }
    }

    /// How long each message waited, in seconds.
    #[must_use]
    pub fn waited(&self) -> &Figures {
        &self.waited
    }

    /// The most invocations at a time.
    #[must_use]
    pub fn most_busy(&self) -> usize {
        self.most_busy
    }
}

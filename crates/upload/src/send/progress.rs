use std::sync::Arc;

use super::{Outcome, Sent};

/// How far a file is. Never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes that are at the store and kept, those of earlier runs included.
    pub arrived: u64,
    /// Those of earlier runs.
    pub resumed: u64,
    /// The file's length.
    pub total: u64,
}

/// Takes note of progress; called from the task that sends, so it should return soon.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// Counts bytes and tells of them.
pub(super) struct Meter<'a> {
    tell: &'a OnProgress,
    told: Progress,
    sent: u64,
    resumed: u64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(tell: &'a OnProgress, total: u64) -> Self {
        Self { tell, told: Progress { total, ..Progress::default() }, sent: 0, resumed: 0 }
    }

    pub(super) fn resume(&mut self, bytes: u64) {
        // Parts of an upload that was lost meanwhile are sent twice, and shown once.
        self.resumed = bytes;
        let resumed = self.told.resumed.max(bytes);
        self.told = Progress { resumed, arrived: self.told.arrived.max(bytes), ..self.told };
        (self.tell)(self.told);
    }

    pub(super) fn add(&mut self, bytes: u64) {
        self.sent += bytes;
        let arrived = (self.told.resumed + self.sent).min(self.told.total);
        self.told.arrived = self.told.arrived.max(arrived);
        (self.tell)(self.told);
    }

    /// Bytes that were sent so far.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    pub(super) fn finish(&mut self, outcome: Outcome) -> Sent {
        self.told.arrived = self.told.total;
        (self.tell)(self.told);
        Sent { outcome, bytes_sent: self.sent, bytes_resumed: self.resumed }
    }
}

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use release::TrackId;
use serde::{Deserialize, Serialize};

use super::database::Database;
use crate::TranscodeJob;
use crate::catalogue::ReleaseKey;
use crate::stages::Progress;

/// A transcode that runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobProgress {
    /// The release.
    pub key: ReleaseKey,
    /// The track.
    pub track: TrackId,
    /// How much of its master is decoded, 0 to 1.
    pub fraction: f64,
}

/// The transcodes that run. It is of this moment, and never stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Running(Arc<Mutex<BTreeMap<(ReleaseKey, TrackId), f64>>>);

impl Running {
    pub(super) fn list(&self) -> Vec<JobProgress> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running
            .iter()
            .map(|((key, track), fraction)| JobProgress { key: key.clone(), track: *track, fraction: *fraction })
            .collect()
    }

    /// Begins to show a job, until what is returned is dropped.
    pub(super) fn show(&self, job: &TranscodeJob, database: &Database) -> Shown {
        let shown = Shown { running: self.clone(), job: (job.key.clone(), job.track), database: database.clone() };
        shown.set(0.0);
        shown
    }
}

/// Shows a job while it lives.
#[derive(Debug)]
pub(super) struct Shown {
    running: Running,
    job: (ReleaseKey, TrackId),
    database: Database,
}

impl Shown {
    fn set(&self, fraction: f64) {
        self.running.0.lock().unwrap_or_else(PoisonError::into_inner).insert(self.job.clone(), fraction);
        self.database.pulse();
    }

    /// What to tell the stage to call.
    pub(super) fn progress(self: &Arc<Self>) -> Progress {
        // A thread that is cancelled may call once more, after the job is no longer shown.
        let shown = Arc::downgrade(self);
        Arc::new(move |fraction| {
            if let Some(shown) = shown.upgrade() {
                shown.set(fraction);
            }
        })
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.running.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.job);
        self.database.pulse();
    }
}

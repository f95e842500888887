use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use release::TrackId;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

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

/// What the worker does at this moment, and what keeps it from it. Never stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Now(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    moment: Mutex<Moment>,
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Moment {
    running: BTreeMap<(ReleaseKey, TrackId), f64>,
    trouble: BTreeMap<&'static str, String>,
}

impl Now {
    fn moment(&self) -> MutexGuard<'_, Moment> {
        self.0.moment.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Grows with every change.
    pub(super) fn changed(&self) -> &watch::Sender<u64> {
        &self.0.changed
    }

    fn tell(&self) {
        self.0.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The transcodes that run.
    pub(super) fn running(&self) -> Vec<JobProgress> {
        let running = &self.moment().running;
        let job = |((key, track), fraction): (&(ReleaseKey, TrackId), &f64)| JobProgress {
            key: key.clone(),
            track: *track,
            fraction: *fraction,
        };
        running.iter().map(job).collect()
    }

    /// What keeps the worker from working, if anything does.
    pub(super) fn trouble(&self) -> Option<String> {
        self.moment().trouble.values().next().cloned()
    }

    /// Says what keeps a task of the worker from working.
    pub(super) fn has_trouble(&self, task: &'static str, trouble: String) {
        let known = self.moment().trouble.insert(task, trouble.clone());
        if known != Some(trouble) {
            self.tell();
        }
    }

    /// Says that a task works.
    pub(super) fn is_well(&self, task: &'static str) {
        if self.moment().trouble.remove(task).is_some() {
            self.tell();
        }
    }

    /// Begins to show a job, until what is returned is dropped.
    pub(super) fn show(&self, job: &TranscodeJob) -> Shown {
        let shown = Shown { now: self.clone(), job: (job.key.clone(), job.track) };
        shown.set(0.0);
        shown
    }
}

/// Shows a job while it lives.
#[derive(Debug)]
pub(super) struct Shown {
    now: Now,
    job: (ReleaseKey, TrackId),
}

impl Shown {
    fn set(&self, fraction: f64) {
        let percent = |fraction: f64| (fraction * 100.0).floor();
        let known = self.now.moment().running.insert(self.job.clone(), fraction);
        // Whoever is told looks at everything: not more often than anybody could see.
        if known.map(percent) != Some(percent(fraction)) {
            self.now.tell();
        }
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
        self.now.moment().running.remove(&self.job);
        self.now.tell();
    }
}

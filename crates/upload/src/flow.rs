//! The bytes of a body on their way: counted, and slowed where that is wanted.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::pace::Pace;

/// What a store tells of the bytes that it takes from a [`Body`](crate::Body), and asks before it takes them.
#[derive(Clone, Default)]
pub struct Flow {
    pace: Option<Arc<Pace>>,
    passed: Option<Arc<dyn Fn(u64) + Send + Sync>>,
}

impl Flow {
    /// Of bytes that go at a pace, and whose numbers are told as they go.
    pub(crate) fn new(pace: Arc<Pace>, passed: Arc<dyn Fn(u64) + Send + Sync>) -> Self {
        Self { pace: Some(pace), passed: Some(passed) }
    }

    /// The most bytes that may be taken at once.
    #[must_use]
    pub fn most(&self) -> usize {
        self.pace.as_ref().map_or(usize::MAX, |pace| pace.most())
    }

    /// Waits until so many bytes may be taken, on a thread that may wait; ends early once `is_stopped`.
    pub(crate) fn wait_here_for(&self, bytes: usize, is_stopped: impl Fn() -> bool) {
        const STEP: Duration = Duration::from_millis(20);
        let mut wait = self.reserve(bytes);
        while !wait.is_zero() && !is_stopped() {
            let step = wait.min(STEP);
            std::thread::sleep(step);
            wait -= step;
        }
    }

    /// Tells that so many bytes were taken.
    pub fn passed(&self, bytes: usize) {
        if let Some(passed) = &self.passed {
            passed(bytes as u64);
        }
    }

    /// Promises so many bytes, and answers with how long to wait before they are taken.
    #[must_use]
    pub fn reserve(&self, bytes: usize) -> Duration {
        self.pace.as_ref().map_or(Duration::ZERO, |pace| pace.reserve(bytes))
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow").field("pace", &self.pace).finish_non_exhaustive()
    }
}

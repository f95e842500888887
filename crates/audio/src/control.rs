use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::AudioError;

/// How a long piece of work is watched and stopped.
#[derive(Clone, Default)]
pub struct Control {
    cancelled: Arc<AtomicBool>,
    progress: Option<Arc<dyn Fn(f64) + Send + Sync>>,
}

impl Control {
    /// Nobody watches and nobody stops it.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Stops soon after `cancelled` becomes true; calls `progress` with the fraction that is done, 0 to 1 and never
    /// less than before, a few hundred times in all. It is called on the thread that called the work.
    #[must_use]
    pub fn new(cancelled: Arc<AtomicBool>, progress: impl Fn(f64) + Send + Sync + 'static) -> Self {
        Self { cancelled, progress: Some(Arc::new(progress)) }
    }

    /// Stops the work soon, from any thread.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// An error once it was cancelled.
    pub(crate) fn check(&self) -> Result<(), AudioError> {
        if self.cancelled.load(Ordering::Relaxed) { Err(AudioError::Cancelled) } else { Ok(()) }
    }

    /// A reporter of one piece of work.
    pub(crate) fn reporter(&self) -> Reporter<'_> {
        Reporter { progress: self.progress.as_deref(), last: None }
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("cancelled", &self.cancelled).finish_non_exhaustive()
    }
}

/// Passes progress on, in steps that can be seen and never backwards.
pub(crate) struct Reporter<'a> {
    progress: Option<&'a (dyn Fn(f64) + Send + Sync)>,
    last: Option<f64>,
}

impl Reporter<'_> {
    const STEP: f64 = 1.0 / 256.0;

    pub(crate) fn report(&mut self, fraction: f64) {
        let Some(progress) = self.progress else { return };
        let fraction = fraction.clamp(0.0, 1.0);
        let is_due = match self.last {
            None => true,
            Some(last) => fraction >= last + Self::STEP || (fraction >= 1.0 && last < 1.0),
        };
        if is_due {
            self.last = Some(fraction);
            progress(fraction);
        }
    }
}

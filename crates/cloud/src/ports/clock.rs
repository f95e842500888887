use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// What time it is. Release dates are instants of this clock.
#[async_trait]
pub trait Clock: Send + Sync + Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// Returns once `instant` has come.
    async fn until(&self, instant: Timestamp);
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn until(&self, instant: Timestamp) {
        // In steps: a timer does not count the hours that a laptop sleeps, nor does it see the clock being set.
        const STEP: Duration = Duration::from_secs(60);
        loop {
            match Duration::try_from(instant.duration_since(self.now())) {
                Ok(rest) if !rest.is_zero() => tokio::time::sleep(rest.min(STEP)).await,
                _ => return,
            }
        }
    }
}

/// A clock that stands still until it is moved: for tests, and for trying out what a release date will do.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<Timestamp>,
}

impl ManualClock {
    /// A clock that stands at an instant.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now: watch::Sender::new(now) }
    }

    /// Moves it to an instant.
    pub fn set(&self, now: Timestamp) {
        self.now.send_replace(now);
    }

    /// Moves it on.
    pub fn advance(&self, by: SignedDuration) {
        self.now.send_modify(|now| *now = now.saturating_add(by).unwrap_or(Timestamp::MAX));
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn until(&self, instant: Timestamp) {
        let mut now = self.now.subscribe();
        // An error would mean that the clock is gone, and it is borrowed here.
        let _ = now.wait_for(|now| *now >= instant).await;
    }
}

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

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_who_waits_when_it_is_moved() {
        let start: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let clock = ManualClock::new(start);
        clock.until(start).await;
        let hour = SignedDuration::from_hours(1);
        let mut waiting = Box::pin(clock.until(start + hour));
        assert!((&mut waiting).now_or_never().is_none());
        clock.advance(hour - SignedDuration::from_nanos(1));
        assert!((&mut waiting).now_or_never().is_none());
        clock.advance(SignedDuration::from_nanos(1));
        waiting.await;
        clock.set(start);
        assert_eq!(clock.now(), start);
    }

    #[tokio::test]
    async fn the_machine_s_clock_waits_for_nothing_that_is_past() {
        let clock = SystemClock;
        clock.until(clock.now()).await;
        clock.until(Timestamp::MIN).await;
    }
}

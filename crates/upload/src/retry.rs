//! When to try again: after errors that pass, later each time, and not all at once.

use std::time::Duration;

use crate::{StoreError, random};

/// How often and after how long an operation that failed for a passing reason is tried again.
///
/// This covers hiccups of seconds. A queue that outlives the process covers the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How many tries in all, at least one.
    pub tries: u32,
    /// The longest wait after the first failure; it doubles with every further one.
    pub first: Duration,
    /// The longest wait at all, and the most of what a store asks for that is granted.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { tries: 5, first: Duration::from_millis(500), longest: Duration::from_secs(30) }
    }
}

impl Retry {
    /// How long to wait after so many failures: anything between nothing and a bound that doubles ("full jitter", so that
    /// many parts that failed together do not come back together), and no less than the store asked for. `spread` is
    /// uniform over all numbers.
    fn delay(&self, failures: u32, asked: Option<Duration>, spread: u64) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        let bound = self.first.saturating_mul(doubled).min(self.longest);
        let jittered = bound.mul_f64(spread as f64 / u64::MAX as f64);
        asked.map_or(jittered, |asked| asked.min(self.longest).saturating_add(jittered))
    }

    /// Runs an operation until it succeeds, fails for good, or has been tried often enough.
    ///
    /// # Errors
    /// What the last try said.
    pub async fn run<T, F: Future<Output = Result<T, StoreError>>>(
        &self,
        mut operation: impl FnMut() -> F,
    ) -> Result<T, StoreError> {
        let mut failures = 0;
        loop {
            match operation().await {
                Err(error) if error.is_passing() && failures + 1 < self.tries => {
                    failures += 1;
                    let delay = self.delay(failures, error.retry_after(), random::number());
                    tracing::info!(%error, failures, ?delay, "trying again");
                    tokio::time::sleep(delay).await;
                }
                result => return result,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use proptest::prelude::*;

    use super::*;

    const RETRY: Retry = Retry { tries: 5, first: Duration::from_secs(1), longest: Duration::from_secs(30) };

    #[test]
    fn bounds_double_up_to_the_longest() {
        let longest: Vec<u64> = (1..=8).map(|failures| RETRY.delay(failures, None, u64::MAX).as_secs()).collect();
        assert_eq!(longest, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(RETRY.delay(3, None, 0), Duration::ZERO);
        assert_eq!(RETRY.delay(3, None, u64::MAX / 2), Duration::from_secs(2));
    }

    proptest! {
        #[test]
        fn never_less_than_asked_nor_endless(failures: u32, asked in 0..10_000_u64, spread: u64) {
            let delay = RETRY.delay(failures, Some(Duration::from_secs(asked)), spread);
            prop_assert!(delay >= Duration::from_secs(asked.min(30)));
            prop_assert!(delay <= Duration::from_secs(60));
        }
    }

    /// Runs an operation that fails `times` times, and answers with how often it was tried.
    async fn tries(times: u32, error: fn() -> StoreError) -> (bool, u32) {
        let mut tries = 0;
        let operation = || {
            tries += 1;
            std::future::ready(if tries > times { Ok(()) } else { Err(error()) })
        };
        let succeeded = RETRY.run(operation).await.is_ok();
        (succeeded, tries)
    }

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_tried_again_until_it_is_enough() {
        let passing = || StoreError::Unreachable { operation: "send_part", key: "a".into(), reason: "reset".into() };
        assert_eq!(tries(0, passing).await, (true, 1));
        assert_eq!(tries(4, passing).await, (true, 5));
        assert_eq!(tries(5, passing).await, (false, 5));
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_pass_fails_at_once() {
        let denied = || StoreError::disk("written", std::path::Path::new("/m"), ErrorKind::PermissionDenied.into());
        assert_eq!(tries(1, denied).await, (false, 1));
    }
}

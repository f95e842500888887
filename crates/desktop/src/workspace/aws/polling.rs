//! When the cloud is asked what is new: soon while something happens, rarely while nothing does.

use std::time::Duration;

/// How often the cloud is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Polling {
    /// The last wait, without jitter.
    wait: Duration,
    /// Quick questions that are left because somebody just did something that will show.
    eager: u32,
    failures: u32,
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// It answered.
    Answered {
        /// Whether something is not what it was.
        changed: bool,
        /// Whether a release is on its way by itself.
        moves: bool,
        /// How long until a release's date comes.
        due: Option<Duration>,
    },
    /// It did not, and may later.
    Failed {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// Only a person can help, by signing in.
    SignedOut,
}

impl Polling {
    const QUICK: Duration = Duration::from_secs(2);
    /// The longest wait while something moves.
    const MOVING: Duration = Duration::from_secs(15);
    /// The longest wait while nothing does.
    const STILL: Duration = Duration::from_secs(300);
    /// The longest wait while it cannot be reached.
    const OFFLINE: Duration = Duration::from_secs(120);
    const LONGEST_ASKED: Duration = Duration::from_secs(600);
    /// Quick questions after somebody did something: a minute's worth.
    const EAGER: u32 = 30;

    pub(super) fn new() -> Self {
        Self { wait: Self::QUICK, eager: 0, failures: 0 }
    }

    /// Somebody did something whose effect will show, or came back to the window.
    pub(super) fn nudge(&mut self) {
        self.eager = Self::EAGER;
        self.wait = Self::QUICK;
    }

    /// How long to wait before asking again; none until a person signs in. `jitter` is anything from 0 to 1: many
    /// desks are not to ask at the same moment.
    pub(super) fn after(&mut self, asked: Asked, jitter: f64) -> Option<Duration> {
        let wait = match asked {
            Asked::SignedOut => return None,
            Asked::Failed { retry_after } => {
                self.failures = self.failures.saturating_add(1);
                let doubled = 1_u32.checked_shl(self.failures - 1).unwrap_or(u32::MAX);
                let wait = Self::QUICK.saturating_mul(doubled).min(Self::OFFLINE);
                retry_after.map_or(wait, |asked| wait.max(asked.min(Self::LONGEST_ASKED)))
            }
            Asked::Answered { changed, moves, due } => {
                self.failures = 0;
                self.eager = self.eager.saturating_sub(1);
                let longest = if moves { Self::MOVING } else { Self::STILL };
                self.wait = match changed || self.eager > 0 {
                    true => Self::QUICK,
                    false => (self.wait * 3 / 2).min(longest),
                };
                // A release that goes live by its date is seen soon after.
                due.map_or(self.wait, |due| self.wait.min(due.max(Self::QUICK)))
            }
        };
        // Never sooner than was asked for.
        Some(wait.mul_f64(1.0 + 0.2 * if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still() -> Asked {
        Asked::Answered { changed: false, moves: false, due: None }
    }

    fn moving(changed: bool) -> Asked {
        Asked::Answered { changed, moves: true, due: None }
    }

    fn failed(seconds: Option<u64>) -> Asked {
        Asked::Failed { retry_after: seconds.map(Duration::from_secs) }
    }

    fn waits(polling: &mut Polling, asked: &[Asked]) -> Vec<u64> {
        asked.iter().map(|asked| polling.after(*asked, 0.0).unwrap().as_secs()).collect()
    }

    #[test]
    fn nothing_that_happens_is_asked_for_less_and_less() {
        let mut polling = Polling::new();
        assert_eq!(
            waits(&mut polling, &[still(); 16]),
            [3, 4, 6, 10, 15, 22, 34, 51, 76, 115, 172, 259, 300, 300, 300, 300]
        );
        // Something happens.
        assert_eq!(waits(&mut polling, &[moving(true); 3]), [2, 2, 2]);
        // It takes long, and is still looked after.
        assert_eq!(waits(&mut polling, &[moving(false); 8]), [3, 4, 6, 10, 15, 15, 15, 15]);
        assert_eq!(waits(&mut polling, &[still(); 2]), [22, 33]);
    }

    #[test]
    fn who_does_something_sees_it_soon() {
        let mut polling = Polling::new();
        waits(&mut polling, &[still(); 20]);
        polling.nudge();
        let after = waits(&mut polling, &[still(); 31]);
        assert_eq!(after[..29], [2; 29]);
        assert_eq!(after[29..], [3, 4]);
    }

    #[test]
    fn a_cloud_that_cannot_be_reached_is_left_alone_more_and_more_and_comes_back_quickly() {
        let mut polling = Polling::new();
        assert_eq!(waits(&mut polling, &[failed(None); 9]), [2, 4, 8, 16, 32, 64, 120, 120, 120]);
        // It is there again, and the next failure is the first.
        assert_eq!(waits(&mut polling, &[moving(true), failed(None)]), [2, 2]);
        // What it asks for is granted, within reason.
        assert_eq!(waits(&mut polling, &[failed(Some(30)), failed(Some(1)), failed(Some(9999))]), [30, 8, 600]);
        assert_eq!(polling.after(Asked::SignedOut, 0.5), None);
    }

    #[test]
    fn a_date_that_comes_is_seen_soon_after() {
        let mut polling = Polling::new();
        waits(&mut polling, &[still(); 20]);
        let due = |seconds| Asked::Answered { changed: false, moves: false, due: Some(Duration::from_secs(seconds)) };
        assert_eq!(waits(&mut polling, &[due(10_000), due(120), due(1), due(0)]), [300, 120, 2, 2]);
    }

    #[test]
    fn no_two_desks_ask_at_the_same_moment_and_none_too_soon() {
        for jitter in [-1.0, 0.0, 0.5, 1.0, 7.0, f64::NAN] {
            let wait = Polling::new().after(failed(Some(10)), jitter);
            assert!(wait.is_some_and(|wait| (10..=12).contains(&wait.as_secs())), "{jitter}");
        }
    }
}

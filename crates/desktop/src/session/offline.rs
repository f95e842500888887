//! A store that cannot be reached: nothing fails, all of it waits, and it is asked again by and by.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use super::controller::Controller;
use crate::delivery::Wish;
use crate::view::Hold;

/// Whether the store rests, and until when.
#[derive(Debug, Default)]
pub(super) struct Offline {
    resting: Option<Resting>,
    /// How often it failed in a row.
    failures: u32,
}

#[derive(Debug)]
struct Resting {
    until: Instant,
    hold: Hold,
}

/// What a store that cannot be reached said.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) message: String,
    pub(super) help: String,
    /// How long the store asks to wait.
    pub(super) after: Option<Duration>,
}

/// How long to wait after so many failures in a row: twice as long each time, and no longer than somebody who has just
/// found the cable would wait.
fn rest(failures: u32, asked: Option<Duration>) -> Duration {
    const FIRST: Duration = Duration::from_secs(2);
    const LONGEST: Duration = Duration::from_secs(60);
    const LONGEST_ASKED: Duration = Duration::from_secs(600);
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    let rest = FIRST.saturating_mul(doubled).min(LONGEST);
    asked.map_or(rest, |asked| rest.max(asked.min(LONGEST_ASKED)))
}

impl Offline {
    /// Why nothing is sent, while that is so.
    pub(super) fn hold(&self) -> Option<&Hold> {
        self.resting.as_ref().map(|resting| &resting.hold)
    }

    /// Whether nothing is to be sent now.
    pub(super) fn rests(&self) -> bool {
        self.resting.is_some()
    }

    /// When the store is asked again.
    pub(super) fn due(&self) -> Option<Instant> {
        self.resting.as_ref().map(|resting| resting.until)
    }

    /// Waits no longer. Where it fails again, the next wait is longer all the same.
    pub(super) fn ask_at_once(&mut self) {
        self.resting = None;
    }

    /// The store answers.
    pub(super) fn is_over(&mut self) {
        *self = Self::default();
    }
}

impl Controller {
    /// Has the store rest for a while.
    pub(super) fn hold(&mut self, held: Held) {
        let Held { message, help, after } = held;
        self.offline.failures = self.offline.failures.saturating_add(1);
        let rest = rest(self.offline.failures, after);
        tracing::info!(failures = self.offline.failures, ?rest, message, "the store will be asked again");
        let until = self.now().saturating_add(SignedDuration::try_from(rest).unwrap_or(SignedDuration::MAX));
        let hold = Hold { message, help, until: until.unwrap_or(jiff::Timestamp::MAX) };
        self.offline.resting = Some(Resting { until: Instant::now() + rest, hold });
    }

    /// Whoever wants something to go on wants it now.
    pub(super) fn mind_wish(&mut self, wish: Wish) {
        if matches!(wish, Wish::Retry | Wish::Resume) {
            self.offline.ask_at_once();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_up_to_a_minute_and_never_shorter_than_asked() {
        let waits: Vec<u64> = (1..=7).map(|failures| rest(failures, None).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(rest(u32::MAX, None).as_secs(), 60);
        let asked = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(rest(1, asked(5)).as_secs(), 5);
        assert_eq!(rest(4, asked(5)).as_secs(), 16);
        assert_eq!(rest(1, asked(100_000)).as_secs(), 600);
    }
}

//! How fast something goes, and how long the rest will take: said once it is worth saying.

use std::collections::VecDeque;
use std::time::Duration;

/// What was counted in the last seconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Speed {
    /// When, since some beginning, and how many bytes there were.
    samples: VecDeque<(Duration, u64)>,
}

/// What is said of a speed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Estimate {
    pub(super) bytes_per_second: Option<f64>,
    pub(super) seconds_left: Option<f64>,
}

/// The speed is that of the last so many seconds: long enough to be read, and short enough to be of now.
const WINDOW: Duration = Duration::from_secs(10);

/// Before, a speed is a guess.
const WORTH_A_SPEED: Duration = Duration::from_secs(1);

/// Before, a time is a guess.
const WORTH_A_TIME: Duration = Duration::from_secs(3);

/// Samples are no closer to one another: the window has some forty at most.
const APART: Duration = Duration::from_millis(250);

/// A time beyond this says no more than that it is long.
const LONGEST: f64 = 99.0 * 3600.0;

impl Speed {
    /// Notes how many bytes there are at an instant. Both never go back.
    pub(super) fn note(&mut self, at: Duration, bytes: u64) {
        match self.samples.back() {
            Some((last, _)) if at < *last + APART => {}
            _ => self.samples.push_back((at, bytes)),
        }
        // The first one is at the window's edge or before it.
        while self.samples.get(1).is_some_and(|(second, _)| *second + WINDOW <= at) {
            self.samples.pop_front();
        }
    }

    /// What can be said at an instant when there are so many bytes, and so many are to come.
    pub(super) fn estimate(&self, at: Duration, bytes: u64, left: u64) -> Estimate {
        let Some((since, before)) = self.samples.front() else { return Estimate::default() };
        let took = at.saturating_sub(*since);
        if took < WORTH_A_SPEED {
            return Estimate::default();
        }
        #[expect(clippy::cast_precision_loss, reason = "a speed for people")]
        let speed = (bytes.saturating_sub(*before) as f64 / took.as_secs_f64()).round();
        #[expect(clippy::cast_precision_loss, reason = "a time for people")]
        let seconds = (left as f64 / speed).round();
        let is_worth_it = took >= WORTH_A_TIME && seconds <= LONGEST;
        Estimate { bytes_per_second: Some(speed), seconds_left: is_worth_it.then_some(seconds) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// What is said after a steady speed for so long, noted ten times a second.
    fn after(seconds: u32, speed: u64, left: u64) -> Estimate {
        let mut estimate = Speed::default();
        for tenth in 0..=seconds * 10 {
            estimate.note(at(f64::from(tenth) / 10.0), u64::from(tenth) * speed / 10);
        }
        estimate.estimate(at(f64::from(seconds)), u64::from(seconds) * speed, left)
    }

    #[test]
    fn nothing_is_said_before_it_is_worth_it() {
        let said = |seconds| after(seconds, 1_000, 60_000);
        assert_eq!(said(0), Estimate::default());
        assert_eq!(said(1), Estimate { bytes_per_second: Some(1_000.0), seconds_left: None });
        assert_eq!(said(2), Estimate { bytes_per_second: Some(1_000.0), seconds_left: None });
        assert_eq!(said(3), Estimate { bytes_per_second: Some(1_000.0), seconds_left: Some(60.0) });
        assert_eq!(said(60), Estimate { bytes_per_second: Some(1_000.0), seconds_left: Some(60.0) });
        assert_eq!(after(5, 1_000, u64::MAX / 2).seconds_left, None);
        assert_eq!(after(5, 1_000, 0).seconds_left, Some(0.0));
    }

    #[test]
    fn what_stands_still_comes_to_no_speed_and_no_time() {
        let mut speed = Speed::default();
        for second in 0..=5_u32 {
            speed.note(at(second.into()), u64::from(second) * 1_000);
        }
        for second in 6..=20_u32 {
            speed.note(at(second.into()), 5_000);
        }
        assert_eq!(speed.estimate(at(20.0), 5_000, 1), Estimate { bytes_per_second: Some(0.0), seconds_left: None });
    }

    #[test]
    fn another_speed_is_what_counts_after_a_while() {
        let mut speed = Speed::default();
        for second in 0..=30_u64 {
            speed.note(Duration::from_secs(second), second.min(10) * 1_000 + second.saturating_sub(10) * 50);
        }
        assert_eq!(speed.estimate(Duration::from_secs(30), 11_000, 500).bytes_per_second, Some(50.0));
    }

    proptest! {
        /// Whatever comes when: what is said is a number that can be shown.
        #[test]
        fn what_is_said_can_be_shown(
            steps in prop::collection::vec((0..5_000_u64, 0..10_000_000_u64), 0..60),
            left: u64,
        ) {
            let (mut speed, mut now, mut bytes) = (Speed::default(), Duration::ZERO, 0);
            for (milliseconds, more) in steps {
                now += Duration::from_millis(milliseconds);
                bytes += more;
                speed.note(now, bytes);
                let said = speed.estimate(now, bytes, left);
                for number in [said.bytes_per_second, said.seconds_left].into_iter().flatten() {
                    prop_assert!(number.is_finite() && number >= 0.0, "{said:?}");
                }
            }
            prop_assert!(speed.samples.len() <= 45);
        }
    }
}

use std::time::Duration;

use jiff::Timestamp;

use crate::stages::StageError;

/// What becomes of a message whose work was not done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Somebody else does its work. A copy comes after a while, and this one counts as done: waiting is no failure, and
    /// does not bring it nearer to the dead letters.
    PutOff(Duration),
    /// It has failed, and comes again after a while.
    TryAgain(Duration),
    /// It has failed for good: the catalogue is told. It comes again at once, until its queue moves it to the dead
    /// letters.
    GiveUp,
}

/// The longest that SQS keeps a new message back.
const LONGEST_DELAY: Duration = Duration::from_secs(900);

impl Remedy {
    /// What helps against a failure at a message's n-th receipt.
    pub(super) fn of(error: &StageError, receives: u32, max_receives: u32, now: Timestamp) -> Self {
        match error {
            StageError::Busy { until } => {
                let rest = Duration::try_from(until.duration_since(now)).unwrap_or_default();
                // Half of it: who works extends the lease, and is often done before it ends.
                Self::PutOff((rest / 2).clamp(Duration::from_secs(1), LONGEST_DELAY))
            }
            error if !error.is_passing() || receives >= max_receives => Self::GiveUp,
            // The time of this call is over, and nothing else is wrong.
            StageError::Stopped => Self::TryAgain(Duration::ZERO),
            _ => Self::TryAgain(backoff(receives)),
        }
    }
}

/// How long to wait after the n-th receipt failed: 4, 16, 64 s …, at most five minutes.
fn backoff(receives: u32) -> Duration {
    Duration::from_secs(4_u64.saturating_pow(receives).min(300))
}

/// What failed, for a person: as a sentence in the reasons of a release.
pub(super) fn in_words(error: &StageError) -> String {
    match error {
        StageError::Store(error) => format!("{error} {}", error.help()),
        StageError::Stopped => "it takes longer than a function in the cloud may run".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use upload::StoreError;

    use super::*;
    use crate::ports::PortError;
    use crate::stages::Refused;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn of(error: &StageError, receives: u32) -> Remedy {
        Remedy::of(error, receives, 5, NOW)
    }

    #[test]
    fn what_passes_is_tried_until_the_last_receipt_and_what_does_not_once() {
        let passing = StageError::Port(PortError::new("reading", true, "busy"));
        let again = |seconds| Remedy::TryAgain(Duration::from_secs(seconds));
        let remedies: Vec<_> = (1..=6).map(|receives| of(&passing, receives)).collect();
        assert_eq!(remedies, [again(4), again(16), again(64), again(256), Remedy::GiveUp, Remedy::GiveUp]);
        let lasting = [
            StageError::Port(PortError::new("reading", false, "gone")),
            StageError::Store(StoreError::Missing { key: "x".to_owned() }),
            Refused::NotAManifest("x".to_owned()).into(),
            Refused::Misdirected.into(),
        ];
        for error in lasting {
            assert_eq!(of(&error, 1), Remedy::GiveUp, "{error}");
        }
        assert_eq!(of(&StageError::Stopped, 1), again(0));
        assert_eq!(of(&StageError::Stopped, 5), Remedy::GiveUp);
    }

    #[test]
    fn who_waits_for_another_does_not_fail_however_often() {
        let busy = |seconds| StageError::Busy { until: NOW + SignedDuration::from_secs(seconds) };
        for (left, wait) in [(-5, 1), (0, 1), (1, 1), (120, 60), (86_400, 900)] {
            assert_eq!(of(&busy(left), 99), Remedy::PutOff(Duration::from_secs(wait)));
        }
    }
}

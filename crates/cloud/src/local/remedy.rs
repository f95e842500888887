use std::time::Duration;

use crate::QueueName;
use crate::stages::StageError;

/// What helps against a failure.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing is wrong: it is to be done after a while.
    Wait(Duration),
    /// It may go better after a while.
    TryAgain(Duration),
    /// Nothing that a program could do.
    GiveUp,
}

impl Remedy {
    /// What helps against the failure of work on a message of a queue, after a number of earlier ones.
    pub(super) fn of(error: &StageError, failures: u32, queue: QueueName) -> Self {
        // Whoever has the lease is in this process, and mostly done long before the lease runs out.
        const BUSY: Duration = Duration::from_secs(5);
        // What the catalogue is not told, nobody else knows: a release would wait for ever.
        let may_give_up = queue != QueueName::Catalogue;
        match error {
            StageError::Stopped => Self::Wait(Duration::ZERO),
            StageError::Busy { .. } => Self::Wait(BUSY),
            error if error.is_passing() && !(may_give_up && failures + 1 >= MAX_FAILURES) => {
                Self::TryAgain(backoff(failures))
            }
            _ => Self::GiveUp,
        }
    }
}

/// How long to wait after a failure: 1, 4, 16, 64 s …, at most five minutes.
pub(super) fn backoff(failures: u32) -> Duration {
    Duration::from_secs(4_u64.saturating_pow(failures).min(300))
}

/// How often work on a message may fail before it is given up.
const MAX_FAILURES: u32 = 5;

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use upload::StoreError;

    use super::*;
    use crate::ports::PortError;
    use crate::stages::Refused;

    #[test]
    fn what_passes_is_tried_five_times_and_what_does_not_once() {
        let passing = || StageError::Port(PortError::new("reading", true, "busy"));
        let lasting = || StageError::Port(PortError::new("reading", false, "gone"));
        let of = |error: &StageError, failures| Remedy::of(error, failures, QueueName::Intake);
        let waits: Vec<Remedy> = (0..5).map(|failures| of(&passing(), failures)).collect();
        let again = |seconds| Remedy::TryAgain(Duration::from_secs(seconds));
        assert_eq!(waits, [again(1), again(4), again(16), again(64), Remedy::GiveUp]);
        assert_eq!(of(&lasting(), 0), Remedy::GiveUp);
        let missing = StageError::Store(StoreError::Missing { key: "x".to_owned() });
        assert_eq!(of(&missing, 0), Remedy::GiveUp);
        assert_eq!(of(&Refused::NotAManifest("x".to_owned()).into(), 0), Remedy::GiveUp);
        // The catalogue is told, however long it takes.
        assert_eq!(Remedy::of(&passing(), 99, QueueName::Catalogue), again(300));
    }

    #[test]
    fn who_waits_for_another_does_not_fail_however_often() {
        let busy = StageError::Busy { until: Timestamp::UNIX_EPOCH };
        assert_eq!(Remedy::of(&busy, 99, QueueName::Transcode), Remedy::Wait(Duration::from_secs(5)));
        assert_eq!(Remedy::of(&StageError::Stopped, 99, QueueName::Transcode), Remedy::Wait(Duration::ZERO));
    }
}

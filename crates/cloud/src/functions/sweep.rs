use std::collections::BTreeSet;
use std::sync::Arc;

use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::errands::{self, Errands};
use crate::catalogue::{Event, Fact, Reason, Record, ReleaseKey, State};
use crate::figures::{self, Unit};
use crate::ports::{Overdue, PortError};
use crate::stages::{Recorder, record};

/// Does what time brings, and what was missed: release dates, errands that outlived the table's stream, and releases to
/// which nothing happens any more.
#[derive(Debug)]
pub(super) struct Sweep {
    /// Where releases are.
    pub(super) recorder: Recorder,
    /// What waits for too long.
    pub(super) overdue: Arc<dyn Overdue>,
    /// Does what stands in the outbox.
    pub(super) errands: Errands,
}

/// What a sweep did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Swept {
    /// Releases whose date came.
    pub(super) dates: u64,
    /// Errands that were run.
    pub(super) errands: u64,
    /// Releases that were failed, since nothing happened to them any more.
    pub(super) stuck: u64,
    /// What did not go well.
    pub(super) failures: u64,
}

/// The stream's function has an errand within seconds, or is at it.
const ERRAND_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// Five receipts of fifteen minutes with waits between them take less than three hours.
const STUCK_AFTER: SignedDuration = SignedDuration::from_hours(6);
/// What is asked for at a time.
const AT_MOST: usize = 1000;
/// After this no more release dates are asked for: the next sweep begins, and the other chores have their turn.
const DATES_FOR: SignedDuration = SignedDuration::from_secs(50);
/// Each is a few requests to the table.
const AT_ONCE: usize = 8;

impl Sweep {
    /// Sweeps once, as far as it gets before `stop`.
    pub(super) async fn run(&self, stop: &CancellationToken) -> Swept {
        let mut swept = Swept::default();
        let all = async {
            self.dates(&mut swept).await;
            self.left_errands(&mut swept).await;
            self.stuck(&mut swept).await;
        };
        if stop.run_until_cancelled(all).await.is_none() {
            tracing::warn!("the time for a sweep was over before it was: the next one goes on");
        }
        // Also where there are none: an alarm needs to see it end.
        figures::note("OverdueErrands", Unit::Count, swept.errands);
        figures::note("StuckReleases", Unit::Count, swept.stuck);
        swept
    }

    async fn dates(&self, swept: &mut Swept) {
        make_live(&self.recorder, AT_MOST, swept).await;
    }

    async fn left_errands(&self, swept: &mut Swept) {
        let before = self.ago(ERRAND_AFTER);
        let open = match self.overdue.errands(before, AT_MOST).await {
            Ok(open) => open,
            Err(error) => return swept.failed(&error, "errands could not be looked up"),
        };
        for entry in open {
            let span = errands::span(&entry);
            swept.errands += 1;
            if let Err(error) = self.errands.run(&entry).instrument(span).await {
                swept.failed(&error, "an errand that was left over failed");
            }
        }
    }

    async fn stuck(&self, swept: &mut Swept) {
        let before = self.ago(STUCK_AFTER);
        let standing = match self.overdue.standing(before, AT_MOST).await {
            Ok(standing) => standing,
            Err(error) => return swept.failed(&error, "stuck releases could not be looked up"),
        };
        for (_, key) in standing {
            let span = span(&key);
            swept.stuck += 1;
            if let Err(error) = tell(&self.recorder, key, given_up).instrument(span).await {
                swept.failed(&error, "a stuck release could not be changed");
            }
        }
    }

    fn ago(&self, time: SignedDuration) -> Timestamp {
        self.recorder.clock.now().saturating_sub(time).unwrap_or(Timestamp::MIN)
    }
}

/// Makes all releases live whose date came, so many at a time, until none is left or the time for it is over: at a Friday's
/// midnight there are thousands.
async fn make_live(recorder: &Recorder, at_most: usize, swept: &mut Swept) {
    let begun = recorder.clock.now();
    let mut seen = BTreeSet::new();
    loop {
        let now = recorder.clock.now();
        let due = match recorder.catalogue.due(now, at_most).await {
            Ok(due) => due,
            Err(error) => return swept.failed(&error, "release dates could not be looked up"),
        };
        let is_all = due.len() < at_most;
        // What did not go well, or is told of by an index that lags behind, is left to the next sweep.
        let new: Vec<_> = due.into_iter().map(|(_, key)| key).filter(|key| seen.insert(key.clone())).collect();
        let is_stuck = new.is_empty();
        let live = new.into_iter().map(|key| {
            let span = span(&key);
            tell(recorder, key, |record| vec![(record.current.id, Fact::DateReached)]).instrument(span)
        });
        let results: Vec<_> = futures::stream::iter(live).buffer_unordered(AT_ONCE).collect().await;
        for result in results {
            match result {
                Ok(()) => swept.dates += 1,
                Err(error) => swept.failed(&error, "a release whose date came could not be changed"),
            }
        }
        if is_all || is_stuck || recorder.clock.now().duration_since(begun) > DATES_FOR {
            return;
        }
    }
}

/// Takes facts to a release's record, as it is now.
async fn tell(
    recorder: &Recorder,
    key: ReleaseKey,
    facts: impl Fn(&Record) -> Vec<(release::DeliveryId, Fact)> + Send,
) -> Result<(), PortError> {
    let Some(stored) = recorder.catalogue.load(&key).await? else {
        return Ok(());
    };
    for (delivery, fact) in facts(&stored.record) {
        // None of these is an order that could be void.
        let _ = record(recorder, &Event { key: key.clone(), delivery, fact }).await?;
    }
    Ok(())
}

impl Swept {
    fn failed(&mut self, error: &dyn std::fmt::Display, what: &str) {
        tracing::error!(%error, "{what}");
        self.failures += 1;
    }

    /// For the operator who asked.
    pub(super) fn answer(&self) -> Value {
        let Self { dates, errands, stuck, failures } = self;
        json!({ "dates": dates, "errands": errands, "stuck": stuck, "failures": failures })
    }
}

/// What a release is told to which nothing happened for hours.
fn given_up(record: &Record) -> Vec<(release::DeliveryId, Fact)> {
    const HELP: &str = "Try the release again. If that does not help, ask whoever runs the label's cloud.";
    let current = &record.current;
    let attempt = current.attempt;
    let facts: Vec<Fact> = match record.state {
        State::Received => {
            let what = "The delivery was not taken in within hours: the cloud gave it up without saying why.";
            vec![Fact::Refused { attempt, reasons: vec![Reason::of_delivery(what, HELP)] }]
        }
        State::Transcoding => {
            let left = current.tracks().iter().filter(|track| !current.is_made(track.id));
            let fact = |track: &crate::catalogue::TrackEntry| {
                let what = format!(
                    "Track {} “{}”: its renditions were not made within hours, and the cloud gave them up.",
                    track.number, track.title
                );
                Fact::TrackFailed { attempt, track: track.id, reason: Reason::of_track(track.id, what, HELP) }
            };
            left.map(fact).collect()
        }
        // It went on meanwhile.
        _ => Vec::new(),
    };
    facts.into_iter().map(|fact| (current.id, fact)).collect()
}

fn span(key: &ReleaseKey) -> tracing::Span {
    tracing::info_span!(
        "sweep",
        trace = tracing::field::Empty,
        label = %key.label,
        release = %key.release
    )
}

#[cfg(test)]
mod tests {
    use release::ReleaseId;

    use super::*;
    use crate::catalogue::sample::{self, accepted, accepting, after_hours, event, play, ready, start};
    use crate::catalogue::{Accepted, Applied, apply};
    use crate::ports::Catalogue as _;
    use crate::testing::{Fault, Memory};

    /// As many releases as are asked for, ready for a date.
    async fn with_ready_releases(count: u32) -> Arc<Memory> {
        let memory = Memory::new(after_hours(48));
        let dated = Accepted { due: Some(after_hours(24)), ..accepted(1, 1) };
        let (record, _) = play(None, &[accepting(1, 1, dated), ready(1, 1)]);
        let mut record = record.unwrap();
        for number in 1..=count {
            record.key.release = ReleaseId::new(start(), number.into());
            memory.save(&record, None, &[]).await.unwrap();
        }
        memory
    }

    #[tokio::test]
    async fn all_go_live_whose_date_came_however_many_they_are() {
        let memory = with_ready_releases(7).await;
        let mut swept = Swept::default();
        make_live(&memory.recorder(), 2, &mut swept).await;
        assert_eq!(swept, Swept { dates: 7, ..Swept::default() });
        assert_eq!(memory.due(after_hours(48), 10).await.unwrap(), []);
    }

    #[tokio::test]
    async fn one_that_fails_is_left_to_the_next_sweep() {
        let memory = with_ready_releases(3).await;
        // The look-up is well, the first release's is not.
        memory.set_faults([Fault::None, Fault::Before]);
        let mut swept = Swept::default();
        make_live(&memory.recorder(), 1, &mut swept).await;
        assert_eq!((swept.dates, swept.failures), (0, 1), "it does not try for ever");
        let mut again = Swept::default();
        make_live(&memory.recorder(), 2, &mut again).await;
        assert_eq!(again, Swept { dates: 3, ..Swept::default() });
    }

    /// The record after it was told what the sweep tells it.
    fn told(record: Record) -> Record {
        given_up(&record).into_iter().fold(record, |record, (delivery, fact)| {
            let event = Event { key: record.key.clone(), delivery, fact };
            match apply(Some(&record), &event, start()) {
                Applied::Changed(change) => change.record,
                other => panic!("{other:?}"),
            }
        })
    }

    #[test]
    fn a_release_to_which_nothing_happens_fails_with_a_reason() {
        let (received, _) = play(None, &[event(1, Fact::Arrived)]);
        let failed = told(received.unwrap());
        assert_eq!(failed.state, State::Failed);
        assert!(failed.current.reasons()[0].message.contains("not taken in"), "{:?}", failed.current.reasons());

        let (transcoding, _) = play(None, &[accepting(1, 1, accepted(1, 2)), ready(1, 1)]);
        let failed = told(transcoding.unwrap());
        assert_eq!(failed.state, State::Failed);
        // The track that is made is not complained of.
        let tracks: Vec<_> = failed.current.reasons().into_iter().map(|reason| reason.track).collect();
        assert_eq!(tracks, [Some(sample::track(2))]);
    }

    #[test]
    fn a_release_that_went_on_meanwhile_is_left_alone() {
        let (live, _) = play(None, &[accepting(1, 1, accepted(1, 1)), ready(1, 1)]);
        assert_eq!(given_up(&live.unwrap()), []);
    }
}

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::{FutureExt as _, StreamExt as _};
use jiff::{SignedDuration, Timestamp};
use release::TrackId;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::errands::{self, Errands};
use crate::catalogue::{Event, Fact, Reason, Record, ReleaseKey, State, TrackEntry};
use crate::figures::{self, Unit};
use crate::ports::{Overdue, PortError};
use crate::stages::{Recorder, StageError, lease_of, record};

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
/// For so long a queue keeps what nobody receives: a job that was not begun by then is lost.
const LOST_AFTER: SignedDuration = SignedDuration::from_hours(14 * 24);
/// By how much the clocks of two functions may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(1);
/// How many are looked up at a time.
const PAGE: usize = 1000;
/// Each is a few requests to the table.
const AT_ONCE: usize = 8;

impl Sweep {
    /// Sweeps once. What is not begun at `stop` is for the next one; what was begun is ended, since there is no good
    /// moment to break off between telling something and noting that it was told.
    ///
    /// Any number of sweeps may run at once.
    pub(super) async fn run(&self, stop: &CancellationToken) -> Swept {
        // Beside each other, so that on a Friday nothing waits until all dates are done with.
        let (dates, errands, stuck) = tokio::join!(self.dates(stop), self.left_errands(stop), self.stuck(stop));
        let swept = Swept {
            failures: dates.failures + errands.failures + stuck.failures,
            dates: dates.dates,
            errands: errands.errands,
            stuck: stuck.stuck,
        };
        if stop.is_cancelled() {
            tracing::warn!("the time for a sweep was over before it was: the next one goes on");
        }
        // Also where there are none: an alarm needs to see it end.
        figures::note("OverdueErrands", Unit::Count, swept.errands);
        figures::note("StuckReleases", Unit::Count, swept.stuck);
        swept
    }

    async fn dates(&self, stop: &CancellationToken) -> Swept {
        let mut swept = Swept::default();
        let now = self.recorder.clock.now();
        let mut tried = BTreeSet::new();
        while !stop.is_cancelled() {
            // First in line are again those that failed, and those that the index has not forgotten yet.
            let due = match self.recorder.catalogue.due(now, tried.len() + PAGE).await {
                Ok(due) => due,
                Err(error) => {
                    swept.failed(&error, "release dates could not be looked up");
                    break;
                }
            };
            let new: Vec<ReleaseKey> =
                due.into_iter().map(|(_, key)| key).filter(|key| tried.insert(key.clone())).collect();
            if new.is_empty() {
                break;
            }
            let reaching = new.into_iter().map(|key| {
                let span = span(&key);
                async move {
                    if stop.is_cancelled() {
                        return None;
                    }
                    let told = self.tell(key, |record| vec![(record.current.id, Fact::DateReached)]).await;
                    Some(said(told, "a release whose date came could not be changed"))
                }
                .instrument(span)
                .boxed()
            });
            // Boxed and collected: else the compiler cannot tell that they may cross threads.
            let reaching: Vec<_> = reaching.collect();
            let results: Vec<_> = futures::stream::iter(reaching).buffer_unordered(AT_ONCE).collect().await;
            for result in results.into_iter().flatten() {
                match result {
                    Ok(()) => swept.dates += 1,
                    Err(_) => swept.failures += 1,
                }
            }
        }
        swept
    }

    /// One after the other: what was stored first is told first.
    async fn left_errands(&self, stop: &CancellationToken) -> Swept {
        let mut swept = Swept::default();
        let before = self.ago(ERRAND_AFTER);
        let open = match self.overdue.errands(before, PAGE).await {
            Ok(open) => open,
            Err(error) => {
                swept.failed(&error, "errands could not be looked up");
                return swept;
            }
        };
        for entry in open {
            if stop.is_cancelled() {
                break;
            }
            let span = errands::span(&entry);
            swept.errands += 1;
            let run = self.errands.run(&entry).instrument(span.clone()).await;
            let _entered = span.enter();
            match run {
                Ok(()) => {}
                Err(StageError::Busy { .. }) => tracing::info!("another function is at this errand"),
                Err(error) => swept.failed(&error, "an errand that was left over failed"),
            }
        }
        swept
    }

    async fn stuck(&self, stop: &CancellationToken) -> Swept {
        let mut swept = Swept::default();
        let before = self.ago(STUCK_AFTER);
        let mut seen = BTreeSet::new();
        while !stop.is_cancelled() {
            // First in line are again those that merely wait.
            let standing = match self.overdue.standing(before, 2 * seen.len() + PAGE).await {
                Ok(standing) => standing,
                Err(error) => {
                    swept.failed(&error, "stuck releases could not be looked up");
                    break;
                }
            };
            let new: Vec<ReleaseKey> =
                standing.into_iter().map(|(_, key)| key).filter(|key| seen.insert(key.clone())).collect();
            if new.is_empty() {
                break;
            }
            let judging = new.into_iter().map(|key| {
                let span = span(&key);
                async move {
                    if stop.is_cancelled() {
                        return Ok(false);
                    }
                    said(self.fail_if_stuck(key, before).await, "a stuck release could not be changed")
                }
                .instrument(span)
                .boxed()
            });
            // Boxed and collected: else the compiler cannot tell that they may cross threads.
            let judging: Vec<_> = judging.collect();
            let results: Vec<_> = futures::stream::iter(judging).buffer_unordered(AT_ONCE).collect().await;
            for result in results {
                match result {
                    Ok(stuck) => swept.stuck += u64::from(stuck),
                    Err(_) => swept.failures += 1,
                }
            }
        }
        swept
    }

    /// Whether a release to which nothing happened since before an instant is stuck; it is failed then. One whose jobs
    /// wait in their queue, since there are so many before them, is not.
    async fn fail_if_stuck(&self, key: ReleaseKey, before: Timestamp) -> Result<bool, PortError> {
        let Some(stored) = self.recorder.catalogue.load(&key).await? else {
            return Ok(false);
        };
        tracing::Span::current().record("trace", stored.record.current.trace());
        let lost = self.lost_tracks(&stored.record, before).await?;
        if given_up(&stored.record, &lost).is_empty() {
            return Ok(false);
        }
        self.tell(key, |record| given_up(record, &lost)).await?;
        Ok(true)
    }

    /// The tracks whose jobs were begun, and ended long ago without a word. One that was never begun waits, for as long as
    /// its queue keeps it.
    async fn lost_tracks(&self, record: &Record, before: Timestamp) -> Result<BTreeSet<TrackId>, PortError> {
        let mut lost = BTreeSet::new();
        if record.state != State::Transcoding {
            return Ok(lost);
        }
        let wait_is_over = record.since < self.ago(LOST_AFTER);
        let earliest = record.since.saturating_sub(SKEW).unwrap_or(Timestamp::MIN);
        for track in left(record) {
            let job = lease_of(&record.key.label, track.master);
            if wait_is_over || self.overdue.begun(&job).await?.is_some_and(|at| earliest <= at && at < before) {
                lost.insert(track.id);
            }
        }
        Ok(lost)
    }

    /// Takes facts to a release's record, as it is now.
    async fn tell(
        &self,
        key: ReleaseKey,
        facts: impl Fn(&Record) -> Vec<(release::DeliveryId, Fact)> + Send,
    ) -> Result<(), PortError> {
        let Some(stored) = self.recorder.catalogue.load(&key).await? else {
            return Ok(());
        };
        tracing::Span::current().record("trace", stored.record.current.trace());
        for (delivery, fact) in facts(&stored.record) {
            // None of these is an order that could be void.
            let _ = record(&self.recorder, &Event { key: key.clone(), delivery, fact }).await?;
        }
        Ok(())
    }

    fn ago(&self, time: SignedDuration) -> Timestamp {
        self.recorder.clock.now().saturating_sub(time).unwrap_or(Timestamp::MIN)
    }
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

/// Says what went wrong, among the lines of the release that it went wrong with.
fn said<T>(result: Result<T, PortError>, what: &str) -> Result<T, PortError> {
    result.inspect_err(|error| tracing::error!(%error, "{what}"))
}

/// The tracks that have no renditions yet.
fn left(record: &Record) -> impl Iterator<Item = &TrackEntry> {
    record.current.tracks().iter().filter(|track| !record.current.is_made(track.id))
}

/// What a release is told to which nothing happened for hours, where these of its tracks are lost.
fn given_up(record: &Record, lost: &BTreeSet<TrackId>) -> Vec<(release::DeliveryId, Fact)> {
    const HELP: &str = "Try the release again. If that does not help, ask whoever runs the label's cloud.";
    let current = &record.current;
    let attempt = current.attempt;
    let facts: Vec<Fact> = match record.state {
        State::Received => {
            let what = "The delivery was not taken in within hours: the cloud gave it up without saying why.";
            vec![Fact::Refused { attempt, reasons: vec![Reason::of_delivery(what, HELP)], read: None }]
        }
        State::Transcoding => {
            let fact = |track: &TrackEntry| {
                let what = format!(
                    "Track {} “{}”: its renditions were not made within hours, and the cloud gave them up.",
                    track.number, track.title
                );
                Fact::TrackFailed { attempt, track: track.id, reason: Reason::of_track(track.id, what, HELP) }
            };
            left(record).filter(|track| lost.contains(&track.id)).map(fact).collect()
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
    use super::*;
    use crate::catalogue::sample::{self, accepted, accepting, event, play, ready, start};
    use crate::catalogue::{Applied, apply};

    /// The record after it was told what the sweep tells it.
    fn told(record: Record) -> Record {
        let all = record.current.tracks().iter().map(|track| track.id).collect();
        given_up(&record, &all).into_iter().fold(record, |record, (delivery, fact)| {
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
        let live = live.unwrap();
        let all = live.current.tracks().iter().map(|track| track.id).collect();
        assert_eq!(given_up(&live, &all), []);
    }
}

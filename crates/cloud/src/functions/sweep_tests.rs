//! Fridays: thousands of dates at once, sweeps that meet, and news that two functions are at.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use release::{DeliveryId, LabelId, ReleaseId, Sha256};
use tokio::sync::Notify as Signal;
use tokio_util::sync::CancellationToken;
use tracing::Subscriber;
use tracing::field::Field;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use super::errands::Errands;
use super::event::Streamed;
use super::notify::Outgoing;
use super::sweep::{Sweep, Swept};
use crate::catalogue::sample::{self, accepted, accepting, event, key, play, ready, start};
use crate::catalogue::{
    Accepted, Applied, EntryId, Errand, Event, Fact, Findings, Happening, News, OutboxEntry, Record, ReleaseKey, State,
    apply,
};
use crate::ports::{
    Catalogue, Clock as _, Herald, LeaseOutcome, Leases as _, Mailed, Overdue, PortError, SaveError, Stored, contract,
};
use crate::stages::{self, Dispatch, Notify, Recorder, intake, lease_of, transcode};
use crate::testing::{Album, Memory, MemoryLabels};
use crate::{Letter, Message};

const LEASE: Duration = Duration::from_secs(30);

/// What every errand is handed to: it notes what is told, and may be held up when it tells that something is live.
#[derive(Debug, Default)]
struct Crier {
    told: AtomicUsize,
    what: Mutex<Vec<Happening>>,
    begun: Signal,
    go_on: Option<Signal>,
}

#[async_trait]
impl Herald for Crier {
    async fn tell(&self, _: &EntryId, news: &News) -> Result<Vec<(Letter, Mailed)>, PortError> {
        self.told.fetch_add(1, Ordering::SeqCst);
        self.what.lock().unwrap().push(news.what.clone());
        self.begun.notify_one();
        if let Some(go_on) = self.go_on.as_ref().filter(|_| news.what == Happening::Live) {
            go_on.notified().await;
        }
        Ok(Vec::new())
    }
}

/// What was left, of all that is in the memory.
#[derive(Debug)]
pub(super) struct Left(pub(super) Arc<Memory>);

#[async_trait]
impl Overdue for Left {
    async fn errands(&self, before: Timestamp, limit: usize) -> Result<Vec<OutboxEntry>, PortError> {
        Ok(self.0.errands_before(before).into_iter().take(limit).collect())
    }

    async fn standing(&self, before: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError> {
        Ok(self.0.standing(before).into_iter().take(limit).collect())
    }

    async fn begun(&self, job: &str) -> Result<Option<Timestamp>, PortError> {
        Ok(self.0.begun(job))
    }
}

/// A catalogue in which some releases cannot be changed, and whose index is behind: it has yet to hear of some changes.
#[derive(Debug)]
struct Odd {
    memory: Arc<Memory>,
    unchangeable: BTreeSet<ReleaseKey>,
    remembered: Vec<(Timestamp, ReleaseKey)>,
}

#[async_trait]
impl Catalogue for Odd {
    async fn load(&self, key: &ReleaseKey) -> Result<Option<Stored>, PortError> {
        self.memory.load(key).await
    }

    async fn save(&self, record: &Record, expected: Option<u64>, outbox: &[OutboxEntry]) -> Result<(), SaveError> {
        if self.unchangeable.contains(&record.key) {
            return Err(PortError::new("saving", false, "too long").into());
        }
        self.memory.save(record, expected, outbox).await
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError> {
        let mut due = self.memory.due(until, usize::MAX).await?;
        due.extend(self.remembered.iter().cloned());
        due.sort();
        due.truncate(limit);
        Ok(due)
    }

    async fn list(&self, label: &LabelId) -> Result<Vec<Record>, PortError> {
        self.memory.list(label).await
    }
}

struct Friday {
    memory: Arc<Memory>,
    crier: Arc<Crier>,
}

impl Friday {
    fn new() -> Self {
        Self { memory: Memory::new(start()), crier: Arc::default() }
    }

    /// Releases that are ready, and due at an instant; the first of them at the head of the line.
    async fn ready(&self, numbers: impl IntoIterator<Item = u32>, due: Timestamp) -> Vec<ReleaseKey> {
        let waiting = Accepted { due: Some(due), ..accepted(1, 1) };
        let mut keys = Vec::new();
        for number in numbers {
            let key = ReleaseKey { release: ReleaseId::new(start(), u128::from(number)), ..key() };
            let mut record = None;
            for event in [accepting(1, 1, waiting.clone()), ready(1, 1)] {
                let delivery = DeliveryId::new(start(), u128::from(number));
                let event = Event { key: key.clone(), delivery, ..event };
                match apply(record.as_ref(), &event, start() - SignedDuration::from_hours(1)) {
                    Applied::Changed(change) => record = Some(change.record),
                    other => panic!("{other:?}"),
                }
            }
            let record: Record = record.unwrap();
            assert_eq!(record.state, State::Ready);
            self.memory.save(&record, None, &[]).await.unwrap();
            keys.push(key);
        }
        keys
    }

    fn errands(&self) -> Errands {
        let notify = Notify {
            herald: Arc::clone(&self.crier) as _,
            outbox: Arc::clone(&self.memory) as _,
            catalogue: Arc::clone(&self.memory) as _,
            artists_mail: true,
        };
        Errands {
            dispatch: Dispatch { queue: Arc::clone(&self.memory) as _, notify },
            labels: Arc::new(MemoryLabels::default()),
            leases: Arc::clone(&self.memory) as _,
            clock: Arc::clone(&self.memory.clock) as _,
            lease: LEASE,
        }
    }

    fn sweep_over(&self, catalogue: Arc<dyn Catalogue>) -> Sweep {
        Sweep {
            recorder: Recorder { catalogue, clock: Arc::clone(&self.memory.clock) as _ },
            overdue: Arc::new(Left(Arc::clone(&self.memory))),
            errands: self.errands(),
        }
    }

    fn sweep(&self) -> Sweep {
        self.sweep_over(Arc::clone(&self.memory) as _)
    }

    fn state(&self, key: &ReleaseKey) -> State {
        self.memory.record(key).unwrap().state
    }

    /// The news of a release, in the outbox.
    async fn news(&self) -> OutboxEntry {
        let (record, changes) = play(None, &[accepting(1, 1, accepted(1, 1)), ready(1, 1)]);
        let errands: Vec<OutboxEntry> = changes.into_iter().flat_map(|change| change.outbox).collect();
        let news: Vec<_> = errands.into_iter().filter(|entry| matches!(entry.errand, Errand::TellEach(_))).collect();
        self.memory.save(&record.unwrap(), None, &news).await.unwrap();
        news.into_iter().next().unwrap()
    }

    /// Lets so much time pass that the stream's function should have had all errands by now.
    fn wait(&self) {
        self.memory.clock.advance(SignedDuration::from_mins(6));
    }

    fn told(&self) -> usize {
        self.crier.told.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn thousands_that_are_due_at_the_same_second_go_live_in_one_sweep() {
    let friday = Friday::new();
    // The very instant counts, and the next does not.
    let today = friday.ready(0..2500, start()).await;
    let later = friday.ready([9000], start() + SignedDuration::from_nanos(1)).await;
    let swept = friday.sweep().run(&CancellationToken::new()).await;
    assert_eq!((swept.dates, swept.failures), (2500, 0));
    assert!(today.iter().all(|key| friday.state(key) == State::Live));
    assert_eq!(friday.state(&later[0]), State::Ready);
    assert_eq!(friday.memory.errands().len() + friday.told(), 2500, "each has its news");
}

#[tokio::test]
async fn what_cannot_be_changed_holds_nobody_up() {
    let friday = Friday::new();
    let broken = friday.ready(0..1200, start() - SignedDuration::from_mins(1)).await;
    let good = friday.ready(2000..2010, start()).await;
    let odd =
        Odd { memory: Arc::clone(&friday.memory), unchangeable: broken.into_iter().collect(), remembered: Vec::new() };
    let swept = friday.sweep_over(Arc::new(odd)).run(&CancellationToken::new()).await;
    assert_eq!((swept.dates, swept.failures), (10, 1200));
    assert!(good.iter().all(|key| friday.state(key) == State::Live));
}

#[tokio::test]
async fn a_release_that_was_withdrawn_while_it_was_due_stays_withdrawn() {
    let friday = Friday::new();
    let keys = friday.ready([100], start()).await;
    let delivery = friday.memory.record(&keys[0]).unwrap().current.id;
    let withdrawn = Event { key: keys[0].clone(), delivery, ..event(1, Fact::Withdrawn { reason: String::new() }) };
    crate::stages::record(&friday.memory.recorder(), &withdrawn).await.unwrap().unwrap();
    let odd = Odd {
        memory: Arc::clone(&friday.memory),
        unchangeable: BTreeSet::new(),
        remembered: vec![(start(), keys[0].clone())],
    };
    let swept = friday.sweep_over(Arc::new(odd)).run(&CancellationToken::new()).await;
    assert_eq!(swept.failures, 0);
    assert_eq!(friday.state(&keys[0]), State::Withdrawn);
    assert_eq!(friday.memory.errands(), [], "nobody was told of it, and nobody is");
}

#[tokio::test]
async fn at_the_end_of_its_time_a_sweep_begins_nothing_more() {
    let friday = Friday::new();
    let keys = friday.ready(100..120, start()).await;
    friday.news().await;
    friday.wait();
    let stop = CancellationToken::new();
    stop.cancel();
    assert_eq!(friday.sweep().run(&stop).await, Swept::default());
    assert!(keys.iter().all(|key| friday.state(key) == State::Ready));
    assert_eq!(friday.told(), 0);
    // The next one goes on.
    assert_eq!(friday.sweep().run(&CancellationToken::new()).await.dates, 20);
}

/// The stream's function has it within seconds, unless it lost it.
#[tokio::test]
async fn an_errand_is_left_to_the_stream_for_five_minutes_and_then_run() {
    let friday = Friday::new();
    friday.news().await;
    friday.memory.clock.advance(SignedDuration::from_mins(5) - SignedDuration::from_millis(1));
    let swept = friday.sweep().run(&CancellationToken::new()).await;
    assert_eq!((swept.errands, friday.told(), friday.memory.errands().len()), (0, 0, 1));
    friday.memory.clock.advance(SignedDuration::from_millis(2));
    let swept = friday.sweep().run(&CancellationToken::new()).await;
    assert_eq!((swept.errands, friday.told(), friday.memory.errands().len()), (1, 1, 0));
}

#[tokio::test]
async fn sweeps_that_meet_tell_each_piece_of_news_once() {
    let mut friday = Friday::new();
    friday.crier = Arc::new(Crier { go_on: Some(Signal::new()), ..Crier::default() });
    friday.news().await;
    friday.wait();
    let stop = CancellationToken::new();
    let (first, second) = (friday.sweep(), friday.sweep());
    let one = first.run(&stop);
    let other = async {
        friday.crier.begun.notified().await;
        // It sees that somebody is at it, and fails nothing.
        let swept = second.run(&stop).await;
        // Nor is it cut off by the end of the time of who is at it.
        stop.cancel();
        friday.crier.go_on.as_ref().unwrap().notify_one();
        swept
    };
    let (one, other) = tokio::join!(one, other);
    assert_eq!((one.failures, other.failures), (0, 0));
    assert_eq!(friday.told(), 1);
    assert_eq!(friday.memory.errands(), []);
}

/// What the table's stream says of an entry that was just stored: the one that there is.
fn streamed() -> Vec<Streamed> {
    vec![Streamed { sequence: "1".to_owned(), inserted: Some(std::collections::HashMap::new()) }]
}

impl Friday {
    async fn serve(&self, entry: OutboxEntry, stop: &CancellationToken) -> Option<String> {
        let outgoing = Outgoing {
            errands: self.errands(),
            read: Box::new(move |_| Ok(Some(entry.clone()))),
            clock: Arc::clone(&self.memory.clock) as _,
        };
        outgoing.serve(streamed(), stop).await
    }
}

#[tokio::test]
async fn the_stream_waits_for_whoever_is_at_the_news_and_takes_over_from_the_dead() {
    let friday = Friday::new();
    let news = friday.news().await;
    let (now, end) = (start(), start() + SignedDuration::try_from(LEASE).unwrap());
    let taken = friday.memory.acquire(&format!("news/{}", news.id), now, end).await.unwrap();
    assert!(matches!(taken, LeaseOutcome::Taken(_)));

    // Its own time is over first: the change comes again.
    let stop = CancellationToken::new();
    let (failed, ()) = tokio::join!(friday.serve(news.clone(), &stop), async { stop.cancel() });
    assert_eq!((failed.as_deref(), friday.told()), (Some("1"), 0));

    // Nobody extends it: who had it is dead.
    let stop = CancellationToken::new();
    let (failed, ()) = tokio::join!(friday.serve(news.clone(), &stop), async { friday.memory.clock.set(end) });
    assert_eq!((failed, friday.told()), (None, 1));
    // Told again of the same, it does nothing.
    assert_eq!(friday.serve(news, &stop).await, None);
    assert_eq!(friday.told(), 1);
}

impl Friday {
    /// A manager takes the release back. Answers with the news of it, in the outbox.
    async fn takes_back(&self) -> OutboxEntry {
        let withdrawn = event(1, Fact::Withdrawn { reason: String::new() });
        stages::record(&self.memory.recorder(), &withdrawn).await.unwrap().unwrap();
        self.memory.errands().into_iter().find(|entry| entry.announces().is_none()).unwrap()
    }

    fn what(&self) -> Vec<Happening> {
        self.crier.what.lock().unwrap().clone()
    }
}

fn back() -> Happening {
    Happening::Withdrawn { reason: String::new() }
}

/// The service that tells was down, until the stream gave the news up.
#[tokio::test]
async fn that_it_is_live_is_not_told_once_it_was_taken_back() {
    for by_the_stream in [false, true] {
        let friday = Friday::new();
        let live = friday.news().await;
        let withdrawn = friday.takes_back().await;
        if by_the_stream {
            assert_eq!(friday.serve(withdrawn, &CancellationToken::new()).await, None);
            assert_eq!(friday.serve(live, &CancellationToken::new()).await, None);
        } else {
            friday.wait();
            let swept = friday.sweep().run(&CancellationToken::new()).await;
            assert_eq!((swept.errands, swept.failures), (2, 0));
        }
        assert_eq!((friday.what(), friday.memory.errands()), (vec![back()], vec![]));
    }
}

/// A function tells that it is live while a manager takes it back.
#[tokio::test]
async fn that_it_is_taken_back_waits_for_who_tells_that_it_is_live() {
    let mut friday = Friday::new();
    friday.crier = Arc::new(Crier { go_on: Some(Signal::new()), ..Crier::default() });
    let live = friday.news().await;
    let (stop, errands) = (CancellationToken::new(), friday.errands());
    let telling = errands.run(&live);
    let meanwhile = async {
        friday.crier.begun.notified().await;
        let withdrawn = friday.takes_back().await;
        let busy = friday.errands().run(&withdrawn).await;
        assert!(matches!(busy, Err(stages::StageError::Busy { .. })), "{busy:?}");
        assert_eq!(friday.what(), [Happening::Live]);
        friday.crier.go_on.as_ref().unwrap().notify_one();
        withdrawn
    };
    let (told, withdrawn) = tokio::join!(telling, meanwhile);
    told.unwrap();
    assert_eq!(friday.serve(withdrawn, &stop).await, None);
    assert_eq!((friday.what(), friday.memory.errands()), (vec![Happening::Live, back()], vec![]));
}

/// A function died while it told that it is live, and a manager took it back.
#[tokio::test]
async fn that_it_is_taken_back_is_told_once_the_lease_of_who_died_is_over() {
    let friday = Friday::new();
    let live = friday.news().await;
    let now = friday.memory.clock.now();
    let end = now + SignedDuration::from_secs(30);
    let held = friday.memory.acquire(&format!("news/{}", live.id), now, end).await.unwrap();
    assert!(matches!(held, LeaseOutcome::Taken(_)));
    let withdrawn = friday.takes_back().await;
    let stop = CancellationToken::new();
    let (failed, ()) = tokio::join!(friday.serve(withdrawn, &stop), async { friday.memory.clock.set(end) });
    assert_eq!((failed, friday.what(), friday.memory.errands()), (None, vec![back()], vec![]));
}

impl Friday {
    fn pass(&self, hours: i64) {
        self.memory.clock.advance(SignedDuration::from_hours(hours));
    }

    async fn stuck(&self) -> u64 {
        let swept = self.sweep().run(&CancellationToken::new()).await;
        assert_eq!(swept.failures, 0);
        swept.stuck
    }

    /// Somebody begins with a track of the sample, and dies over it.
    async fn dies_over(&self, master: Sha256) {
        let now = self.memory.clock.now();
        let job = lease_of(&key().label, master);
        let taken = self.memory.acquire(&job, now, now + SignedDuration::from_mins(2)).await.unwrap();
        assert!(matches!(taken, LeaseOutcome::Taken(_)));
    }
}

#[tokio::test]
async fn what_the_memory_says_of_jobs_that_were_begun() {
    let memory = Memory::new(start());
    contract::begun(memory.as_ref(), &Left(Arc::clone(&memory))).await;
}

/// More releases than are looked up at a time, as a backlog has.
#[tokio::test]
async fn a_release_whose_jobs_wait_in_their_queue_is_not_stuck() {
    let friday = Friday::new();
    let (record, _) = play(None, &[accepting(1, 1, accepted(1, 2))]);
    let record = record.unwrap();
    for number in 2..1200 {
        let key = ReleaseKey { release: ReleaseId::new(start(), number), ..key() };
        friday.memory.save(&Record { key, ..record.clone() }, None, &[]).await.unwrap();
    }
    // The last in line is of other masters.
    let mut last = Record { key: ReleaseKey { release: ReleaseId::new(start(), 5000), ..key() }, ..record };
    let Findings::Accepted(accepted) = &mut last.current.intake else { panic!() };
    accepted.tracks.iter_mut().for_each(|track| track.master = Sha256::of(track.title.as_bytes()));
    let masters: Vec<Sha256> = accepted.tracks.iter().map(|track| track.master).collect();
    friday.memory.save(&last, None, &[]).await.unwrap();
    friday.pass(9);
    assert_eq!((friday.stuck().await, friday.state(&last.key)), (0, State::Transcoding));

    // Its worker may come again for hours; of the other track nobody has heard.
    friday.dies_over(masters[1]).await;
    friday.pass(5);
    assert_eq!(friday.stuck().await, 0);
    friday.pass(2);
    assert_eq!((friday.stuck().await, friday.state(&last.key)), (1, State::Failed));
    let reasons = friday.memory.record(&last.key).unwrap().current.reasons();
    assert_eq!(reasons.iter().map(|reason| reason.track).collect::<Vec<_>>(), [Some(sample::track(2))]);

    // No queue keeps anything for longer.
    friday.pass(14 * 24);
    assert_eq!(friday.stuck().await, 1198);
}

/// Each message comes after all, also those of the attempt that was given up.
#[tokio::test]
async fn what_was_called_stuck_goes_on_and_is_made_and_told_once() {
    for tried_again in [false, true] {
        let (friday, scratch) = (Friday::new(), tempfile::TempDir::new().unwrap());
        let memory = &friday.memory;
        let album = Album::new(2);
        let manifest = album.deliver(memory.masters.as_ref(), 1).await;
        intake(&memory.intake(), &manifest, None).await.unwrap();
        friday.wait();
        assert_eq!(friday.stuck().await, 0);
        assert_eq!(memory.waiting().len(), 2, "a job a track");
        for track in &album.release.tracks {
            friday.dies_over(track.master.as_ref().unwrap().asset.sha256).await;
        }
        friday.pass(7);
        assert_eq!((friday.stuck().await, friday.state(&key())), (1, State::Failed));
        if tried_again {
            stages::record(&memory.recorder(), &event(1, Fact::TriedAgain)).await.unwrap().unwrap();
        }
        loop {
            friday.wait();
            assert_eq!(friday.stuck().await, 0);
            let waiting = memory.waiting();
            if waiting.is_empty() {
                break;
            }
            for (message, dedup) in waiting {
                match &message {
                    Message::Manifest { key, .. } => intake(&memory.intake(), key, None).await.unwrap(),
                    Message::Transcode(job) => {
                        let (ports, stop) = (memory.transcode(scratch.path()), CancellationToken::new());
                        transcode(&ports, job, &(Arc::new(|_| ()) as _), &stop).await.unwrap();
                    }
                    Message::Happened(event) => {
                        stages::record(&memory.recorder(), event).await.unwrap().unwrap();
                    }
                }
                memory.handled(&dedup);
            }
        }
        let record = memory.record(&key()).unwrap();
        assert_eq!((record.state, record.current.attempt), (State::Live, 1 + u32::from(tried_again)));
        let made = memory.renditions.puts();
        assert!(made.len() == 8 && made.values().all(|times| *times == 1), "{made:?}");
        assert_eq!(friday.told(), 1);
    }
}

/// What is said, the log's lines and figures: each begins with the name of its span.
#[derive(Debug, Clone, Default)]
struct Said(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Said {
    fn on_event(&self, event: &tracing::Event<'_>, context: Context<'_, S>) {
        let mut line = context.event_span(event).map(|span| span.name()).unwrap_or_default().to_owned();
        event.record(&mut |field: &Field, value: &dyn fmt::Debug| line.push_str(&format!(" {field}={value:?}")));
        self.0.lock().unwrap().push(line);
    }
}

impl Said {
    /// The lines with a text, since the last time.
    fn with(&self, text: &str) -> Vec<String> {
        let mut lines = std::mem::take(&mut *self.0.lock().unwrap());
        lines.retain(|line| line.contains(text));
        lines
    }
}

/// The template's alarm of a silent schedule counts how often it was said, and that of a stuck release names the line.
#[tokio::test]
async fn every_sweep_says_once_how_many_were_stuck_and_the_log_names_them() {
    let said = Said::default();
    let _listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(said.clone()));
    // Where one listens alone, what another test's thread says first is taken for what nobody listens to.
    let _other = tracing::Dispatch::new(NoSubscriber::default());
    let friday = Friday::new();
    let stuck = r#" name="StuckReleases""#;
    assert_eq!(friday.stuck().await, 0);
    assert_eq!(said.with(stuck), [r#" name="StuckReleases" unit="Count" value=0"#], "there is none");
    let over = CancellationToken::new();
    over.cancel();
    friday.sweep().run(&over).await;
    assert_eq!(said.with(stuck), [r#" name="StuckReleases" unit="Count" value=0"#], "there was no time");

    let (record, _) = play(None, &[event(1, Fact::Arrived)]);
    friday.memory.save(&record.unwrap(), None, &[]).await.unwrap();
    friday.pass(24);
    assert_eq!(friday.stuck().await, 1);
    let lines = said.with("");
    assert!(lines.contains(&r#" name="StuckReleases" unit="Count" value=1"#.to_owned()), "{lines:?}");
    let named = format!(" release={} ", key().release);
    let failed = |line: &&String| line.starts_with("sweep ") && line.contains(r#" state="failed""#);
    let failed: Vec<_> = lines.iter().filter(failed).collect();
    assert!(failed.len() == 1 && failed[0].contains(&named), "{lines:?}");
}

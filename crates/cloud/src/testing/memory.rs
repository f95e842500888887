use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::Timestamp;
use release::{LabelId, Recipe};

use super::MemoryStore;
use crate::catalogue::{EntryId, Errand, OutboxEntry, Record, ReleaseKey, State, folded_name};
use crate::ports::{
    Catalogue, Clock as _, EmailAddress, Lease, LeaseOutcome, Leases, Letters, Mailed, Mailer, ManualClock, Outbox,
    PortError, Queue, RenditionFacts, Renditions, SaveError, Stored, Subscription, Subscriptions,
};
use crate::stages::{Dispatch, Intake, Masters, Notify, Recorder, Transcode};
use crate::{Letter, Message};

/// All ports in memory. Any call may be told to fail, before or after it took effect.
#[derive(Debug)]
pub(crate) struct Memory {
    state: Mutex<Contents>,
    pub(crate) masters: Arc<MemoryStore>,
    pub(crate) renditions: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
}

#[derive(Debug, Default)]
struct Contents {
    records: BTreeMap<ReleaseKey, Stored>,
    outbox: BTreeMap<EntryId, Kept>,
    queue: Vec<(Message, String)>,
    leases: BTreeMap<String, (u64, Timestamp)>,
    begun: BTreeMap<String, Timestamp>,
    facts: BTreeMap<(LabelId, Recipe), RenditionFacts>,
    subscriptions: Vec<Subscription>,
    letters: BTreeMap<String, Letter>,
    faults: VecDeque<Fault>,
}

/// An entry of the outbox.
#[derive(Debug)]
struct Kept {
    errand: Errand,
    stored: Timestamp,
    done: bool,
}

/// Whether a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    Before,
    /// It took effect, and its answer is lost.
    After,
}

impl Memory {
    pub(crate) fn new(now: Timestamp) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            masters: Arc::default(),
            renditions: Arc::default(),
            clock: Arc::new(ManualClock::new(now)),
        })
    }

    fn state(&self) -> MutexGuard<'_, Contents> {
        self.state.lock().unwrap()
    }

    fn call<T>(&self, effect: impl FnOnce(&mut Contents) -> T) -> Result<T, PortError> {
        let mut state = self.state();
        let fault = state.faults.pop_front().unwrap_or(Fault::None);
        let failed = || PortError::new("testing", true, "the call was told to fail");
        if fault == Fault::Before {
            return Err(failed());
        }
        let result = effect(&mut state);
        if fault == Fault::After { Err(failed()) } else { Ok(result) }
    }

    /// Tells the next calls what to do.
    pub(crate) fn set_faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults = faults.into_iter().collect();
    }

    pub(crate) fn record(&self, key: &ReleaseKey) -> Option<Record> {
        self.state().records.get(key).map(|stored| stored.record.clone())
    }

    /// The messages that wait.
    pub(crate) fn waiting(&self) -> Vec<(Message, String)> {
        self.state().queue.clone()
    }

    /// Removes a message, as one does that handled it.
    pub(crate) fn handled(&self, dedup: &str) {
        self.state().queue.retain(|(_, other)| other != dedup);
    }

    /// The errands that are not done.
    pub(crate) fn errands(&self) -> Vec<OutboxEntry> {
        let state = self.state();
        let open = state.outbox.iter().filter(|(_, kept)| !kept.done);
        open.map(|(id, kept)| OutboxEntry { id: id.clone(), errand: kept.errand.clone() }).collect()
    }

    /// Those of them that were stored before an instant, earliest first.
    pub(crate) fn errands_before(&self, before: Timestamp) -> Vec<OutboxEntry> {
        let mut open = self.errands();
        let state = self.state();
        open.retain(|entry| state.outbox[&entry.id].stored < before);
        open.sort_by_key(|entry| state.outbox[&entry.id].stored);
        open
    }

    /// When the lease of a job was last taken.
    pub(crate) fn begun(&self, job: &str) -> Option<Timestamp> {
        self.state().begun.get(job).copied()
    }

    /// The releases that machines are at, and to which nothing happened since before an instant.
    pub(crate) fn standing(&self, before: Timestamp) -> Vec<(Timestamp, ReleaseKey)> {
        let state = self.state();
        let records = state.records.values().map(|stored| &stored.record);
        let standing = records.filter(|record| matches!(record.state, State::Received | State::Transcoding));
        let timed = standing.filter_map(|record| Some((record.timeline.last()?.at, record.key.clone())));
        let mut standing: Vec<_> = timed.filter(|(at, _)| *at < before).collect();
        standing.sort();
        standing
    }

    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.state().letters.values().cloned().collect()
    }

    pub(crate) fn recorder(self: &Arc<Self>) -> Recorder {
        Recorder { catalogue: Arc::clone(self) as _, clock: Arc::clone(&self.clock) as _ }
    }

    fn masters(&self) -> Masters {
        Masters { store: Arc::clone(&self.masters) as _, reader: Arc::clone(&self.masters) as _ }
    }

    pub(crate) fn intake(self: &Arc<Self>) -> Intake {
        Intake { masters: self.masters(), recorder: self.recorder(), review: false }
    }

    pub(crate) fn transcode(self: &Arc<Self>, scratch: &std::path::Path) -> Transcode {
        Transcode {
            masters: self.masters(),
            renditions: Arc::clone(&self.renditions) as _,
            facts: Arc::clone(self) as _,
            catalogue: Arc::clone(self) as _,
            leases: Arc::clone(self) as _,
            queue: Arc::clone(self) as _,
            clock: Arc::clone(&self.clock) as _,
            scratch: scratch.to_owned(),
            lease: Transcode::LEASE,
        }
    }

    pub(crate) fn dispatch(self: &Arc<Self>) -> Dispatch {
        let notify = Notify {
            artists_mail: true,
            herald: Arc::new(Letters { subscriptions: Arc::clone(self) as _, mailer: Arc::clone(self) as _ }),
            outbox: Arc::clone(self) as _,
            catalogue: Arc::clone(self) as _,
        };
        Dispatch { queue: Arc::clone(self) as _, notify }
    }
}

#[async_trait]
impl Catalogue for Memory {
    async fn load(&self, key: &ReleaseKey) -> Result<Option<Stored>, PortError> {
        self.call(|state| state.records.get(key).cloned())
    }

    async fn save(&self, record: &Record, expected: Option<u64>, outbox: &[OutboxEntry]) -> Result<(), SaveError> {
        let now = self.clock.now();
        self.call(|state| {
            let version = state.records.get(&record.key).map(|stored| stored.version);
            if version != expected {
                return Err(SaveError::Conflict);
            }
            let stored = Stored { version: version.unwrap_or(0) + 1, record: record.clone() };
            state.records.insert(record.key.clone(), stored);
            for entry in outbox {
                let kept = || Kept { errand: entry.errand.clone(), stored: now, done: false };
                state.outbox.entry(entry.id.clone()).or_insert_with(kept);
            }
            Ok(())
        })?
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError> {
        self.call(|state| {
            let ready = state.records.values().filter(|stored| stored.record.state == State::Ready);
            let due =
                ready.filter_map(|stored| Some((stored.record.current.accepted()?.due?, stored.record.key.clone())));
            let mut due: Vec<_> = due.filter(|(due, _)| *due <= until).collect();
            due.sort();
            due.truncate(limit);
            due
        })
    }

    async fn list(&self, label: &LabelId) -> Result<Vec<Record>, PortError> {
        self.call(|state| {
            let records = state.records.values().map(|stored| stored.record.clone());
            let mut records: Vec<Record> = records.filter(|record| record.key.label == *label).collect();
            records.sort_by_key(|record| {
                std::cmp::Reverse((record.timeline.last().map(|moment| moment.at), record.key.release))
            });
            records
        })
    }
}

#[async_trait]
impl Outbox for Memory {
    async fn open(&self, entry: &EntryId) -> Result<Option<OutboxEntry>, PortError> {
        self.call(|state| match state.outbox.get(entry) {
            Some(kept) if !kept.done => Some(OutboxEntry { id: entry.clone(), errand: kept.errand.clone() }),
            _ => None,
        })
    }

    async fn done(&self, entry: &EntryId, _: &[(Letter, Mailed)]) -> Result<(), PortError> {
        self.call(|state| {
            if let Some(kept) = state.outbox.get_mut(entry) {
                kept.done = true;
            }
        })
    }
}

#[async_trait]
impl Queue for Memory {
    async fn send(&self, message: &Message, dedup: &str) -> Result<(), PortError> {
        self.call(|state| {
            if !state.queue.iter().any(|(_, other)| other == dedup) {
                state.queue.push((message.clone(), dedup.to_owned()));
            }
        })
    }
}

#[async_trait]
impl Leases for Memory {
    async fn acquire(&self, job: &str, now: Timestamp, until: Timestamp) -> Result<LeaseOutcome, PortError> {
        self.call(|state| {
            let (token, held) = state.leases.get(job).copied().unwrap_or((0, Timestamp::MIN));
            if held > now {
                return LeaseOutcome::Held { until: held };
            }
            state.leases.insert(job.to_owned(), (token + 1, until));
            state.begun.insert(job.to_owned(), now);
            LeaseOutcome::Taken(Lease { job: job.to_owned(), token: token + 1 })
        })
    }

    async fn extend(&self, lease: &Lease, until: Timestamp) -> Result<bool, PortError> {
        self.call(|state| match state.leases.get_mut(&lease.job) {
            Some((token, held)) if *token == lease.token => {
                *held = until;
                true
            }
            _ => false,
        })
    }

    async fn release(&self, lease: &Lease) -> Result<(), PortError> {
        self.extend(lease, Timestamp::MIN).await.map(drop)
    }
}

#[async_trait]
impl Renditions for Memory {
    async fn put(&self, label: &LabelId, recipe: Recipe, facts: &RenditionFacts) -> Result<(), PortError> {
        let object = format!("{label}/renditions/{recipe}.");
        let is_there = self.renditions.puts().keys().any(|key| key.starts_with(&object));
        assert!(!is_there, "a rendition that is in the store is made again: {recipe}");
        self.call(|state| state.facts.insert((label.clone(), recipe), facts.clone())).map(drop)
    }

    async fn facts(&self, label: &LabelId, recipes: &[Recipe]) -> Result<BTreeMap<Recipe, RenditionFacts>, PortError> {
        self.call(|state| {
            let of = |recipe: &Recipe| Some((*recipe, state.facts.get(&(label.clone(), *recipe))?.clone()));
            recipes.iter().filter_map(of).collect()
        })
    }
}

#[async_trait]
impl Subscriptions for Memory {
    async fn subscribe(&self, subscription: &Subscription) -> Result<bool, PortError> {
        self.call(|state| {
            let is_new = !state.subscriptions.iter().any(|other| other.id() == subscription.id());
            if is_new {
                state.subscriptions.push(subscription.clone());
                state.subscriptions.sort_by_key(|other| (folded_name(&other.artist), other.email.folded()));
            }
            is_new
        })
    }

    async fn unsubscribe(&self, artist: &str, email: &EmailAddress) -> Result<bool, PortError> {
        let gone = Subscription { artist: artist.to_owned(), email: email.clone(), since: Timestamp::MIN }.id();
        self.call(|state| {
            let before = state.subscriptions.len();
            state.subscriptions.retain(|other| other.id() != gone);
            state.subscriptions.len() < before
        })
    }

    async fn of(&self, artist: &str) -> Result<Vec<Subscription>, PortError> {
        let artist = folded_name(artist);
        self.call(|state| {
            let all = state.subscriptions.iter();
            all.filter(|other| folded_name(&other.artist) == artist).cloned().collect()
        })
    }

    async fn all(&self) -> Result<Vec<Subscription>, PortError> {
        self.call(|state| state.subscriptions.clone())
    }
}

#[async_trait]
impl Mailer for Memory {
    async fn send(&self, letter: &Letter) -> Result<Mailed, PortError> {
        self.call(|state| {
            let known = state.letters.entry(letter.name.clone()).or_insert_with(|| letter.clone());
            assert_eq!(known, letter, "a letter is written the same each time");
            Mailed { reference: letter.name.clone() }
        })
    }
}

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Outcome, Sent};
use crate::flow::Flow;
use crate::pace::Pace;

/// How far a file is. Never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes that are at the store and kept, those of earlier runs included.
    pub arrived: u64,
    /// Bytes that went to the store: those that arrived, and those of parts that are on their way.
    pub passed: u64,
    /// Those of earlier runs.
    pub resumed: u64,
    /// The file's length.
    pub total: u64,
}

/// Takes note of progress; called from whatever sends, with a lock held, so it should return soon.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// Counts bytes and tells of them.
pub(super) struct Meter {
    tally: Arc<Tally>,
    sent: u64,
    resumed: u64,
}

/// What is counted, also by those that take the bytes.
pub(super) struct Tally {
    tell: OnProgress,
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    told: Progress,
    /// Of each part that is on its way: which try it is, and how many bytes of it went.
    on_their_way: BTreeMap<u32, (u64, u64)>,
    tries: u64,
    /// Nothing is told any more: whoever sent is done, and a thread that was told to stop may come late.
    is_over: bool,
}

impl Meter {
    pub(super) fn new(tell: &OnProgress, total: u64) -> Self {
        let counted = Counted { told: Progress { total, ..Progress::default() }, ..Counted::default() };
        Self { tally: Arc::new(Tally { tell: Arc::clone(tell), counted: Mutex::new(counted) }), sent: 0, resumed: 0 }
    }

    /// What counts the bytes of parts on their way.
    pub(super) fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }

    pub(super) fn resume(&mut self, bytes: u64) {
        // Parts of an upload that was lost meanwhile are sent twice, and shown once.
        self.resumed = bytes;
        self.tally.change(|counted| {
            counted.told.resumed = counted.told.resumed.max(bytes);
            counted.told.arrived = counted.told.arrived.max(bytes);
        });
    }

    /// A part, or the whole as part 0, is kept.
    pub(super) fn add(&mut self, part: u32, bytes: u64) {
        self.sent += bytes;
        let sent = self.sent;
        self.tally.change(|counted| {
            counted.on_their_way.remove(&part);
            let arrived = (counted.told.resumed + sent).min(counted.told.total);
            counted.told.arrived = counted.told.arrived.max(arrived);
        });
    }

    /// Bytes that were sent so far.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    pub(super) fn finish(&mut self, outcome: Outcome) -> Sent {
        self.tally.change(|counted| counted.told.arrived = counted.told.total);
        // Of an empty file, nothing has changed.
        if self.tally.counted().told.total == 0 {
            (self.tally.tell)(Progress::default());
        }
        Sent { outcome, bytes_sent: self.sent, bytes_resumed: self.resumed }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.tally.counted().is_over = true;
    }
}

impl Tally {
    /// What is told of the bytes of a new try at a part, and paces them. Of an earlier try nothing counts any more.
    pub(super) fn flow(self: &Arc<Self>, part: u32, pace: &Arc<Pace>) -> Flow {
        let number = {
            let mut counted = self.counted();
            counted.tries += 1;
            let number = counted.tries;
            counted.on_their_way.insert(part, (number, 0));
            number
        };
        let tally = Arc::clone(self);
        let passed = move |bytes| {
            tally.change(|counted| {
                if let Some((_, went)) = counted.on_their_way.get_mut(&part).filter(|(current, _)| *current == number) {
                    *went += bytes;
                }
            });
        };
        Flow::new(Arc::clone(pace), Arc::new(passed))
    }

    fn change(&self, change: impl FnOnce(&mut Counted)) {
        let mut counted = self.counted();
        if counted.is_over {
            return;
        }
        let before = counted.told;
        change(&mut counted);
        let on_their_way: u64 = counted.on_their_way.values().map(|(_, bytes)| bytes).sum();
        let told = &mut counted.told;
        // A part that is sent anew is counted once it comes to what was told already.
        told.passed = told.passed.max(told.arrived + on_their_way).min(told.total);
        if *told != before {
            // With the lock held: told in order.
            (self.tell)(*told);
        }
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tally").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What happens to parts of 100 bytes each.
    #[derive(Debug, Clone, Copy)]
    enum Deed {
        Try(u32),
        /// Bytes of the last try, or of the one before it.
        Pass(u32, u64, bool),
        Arrive(u32),
    }

    fn deed() -> impl Strategy<Value = Deed> {
        let part = || 1..=4_u32;
        prop_oneof![
            2 => part().prop_map(Deed::Try),
            5 => (part(), 1..60_u64, any::<bool>()).prop_map(|(part, bytes, stale)| Deed::Pass(part, bytes, stale)),
            1 => part().prop_map(Deed::Arrive),
        ]
    }

    proptest! {
        /// Whatever is tried again or comes late: what is told never goes back, and is within bounds.
        #[test]
        fn what_is_told_never_goes_back(deeds in prop::collection::vec(deed(), 0..80)) {
            let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
            let noting = Arc::clone(&seen);
            let tell: OnProgress = Arc::new(move |progress| noting.lock().unwrap().push(progress));
            let mut meter = Meter::new(&tell, 400);
            let (tally, pace) = (meter.tally(), Arc::new(Pace::new(None)));
            let mut flows: BTreeMap<u32, Vec<Flow>> = BTreeMap::new();
            let mut arrived = std::collections::BTreeSet::new();
            for deed in deeds {
                match deed {
                    Deed::Try(part) if !arrived.contains(&part) => {
                        flows.entry(part).or_default().push(tally.flow(part, &pace));
                    }
                    Deed::Pass(part, bytes, stale) => {
                        let of_part = flows.entry(part).or_default().iter();
                        if let Some(flow) = of_part.rev().nth(usize::from(stale)) {
                            flow.passed(bytes as usize);
                        }
                    }
                    Deed::Arrive(part) if arrived.insert(part) => meter.add(part, 100),
                    Deed::Try(_) | Deed::Arrive(_) => {}
                }
            }
            meter.finish(Outcome::Sent);
            drop(meter);
            for flow in flows.values().flatten() {
                flow.passed(1);
            }
            let seen = seen.lock().unwrap();
            prop_assert!(seen.is_sorted_by_key(|progress| progress.passed), "{seen:?}");
            prop_assert!(seen.is_sorted_by_key(|progress| progress.arrived), "{seen:?}");
            prop_assert!(seen.iter().all(|progress| progress.arrived <= progress.passed && progress.passed <= 400));
            prop_assert_eq!(seen.last().map(|last| (last.arrived, last.passed)), Some((400, 400)));
        }
    }
}

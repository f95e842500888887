use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many parts and small files may be on their way at a time. The number may be changed at any time: those that are
/// on their way go on.
#[derive(Debug)]
pub(super) struct Lanes {
    permits: Semaphore,
    count: Mutex<Count>,
}

#[derive(Debug)]
struct Count {
    /// How many there are to be.
    wanted: usize,
    /// How many of those that are in use are to be closed when they are free.
    to_close: usize,
}

/// A lane that is in use until this is dropped.
#[derive(Debug)]
pub(super) struct Lane<'a> {
    lanes: &'a Lanes,
    permit: Option<SemaphorePermit<'a>>,
}

impl Lanes {
    /// So many, and at least one.
    pub(super) fn new(wanted: usize) -> Self {
        let wanted = wanted.max(1);
        Self { permits: Semaphore::new(wanted), count: Mutex::new(Count { wanted, to_close: 0 }) }
    }

    /// Waits for a free one; those that wait come in turn.
    pub(super) async fn enter(&self) -> Lane<'_> {
        // Nobody closes the semaphore.
        Lane { lanes: self, permit: self.permits.acquire().await.ok() }
    }

    /// Opens or closes lanes until there are so many, and at least one.
    pub(super) fn set(&self, wanted: usize) {
        let wanted = wanted.max(1);
        let mut count = self.count();
        if wanted > count.wanted {
            let more = wanted - count.wanted;
            let kept_open = count.to_close.min(more);
            count.to_close -= kept_open;
            self.permits.add_permits(more - kept_open);
        } else {
            let fewer = count.wanted - wanted;
            count.to_close += fewer - self.permits.forget_permits(fewer);
        }
        count.wanted = wanted;
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        let mut count = self.lanes.count();
        let Some(permit) = self.permit.take() else { return };
        if count.to_close > 0 {
            count.to_close -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use proptest::prelude::*;

    use super::*;

    fn enter(lanes: &Lanes) -> Option<Lane<'_>> {
        lanes.enter().now_or_never()
    }

    #[test]
    fn what_is_on_its_way_goes_on_when_lanes_are_closed() {
        let lanes = Lanes::new(3);
        let (one, two, three) = (enter(&lanes).unwrap(), enter(&lanes).unwrap(), enter(&lanes).unwrap());
        lanes.set(1);
        drop(one);
        assert!(enter(&lanes).is_none());
        drop(two);
        assert!(enter(&lanes).is_none());
        drop(three);
        let only = enter(&lanes).unwrap();
        assert!(enter(&lanes).is_none());
        lanes.set(2);
        assert!(enter(&lanes).is_some());
        drop(only);
    }

    proptest! {
        /// However often the number changes: never are more taken than there were to be, and once all are free, there
        /// are just as many as are wanted.
        #[test]
        fn there_are_as_many_as_are_wanted(deeds in prop::collection::vec((0..3_u8, 0..20_usize), 0..60)) {
            let lanes = Lanes::new(4);
            let (mut taken, mut wanted) = (Vec::new(), 4);
            for (deed, number) in deeds {
                match deed {
                    0 => {
                        wanted = number.max(1);
                        lanes.set(number);
                    }
                    1 => {
                        let lane = enter(&lanes);
                        prop_assert_eq!(lane.is_some(), taken.len() < wanted);
                        taken.extend(lane);
                    }
                    _ if taken.is_empty() => {}
                    _ => drop(taken.swap_remove(number % taken.len())),
                }
            }
            taken.clear();
            let all: Vec<_> = std::iter::from_fn(|| enter(&lanes)).collect();
            prop_assert_eq!(all.len(), wanted);
        }
    }
}

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// What happens when: the events of a simulation in the order of time, and those of one time in the order in which they
/// were put in.
#[derive(Debug)]
pub struct Agenda<E> {
    heap: BinaryHeap<Entry<E>>,
    now: f64,
    entered: u64,
}

#[derive(Debug)]
struct Entry<E> {
    time: f64,
    number: u64,
    event: E,
}

impl<E> Agenda<E> {
    /// Nothing, at time 0.
    #[must_use]
    pub fn new() -> Self {
        Self { heap: BinaryHeap::new(), now: 0.0, entered: 0 }
    }

    /// The time of the event that was taken last, in seconds.
    #[must_use]
    pub fn now(&self) -> f64 {
        self.now
    }

    /// Something happens at a time; at once where that has passed.
    pub fn at(&mut self, time: f64, event: E) {
        self.entered += 1;
        self.heap.push(Entry { time: time.max(self.now), number: self.entered, event });
    }

    /// Something happens so many seconds from now.
    pub fn after(&mut self, seconds: f64, event: E) {
        self.at(self.now + seconds, event);
    }

    /// The next event; the time is its time then.
    pub fn take(&mut self) -> Option<E> {
        let entry = self.heap.pop()?;
        self.now = entry.time;
        Some(entry.event)
    }
}

impl<E> Default for Agenda<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the greatest first; the earliest is wanted.
        other.time.total_cmp(&self.time).then(other.number.cmp(&self.number))
    }
}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<E> Eq for Entry<E> {}

//! How many bytes may go in a second: one bucket of them for all that a sender sends.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A limit that many share, first come, first served. It may be changed at any time.
#[derive(Debug)]
pub(crate) struct Pace(Mutex<Bucket>);

#[derive(Debug)]
struct Bucket {
    /// Bytes a second; any number without one.
    rate: Option<u64>,
    /// When all that was promised so far has gone.
    free: Instant,
}

impl Pace {
    /// What may go at once after a rest, so that a timer that is late costs nothing.
    const BURST: Duration = Duration::from_millis(200);

    /// Nobody waits longer than this for one piece, whatever its length: a new limit is soon kept to.
    const PIECE: Duration = Duration::from_millis(100);

    /// The shortest piece that is worth the trouble, in bytes.
    const SHORTEST: u64 = 512;

    pub(crate) fn new(rate: Option<u64>) -> Self {
        Self(Mutex::new(Bucket { rate, free: Instant::now() }))
    }

    /// Lets so many bytes go in a second from now on.
    pub(crate) fn set(&self, rate: Option<u64>) {
        let mut bucket = self.bucket();
        if bucket.rate != rate {
            // What was promised at the old rate is not waited for.
            *bucket = Bucket { rate, free: bucket.free.min(Instant::now()) };
        }
    }

    /// The most bytes that are to go at once.
    pub(crate) fn most(&self) -> usize {
        let piece = |rate: u64| (rate / (1000 / Self::PIECE.as_millis() as u64)).max(Self::SHORTEST);
        self.bucket().rate.map_or(usize::MAX, |rate| usize::try_from(piece(rate)).unwrap_or(usize::MAX))
    }

    /// Promises so many bytes, and answers with how long to wait before they go.
    pub(crate) fn reserve(&self, bytes: usize) -> Duration {
        let now = Instant::now();
        let mut bucket = self.bucket();
        let Some(rate) = bucket.rate.filter(|rate| *rate > 0) else { return Duration::ZERO };
        let start = now.checked_sub(Self::BURST).map_or(bucket.free, |earliest| bucket.free.max(earliest));
        bucket.free = start + Duration::from_secs_f64(bytes as f64 / rate as f64);
        bucket.free.saturating_duration_since(now)
    }

    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::future::join_all;

    use super::*;
    use crate::flow::Flow;

    /// Sends bytes as a store does, and answers with how long it took.
    async fn send(flow: &Flow, bytes: usize) -> Duration {
        let begun = Instant::now();
        let mut left = bytes;
        while left > 0 {
            let piece = left.min(flow.most()).min(256 * 1024);
            tokio::time::sleep(flow.reserve(piece)).await;
            flow.passed(piece);
            left -= piece;
        }
        begun.elapsed()
    }

    fn flow(pace: &Arc<Pace>) -> Flow {
        Flow::new(Arc::clone(pace), Arc::new(|_| ()))
    }

    /// The pace that is kept lies within what a burst may spare.
    fn assert_takes(took: Duration, seconds: f64) {
        let took = took.as_secs_f64();
        assert!(took <= seconds + 0.11 && took >= seconds - 0.31, "{took} s instead of {seconds} s");
    }

    #[tokio::test(start_paused = true)]
    async fn all_together_keep_to_the_pace() {
        for (rate, senders, bytes) in
            [(1_000, 1, 10_000), (1_000, 16, 1_000), (500_000, 4, 1_000_000), (50_000_000, 3, 100_000_000)]
        {
            let pace = Arc::new(Pace::new(Some(rate)));
            let flows: Vec<Flow> = (0..senders).map(|_| flow(&pace)).collect();
            let begun = Instant::now();
            join_all(flows.iter().map(|flow| send(flow, bytes))).await;
            assert_takes(begun.elapsed(), (senders * bytes) as f64 / rate as f64);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nobody_waits() {
        let pace = Arc::new(Pace::new(None));
        assert_eq!(send(&flow(&pace), 1 << 40).await, Duration::ZERO);
        assert_eq!(send(&Flow::default(), 1 << 40).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_limit_holds_at_once() {
        let pace = Arc::new(Pace::new(Some(1_000)));
        let (slow, other) = (flow(&pace), flow(&pace));
        let begun = Instant::now();
        let change = async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            pace.set(Some(100_000));
        };
        tokio::join!(send(&slow, 105_000), change);
        assert_takes(begun.elapsed(), 6.0);
        pace.set(None);
        assert_eq!(send(&other, 1 << 30).await, Duration::ZERO);
        // And one that comes after a long rest.
        pace.set(Some(10_000));
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_takes(send(&other, 100_000).await, 10.0);
    }
}

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::page::Page;

/// Times how long the page's thread is held up: the longest gap between two ticks, and between two frames; and how
/// long a key waits until it is seen, and until what it did is painted.
const PROBE: &str = r"
    const seen = { ticks: 0, tickMs: 0, frameMs: 0, keys: 0, keyMs: 0, paintMs: 0 };
    let tick = performance.now();
    let frame = tick;
    const clock = setInterval(() => {
        const now = performance.now();
        seen.ticks += 1;
        seen.tickMs = Math.max(seen.tickMs, now - tick);
        tick = now;
    }, 5);
    let running = true;
    const paint = () => {
        const now = performance.now();
        seen.frameMs = Math.max(seen.frameMs, now - frame);
        frame = now;
        if (running) requestAnimationFrame(paint);
    };
    requestAnimationFrame(paint);
    const key = (event) => {
        const begun = event.timeStamp;
        seen.keys += 1;
        seen.keyMs = Math.max(seen.keyMs, performance.now() - begun);
        requestAnimationFrame(() => setTimeout(() => {
            seen.paintMs = Math.max(seen.paintMs, performance.now() - begun);
        }));
    };
    addEventListener('keydown', key, true);
    window.stalls = () => {
        running = false;
        clearInterval(clock);
        removeEventListener('keydown', key, true);
        return seen;
    };
";

/// How the page's thread fared over a while.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stalls {
    /// How often it got round to a tick that is wanted every 5 ms.
    pub(crate) ticks: u32,
    /// The longest time between two of them, in ms.
    pub(crate) tick_ms: f64,
    /// The longest time between two frames, in ms.
    pub(crate) frame_ms: f64,
    /// Keys that were pressed.
    pub(crate) keys: u32,
    /// The longest time from a key to the page, in ms.
    pub(crate) key_ms: f64,
    /// The longest time from a key to the paint after it, in ms.
    pub(crate) paint_ms: f64,
}

impl fmt::Display for Stalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tick_ms, frame_ms, keys, key_ms, paint_ms, .. } = self;
        write!(f, "the page was held up for {tick_ms:.0} ms at most, with {frame_ms:.0} ms between two frames; ")?;
        write!(f, "of {keys} keys the slowest was seen after {key_ms:.0} ms and painted after {paint_ms:.0} ms")
    }
}

impl Stalls {
    /// Begins to measure.
    pub(crate) async fn begin(page: &Page) {
        page.read::<()>(PROBE, json!([])).await;
    }

    /// Ends it, and gives what was measured.
    pub(crate) async fn end(page: &Page) -> Self {
        page.read("return window.stalls()", json!([])).await
    }

    /// The longest of several round trips through the app's main loop and the page, for as long as some work takes.
    pub(crate) async fn longest_answer<T>(page: &Page, work: impl Future<Output = T>) -> (T, Duration) {
        let mut longest = Duration::ZERO;
        let mut work = std::pin::pin!(work);
        loop {
            let asked = std::time::Instant::now();
            tokio::select! {
                biased;
                done = &mut work => return (done, longest),
                () = page.read::<()>("return null", json!([])) => longest = longest.max(asked.elapsed()),
            }
        }
    }
}

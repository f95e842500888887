//! A test instrument: dies as `kill -9` would, at a named crash point.

use std::sync::atomic::{AtomicU64, Ordering};

use rustix::process::{Signal, getpid, kill_process};

/// Names the crash point, and after a colon at which of its passages: `transcode.published:3`.
const VARIABLE: &str = "LACQUER_KILL_AT";

/// Makes the process kill itself where the variable says.
///
/// # Panics
/// Where the variable is no crash point with a passage: a test that kills nothing would pass for nothing.
pub fn arm() {
    let Ok(text) = std::env::var(VARIABLE) else {
        return;
    };
    let (name, passage) = match text.split_once(':') {
        Some((name, passage)) => (name, passage.parse().expect("LACQUER_KILL_AT is NAME or NAME:PASSAGE")),
        None => (text.as_str(), 1),
    };
    let passages = AtomicU64::new(0);
    let point = fail::cfg_callback(name, move || {
        if passages.fetch_add(1, Ordering::SeqCst) + 1 == passage {
            // Only this process itself is meant, and a process may always signal itself.
            let _ = kill_process(getpid(), Signal::KILL);
            // The signal may reach another thread of the process first; this one goes no further.
            loop {
                std::thread::park();
            }
        }
    });
    point.expect("a crash point can be given a callback");
}

//! A test instrument: dies as `kill -9` would, at a named crash point.

use std::num::NonZeroU64;
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
    let (name, passage) =
        parse(&text).expect("LACQUER_KILL_AT is NAME or NAME:PASSAGE, and passages are counted from 1");
    let passages = Passages::new(passage);
    let point = fail::cfg_callback(name, move || {
        if passages.is_it() {
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

/// A crash point's name, and which of its passages is meant.
fn parse(text: &str) -> Option<(&str, NonZeroU64)> {
    let (name, passage) = match text.split_once(':') {
        Some((name, passage)) => (name, passage.parse().ok()?),
        None => (text, NonZeroU64::MIN),
    };
    (!name.is_empty()).then_some((name, passage))
}

/// Counts the passages of a crash point.
struct Passages {
    meant: NonZeroU64,
    made: AtomicU64,
}

impl Passages {
    fn new(meant: NonZeroU64) -> Self {
        Self { meant, made: AtomicU64::new(0) }
    }

    /// Whether the one that is made now is the one that is meant.
    fn is_it(&self) -> bool {
        self.made.fetch_add(1, Ordering::SeqCst) + 1 == self.meant.get()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_point_is_named_with_one_of_its_passages() {
        let parsed = |text| parse(text).map(|(name, passage)| (name, passage.get()));
        assert_eq!(parsed("transcode.sent"), Some(("transcode.sent", 1)));
        assert_eq!(parsed("transcode.published:3"), Some(("transcode.published", 3)));
        for nothing in ["", ":1", "transcode.sent:", "transcode.sent:0", "transcode.sent:soon", "transcode.sent:1:2"] {
            assert_eq!(parsed(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn the_passage_that_is_meant_counts_and_no_other() {
        for meant in 1..=4 {
            let passages = Passages::new(NonZeroU64::new(meant).unwrap());
            let found: Vec<bool> = (1..=5).map(|_| passages.is_it()).collect();
            assert_eq!(found, (1..=5).map(|passage| passage == meant).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_process_dies_at_that_passage() {
        const CHILD: &str = "LACQUER_KILL_AT_TEST";
        // By their names alone: what stands in a fail_point! as it is is a crash point of the product.
        const POINT: &str = "kill-at.test";
        const ANOTHER: &str = "kill-at.another";
        if std::env::var_os(CHILD).is_some() {
            arm();
            for passage in 1..=4 {
                println!("comes to passage {passage}");
                fail::fail_point!(ANOTHER);
                fail::fail_point!(POINT);
            }
            return;
        }
        for (point, passages) in [("kill-at.test", 1), ("kill-at.test:3", 3), ("kill-at.test:5", 4)] {
            let name = "kill_at::tests::the_process_dies_at_that_passage";
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args([name, "--exact", "--nocapture"]).env(CHILD, "yes").env(VARIABLE, point);
            let ended = child.output().unwrap();
            let killed = (passages < 4).then_some(Signal::KILL.as_raw());
            assert_eq!(ended.status.signal(), killed, "{point}: {ended:?}");
            let said = String::from_utf8(ended.stdout).unwrap();
            assert_eq!(said.matches("comes to passage").count(), passages, "{point}: {said}");
        }
    }
}

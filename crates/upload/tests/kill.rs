//! A process that sends is killed with SIGKILL at every crash point, and another goes on: the objects are whole, and
//! nothing that was finished is sent again.
//!
//! The test runs itself as the process to kill.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio_util::sync::CancellationToken;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use upload::digest::MIB;
use upload::{
    CRASH_POINTS, DirStore, FileDigest, FileToSend, ObjectStore as _, OnProgress, Options, SendError, Sender,
};

const FOLDER: &str = "UPLOAD_TEST_FOLDER";
const KILL_AT: &str = "UPLOAD_TEST_KILL_AT";

#[test]
fn a_killed_process_goes_on_and_sends_nothing_twice() {
    for point in CRASH_POINTS {
        for passage in 1..=2 {
            let folder = tempfile::tempdir().unwrap();
            prepare(folder.path());
            let killed = process(folder.path(), Some(&format!("{point}:{passage}")));
            if passage == 1 {
                assert_eq!(killed.signal(), Some(9), "{point} is passed");
            } else if killed.success() {
                // Passed less often than that.
                break;
            }
            assert!(process(folder.path(), None).success(), "after {point}, passage {passage}");
            check(folder.path(), &format!("after {point}, passage {passage}"));
        }
    }
}

/// The process to kill. Without its folder it is no test of anything.
#[test]
fn process_to_kill() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    if let Ok(kill_at) = std::env::var(KILL_AT) {
        let (point, passage) = kill_at.split_once(':').unwrap();
        let (passage, passed) = (passage.parse::<usize>().unwrap(), AtomicUsize::new(0));
        fail::cfg_callback(point, move || {
            if passed.fetch_add(1, Ordering::SeqCst) + 1 == passage {
                let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            }
        })
        .unwrap();
    }
    let ledger = OpenOptions::new().create(true).append(true).open(folder.join("ledger")).unwrap();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Ledger(ledger))).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = DirStore::open(folder.join("store")).unwrap();
        let options = Options { parallel_parts: 2, smallest_part: MIB, ..Options::default() };
        let sender = Sender::new(Arc::new(store), folder.join("journals"), options);
        for name in ["short", "long"] {
            let quiet: OnProgress = Arc::new(|_| ());
            sender.send(&file(&folder, name), &quiet, &CancellationToken::new()).await.unwrap();
        }
        // Begun, and given up for good after its first part.
        let cancel = CancellationToken::new();
        let token = cancel.clone();
        let cancelling: OnProgress = Arc::new(move |progress| {
            if progress.arrived > 0 {
                token.cancel();
            }
        });
        let given_up = sender.send(&file(&folder, "given-up"), &cancelling, &cancel).await;
        assert!(matches!(given_up, Err(SendError::Cancelled)));
        sender.discard("given-up").await.unwrap();
    });
}

fn process(folder: &Path, kill_at: Option<&str>) -> ExitStatus {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["process_to_kill", "--exact", "--nocapture"]).env(FOLDER, folder).env_remove(KILL_AT);
    if let Some(kill_at) = kill_at {
        command.env(KILL_AT, kill_at);
    }
    let output = command.output().unwrap();
    if !output.status.success() && output.status.signal() != Some(9) {
        panic!("{}", String::from_utf8_lossy(&output.stderr));
    }
    output.status
}

fn prepare(folder: &Path) {
    for (name, bytes) in [("short", 1000), ("long", 3 * MIB + 1000), ("given-up", 3 * MIB)] {
        let content: Vec<u8> = (0..bytes).map(|n| (n.wrapping_mul(n) >> 9) as u8).collect();
        fs::write(folder.join(name), content).unwrap();
    }
}

fn file(folder: &Path, name: &str) -> FileToSend {
    let path = folder.join(name);
    let digest = FileDigest::of_file(&path).unwrap();
    FileToSend { path, key: name.into(), digest }
}

fn check(folder: &Path, when: &str) {
    for name in ["short", "long"] {
        let (sent, there) = (fs::read(folder.join(name)).unwrap(), fs::read(folder.join("store").join(name)).unwrap());
        assert!(sent == there, "{name} is whole {when}");
    }
    // What remained of a killed process is gone when the store was opened once more.
    let store = DirStore::open(folder.join("store")).unwrap();
    let given_up = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(store.confirm("given-up"));
    assert_eq!(given_up.unwrap(), None, "{when}");
    for left in ["store/.store/tmp", "journals"] {
        assert_eq!(fs::read_dir(folder.join(left)).unwrap().count(), 0, "{left} is empty {when}");
    }
    let mut finished = HashSet::new();
    for line in fs::read_to_string(folder.join("ledger")).unwrap().lines() {
        let (item, step) = line.rsplit_once(' ').unwrap();
        match step {
            // What was given up may be begun anew.
            _ if item.contains("given-up") => {}
            "end" => assert!(finished.insert(item.to_owned()), "{item} is finished twice {when}"),
            _ => assert!(!finished.contains(item), "{item} is done twice {when}"),
        }
    }
}

/// Writes the ledger's events to a file, a line each: a write that returned outlives the process.
struct Ledger(fs::File);

impl<S: tracing::Subscriber> Layer<S> for Ledger {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "ledger" {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        let _ = (&self.0).write_all(format!("{} {} {}\n", fields.act, fields.item, fields.step).as_bytes());
    }
}

#[derive(Default)]
struct Fields {
    act: String,
    item: String,
    step: String,
}

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        let text = format!("{value:?}").trim_matches('"').to_owned();
        match field.name() {
            "act" => self.act = text,
            "item" => self.item = text,
            "step" => self.step = text,
            _ => {}
        }
    }
}

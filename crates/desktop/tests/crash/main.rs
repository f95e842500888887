//! A process that is killed at each point of a delivery's way through the desk, and another that goes on.

#![cfg(test)]

#[path = "../session/album.rs"]
mod album;

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use desktop::{Options, Outcome, Session};
use release::keys;

/// Where a process may end, and at which passage.
const POINTS: [(&str, usize); 9] = [
    ("desktop.measured-noted", 1),
    ("desktop.measured-noted", 2),
    ("desktop.draft-saved", 1),
    ("desktop.draft-saved", 2),
    ("desktop.queued", 1),
    ("desktop.assets-sent", 1),
    ("desktop.manifest-written", 1),
    ("desktop.queue-noted", 1),
    ("upload.put-sent", 2),
];

#[test]
fn a_killed_desk_goes_on_where_it_was() {
    for (point, passage) in POINTS {
        let place = tempfile::tempdir().unwrap();
        album::write(place.path(), &["Harbour", "Low Light"]);
        let context = format!("{point}, passage {passage}");
        assert!(!deliver(place.path(), Some((point, passage))), "{context}: was not passed");
        assert!(deliver(place.path(), None), "{context}: did not come to its end");

        let home = place.path().join("workspace");
        let manifests = files(&home.join("masters/local")).into_iter();
        let manifests = manifests.filter(|path| path.to_str().unwrap().ends_with(keys::MANIFEST_SUFFIX));
        assert_eq!(manifests.count(), 1, "{context}: manifests");
        let letters =
            files(&home.join("outbox")).into_iter().filter(|path| path.extension().is_some_and(|e| e == "eml"));
        assert_eq!(letters.count(), 1, "{context}: letters");
        assert_nothing_twice(&place.path().join("ledger"), &context);
    }
}

/// Delivers the album in a process of its own; true where it came to its end.
fn deliver(place: &Path, kill_at: Option<(&str, usize)>) -> bool {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "child", "--nocapture"]).env("CRASH_PLACE", place);
    if let Some((point, passage)) = kill_at {
        child.env("CRASH_POINT", point).env("CRASH_PASSAGE", passage.to_string());
    }
    let ended = child.output().unwrap();
    let killed = ended.status.code().is_none();
    assert!(ended.status.success() || killed, "{}", String::from_utf8_lossy(&ended.stderr));
    !killed
}

/// What runs in the process of its own; nothing in any other.
#[test]
fn child() {
    let Some(place) = env::var_os("CRASH_PLACE").map(PathBuf::from) else { return };
    let ledger = File::options().append(true).create(true).open(place.join("ledger")).unwrap();
    tracing_subscriber::fmt().json().with_env_filter("ledger=info").with_writer(Mutex::new(ledger)).init();
    if let Ok(point) = env::var("CRASH_POINT") {
        let last: usize = env::var("CRASH_PASSAGE").unwrap().parse().unwrap();
        let passages = AtomicUsize::new(0);
        fail::cfg_callback(point, move || {
            if passages.fetch_add(1, Ordering::SeqCst) + 1 == last {
                let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            }
        })
        .unwrap();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let session = Session::open(&place.join("workspace"), Options::default()).await.unwrap();
        session.subscribe("Ann Ash", "ann@example.org").await.unwrap();
        let draft = session.import(vec![place.join("Ann Ash - Slack Water")]).await.unwrap();
        album::complete(&session, draft).await.unwrap();
        let delivery = session.queue(draft).await.unwrap().delivery;
        let outcome = session.wait_for(|view| view.outcome(delivery)).await.unwrap();
        assert_eq!(outcome, Outcome::Live);
        assert_eq!(session.view().drafts.len(), 1);
        assert_eq!(session.view().queue.len(), 1);
        session.close().await;
    });
}

/// That no piece of work began once it had ended, in whichever process.
fn assert_nothing_twice(ledger: &Path, context: &str) {
    let mut ended = BTreeSet::new();
    let text = fs::read_to_string(ledger).unwrap();
    // A line that a killed process was writing may be cut short.
    for line in text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        let field = |name: &str| line["fields"][name].as_str().unwrap_or_default().to_owned();
        let piece = (field("act"), field("item"));
        match field("step").as_str() {
            "begin" => assert!(!ended.contains(&piece), "{context}: {piece:?} was done twice"),
            "end" => {
                ended.insert(piece);
            }
            _ => panic!("{context}: {line}"),
        }
    }
    let acts: BTreeSet<&str> = ended.iter().map(|(act, _)| act.as_str()).collect();
    assert!(
        acts.is_superset(&BTreeSet::from(["hash", "manifest", "object", "mail", "rendition"])),
        "{context}: {acts:?}"
    );
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

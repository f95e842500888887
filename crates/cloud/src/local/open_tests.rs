//! What opening a workspace makes, and what it says where it cannot.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::{LocalCloud, OpenError, Settings};
use crate::catalogue::sample;
use crate::ports::ManualClock;

/// Of a workspace with one live release, one subscription and its letter.
const FIXTURE_1: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cloud-1.db");

fn open(home: &Path) -> Result<LocalCloud, OpenError> {
    let settings = Settings { label: sample::key().label, review: false, artists_mail: true };
    LocalCloud::open(home, settings, Arc::new(ManualClock::new(sample::start())))
}

fn words(home: &Path) -> String {
    let error = open(home).unwrap_err().to_string();
    error.replace(&*home.to_string_lossy(), "[home]")
}

#[test]
fn what_is_made_is_for_its_owner_alone() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("workspace");
    let _cloud = open(&home).unwrap();
    for name in ["", "outbox", "scratch", "scratch/transcode", "masters", "renditions"] {
        let mode = fs::metadata(home.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
    for name in ["cloud.db", "cloud.db-wal", "cloud.db-shm"] {
        let mode = fs::metadata(home.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}: {mode:o}");
    }
}

#[test]
fn scratch_files_of_a_dead_process_are_removed() {
    let home = TempDir::new().unwrap();
    drop(open(home.path()).unwrap());
    let left = home.path().join("scratch/transcode/track-1");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("flac.flac"), b"half").unwrap();
    let letter = home.path().join("outbox/.unfinished-1");
    fs::write(&letter, b"half").unwrap();
    drop(open(home.path()).unwrap());
    assert!(!left.exists() && !letter.exists());
}

#[test]
fn a_damaged_database_is_named_with_what_to_do() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("cloud.db"), b"This is not a database. ".repeat(100)).unwrap();
    insta::assert_snapshot!(words(home.path()), @"[home]/cloud.db is damaged (file is not a database). Move it out of the workspace and start again: the app makes a new one, and takes in every delivery in the workspace anew. Who follows which artist is lost with it.");
}

#[test]
fn a_database_with_a_damaged_page_is_named_too() {
    let home = TempDir::new().unwrap();
    drop(open(home.path()).unwrap());
    let path = home.path().join("cloud.db");
    let mut bytes = fs::read(&path).unwrap();
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..2048].fill(0xa5);
    }
    fs::write(&path, bytes).unwrap();
    let error = open(home.path()).unwrap_err();
    assert!(matches!(error, OpenError::Database(super::DatabaseError::Damaged { .. })), "{error}");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let home = TempDir::new().unwrap();
    drop(open(home.path()).unwrap());
    let path = home.path().join("cloud.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 7).unwrap();
    insta::assert_snapshot!(words(home.path()), @"[home]/cloud.db was written by a newer version of this app (format 7, and this one knows 2). Update the app.");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("outbox"), b"a file where a folder belongs").unwrap();
    insta::assert_snapshot!(words(home.path()), @"The workspace folder [home]/outbox cannot be written: File exists. See that the disk is not full, and that the folder belongs to you.");
}

#[test]
fn a_read_only_database_is_named() {
    let home = TempDir::new().unwrap();
    fs::create_dir(home.path().join("cloud.db")).unwrap();
    insta::assert_snapshot!(words(home.path()), @"[home]/cloud.db cannot be written: Is a directory. See that the disk is not full, and that its folder belongs to you.");
}

/// What stands in a database's outbox, and which letters were written for what.
fn errands_and_letters(home: &Path) -> Vec<(String, String)> {
    let connection = rusqlite::Connection::open(home.join("cloud.db")).unwrap();
    let rows = "SELECT id, 'errand' FROM outbox UNION ALL SELECT entry, reference FROM letters
                UNION ALL SELECT letter ->> '$.entry', letter ->> '$.name' FROM letters";
    let mut rows = connection.prepare(rows).unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Names of errands begin with the label since version 2: what was done before is not done again for its new name.
#[test]
fn errands_of_version_1_keep_being_done_and_letters_their_files() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("cloud.db");
    fs::copy(FIXTURE_1, &path).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    // Every kind of errand that version 1 had, after the fixture's own.
    let kinds = [
        r#"{"transcode":{"key":{"label":"a"}}}"#,
        r#"{"tell-each":{"news":{"key":{"label":"b"}}}}"#,
        r#"{"send":{"manifest":{"key":"c/releases/x/deliveries/y.delivery.json"}}}"#,
        r#"{"send":{"happened":{"key":{"label":"d"}}}}"#,
        r#"{"something":"else"}"#,
    ];
    for (number, errand) in (1..).zip(kinds) {
        let row = (format!("errand-{number}"), errand);
        connection.execute("INSERT INTO outbox (id, errand, done_at) VALUES (?1, ?2, 1)", row).unwrap();
    }
    drop(connection);
    drop(open(home.path()).unwrap());
    insta::assert_debug_snapshot!(errands_and_letters(home.path()));
}

/// Every table and index, and the columns of each.
fn schema(path: &Path) -> Vec<(String, String)> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut objects = connection.prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name").unwrap();
    let rows = objects.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// A file of an old version becomes what is made now. So a change of a step that was released is found, too.
#[test]
fn a_database_of_version_1_gets_the_schema_of_a_new_one() {
    let (old, new) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fs::copy(FIXTURE_1, old.path().join("cloud.db")).unwrap();
    for home in [&old, &new] {
        drop(open(home.path()).unwrap());
    }
    let tables = schema(&new.path().join("cloud.db"));
    assert!(tables.iter().any(|(name, _)| name == "releases"), "{tables:?}");
    assert_eq!(schema(&old.path().join("cloud.db")), tables);
}

#[test]
fn a_database_of_version_1_is_read() {
    let home = TempDir::new().unwrap();
    fs::copy(FIXTURE_1, home.path().join("cloud.db")).unwrap();
    let cloud = open(home.path()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let view = cloud.release(sample::key().release).await.unwrap().unwrap();
        let state = (view.state, view.title, view.tracks.len(), view.tracks[0].renditions.len());
        insta::assert_debug_snapshot!(state);
        assert!(view.tracks[0].renditions.iter().all(|rendition| rendition.facts.is_some()));
        assert_eq!(cloud.subscriptions().await.unwrap().len(), 1);
        let letter = &cloud.mails().await.unwrap()[0].letter;
        assert_eq!((letter.to.as_str(), letter.release), ("fan@example.org", Some(sample::key().release)));
    });
}

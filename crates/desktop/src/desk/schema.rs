//! The tables, and how old databases become new ones.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

use super::DeskError;
use crate::private;

/// A step a version: the database's `user_version` is the number of those that were taken. Never change one that
/// was released; add one.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE drafts (
        release TEXT PRIMARY KEY,
        body    TEXT NOT NULL
    ) STRICT;
    CREATE TABLE deliveries (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        delivery TEXT NOT NULL UNIQUE,
        release  TEXT NOT NULL,
        title    TEXT NOT NULL,
        upc      TEXT,
        sources  TEXT NOT NULL,
        content  TEXT NOT NULL,
        bytes    INTEGER NOT NULL,
        manifest BLOB NOT NULL,
        files    TEXT NOT NULL,
        state    TEXT NOT NULL,
        trouble  TEXT
    ) STRICT;
    CREATE INDEX deliveries_of_release ON deliveries (release, position);
    CREATE TABLE measured (
        path     BLOB PRIMARY KEY,
        identity TEXT NOT NULL,
        body     TEXT NOT NULL
    ) STRICT;
    CREATE TABLE settings (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
    CREATE TABLE set_aside (
        number INTEGER PRIMARY KEY,
        origin TEXT NOT NULL,
        key    TEXT NOT NULL,
        body   TEXT NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
"];

/// The latest version that this program reads.
const VERSION: i64 = MIGRATIONS.len() as i64;

/// Opens a database and brings it up to date.
pub(super) fn open(path: &Path) -> Result<Connection, DeskError> {
    let error = |source| DeskError::Database { path: path.to_owned(), source };
    let mut connection = Connection::open(path).map_err(error)?;
    // Before the first write, so that the journal beside it inherits the rights.
    let _ = private::restrict_file(path);
    // WAL with FULL: a transaction that was committed is on disk, and readers do not wait for it.
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .map_err(error)?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(error)?;
    if found > VERSION {
        return Err(DeskError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    for (step, version) in MIGRATIONS.iter().zip(1_i64..).skip(usize::try_from(found).unwrap_or(0)) {
        let work = connection.transaction().map_err(error)?;
        work.execute_batch(step).map_err(error)?;
        work.pragma_update(None, "user_version", version).map_err(error)?;
        work.commit().map_err(error)?;
    }
    Ok(connection)
}

/// Renames a file that is no database, and what SQLite keeps beside it.
pub(super) fn move_aside(path: &Path, now: Timestamp) -> Result<PathBuf, DeskError> {
    let suffix = format!("-set-aside-{}", now.as_millisecond());
    let with = |ending: &str| {
        let mut name = OsString::from(path);
        name.push(ending);
        PathBuf::from(name)
    };
    let place = with(&suffix);
    for (from, to) in [
        (path.to_owned(), place.clone()),
        (with("-wal"), with(&format!("{suffix}-wal"))),
        (with("-shm"), with(&format!("{suffix}-shm"))),
    ] {
        match fs::rename(&from, &to) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(DeskError::MoveAside { path: from, source }),
        }
    }
    Ok(place)
}

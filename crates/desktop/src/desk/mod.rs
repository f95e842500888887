//! The desk's database, `desk.db`: drafts, queue, measured files and settings. What a call has written is on disk
//! when it returns.

mod drafts;
mod measured;
mod queue;
mod schema;
mod settings;

#[cfg(test)]
mod desk_tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::Connection;
use thiserror::Error;

use crate::blocking::blocking;

pub(crate) use queue::NewDelivery;

/// The desk's database. Its calls wait for the disk: use [`SharedDesk::run`] from async code.
#[derive(Debug)]
pub(crate) struct Desk {
    connection: Connection,
}

/// The desk, for the session and the threads that work for it.
#[derive(Debug, Clone)]
pub(crate) struct SharedDesk(Arc<Mutex<Desk>>);

/// Why the desk's database cannot be read or written.
#[derive(Debug, Error)]
pub enum DeskError {
    /// The database fails.
    #[error("The workspace's {path} cannot be used: {source}. {help}", path = .path.display(), help = help_of(source))]
    Database {
        /// The database.
        path: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
    /// Made by a later Lacquer.
    #[error(
        "The workspace's {path} was made by a newer Lacquer (its format is {found}, and this one knows {known}). \
         Update Lacquer, or give another --workspace.",
        path = .path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The version that is there.
        found: i64,
        /// The latest that this program reads.
        known: i64,
    },
    /// A database that is none cannot be moved aside.
    #[error(
        "The workspace's {path} is damaged, and cannot be moved aside: {said}. Move it away, or give another --workspace.",
        path = .path.display(),
        said = upload::said_by_system(source)
    )]
    MoveAside {
        /// The database.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Something stored that could not be read and was put aside, so that the rest can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetAside {
    /// What it was, in words: `a draft`.
    pub(crate) what: &'static str,
    /// Where it is now, in words.
    pub(crate) place: String,
    /// Why it could not be read.
    pub(crate) reason: String,
}

impl Desk {
    /// Opens the database, or makes a new one where there is none or where what is there is no database.
    pub(crate) fn open(path: &Path, now: Timestamp) -> Result<(Self, Vec<SetAside>), DeskError> {
        let mut set_aside = Vec::new();
        let connection = match schema::open(path) {
            Ok(connection) => connection,
            Err(DeskError::Database { source, .. }) if is_no_database(&source) => {
                let place = schema::move_aside(path, now)?;
                set_aside.push(SetAside {
                    what: "the desk's database",
                    place: place.display().to_string(),
                    reason: source.to_string(),
                });
                schema::open(path)?
            }
            Err(error) => return Err(error),
        };
        Ok((Self { connection }, set_aside))
    }

    fn error(&self, source: rusqlite::Error) -> DeskError {
        DeskError::Database { path: self.connection.path().unwrap_or("desk.db").into(), source }
    }

    /// Moves a row that cannot be read into the table `set_aside`.
    fn put_aside(&mut self, table: &'static str, key: &str, body: &str, reason: &str) -> rusqlite::Result<()> {
        let (table_key, key_column) = match table {
            "drafts" => ("drafts", "release"),
            _ => ("settings", "name"),
        };
        let work = self.connection.transaction()?;
        work.execute(
            "INSERT INTO set_aside (origin, key, body, reason) VALUES (?1, ?2, ?3, ?4)",
            (table, key, body, reason),
        )?;
        work.execute(&format!("DELETE FROM {table_key} WHERE {key_column} = ?1"), [key])?;
        work.commit()
    }
}

impl SharedDesk {
    pub(crate) fn new(desk: Desk) -> Self {
        Self(Arc::new(Mutex::new(desk)))
    }

    /// Works on the desk from a thread that may wait.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Desk> {
        // Every change is one transaction, so that a panic half-way left none.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the desk from async code, on a thread that may wait for the disk.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Desk) -> T + Send + 'static) -> T {
        let desk = self.clone();
        blocking(move || work(&mut desk.lock())).await
    }
}

fn is_no_database(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

fn help_of(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "Free some space and try again.",
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "Make the workspace's folder writable for you, or give another --workspace."
        }
        _ => "Check the disk, or give another --workspace.",
    }
}

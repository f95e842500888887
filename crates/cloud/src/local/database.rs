use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use thiserror::Error;
use tokio::sync::watch;

use super::migrations::STEPS;
use super::private;
use crate::ports::PortError;

/// The SQLite file of a local workspace. All that is written is on the disk when a call returns.
#[derive(Debug, Clone)]
pub(super) struct Database {
    connection: Arc<Mutex<Connection>>,
    /// Wakes those who wait for rows.
    written: watch::Sender<u64>,
    /// Tells those who show what is there.
    changed: watch::Sender<u64>,
}

/// Why the database of a workspace cannot be used.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The folder or file cannot be written.
    #[error("{} cannot be written: {}. See that the disk is not full, and that its folder belongs to you.", path.display(), upload::said_by_system(source))]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file's content makes no sense.
    #[error(
        "{} is damaged ({reason}). Move it out of the workspace and start again: the app makes a new one, and takes in \
         every delivery in the workspace anew. Who follows which artist is lost with it.",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not make sense.
        reason: String,
    },
    /// Written by a later version of this program.
    #[error("{} was written by a newer version of this app (format {found}, and this one knows {known}). Update the app.", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest that is known here.
        known: usize,
    },
    /// Anything else that SQLite says.
    #[error("{} cannot be opened: {source}.", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl Database {
    /// Opens the file, makes it where there is none, and brings an older one up to date. `changed` grows whenever a row
    /// was written.
    pub(super) fn open(path: &Path, changed: watch::Sender<u64>) -> Result<Self, DatabaseError> {
        let unwritable = |source| DatabaseError::Unwritable { path: path.to_owned(), source };
        // SQLite would make a file that others may read, and gives its journals the rights of the file.
        private::create_file(path).map_err(unwritable)?;
        let mut connection = connect(path).map_err(|error| explain(path, error))?;
        let verdict: String = connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|error| explain(path, error))?;
        if verdict != "ok" {
            return Err(DatabaseError::Damaged { path: path.to_owned(), reason: verdict });
        }
        migrate(&mut connection, path)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), written: watch::Sender::new(0), changed })
    }

    /// Runs a transaction off the async threads. `doing` says what for, in an error: "saving release 01J…".
    pub(super) async fn write<T: Send + 'static>(
        &self,
        doing: impl Into<String>,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, PortError> {
        let signals = [self.written.clone(), self.changed.clone()];
        self.run(doing, move |connection| {
            let before = connection.total_changes();
            let result = transact(connection, work);
            if connection.total_changes() != before {
                for signal in signals {
                    signal.send_modify(|count| *count = count.wrapping_add(1));
                }
            }
            result
        })
        .await
    }

    /// Reads off the async threads.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        doing: impl Into<String>,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, PortError> {
        self.run(doing, |connection| work(connection)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        doing: impl Into<String>,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, PortError> {
        let connection = Arc::clone(&self.connection);
        let result = tokio::task::spawn_blocking(move || {
            // A transaction that panicked was rolled back when it was dropped: the connection is well.
            work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await;
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(PortError::new(doing, is_passing(&error), error)),
            Err(ended) => Err(PortError::new(doing, true, ended)),
        }
    }

    /// Changes whenever a row was written.
    pub(super) fn written(&self) -> watch::Receiver<u64> {
        self.written.subscribe()
    }
}

fn transact<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let result = work(&transaction)?;
    transaction.commit()?;
    Ok(result)
}

/// Milliseconds since 1970, as instants are stored.
pub(super) fn millis(instant: Timestamp) -> i64 {
    instant.as_millisecond()
}

/// The instant of a stored number; one that is none is far in the past.
pub(super) fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MIN)
}

/// Reads a JSON column.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(column: usize, text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// Writes a JSON column.
pub(super) fn to_json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A message that was acknowledged must outlive a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), DatabaseError> {
    let sqlite = |error| explain(path, error);
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sqlite)?;
    let known = STEPS.len();
    let start = match usize::try_from(found) {
        Ok(start) if start <= known => start,
        _ => return Err(DatabaseError::Newer { path: path.to_owned(), found, known }),
    };
    for (version, step) in (start + 1..).zip(&STEPS[start..]) {
        let transaction = connection.transaction().map_err(sqlite)?;
        transaction.execute_batch(step).map_err(sqlite)?;
        transaction.pragma_update(None, "user_version", version).map_err(sqlite)?;
        transaction.commit().map_err(sqlite)?;
    }
    Ok(())
}

fn explain(path: &Path, error: rusqlite::Error) -> DatabaseError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            DatabaseError::Damaged { path, reason: error.to_string() }
        }
        Some(ErrorCode::DiskFull) => DatabaseError::Unwritable { path, source: io::ErrorKind::StorageFull.into() },
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            DatabaseError::Unwritable { path, source: io::ErrorKind::PermissionDenied.into() }
        }
        _ => DatabaseError::Sqlite { path, source: error },
    }
}

fn is_passing(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull | ErrorCode::SystemIoFailure)
    )
}

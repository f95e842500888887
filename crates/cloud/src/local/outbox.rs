use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::database::{Database, from_json, instant, millis, to_json};
use crate::Letter;
use crate::catalogue::{EntryId, Errand, News, OutboxEntry, Tidings};
use crate::ports::{Clock, Mailed, Outbox, PortError};

/// What is to be done because records changed, in the workspace's database.
#[derive(Debug, Clone)]
pub(super) struct SqliteOutbox {
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
}

/// An entry that is not done, and how often it failed.
#[derive(Debug)]
pub(super) struct OpenEntry {
    pub(super) entry: OutboxEntry,
    pub(super) failures: u32,
}

#[async_trait]
impl Outbox for SqliteOutbox {
    async fn open(&self, entry: &EntryId) -> Result<Option<OutboxEntry>, PortError> {
        let entry = entry.clone();
        self.database
            .read("looking into the outbox", move |connection| {
                let errand = connection
                    .prepare_cached("SELECT errand FROM outbox WHERE id = ?1 AND done_at IS NULL")?
                    .query_row([entry.as_str()], |row| from_json(0, row.get_ref(0)?.as_str()?))
                    .optional()?;
                Ok(errand.map(|errand| OutboxEntry { id: entry, errand }))
            })
            .await
    }

    async fn done(&self, entry: &EntryId, letters: &[(Letter, Mailed)]) -> Result<(), PortError> {
        let (entry, letters, now) = (entry.as_str().to_owned(), letters.to_vec(), millis(self.clock.now()));
        self.database
            .write(format!("marking {entry} done"), move |transaction| {
                for (letter, mailed) in &letters {
                    transaction.execute(
                        "INSERT INTO letters (entry, reference, letter, at) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT DO NOTHING",
                        params![entry, mailed.reference, to_json(letter)?, now],
                    )?;
                }
                transaction
                    .execute("UPDATE outbox SET done_at = coalesce(done_at, ?2) WHERE id = ?1", params![entry, now])
            })
            .await
            .map(drop)
    }
}

impl SqliteOutbox {
    /// Ends all waiting of entries that failed.
    pub(super) fn recover(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        transaction.execute("UPDATE outbox SET try_at = 0 WHERE done_at IS NULL", []).map(drop)
    }

    /// The first entry that may be worked on.
    pub(super) async fn next(&self) -> Result<Option<OpenEntry>, PortError> {
        let now = millis(self.clock.now());
        self.database
            .read("looking into the outbox", move |connection| {
                connection
                    .prepare_cached(
                        "SELECT json_quote(id), errand, failures FROM outbox
                         WHERE done_at IS NULL AND try_at <= ?1 ORDER BY position LIMIT 1",
                    )?
                    .query_row([now], |row| {
                        let id: EntryId = from_json(0, row.get_ref(0)?.as_str()?)?;
                        let errand: Errand = from_json(1, row.get_ref(1)?.as_str()?)?;
                        Ok(OpenEntry { entry: OutboxEntry { id, errand }, failures: row.get(2)? })
                    })
                    .optional()
            })
            .await
    }

    /// When the next entry may be worked on, where one waits.
    pub(super) async fn next_at(&self) -> Result<Option<Timestamp>, PortError> {
        self.database
            .read("looking into the outbox", |connection| {
                connection.query_row("SELECT min(try_at) FROM outbox WHERE done_at IS NULL", [], |row| {
                    Ok(row.get::<_, Option<i64>>(0)?.map(instant))
                })
            })
            .await
    }

    /// Notes that an entry failed, and waits with it.
    pub(super) async fn put_back(&self, entry: &EntryId, until: Timestamp) -> Result<(), PortError> {
        let entry = entry.as_str().to_owned();
        self.database
            .write(format!("putting back {entry}"), move |transaction| {
                transaction.execute(
                    "UPDATE outbox SET failures = failures + 1, try_at = ?2 WHERE id = ?1",
                    params![entry, millis(until)],
                )
            })
            .await
            .map(drop)
    }

    /// The news that is to be told and was not tried yet.
    pub(super) async fn untold(&self) -> Result<Vec<News>, PortError> {
        self.database
            .read("looking into the outbox", |connection| {
                let open: Vec<Errand> = connection
                    .prepare_cached("SELECT errand FROM outbox WHERE done_at IS NULL AND failures = 0")?
                    .query_map([], |row| from_json(0, row.get_ref(0)?.as_str()?))?
                    .collect::<rusqlite::Result<_>>()?;
                let news = open.into_iter().filter_map(|errand| match errand {
                    Errand::Tell(news) | Errand::TellEach(Tidings { news, .. }) => Some(news),
                    Errand::Send(_) | Errand::Transcode(_) => None,
                });
                Ok(news.collect())
            })
            .await
    }

    /// The letters that were written, latest first; as many as anybody looks at.
    pub(super) async fn letters(&self) -> Result<Vec<(Letter, String)>, PortError> {
        self.database
            .read("reading the letters", |connection| {
                connection
                    .prepare_cached("SELECT letter, reference FROM letters ORDER BY at DESC, rowid DESC LIMIT 500")?
                    .query_map([], |row| Ok((from_json(0, row.get_ref(0)?.as_str()?)?, row.get(1)?)))?
                    .collect()
            })
            .await
    }
}

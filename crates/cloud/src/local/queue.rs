use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::database::{Database, instant, millis};
use crate::ports::{Clock, PortError, Queue};
use crate::{Message, MessageError, QueueName};

/// Queues in the workspace's database.
///
/// A message that was taken belongs to this process until it is done, put back or buried. It has no time-out: a
/// workspace has one process, which knows what it works on, and a laptop may sleep for hours. What a dead process had
/// taken is put back by `recover`.
#[derive(Debug, Clone)]
pub(super) struct SqliteQueue {
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
}

/// A message that was taken from its queue.
#[derive(Debug)]
pub(super) struct Taken {
    position: i64,
    /// What it says, where it can be read.
    pub(super) message: Result<Message, MessageError>,
    /// How often work on it failed.
    pub(super) failures: u32,
    /// How often the process ended while it worked on it.
    pub(super) interruptions: u32,
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The queue that it was in.
    pub queue: String,
    /// What it said.
    pub body: String,
    /// Why it was given up.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

#[async_trait]
impl Queue for SqliteQueue {
    async fn send(&self, message: &Message, dedup: &str) -> Result<(), PortError> {
        let (queue, group, body) = (message.queue(), message.group(), message.to_json());
        let (dedup, now) = (dedup.to_owned(), millis(self.clock.now()));
        self.database
            .write(format!("sending to the {} queue", queue.as_str()), move |transaction| {
                transaction.execute(
                    "INSERT INTO messages (queue, in_group, dedup, body, try_at) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (queue, dedup) DO NOTHING",
                    params![queue.as_str(), group, dedup, body, now],
                )
            })
            .await
            .map(drop)
    }
}

impl SqliteQueue {
    /// Puts back what a process that ended had taken, and ends all waiting: a person who starts the app again wants it
    /// to try.
    pub(super) fn recover(transaction: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<()> {
        transaction
            .execute(
                "UPDATE messages SET interruptions = interruptions + taken, taken = 0, try_at = min(try_at, ?1)",
                [millis(now)],
            )
            .map(drop)
    }

    /// Takes the first message that may be worked on.
    pub(super) async fn take(&self, queue: QueueName) -> Result<Option<Taken>, PortError> {
        let now = millis(self.clock.now());
        self.database
            .write(format!("taking from the {} queue", queue.as_str()), move |transaction| {
                let row = transaction
                    .prepare_cached(&format!("{HEADS} AND try_at <= ?2 ORDER BY position LIMIT 1"))?
                    .query_row(params![queue.as_str(), now], |row| {
                        Ok(Taken {
                            position: row.get("position")?,
                            message: Message::from_json(row.get_ref("body")?.as_str()?),
                            failures: row.get("failures")?,
                            interruptions: row.get("interruptions")?,
                        })
                    })
                    .optional()?;
                if let Some(taken) = &row {
                    transaction.execute("UPDATE messages SET taken = 1 WHERE position = ?1", [taken.position])?;
                }
                Ok(row)
            })
            .await
    }

    /// When the next message may be worked on, where one waits.
    pub(super) async fn next_at(&self, queue: QueueName) -> Result<Option<Timestamp>, PortError> {
        self.database
            .read(format!("looking into the {} queue", queue.as_str()), move |connection| {
                connection
                    .prepare_cached(&format!("{HEADS} ORDER BY try_at LIMIT 1"))?
                    .query_row([queue.as_str()], |row| row.get("try_at").map(instant))
                    .optional()
            })
            .await
    }

    /// Removes a message: its work is done.
    pub(super) async fn done(&self, taken: &Taken) -> Result<(), PortError> {
        let position = taken.position;
        self.database
            .write("removing a message", move |transaction| {
                transaction.execute("DELETE FROM messages WHERE position = ?1", [position])
            })
            .await
            .map(drop)
    }

    /// Puts a message back until an instant; `failed` counts towards giving it up.
    pub(super) async fn put_back(&self, taken: &Taken, until: Timestamp, failed: bool) -> Result<(), PortError> {
        let position = taken.position;
        self.database
            .write("putting back a message", move |transaction| {
                transaction.execute(
                    "UPDATE messages SET taken = 0, try_at = ?2, failures = failures + ?3 WHERE position = ?1",
                    params![position, millis(until), failed],
                )
            })
            .await
            .map(drop)
    }

    /// Moves a message to the dead letters.
    pub(super) async fn bury(&self, taken: &Taken, reason: &str) -> Result<(), PortError> {
        let (position, reason, now) = (taken.position, reason.to_owned(), millis(self.clock.now()));
        self.database
            .write("giving up a message", move |transaction| {
                transaction.execute(
                    "INSERT INTO dead_letters (queue, dedup, body, reason, at)
                     SELECT queue, dedup, body, ?2, ?3 FROM messages WHERE position = ?1",
                    params![position, reason, now],
                )?;
                transaction.execute("DELETE FROM messages WHERE position = ?1", [position])
            })
            .await
            .map(drop)
    }

    /// What was given up, latest first.
    pub(super) async fn dead_letters(&self) -> Result<Vec<DeadLetter>, PortError> {
        self.database
            .read("reading the dead letters", |connection| {
                connection
                    .prepare_cached("SELECT queue, body, reason, at FROM dead_letters ORDER BY position DESC")?
                    .query_map([], |row| {
                        Ok(DeadLetter {
                            queue: row.get(0)?,
                            body: row.get(1)?,
                            reason: row.get(2)?,
                            at: instant(row.get(3)?),
                        })
                    })?
                    .collect()
            })
            .await
    }
}

/// The messages of queue `?1` that may be taken: of a group, only the first that is left.
const HEADS: &str = "SELECT * FROM messages AS message WHERE queue = ?1 AND taken = 0 AND NOT EXISTS
    (SELECT 1 FROM messages AS earlier WHERE earlier.queue = message.queue AND earlier.in_group = message.in_group
     AND earlier.position < message.position)";

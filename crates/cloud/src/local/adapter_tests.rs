//! The adapters of a local workspace keep the ports' contracts, and a queue does what the worker relies on.

use std::fs;
use std::sync::Arc;

use jiff::SignedDuration;
use tempfile::TempDir;
use tokio::sync::watch;

use super::database::Database;
use super::leases::SqliteLeases;
use super::outbox::SqliteOutbox;
use super::outbox_folder::OutboxFolder;
use super::queue::SqliteQueue;
use super::releases::SqliteCatalogue;
use super::renditions::SqliteRenditions;
use super::subscriptions::SqliteSubscriptions;
use crate::catalogue::sample::{event, key, ready, start};
use crate::catalogue::{Fact, ReleaseKey};
use crate::ports::{Clock as _, ManualClock, Queue as _, contract};
use crate::{Message, QueueName};

struct Fixture {
    folder: TempDir,
    database: Database,
    clock: Arc<ManualClock>,
}

impl Fixture {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let database = Database::open(&folder.path().join("cloud.db"), watch::Sender::new(0)).unwrap();
        Self { folder, database, clock: Arc::new(ManualClock::new(start())) }
    }

    fn queue(&self) -> SqliteQueue {
        SqliteQueue { database: self.database.clone(), clock: Arc::clone(&self.clock) as _ }
    }

    fn outbox(&self) -> SqliteOutbox {
        SqliteOutbox { database: self.database.clone(), clock: Arc::clone(&self.clock) as _ }
    }
}

#[tokio::test]
async fn the_catalogue_keeps_its_contract() {
    let fixture = Fixture::new();
    let open = async || {
        let ids = "SELECT id FROM outbox WHERE done_at IS NULL ORDER BY position";
        let ids = fixture.database.read("testing", |connection| {
            connection.prepare(ids)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
        });
        ids.await.unwrap()
    };
    contract::catalogue(&SqliteCatalogue { database: fixture.database.clone() }, &fixture.outbox(), open).await;
}

#[tokio::test]
async fn the_smaller_ports_keep_their_contracts() {
    let fixture = Fixture::new();
    let database = || fixture.database.clone();
    contract::leases(&SqliteLeases { database: database() }).await;
    contract::renditions(&SqliteRenditions { database: database() }).await;
    contract::subscriptions(&SqliteSubscriptions { database: database() }).await;
    let queue = fixture.queue();
    let waiting = async || {
        let mut messages = Vec::new();
        while let Some(taken) = queue.take(QueueName::Transcode).await.unwrap() {
            messages.push(taken.message.unwrap());
        }
        messages
    };
    contract::queue(&queue, waiting).await;
    let folder = OutboxFolder::open(fixture.folder.path().join("outbox")).unwrap();
    contract::mailer(&folder, async || fs::read_dir(folder.path()).unwrap().count()).await;
}

#[tokio::test]
async fn a_group_is_received_in_order_one_at_a_time() {
    let queue = Fixture::new().queue();
    let of = |fact, number: u128| {
        let key = ReleaseKey { release: release::ReleaseId::new(start(), number), ..key() };
        Message::Happened(Box::new(crate::catalogue::Event { key, ..event(1, fact) }))
    };
    let (first, second, other) = (of(Fact::Arrived, 1), of(ready(1, 1).fact, 1), of(Fact::Arrived, 2));
    for (message, dedup) in [(&first, "1"), (&second, "2"), (&other, "3")] {
        queue.send(message, dedup).await.unwrap();
    }

    let taken = queue.take(QueueName::Catalogue).await.unwrap().unwrap();
    assert_eq!(taken.message.as_ref().unwrap(), &first);
    // The second waits for the first; the other group waits for nobody.
    let beside = queue.take(QueueName::Catalogue).await.unwrap().unwrap();
    assert_eq!(beside.message.as_ref().unwrap(), &other);
    assert!(queue.take(QueueName::Catalogue).await.unwrap().is_none());

    // Put back, the first still comes first.
    queue.put_back(&taken, start() + SignedDuration::from_secs(9), true).await.unwrap();
    assert!(queue.take(QueueName::Catalogue).await.unwrap().is_none());
    queue.clock.until(start()).await;
    queue.done(&beside).await.unwrap();
    assert_eq!(queue.next_at(QueueName::Catalogue).await.unwrap(), Some(start() + SignedDuration::from_secs(9)));
}

#[tokio::test]
async fn a_message_that_was_put_back_comes_again_at_its_time_and_counts_failures() {
    let fixture = Fixture::new();
    let queue = fixture.queue();
    let message = Message::Manifest { key: "x".to_owned(), version: None, trace: None };
    queue.send(&message, "x").await.unwrap();
    let until = start() + SignedDuration::from_secs(4);

    let taken = queue.take(QueueName::Intake).await.unwrap().unwrap();
    assert_eq!((taken.failures, taken.interruptions), (0, 0));
    queue.put_back(&taken, until, true).await.unwrap();
    assert!(queue.take(QueueName::Intake).await.unwrap().is_none());
    fixture.clock.set(until);
    let taken = queue.take(QueueName::Intake).await.unwrap().unwrap();
    assert_eq!(taken.failures, 1);
    // Not a failure.
    queue.put_back(&taken, until, false).await.unwrap();
    let taken = queue.take(QueueName::Intake).await.unwrap().unwrap();
    assert_eq!(taken.failures, 1);

    // Who asks again while it is worked on adds nothing.
    queue.send(&message, "x").await.unwrap();
    queue.bury(&taken, "It is poison.").await.unwrap();
    assert!(queue.take(QueueName::Intake).await.unwrap().is_none());
    let dead = queue.dead_letters().await.unwrap();
    assert_eq!((dead.len(), dead[0].reason.as_str(), dead[0].at), (1, "It is poison.", until));
    assert_eq!(Message::from_json(&dead[0].body).unwrap(), message);
}

#[tokio::test]
async fn what_a_dead_process_had_taken_is_put_back_and_counted() {
    let fixture = Fixture::new();
    let queue = fixture.queue();
    queue.send(&Message::Manifest { key: "x".to_owned(), version: None, trace: None }, "x").await.unwrap();
    let _lost = queue.take(QueueName::Intake).await.unwrap().unwrap();
    let now = fixture.clock.now();
    fixture.database.write("testing", move |transaction| SqliteQueue::recover(transaction, now)).await.unwrap();
    let taken = queue.take(QueueName::Intake).await.unwrap().unwrap();
    assert_eq!((taken.failures, taken.interruptions), (0, 1));
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_handed_over_as_such() {
    let fixture = Fixture::new();
    let insert = "INSERT INTO messages (queue, dedup, body, try_at) VALUES ('intake', 'x', '{\"version\": 9}', 0)";
    fixture.database.write("testing", |transaction| transaction.execute(insert, [])).await.unwrap();
    let taken = fixture.queue().take(QueueName::Intake).await.unwrap().unwrap();
    let error = taken.message.unwrap_err();
    assert_eq!(error.to_string(), "version 9 of the message is not known here; version 1 is");
}

#[tokio::test]
async fn nobody_is_woken_where_nothing_was_written() {
    let fixture = Fixture::new();
    let queue = fixture.queue();
    queue.send(&Message::Manifest { key: "x".to_owned(), version: None, trace: None }, "x").await.unwrap();
    let mut written = fixture.database.written();
    written.mark_unchanged();
    assert!(queue.take(QueueName::Transcode).await.unwrap().is_none());
    queue.send(&Message::Manifest { key: "x".to_owned(), version: None, trace: None }, "x").await.unwrap();
    assert!(!written.has_changed().unwrap());
    assert!(queue.take(QueueName::Intake).await.unwrap().is_some());
    assert!(written.has_changed().unwrap());
}

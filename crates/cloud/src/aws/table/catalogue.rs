use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use jiff::Timestamp;
use release::LabelId;

use super::Table;
use super::item::{Item, ItemError, Reader, millis, number, pack, text};
use super::keys::{self, Key, Waiting, after, release_of, sortable};
use super::outbox::entry_item;
use super::request::{Bound, Range, Rest};
use crate::aws::failure::{self, is_passing};
use crate::catalogue::{OutboxEntry, Record, ReleaseKey, State};
use crate::ports::{Catalogue, PortError, SaveError, Stored};

/// How many actions a transaction takes (DynamoDB); the record is one of them.
const ACTIONS: usize = 100;

#[async_trait]
impl Catalogue for Table {
    async fn load(&self, key: &ReleaseKey) -> Result<Option<Stored>, PortError> {
        let item = self.get(&format!("loading release {key}"), &keys::release(key)).await?;
        item.map(|item| stored(&item)).transpose().map_err(PortError::from)
    }

    async fn save(&self, record: &Record, expected: Option<u64>, outbox: &[OutboxEntry]) -> Result<(), SaveError> {
        let doing = format!("saving release {}", record.key);
        if outbox.len() >= ACTIONS {
            let cause = format!("{} errands at once do not fit into a transaction", outbox.len());
            return Err(PortError::new(doing, false, cause).into());
        }
        let now = self.clock.now();
        let record = self.put_of(record_item(record, expected.unwrap_or(0) + 1, now)?);
        let record = match expected {
            None => record.condition_expression("attribute_not_exists(pk)"),
            Some(version) => record
                .condition_expression("version = :expected")
                .expression_attribute_values(":expected", number(version)),
        };
        let mut entries = Vec::new();
        for entry in outbox {
            let item = entry_item(entry, now)?;
            entries.push(self.put_of(item).condition_expression("attribute_not_exists(pk)"));
        }

        let mut rest = Rest::new();
        loop {
            fail::fail_point!("catalogue.before-commit");
            match self.commit(&doing, std::iter::once(&record).chain(&entries)).await? {
                Committed::Yes => break,
                Committed::No(reasons) if failed_check(&reasons, 0) => return Err(SaveError::Conflict),
                // Another transaction of the same items ran; or an entry is there already, and stays as it is.
                Committed::No(reasons) => {
                    if let Some(code) = reasons.iter().find(|code| !is_known(code)) {
                        return Err(
                            PortError::new(doing, false, format!("the transaction was cancelled: {code}")).into()
                        );
                    }
                    let before = entries.len();
                    let mut position = 0;
                    entries.retain(|_| {
                        position += 1;
                        !failed_check(&reasons, position)
                    });
                    if entries.len() == before {
                        rest.take(&doing).await?;
                    }
                }
            }
        }
        fail::fail_point!("catalogue.committed");
        Ok(())
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError> {
        releases(self.waiting("looking for due releases", Waiting::Due, &after(until), limit).await?)
    }

    async fn list(&self, label: &LabelId) -> Result<Vec<Record>, PortError> {
        let doing = format!("listing releases of {label}");
        let range = Range { index: Some("gsi1"), partition: keys::label(label), bound: Bound::All, backwards: true };
        let listed = self.query(&doing, &range, usize::MAX).await?;
        let stored = self.load_listed(&doing, &listed).await?;
        Ok(stored.into_iter().map(|stored| stored.record).collect())
    }
}

/// What came of a transaction.
pub(super) enum Committed {
    Yes,
    /// Nothing was written. A code an action: `None` where the action itself would have been possible.
    No(Vec<String>),
}

fn failed_check(reasons: &[String], action: usize) -> bool {
    reasons.get(action).is_some_and(|code| code == "ConditionalCheckFailed")
}

pub(super) fn is_known(code: &str) -> bool {
    code == "None" || code == "ConditionalCheckFailed" || is_passing(code)
}

impl Table {
    pub(super) fn put_of(&self, item: Item) -> PutOf {
        PutOf { put: Put::builder().table_name(&self.name).set_item(Some(item)) }
    }

    /// Writes all or nothing. The SDK gives each call a token, and its own retries the same one: where only the answer
    /// was lost, the next is that of the first.
    pub(super) async fn commit<'a>(
        &self,
        doing: &str,
        puts: impl Iterator<Item = &'a PutOf>,
    ) -> Result<Committed, PortError> {
        let mut request = self.client.transact_write_items();
        for put in puts {
            let put = put.put.clone().build().map_err(|error| PortError::new(doing, false, error))?;
            request = request.transact_items(TransactWriteItem::builder().put(put).build());
        }
        match request.send().await {
            Ok(_) => Ok(Committed::Yes),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let code = |reason: &aws_sdk_dynamodb::types::CancellationReason| {
                        reason.code().unwrap_or("None").to_owned()
                    };
                    Ok(Committed::No(cancelled.cancellation_reasons().iter().map(code).collect()))
                }
                _ => Err(failure::of(doing, error)),
            },
        }
    }

    /// The records of items of an index, in their order.
    pub(super) async fn load_listed(&self, doing: &str, listed: &[Item]) -> Result<Vec<Stored>, PortError> {
        let order: Vec<Key> = listed.iter().map(Key::of).collect::<Result<_, _>>()?;
        let items = self.get_all(doing, &order.iter().cloned().collect::<BTreeSet<_>>()).await?;
        let mut found = std::collections::BTreeMap::new();
        for item in items {
            found.insert(Key::of(&item)?, item);
        }
        let in_order = order.iter().filter_map(|key| found.remove(key));
        Ok(in_order.map(|item| stored(&item)).collect::<Result<_, _>>()?)
    }
}

/// A put that is not sent yet.
pub(super) struct PutOf {
    put: aws_sdk_dynamodb::types::builders::PutBuilder,
}

impl PutOf {
    pub(super) fn condition_expression(self, condition: &str) -> Self {
        Self { put: self.put.condition_expression(condition) }
    }

    pub(super) fn expression_attribute_values(
        self,
        name: &str,
        value: aws_sdk_dynamodb::types::AttributeValue,
    ) -> Self {
        Self { put: self.put.expression_attribute_values(name, value) }
    }
}

/// A record as it lies in the table.
pub(super) fn record_item(record: &Record, version: u64, now: Timestamp) -> Result<Item, PortError> {
    let mut item = keys::release(&record.key).item();
    pack(&mut item, "record", record)?;
    item.insert("version".to_owned(), number(version));
    item.insert("changed".to_owned(), millis(now));
    item.insert("gsi1pk".to_owned(), text(keys::label(&record.key.label)));
    item.insert("gsi1sk".to_owned(), text(format!("{}#{}", sortable(now), record.key.release)));
    let name = format!("{}#{}", record.key.label, record.key.release);
    match record.state {
        State::Ready => {
            if let Some(due) = record.current.accepted().and_then(|accepted| accepted.due) {
                Waiting::Due.mark(&mut item, rounded_up(due), &name);
            }
        }
        State::Received | State::Transcoding => Waiting::Standing.mark(&mut item, now, &name),
        State::InReview | State::Live | State::Failed | State::Rejected | State::Withdrawn => {}
    }
    Ok(item)
}

/// A record as it was read.
pub(super) fn stored(item: &Item) -> Result<Stored, ItemError> {
    let reader = Reader(item);
    Ok(Stored { version: reader.number("version")?, record: reader.unpack("record")? })
}

/// To whole milliseconds: a release that is looked for at its stored instant must be due.
fn rounded_up(due: Timestamp) -> Timestamp {
    let whole = due.as_millisecond();
    let floor = Timestamp::from_millisecond(whole).unwrap_or(due);
    if floor < due { Timestamp::from_millisecond(whole + 1).unwrap_or(due) } else { floor }
}

/// The releases of what waits. A key that is none is left out, and said: the others are not to wait for it.
pub(super) fn releases(found: Vec<(Timestamp, Item)>) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError> {
    let release = |(at, item): (Timestamp, Item)| match release_of(&item) {
        Ok(key) => Some((at, key)),
        Err(error) => {
            tracing::error!(%error, "an item is left out");
            None
        }
    };
    Ok(found.into_iter().filter_map(release).collect())
}

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::Table;
use super::catalogue::releases;
use super::item::{Flaw, Item, ItemError, Reader, expiry, millis, pack};
use super::keys::{self, Key, Waiting, sortable};
use crate::Letter;
use crate::aws::failure;
use crate::catalogue::{EntryId, OutboxEntry, ReleaseKey};
use crate::ports::{Mailed, Outbox, Overdue, PortError};

/// How long an entry stays that is done, so that its errand is not given again. Nothing travels that long.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

#[async_trait]
impl Outbox for Table {
    async fn open(&self, entry: &EntryId) -> Result<Option<OutboxEntry>, PortError> {
        let item = self.get(&format!("reading {entry}"), &keys::entry(entry)).await?;
        Ok(item.filter(|item| !item.contains_key("done")).map(|item| decode(&item)).transpose()?)
    }

    /// The letters are not kept here: what is told by a topic is kept as an announcement.
    async fn done(&self, entry: &EntryId, _: &[(Letter, Mailed)]) -> Result<(), PortError> {
        let (doing, now) = (format!("marking {entry} done"), self.clock.now());
        let marked = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(keys::entry(entry).item()))
            .update_expression("SET done = :now, expires = :expires REMOVE gsi2pk, gsi2sk")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(done)")
            .expression_attribute_values(":now", millis(now))
            .expression_attribute_values(":expires", expiry(now.saturating_add(KEPT).unwrap_or(Timestamp::MAX)))
            .send()
            .await;
        match marked {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(failure::of(doing, error)),
        }
    }
}

#[async_trait]
impl Overdue for Table {
    async fn errands(&self, before: Timestamp, limit: usize) -> Result<Vec<OutboxEntry>, PortError> {
        /// How many that cannot be read, or were done a moment ago, keep nobody else waiting.
        const BROKEN: usize = 100;
        let doing = "looking for errands that were left";
        let found = self.waiting(doing, Waiting::Open, &sortable(before), limit.saturating_add(BROKEN)).await?;
        let order: Vec<Key> = found.iter().map(|(_, item)| Key::of(item)).collect::<Result<_, _>>()?;
        let items = self.get_all(doing, &order.iter().cloned().collect::<BTreeSet<_>>()).await?;
        let mut entries = BTreeMap::new();
        for item in items.iter().filter(|item| !item.contains_key("done")) {
            match decode(item) {
                Ok(entry) => {
                    entries.insert(Key::of(item)?, entry);
                }
                Err(error) => tracing::error!(%error, "an errand is left out"),
            }
        }
        Ok(order.iter().filter_map(|key| entries.remove(key)).take(limit).collect())
    }

    async fn standing(&self, before: Timestamp, limit: usize) -> Result<Vec<(Timestamp, ReleaseKey)>, PortError> {
        let doing = "looking for releases that stand still";
        releases(self.waiting(doing, Waiting::Standing, &sortable(before), limit).await?)
    }

    async fn begun(&self, job: &str) -> Result<Option<Timestamp>, PortError> {
        self.lease_taken(job).await
    }
}

/// An entry as it lies in the table.
pub(super) fn entry_item(entry: &OutboxEntry, now: Timestamp) -> Result<Item, PortError> {
    let mut item = keys::entry(&entry.id).item();
    pack(&mut item, "entry", entry)?;
    item.insert("created".to_owned(), millis(now));
    Waiting::Open.mark(&mut item, now, entry.id.as_str());
    Ok(item)
}

fn decode(item: &Item) -> Result<OutboxEntry, ItemError> {
    let entry: OutboxEntry = Reader(item).unpack("entry")?;
    if Key::of(item)? == keys::entry(&entry.id) { Ok(entry) } else { Err(Reader(item).bad(Flaw::Key)) }
}

/// The entry of the outbox that an item is, such as one of the table's stream; none where it is another kind of item.
///
/// # Errors
/// Where it is one and cannot be read.
pub fn read_entry(item: &Item) -> Result<Option<OutboxEntry>, ItemError> {
    if !Key::of(item)?.pk.starts_with("O#") {
        return Ok(None);
    }
    decode(item).map(Some)
}

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use super::Table;
use super::item::{Item, text};
use super::keys::{Key, SHARDS, Waiting, instant_of};
use crate::aws::failure;
use crate::ports::PortError;

/// How many items a BatchGetItem takes (DynamoDB).
const BATCH: usize = 100;

/// What is asked of a partition of the table or of an index.
#[derive(Debug, Clone)]
pub(super) struct Range {
    /// The index; none for the table itself.
    pub(super) index: Option<&'static str>,
    /// The partition.
    pub(super) partition: String,
    /// What the sort keys begin with, or lie after or before, without the bound itself.
    pub(super) bound: Bound,
    /// From the greatest sort key down.
    pub(super) backwards: bool,
}

/// Which sort keys are asked for.
#[derive(Debug, Clone)]
pub(super) enum Bound {
    All,
    Prefix(String),
    After(String),
    Before(String),
}

impl Table {
    /// One item, as it was last written.
    pub(super) async fn get(&self, doing: &str, key: &Key) -> Result<Option<Item>, PortError> {
        let got = self.client.get_item().table_name(&self.name).set_key(Some(key.item())).consistent_read(true);
        Ok(got.send().await.map_err(|error| failure::of(doing, error))?.item)
    }

    /// Those of some items that are there, as they were last written, in no order.
    pub(super) async fn get_all(&self, doing: &str, keys: &BTreeSet<Key>) -> Result<Vec<Item>, PortError> {
        let keys: Vec<&Key> = keys.iter().collect();
        let mut items = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            let mut open: Vec<Item> = batch.iter().map(|key| key.item()).collect();
            let mut rest = Rest::new();
            while !open.is_empty() {
                let asked = open.len();
                let wanted = KeysAndAttributes::builder().set_keys(Some(open)).consistent_read(true).build();
                let wanted = wanted.map_err(|error| PortError::new(doing, false, error))?;
                let got = self.client.batch_get_item().request_items(&self.name, wanted).send().await;
                let got = got.map_err(|error| failure::of(doing, error))?;
                items.extend(got.responses.unwrap_or_default().remove(&self.name).unwrap_or_default());
                // What did not fit into 16 MB, or was throttled, is named, and asked for again.
                let left = got.unprocessed_keys.unwrap_or_default().remove(&self.name);
                open = left.map(|left| left.keys).unwrap_or_default();
                if open.len() == asked {
                    rest.take(doing).await?;
                }
            }
        }
        Ok(items)
    }

    /// The items of a range in its order, at most `limit`; page after page, since one ends at 1 MB.
    pub(super) async fn query(&self, doing: &str, range: &Range, limit: usize) -> Result<Vec<Item>, PortError> {
        let (pk, sk) = match range.index {
            None => ("pk", "sk"),
            Some("gsi1") => ("gsi1pk", "gsi1sk"),
            Some(_) => ("gsi2pk", "gsi2sk"),
        };
        let (condition, value) = match &range.bound {
            Bound::All => ("#pk = :pk", None),
            Bound::Prefix(prefix) => ("#pk = :pk AND begins_with(#sk, :sk)", Some(text(prefix))),
            Bound::After(key) => ("#pk = :pk AND #sk > :sk", Some(text(key))),
            Bound::Before(key) => ("#pk = :pk AND #sk < :sk", Some(text(key))),
        };
        let mut items: Vec<Item> = Vec::new();
        let mut next: Option<Item> = None;
        while items.len() < limit {
            let page = i32::try_from(limit - items.len()).unwrap_or(i32::MAX);
            let mut query = self
                .client
                .query()
                .table_name(&self.name)
                .set_index_name(range.index.map(str::to_owned))
                // An index cannot be read consistently.
                .set_consistent_read(range.index.is_none().then_some(true))
                .key_condition_expression(condition)
                .expression_attribute_names("#pk", pk)
                .expression_attribute_values(":pk", text(&range.partition))
                .scan_index_forward(!range.backwards)
                .set_exclusive_start_key(next.take())
                .limit(page);
            if let Some(value) = &value {
                query = query.expression_attribute_names("#sk", sk).expression_attribute_values(":sk", value.clone());
            }
            let got = query.send().await.map_err(|error| failure::of(doing, error))?;
            items.extend(got.items.unwrap_or_default());
            next = got.last_evaluated_key.filter(|key| !key.is_empty());
            if next.is_none() {
                break;
            }
        }
        items.truncate(limit);
        Ok(items)
    }

    /// What waits for a time before a key of the second index, earliest first; at most `limit`.
    pub(super) async fn waiting(
        &self,
        doing: &str,
        what: Waiting,
        before: &str,
        limit: usize,
    ) -> Result<Vec<(jiff::Timestamp, Item)>, PortError> {
        let shards = (0..SHARDS).map(|shard| Range {
            index: Some("gsi2"),
            partition: what.shard(shard),
            bound: Bound::Before(before.to_owned()),
            backwards: false,
        });
        let ranges: Vec<Range> = shards.collect();
        let queries = ranges.iter().map(|range| self.query(doing, range, limit));
        let pages = futures::future::try_join_all(queries).await?;
        let sort_key = |item: &Item| item.get("gsi2sk").and_then(|key| key.as_s().ok()).cloned();
        let dated = |item: Item| {
            let key = sort_key(&item)?;
            Some((instant_of(&key)?, key, item))
        };
        let mut found: Vec<_> = pages.into_iter().flatten().filter_map(dated).collect();
        found.sort_by(|(_, one, _), (_, other, _)| one.cmp(other));
        found.truncate(limit);
        Ok(found.into_iter().map(|(at, _, item)| (at, item)).collect())
    }

    /// Stores an item, where a condition holds. False where it does not.
    pub(super) async fn put(
        &self,
        doing: &str,
        item: Item,
        condition: Option<(&str, &[(&str, AttributeValue)])>,
    ) -> Result<bool, PortError> {
        let mut put = self.client.put_item().table_name(&self.name).set_item(Some(item));
        if let Some((condition, values)) = condition {
            put = put.condition_expression(condition);
            for (name, value) in values {
                put = put.expression_attribute_values(*name, value.clone());
            }
        }
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(failure::of(doing, error)),
        }
    }

    /// Removes an item. True where there was one.
    pub(super) async fn remove(&self, doing: &str, key: &Key) -> Result<bool, PortError> {
        let removed = self
            .client
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(key.item()))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| failure::of(doing, error))?;
        Ok(removed.attributes.is_some_and(|attributes| !attributes.is_empty()))
    }
}

/// Waits before work is tried again that others were in the way of: longer each time, and no more than a few times.
#[derive(Debug)]
pub(super) struct Rest {
    taken: u32,
}

impl Rest {
    const AT_MOST: u32 = 6;

    pub(super) fn new() -> Self {
        Self { taken: 0 }
    }

    pub(super) async fn take(&mut self, doing: &str) -> Result<(), PortError> {
        if self.taken == Self::AT_MOST {
            return Err(PortError::new(doing, true, "the table takes no more requests at this moment"));
        }
        // 25 ms, 50 ms … 800 ms: the table takes more within a second.
        tokio::time::sleep(Duration::from_millis(25) * 2_u32.pow(self.taken)).await;
        self.taken += 1;
        Ok(())
    }
}

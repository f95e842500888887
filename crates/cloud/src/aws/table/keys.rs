//! Where each item lies. `docs/table.md` says the same in words.
//!
//! Instants in sort keys are milliseconds since 1970 in 15 digits, so that they sort as instants do.

use jiff::Timestamp;
use release::{DeliveryId, LabelId, Recipe, Sha256};

use super::item::{Flaw, Item, ItemError, Reader, text};
use crate::catalogue::{EntryId, ReleaseKey};

/// How many partitions what waits for a time is spread over: a partition takes 1,000 writes a second.
pub(super) const SHARDS: u8 = 8;

/// What waits for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// Releases that are ready, by their date.
    Due,
    /// Releases that are received or transcoding, by their last change.
    Standing,
    /// Entries of the outbox that are not done, by when they were stored.
    Open,
}

impl Waiting {
    /// The partition of the second index.
    pub(super) fn shard(self, shard: u8) -> String {
        let kind = match self {
            Self::Due => "DUE",
            Self::Standing => "STANDING",
            Self::Open => "OPEN",
        };
        format!("{kind}#{shard}")
    }

    /// Has an item wait under the second index.
    pub(super) fn mark(self, item: &mut Item, at: Timestamp, name: &str) {
        let shard = Sha256::of(name.as_bytes()).0[0] % SHARDS;
        item.insert("gsi2pk".to_owned(), text(self.shard(shard)));
        item.insert("gsi2sk".to_owned(), text(format!("{}#{name}", sortable(at))));
    }
}

/// An instant as it stands in a sort key. Whatever was before 1970 sorts as if it was then.
pub(super) fn sortable(at: Timestamp) -> String {
    format!("{:015}", at.as_millisecond().max(0))
}

/// The least key after all of an instant.
pub(super) fn after(at: Timestamp) -> String {
    format!("{:015}", at.as_millisecond().max(0) + 1)
}

/// The instant in a sort key.
pub(super) fn instant_of(key: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(key.split('#').next()?.parse().ok()?).ok()
}

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    /// An item that has its partition to itself.
    fn alone(kind: char, name: impl std::fmt::Display) -> Self {
        Self { pk: format!("{kind}#{name}"), sk: kind.to_string() }
    }

    /// As attributes: of a request, or of a new item.
    pub(super) fn item(&self) -> Item {
        Item::from([("pk".to_owned(), text(&self.pk)), ("sk".to_owned(), text(&self.sk))])
    }

    /// Of an item as it came.
    pub(super) fn of(item: &Item) -> Result<Self, ItemError> {
        let part = |name: &'static str| {
            let value = item.get(name).and_then(|value| value.as_s().ok()).cloned();
            value.ok_or_else(|| Reader(item).bad(Flaw::Attribute(name)))
        };
        Ok(Self { pk: part("pk")?, sk: part("sk")? })
    }
}

pub(super) fn release(key: &ReleaseKey) -> Key {
    Key::alone('R', format_args!("{}#{}", key.label, key.release))
}

/// The release that a key is of.
pub(super) fn release_of(item: &Item) -> Result<ReleaseKey, ItemError> {
    let key = Key::of(item)?;
    let parts = key.pk.strip_prefix("R#").and_then(|rest| rest.split_once('#'));
    let release = parts
        .and_then(|(label, release)| Some(ReleaseKey { label: label.parse().ok()?, release: release.parse().ok()? }));
    release.ok_or_else(|| Reader(item).bad(Flaw::Key))
}

pub(super) fn entry(id: &EntryId) -> Key {
    Key::alone('O', id)
}

pub(super) fn lease(job: &str) -> Key {
    Key::alone('X', job)
}

pub(super) fn facts(label: &LabelId, recipe: Recipe) -> Key {
    Key::alone('F', format_args!("{label}#{recipe}"))
}

pub(super) fn announcement(label: &LabelId, name: &str) -> Key {
    Key::alone('N', format_args!("{label}#{name}"))
}

pub(super) fn handover(key: &ReleaseKey, delivery: DeliveryId) -> Key {
    Key::alone('H', format_args!("{}#{}#{delivery}", key.label, key.release))
}

/// The partition of what is known of a label, and the first index's of its releases.
pub(super) fn label(label: &LabelId) -> String {
    format!("L#{label}")
}

/// The partition of who follows which of a label's artists.
pub(super) fn followers(label: &LabelId) -> String {
    format!("B#{label}")
}

/// The partition of what is counted of a label.
pub(super) fn counters(label: &LabelId) -> String {
    format!("Q#{label}")
}

/// The first index's partition of what followers of a label's artists were told.
pub(super) fn announcements(label: &LabelId) -> String {
    format!("N#{label}")
}

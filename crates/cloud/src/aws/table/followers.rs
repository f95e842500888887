use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use release::{LabelId, Sha256};

use super::Table;
use super::catalogue::{Committed, PutOf, is_known};
use super::item::{Item, Reader, expiry, number, pack};
use super::keys::{self, Key};
use super::request::{Bound, Range, Rest};
use crate::api::wire::Announcement;
use crate::aws::{FollowBook, Follower};
use crate::catalogue::folded_name;
use crate::ports::{EmailAddress, PortError, day_of};

/// For how long a day's count is kept after it.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What the sort keys of when the service was asked about an artist's followers begin with.
const CHECKED: &str = "CHECKED#";
/// For how long that is kept: after a day it is asked again.
const CHECKED_KEPT: SignedDuration = SignedDuration::from_hours(48);

#[async_trait]
impl FollowBook for Table {
    async fn all(&self, label: &LabelId) -> Result<Vec<Follower>, PortError> {
        let range = Range { index: None, partition: keys::followers(label), bound: Bound::All, backwards: false };
        let items = self.query(&format!("reading the followers of {label}"), &range, usize::MAX).await?;
        let mut followers: Vec<Follower> =
            items.iter().map(|item| Reader(item).unpack("follower")).collect::<Result<_, _>>()?;
        followers.sort_by_cached_key(|follower| (folded_name(&follower.artist), follower.email.folded()));
        Ok(followers)
    }

    async fn find(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<Option<Follower>, PortError> {
        let item = self.get(&format!("reading a follower of {artist}"), &follower(label, artist, email)).await?;
        Ok(item.map(|item| Reader(&item).unpack("follower")).transpose()?)
    }

    async fn keep(&self, label: &LabelId, kept: &Follower) -> Result<(), PortError> {
        let mut item = follower(label, &kept.artist, &kept.email).item();
        pack(&mut item, "follower", kept)?;
        self.put(&format!("keeping a follower of {}", kept.artist), item, None).await.map(drop)
    }

    async fn enrol(&self, label: &LabelId, new: &Follower, limit: usize) -> Result<bool, PortError> {
        let doing = format!("adding a follower of {}", new.artist);
        let own = follower(label, &new.artist, &new.email);
        let mut rest = Rest::new();
        loop {
            // Read before the others are counted: whoever is added after that makes it another.
            let (roll, version) = self.counter(&doing, &roll(label, &new.artist)).await?;
            let beside = Bound::Prefix(format!("{}#", hash(&new.artist)));
            let range = Range { index: None, partition: keys::followers(label), bound: beside, backwards: false };
            let mut others = 0;
            for item in self.query(&doing, &range, usize::MAX).await? {
                let other: Follower = Reader(&item).unpack("follower")?;
                others += usize::from(!other.ended && Key::of(&item)? != own);
            }
            if others >= limit {
                return Ok(false);
            }
            let mut item = own.item();
            pack(&mut item, "follower", new)?;
            let puts = [self.put_of(item), counted(self.put_of(roll), version)];
            match self.commit(&doing, puts.iter()).await? {
                Committed::Yes => return Ok(true),
                Committed::No(reasons) => match reasons.iter().find(|code| !is_known(code)) {
                    Some(code) => {
                        return Err(PortError::new(doing, false, format!("the transaction was cancelled: {code}")));
                    }
                    None => rest.take(&doing).await?,
                },
            }
        }
    }

    async fn charge(&self, label: &LabelId, account: &str, day: Date, limit: u32) -> Result<bool, PortError> {
        let doing = format!("counting what an account of {label} asks");
        let key = Key { pk: keys::counters(label), sk: format!("ASKED#{account}#{day}") };
        let mut rest = Rest::new();
        loop {
            let (mut item, times) = self.counter(&doing, &key).await?;
            if times >= u64::from(limit) {
                return Ok(false);
            }
            item.insert("expires".to_owned(), expiry(day_of(self.clock.now()).1 + KEPT));
            let (condition, values) = unless_changed(times);
            if self.put(&doing, item, Some((condition, &values))).await? {
                return Ok(true);
            }
            rest.take(&doing).await?;
        }
    }

    async fn forget(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<bool, PortError> {
        self.remove(&format!("removing a follower of {artist}"), &follower(label, artist, email)).await
    }

    async fn checked(&self, label: &LabelId) -> Result<BTreeMap<String, Timestamp>, PortError> {
        let bound = Bound::Prefix(CHECKED.to_owned());
        let range = Range { index: None, partition: keys::counters(label), bound, backwards: false };
        let doing = format!("reading when followers of {label} were asked about");
        let items = self.query(&doing, &range, usize::MAX).await?;
        items.iter().map(|item| Ok(Reader(item).unpack("checked")?)).collect()
    }

    async fn note_checked(&self, label: &LabelId, artist: &str, at: Timestamp) -> Result<(), PortError> {
        let mut item = Key { pk: keys::counters(label), sk: format!("{CHECKED}{}", hash(artist)) }.item();
        pack(&mut item, "checked", &(folded_name(artist), at))?;
        item.insert("expires".to_owned(), expiry(at + CHECKED_KEPT));
        self.put(&format!("noting that followers of {artist} were asked about"), item, None).await.map(drop)
    }

    async fn announce(&self, label: &LabelId, announcement: &Announcement) -> Result<(), PortError> {
        self.keep_announcement(label, announcement).await
    }

    async fn was_announced(&self, label: &LabelId, name: &str) -> Result<bool, PortError> {
        self.has_announcement(label, name).await
    }
}

impl Table {
    /// A counter as it is to be put next, and how far it has come.
    async fn counter(&self, doing: &str, key: &Key) -> Result<(Item, u64), PortError> {
        let known = self.get(doing, key).await?;
        let count = known.map(|item| Reader(&item).number("counted")).transpose()?.unwrap_or(0);
        let mut next = key.item();
        next.insert("counted".to_owned(), number(count + 1));
        Ok((next, count))
    }
}

/// The condition that a counter has not gone on since it was read.
fn unless_changed(count: u64) -> (&'static str, Vec<(&'static str, AttributeValue)>) {
    match count {
        0 => ("attribute_not_exists(pk)", Vec::new()),
        count => ("counted = :counted", vec![(":counted", number(count))]),
    }
}

fn counted(put: PutOf, count: u64) -> PutOf {
    let (condition, values) = unless_changed(count);
    let put = put.condition_expression(condition);
    values.into_iter().fold(put, |put, (name, value)| put.expression_attribute_values(name, value))
}

/// The artist's name by its hash: a name may be longer than a sort key, and hold anything.
fn hash(artist: &str) -> String {
    Sha256::of(folded_name(artist).as_bytes()).to_string()[..16].to_owned()
}

fn follower(label: &LabelId, artist: &str, email: &EmailAddress) -> Key {
    Key { pk: keys::followers(label), sk: format!("{}#{}", hash(artist), email.folded()) }
}

/// How often somebody was added to an artist's followers.
fn roll(label: &LabelId, artist: &str) -> Key {
    Key { pk: keys::counters(label), sk: format!("ROLL#{}", hash(artist)) }
}

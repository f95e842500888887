use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::civil::Date;
use release::LabelId;

use super::super::{FollowBook, Follower};
use crate::api::wire::Announcement;
use crate::catalogue::folded_name;
use crate::ports::{EmailAddress, PortError};

type Key = (LabelId, String, String);

/// A book in memory.
#[derive(Debug, Default)]
pub(super) struct Book(Mutex<(BTreeMap<Key, Follower>, Vec<Announcement>)>, Mutex<BTreeMap<(String, Date), u32>>);

impl Book {
    fn contents(&self) -> MutexGuard<'_, (BTreeMap<Key, Follower>, Vec<Announcement>)> {
        self.0.lock().unwrap()
    }

    pub(super) fn announcements(&self) -> Vec<Announcement> {
        self.contents().1.clone()
    }
}

fn key(label: &LabelId, artist: &str, email: &EmailAddress) -> Key {
    (label.clone(), folded_name(artist), email.folded())
}

#[async_trait]
impl FollowBook for Book {
    async fn all(&self, label: &LabelId) -> Result<Vec<Follower>, PortError> {
        Ok(self.contents().0.iter().filter(|(key, _)| key.0 == *label).map(|(_, one)| one.clone()).collect())
    }

    async fn find(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<Option<Follower>, PortError> {
        Ok(self.contents().0.get(&key(label, artist, email)).cloned())
    }

    async fn keep(&self, label: &LabelId, follower: &Follower) -> Result<(), PortError> {
        let key = key(label, &follower.artist, &follower.email);
        self.contents().0.insert(key, follower.clone());
        Ok(())
    }

    async fn enrol(&self, label: &LabelId, follower: &Follower, limit: usize) -> Result<bool, PortError> {
        let new = key(label, &follower.artist, &follower.email);
        let mut contents = self.contents();
        let others = contents.0.iter().filter(|(key, one)| key.1 == new.1 && **key != new && !one.ended).count();
        if others < limit {
            contents.0.insert(new, follower.clone());
        }
        Ok(others < limit)
    }

    async fn charge(&self, _: &LabelId, account: &str, day: Date, limit: u32) -> Result<bool, PortError> {
        let mut charged = self.1.lock().unwrap();
        let times = charged.entry((account.to_owned(), day)).or_default();
        *times += 1;
        Ok(*times <= limit)
    }

    async fn forget(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<bool, PortError> {
        Ok(self.contents().0.remove(&key(label, artist, email)).is_some())
    }

    async fn announce(&self, _: &LabelId, announcement: &Announcement) -> Result<(), PortError> {
        self.contents().1.push(announcement.clone());
        Ok(())
    }

    async fn was_announced(&self, _: &LabelId, name: &str) -> Result<bool, PortError> {
        Ok(self.contents().1.iter().any(|known| known.name == name))
    }
}

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use release::LabelId;

use super::super::{FollowBook, Follower};
use crate::api::wire::Announcement;
use crate::catalogue::folded_name;
use crate::ports::{EmailAddress, PortError};

type Key = (LabelId, String, String);

/// A book in memory.
#[derive(Debug, Default)]
pub(super) struct Book(Mutex<Contents>);

#[derive(Debug, Default)]
pub(super) struct Contents {
    followers: BTreeMap<Key, Follower>,
    charged: BTreeMap<(String, Date), u32>,
    checked: BTreeMap<(LabelId, String), Timestamp>,
    announcements: Vec<Announcement>,
    /// Failures to answer the next announcements with: whether each passes.
    pub(super) failures: Vec<bool>,
    is_paused: bool,
    /// How often an announcement was to be kept.
    pub(super) announced: usize,
    /// How many followers were written or forgotten, and what was noted of topics.
    pub(super) writes: usize,
    pub(super) notes: usize,
    /// How many writes there are at this moment, and were at most.
    writing: usize,
    pub(super) most_at_once: usize,
}

impl Book {
    pub(super) fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap()
    }

    pub(super) fn announcements(&self) -> Vec<Announcement> {
        self.contents().announcements.clone()
    }

    /// Takes a moment, as a table does.
    async fn write(&self) {
        {
            let mut contents = self.contents();
            contents.writes += 1;
            contents.writing += 1;
            contents.most_at_once = contents.most_at_once.max(contents.writing);
        }
        tokio::task::yield_now().await;
        self.contents().writing -= 1;
    }
}

fn key(label: &LabelId, artist: &str, email: &EmailAddress) -> Key {
    (label.clone(), folded_name(artist), email.folded())
}

#[async_trait]
impl FollowBook for Book {
    async fn all(&self, label: &LabelId) -> Result<Vec<Follower>, PortError> {
        Ok(self.contents().followers.iter().filter(|(key, _)| key.0 == *label).map(|(_, one)| one.clone()).collect())
    }

    async fn find(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<Option<Follower>, PortError> {
        Ok(self.contents().followers.get(&key(label, artist, email)).cloned())
    }

    async fn keep(&self, label: &LabelId, follower: &Follower) -> Result<(), PortError> {
        self.write().await;
        let key = key(label, &follower.artist, &follower.email);
        self.contents().followers.insert(key, follower.clone());
        Ok(())
    }

    async fn enrol(&self, label: &LabelId, follower: &Follower, limit: usize) -> Result<bool, PortError> {
        let new = key(label, &follower.artist, &follower.email);
        let mut contents = self.contents();
        let others =
            contents.followers.iter().filter(|(key, one)| key.1 == new.1 && **key != new && !one.ended).count();
        if others < limit {
            contents.followers.insert(new, follower.clone());
        }
        Ok(others < limit)
    }

    async fn charge(&self, _: &LabelId, account: &str, day: Date, limit: u32) -> Result<bool, PortError> {
        let mut contents = self.contents();
        let times = contents.charged.entry((account.to_owned(), day)).or_default();
        *times += 1;
        Ok(*times <= limit)
    }

    async fn forget(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<bool, PortError> {
        self.write().await;
        Ok(self.contents().followers.remove(&key(label, artist, email)).is_some())
    }

    async fn checked(&self, label: &LabelId) -> Result<BTreeMap<String, Timestamp>, PortError> {
        let contents = self.contents();
        let own = contents.checked.iter().filter(|(key, _)| key.0 == *label);
        Ok(own.map(|(key, at)| (key.1.clone(), *at)).collect())
    }

    async fn note_checked(&self, label: &LabelId, artist: &str, at: Timestamp) -> Result<(), PortError> {
        let mut contents = self.contents();
        contents.notes += 1;
        contents.checked.insert((label.clone(), folded_name(artist)), at);
        Ok(())
    }

    async fn announce(&self, _: &LabelId, announcement: &Announcement) -> Result<(), PortError> {
        let mut contents = self.contents();
        contents.announced += 1;
        if let Some(passing) = contents.failures.pop() {
            // From here on nothing but this book is asked, and it answers at once: waits need not last.
            if !std::mem::replace(&mut contents.is_paused, true) {
                tokio::time::pause();
            }
            return Err(PortError::new("keeping an announcement", passing, "throttled"));
        }
        contents.announcements.push(announcement.clone());
        Ok(())
    }

    async fn was_announced(&self, _: &LabelId, name: &str) -> Result<bool, PortError> {
        Ok(self.contents().announcements.iter().any(|known| known.name == name))
    }
}

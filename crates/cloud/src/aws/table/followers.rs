use async_trait::async_trait;
use release::{LabelId, Sha256};

use super::Table;
use super::item::{Reader, pack};
use super::keys::{self, Key};
use super::request::{Bound, Range};
use crate::api::wire::Announcement;
use crate::aws::{FollowBook, Follower};
use crate::catalogue::folded_name;
use crate::ports::{EmailAddress, PortError};

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

    async fn forget(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<bool, PortError> {
        self.remove(&format!("removing a follower of {artist}"), &follower(label, artist, email)).await
    }

    async fn announce(&self, label: &LabelId, announcement: &Announcement) -> Result<(), PortError> {
        self.keep_announcement(label, announcement).await
    }

    async fn was_announced(&self, label: &LabelId, name: &str) -> Result<bool, PortError> {
        self.has_announcement(label, name).await
    }
}

/// The artist's name by its hash: a name may be longer than a sort key, and hold anything.
fn follower(label: &LabelId, artist: &str, email: &EmailAddress) -> Key {
    let artist = Sha256::of(folded_name(artist).as_bytes()).to_string();
    Key { pk: keys::followers(label), sk: format!("{}#{}", &artist[..16], email.folded()) }
}

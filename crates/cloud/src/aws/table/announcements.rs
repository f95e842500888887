use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use release::LabelId;

use super::Table;
use super::item::{Reader, pack, text};
use super::keys::{self, Key, sortable};
use super::request::{Bound, Range};
use crate::api::wire::Announcement;
use crate::ports::{Announcements, PortError};

#[async_trait]
impl Announcements for Table {
    async fn latest(&self, label: &LabelId, limit: usize) -> Result<Vec<Announcement>, PortError> {
        let doing = format!("reading what was announced for {label}");
        let range =
            Range { index: Some("gsi1"), partition: keys::announcements(label), bound: Bound::All, backwards: true };
        let listed = self.query(&doing, &range, limit).await?;
        let order: Vec<Key> = listed.iter().map(Key::of).collect::<Result<_, _>>()?;
        let mut found = BTreeMap::new();
        for item in self.get_all(&doing, &order.iter().cloned().collect::<BTreeSet<_>>()).await? {
            found.insert(Key::of(&item)?, Reader(&item).unpack::<Announcement>("announcement")?);
        }
        Ok(order.iter().filter_map(|key| found.remove(key)).collect())
    }
}

impl Table {
    /// Keeps what an artist's followers were told. Where there is one of its name, that one stays.
    pub(super) async fn keep_announcement(
        &self,
        label: &LabelId,
        announcement: &Announcement,
    ) -> Result<(), PortError> {
        let mut item = keys::announcement(label, &announcement.name).item();
        pack(&mut item, "announcement", announcement)?;
        item.insert("gsi1pk".to_owned(), text(keys::announcements(label)));
        item.insert("gsi1sk".to_owned(), text(format!("{}#{}", sortable(announcement.at), announcement.name)));
        let doing = format!("keeping the announcement {}", announcement.name);
        self.put(&doing, item, Some(("attribute_not_exists(pk)", &[]))).await.map(drop)
    }

    /// Whether they were told what has this name.
    pub(super) async fn has_announcement(&self, label: &LabelId, name: &str) -> Result<bool, PortError> {
        let doing = format!("looking for the announcement {name}");
        Ok(self.get(&doing, &keys::announcement(label, name)).await?.is_some())
    }
}

use std::fmt;

use jiff::Timestamp;
use release::{DeliveryId, Sha256};
use serde::{Deserialize, Serialize};

use super::{ReleaseKey, folded_name};
use crate::Message;

/// Something that is to be done because a record changed. It is stored in the record's own transaction, so that it is
/// done even where the process ends right after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// Follows from what is to be done: the same errand has the same id.
    pub id: EntryId,
    /// What is to be done.
    pub errand: Errand,
}

/// The name of an outbox entry; of letters, digits, hyphens and dots, so that it can stand in a file's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(String);

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errand {
    /// A message for a queue.
    Send(Message),
    /// E-mail for all who follow an artist.
    Tell(News),
}

/// A release is live: what its artist is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct News {
    /// The release.
    pub key: ReleaseKey,
    /// The artist whose followers are told.
    pub artist: String,
    /// The title with its version.
    pub title: String,
    /// The line under the title.
    pub artist_line: String,
    /// The label's name as it is displayed.
    pub label_name: String,
    /// Since when it is live.
    pub since: Timestamp,
    /// The time zone in which to write that.
    pub time_zone: String,
    /// Its tracks in order.
    pub tracks: Vec<NewsTrack>,
}

/// A track in the news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsTrack {
    /// The disc, from 1.
    pub disc: u32,
    /// The number on its disc, from 1.
    pub number: u32,
    /// The title with its version.
    pub title: String,
    /// The length in milliseconds.
    pub milliseconds: u64,
}

impl OutboxEntry {
    /// News of a release for an artist's followers. One id for a release and an artist: a corrected delivery that
    /// goes live again makes none anew.
    pub(super) fn tell(news: News) -> Self {
        let artist = Sha256::of(folded_name(&news.artist).as_bytes()).to_string();
        Self { id: EntryId(format!("{}-{}", news.key.release, &artist[..16])), errand: Errand::Tell(news) }
    }

    /// A message that an attempt at a delivery calls for.
    pub(super) fn send(delivery: DeliveryId, attempt: u32, message: Message) -> Self {
        let about = match &message {
            Message::Manifest { .. } => "intake".to_owned(),
            Message::Transcode(job) => job.track.to_string(),
            Message::Happened(_) => "event".to_owned(),
        };
        Self { id: EntryId(format!("{delivery}-{attempt}-{about}")), errand: Errand::Send(message) }
    }
}

impl EntryId {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use release::{DeliveryId, Sha256, TrackId, keys};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Delivery, ReleaseKey, folded_name};
use crate::{Message, TranscodeJob};

/// Something that is to be done because a record changed. It is stored in the record's own transaction, so that it is
/// done even where the process ends right after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// Follows from what is to be done: the same errand has the same id.
    pub id: EntryId,
    /// What is to be done.
    pub errand: Errand,
}

/// The name of an outbox entry: the label, a dot, and what is to be done of which delivery of which of its releases. Of
/// letters, digits, hyphens and dots, so that it can stand in a file's name.
///
/// The label and the release are part of it since ids of deliveries are chosen by whoever delivers: a label that knew
/// another's, or a program that gives two releases' deliveries the same, could else take the name of another's errand,
/// which would then never be stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(String);

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errand {
    /// A message for a queue.
    Send(Message),
    /// The renditions that an attempt at a delivery calls for: a message a track.
    Transcode(Jobs),
    /// News for all who follow an artist. Earlier versions gave one such errand an artist.
    Tell(News),
    /// News for all who follow one of several artists.
    TellEach(Tidings),
}

/// The tracks whose renditions are to be made. One errand for all, since a transaction of DynamoDB has at most 100
/// actions, and a release may have more tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jobs {
    /// The release.
    pub key: ReleaseKey,
    /// The delivery whose manifest says what to make.
    pub delivery: DeliveryId,
    /// Which version of the manifest, where the store keeps several: the one that was taken in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_version: Option<String>,
    /// Which try at the delivery this is, from 1.
    pub attempt: u32,
    /// Follows the delivery through all logs.
    pub trace: String,
    /// The tracks in order.
    pub tracks: Vec<TrackId>,
}

/// What the followers of several artists are told of a release. One errand for all, as with [`Jobs`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tidings {
    /// The delivery that it is about.
    pub delivery: DeliveryId,
    /// Follows the delivery through all logs. Earlier versions did not say it: empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace: String,
    /// The artists; never empty.
    pub artists: Vec<String>,
    /// The deliveries whose news is taken back by this: none where it tells that a release is live.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub takes_back: BTreeSet<DeliveryId>,
    /// What the followers of the first are told; the others' have their own artist's name in it.
    pub news: News,
}

/// What the name of an entry ends with that tells that a delivery is live.
const LIVE: &str = "live";

/// What happened to a release that its artists are told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// It is live.
    #[default]
    Live,
    /// It was live, and is taken back.
    Withdrawn {
        /// Why, in the words of the person who did it; may be empty.
        reason: String,
    },
}

/// What an artist is told of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct News {
    /// What happened. Earlier versions told of live releases only.
    #[serde(default)]
    pub what: Happening,
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
    /// Since when it is live, or withdrawn.
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
    /// News of a release for the followers of its artists: one entry a delivery that goes live or is taken back.
    pub(super) fn tell(tidings: Tidings) -> Self {
        let what = match &tidings.news.what {
            Happening::Live => LIVE,
            Happening::Withdrawn { .. } => "withdrawn",
        };
        let id = EntryId::new(&tidings.news.key, tidings.delivery, format_args!("{what}"));
        Self { id, errand: Errand::TellEach(tidings) }
    }

    /// The manifest that another attempt at a delivery begins with.
    pub(super) fn take_in(key: &ReleaseKey, delivery: &Delivery) -> Self {
        let id = EntryId::new(key, delivery.id, format_args!("{}-intake", delivery.attempt));
        let (version, trace) = delivery.read.clone().map(|read| (read.version, read.trace)).unzip();
        let key = keys::manifest(&key.label, key.release, delivery.id);
        Self { id, errand: Errand::Send(Message::Manifest { key, version: version.flatten(), trace }) }
    }

    /// The renditions that an attempt at a delivery calls for.
    pub(super) fn transcode(jobs: Jobs) -> Self {
        let id = EntryId::new(&jobs.key, jobs.delivery, format_args!("{}-tracks", jobs.attempt));
        Self { id, errand: Errand::Transcode(jobs) }
    }

    /// The delivery that it is about, where it names one.
    #[must_use]
    pub fn delivery(&self) -> Option<DeliveryId> {
        match &self.errand {
            Errand::Send(message) => message.subject().map(|(_, delivery)| delivery),
            Errand::Transcode(jobs) => Some(jobs.delivery),
            // Its name begins with it.
            Errand::Tell(_) => self.id.within_label().split('-').next().and_then(|delivery| delivery.parse().ok()),
            Errand::TellEach(tidings) => Some(tidings.delivery),
        }
    }

    /// What follows the delivery through all logs, as far as the entry tells: else the delivery's id, which is what a
    /// manifest says unless a partner's program wrote it. Empty where it names no delivery.
    #[must_use]
    pub fn trace(&self) -> String {
        match &self.errand {
            Errand::Send(message) => message.trace(),
            Errand::Transcode(jobs) => jobs.trace.clone(),
            Errand::TellEach(tidings) if !tidings.trace.is_empty() => tidings.trace.clone(),
            Errand::Tell(_) | Errand::TellEach(_) => self.delivery().map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// The release that it is about; none where its message names none.
    #[must_use]
    pub fn release(&self) -> Option<ReleaseKey> {
        match &self.errand {
            Errand::Send(message) => message.subject().map(|(key, _)| key),
            Errand::Transcode(jobs) => Some(jobs.key.clone()),
            Errand::Tell(news) => Some(news.key.clone()),
            Errand::TellEach(tidings) => Some(tidings.news.key.clone()),
        }
    }

    /// The release of which it tells that it is live; none where it tells something else, or nothing.
    #[must_use]
    pub fn announces(&self) -> Option<&ReleaseKey> {
        let news = match &self.errand {
            Errand::Send(_) | Errand::Transcode(_) => return None,
            Errand::Tell(news) | Errand::TellEach(Tidings { news, .. }) => news,
        };
        (news.what == Happening::Live).then_some(&news.key)
    }

    /// The entries whose news this one takes back. None of them may be told after it.
    #[must_use]
    pub fn takes_back(&self) -> Vec<EntryId> {
        let Errand::TellEach(tidings) = &self.errand else { return Vec::new() };
        let of = |delivery: &DeliveryId| EntryId::new(&tidings.news.key, *delivery, format_args!("{LIVE}"));
        tidings.takes_back.iter().map(of).collect()
    }

    /// The news to be told, each with the name under which it is told once.
    #[must_use]
    pub fn news(&self) -> Vec<(EntryId, News)> {
        match &self.errand {
            Errand::Send(_) | Errand::Transcode(_) => Vec::new(),
            Errand::Tell(news) => vec![(self.id.clone(), news.clone())],
            Errand::TellEach(tidings) => {
                let of = |artist: &String| {
                    let hash = Sha256::of(folded_name(artist).as_bytes()).to_string();
                    let name = EntryId(format!("{}-{}", self.id, &hash[..16]));
                    (name, News { artist: artist.clone(), ..tidings.news.clone() })
                };
                tidings.artists.iter().map(of).collect()
            }
        }
    }
}

impl Jobs {
    /// A message for each track, with what tells it from those of other tracks and attempts.
    #[must_use]
    pub fn messages(&self) -> Vec<(Message, String)> {
        let message = |track: &TrackId| {
            let job = TranscodeJob {
                key: self.key.clone(),
                delivery: self.delivery,
                manifest_version: self.manifest_version.clone(),
                track: *track,
                attempt: self.attempt,
                trace: self.trace.clone(),
            };
            let EntryId(name) = EntryId::new(&self.key, self.delivery, format_args!("{}-{track}", self.attempt));
            (Message::Transcode(job), name)
        };
        self.tracks.iter().map(message).collect()
    }
}

impl EntryId {
    fn new(key: &ReleaseKey, delivery: DeliveryId, what: fmt::Arguments<'_>) -> Self {
        Self(format!("{}.{}-{delivery}-{what}", key.label, key.release))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without the label, for where there is only one. Earlier versions had no label in it, and later ones no
    /// release.
    #[must_use]
    pub fn within_label(&self) -> &str {
        self.0.split_once('.').map_or(&self.0, |(_, name)| name)
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not the name of an outbox entry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{}\" is not the name of an outbox entry", .0.escape_debug())]
pub struct EntryIdError(pub String);

impl FromStr for EntryId {
    type Err = EntryIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let good = (1..=160).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
            && !text.starts_with('.');
        if good { Ok(Self(text.to_owned())) } else { Err(EntryIdError(text.to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::sample;

    fn read(errand: &str) -> OutboxEntry {
        serde_json::from_str(&format!(r#"{{"id":"x","errand":{errand}}}"#)).unwrap()
    }

    /// What an outbox may still hold when a newer version of the program starts.
    #[test]
    fn entries_of_earlier_versions_are_read() {
        let job = concat!(
            r#"{"send":{"transcode":{"key":{"label":"night-office","release":"01M81J18G00000000000000001"},"#,
            r#""delivery":"01M81NF4400000000000000007","track":"01M81J18G00000000000000002","attempt":1,"trace":"t"}}}"#
        );
        // Without a version of the manifest: what is there counts.
        let jobs = concat!(
            r#"{"transcode":{"key":{"label":"night-office","release":"01M81J18G00000000000000001"},"delivery":"#,
            r#""01M81NF4400000000000000007","attempt":1,"trace":"t","tracks":["01M81J18G00000000000000002"]}}"#
        );
        let Errand::Transcode(jobs) = read(jobs).errand else { panic!() };
        assert_eq!((jobs.manifest_version, jobs.tracks.len()), (None, 1));

        let Errand::Send(message) = read(job).errand else { panic!() };
        assert_eq!(message.subject(), Some((sample::key(), sample::delivery(1))));

        let news = concat!(
            r#"{"tell":{"key":{"label":"night-office","release":"01M81J18G00000000000000001"},"artist":"Vesper Bloom","#,
            r#""title":"Tidewater","artist_line":"Vesper Bloom","label_name":"Night Office","#,
            r#""since":"2026-11-22T12:00:00Z","time_zone":"Europe/Berlin","#,
            r#""tracks":[{"disc":1,"number":1,"title":"Tone 1","milliseconds":200}]}}"#
        );
        let entry = read(news);
        let told = entry.news();
        assert_eq!((told.len(), &told[0].0, &told[0].1.what), (1, &entry.id, &Happening::Live));
        assert_eq!((entry.delivery(), entry.trace().as_str()), (None, ""));

        // Without what follows the delivery through all logs: its id does.
        let each = format!(
            r#"{{"tell-each":{{"delivery":"01M81NF4400000000000000007","artists":["Ada"],"news":{}}}}}"#,
            &news[r#"{"tell":"#.len()..news.len() - 1]
        );
        let entry = read(&each);
        assert_eq!((entry.news().len(), entry.trace()), (1, sample::delivery(1).to_string()));
    }

    #[test]
    fn entries_of_this_version_are_written_as_ever() {
        let (key, delivery) = (sample::key(), sample::delivery(1));
        let news = News {
            what: Happening::Withdrawn { reason: "Not cleared.".to_owned() },
            key: key.clone(),
            artist: "Ada".to_owned(),
            title: "Tidewater".to_owned(),
            artist_line: "Ada & Bo".to_owned(),
            label_name: "Night Office".to_owned(),
            since: sample::start(),
            time_zone: "UTC".to_owned(),
            tracks: Vec::new(),
        };
        let artists = vec!["Ada".to_owned(), "Bo".to_owned()];
        let table = [
            (
                OutboxEntry::transcode(Jobs {
                    key,
                    delivery,
                    manifest_version: Some("3HL4kqtJlcpXroDTDmJ".to_owned()),
                    attempt: 2,
                    trace: "t".to_owned(),
                    tracks: vec![sample::track(1)],
                }),
                concat!(
                    r#"{"id":"night-office.01M81J18G00000000000000001-01M81NF4400000000000000007-2-tracks","#,
                    r#""errand":{"transcode":{"key":{"label":"night-office","#,
                    r#""release":"01M81J18G00000000000000001"},"delivery":"01M81NF4400000000000000007","#,
                    r#""manifest_version":"3HL4kqtJlcpXroDTDmJ","attempt":2,"trace":"t","tracks":["01M81J18G00000000000000001"]}}}"#
                ),
            ),
            (
                OutboxEntry::tell(Tidings {
                    delivery,
                    trace: "t".to_owned(),
                    artists,
                    takes_back: BTreeSet::from([delivery]),
                    news,
                }),
                concat!(
                    r#"{"id":"night-office.01M81J18G00000000000000001-01M81NF4400000000000000007-withdrawn","#,
                    r#""errand":{"tell-each":{"delivery":"01M81NF4400000000000000007","#,
                    r#""trace":"t","artists":["Ada","Bo"],"takes_back":["01M81NF4400000000000000007"],"#,
                    r#""news":{"what":{"withdrawn":{"reason":"#,
                    r#""Not cleared."}},"key":{"label":"night-office","release":"01M81J18G00000000000000001"},"#,
                    r#""artist":"Ada","title":"Tidewater","artist_line":"Ada & Bo","label_name":"Night Office","#,
                    r#""since":"2026-11-22T12:00:00Z","time_zone":"UTC","tracks":[]}}}}"#
                ),
            ),
        ];
        for (entry, json) in table {
            assert_eq!(serde_json::to_string(&entry).unwrap(), json);
            assert_eq!(serde_json::from_str::<OutboxEntry>(json).unwrap(), entry);
        }
    }

    #[test]
    fn a_name_of_an_entry_is_a_file_s_name() {
        for text in ["", ".", "../x", "a/b", "a b", "ä", &"a".repeat(161)] {
            assert!(text.parse::<EntryId>().is_err(), "{text}");
        }
        assert_eq!("01M81-1.x".parse::<EntryId>().unwrap().as_str(), "01M81-1.x");
    }
}

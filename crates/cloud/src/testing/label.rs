//! What a cloud for several labels keeps of each, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use release::{DeliveryId, LabelId};
use upload::{Part, Upload};

use super::Memory;
use crate::api::wire::{Announcement, ArtistAccount, FollowState, Following, LabelSettings, Link};
use crate::catalogue::{Record, ReleaseKey, folded_name};
use crate::ports::{
    Announcements, Asker, Catalogue as _, Changed, Changes, Clock, EmailAddress, FOLLOWERS_AN_ARTIST, FollowError,
    Followers, Handover, Handovers, Labels, Links, PortError, Stored, day_of,
};

/// The records of a [`Memory`] by their last change. The clock must move between changes.
#[derive(Debug)]
pub(crate) struct MemoryChanges(pub(crate) Arc<Memory>);

#[async_trait]
impl Changes for MemoryChanges {
    async fn since(&self, label: &LabelId, place: Option<&str>, limit: usize) -> Result<Changed, PortError> {
        let place_of = |record: &Record| {
            let changed = record.timeline.last().map(|moment| moment.at).unwrap_or_default();
            format!("{:020}-{}", changed.as_microsecond(), record.key.release)
        };
        let mut records = self.0.list(label).await?;
        records.reverse();
        records.retain(|record| place.is_none_or(|place| place_of(record).as_str() > place));
        let more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().map_or_else(|| place.unwrap_or_default().to_owned(), place_of);
        let records = records.into_iter().map(|record| Stored { version: 1, record }).collect();
        Ok(Changed { records, next, more })
    }
}

/// Settings and artists of labels.
#[derive(Debug, Default)]
pub(crate) struct MemoryLabels {
    settings: Mutex<BTreeMap<LabelId, LabelSettings>>,
    accounts: Mutex<BTreeMap<(LabelId, String), ArtistAccount>>,
}

#[async_trait]
impl Labels for MemoryLabels {
    async fn settings(&self, label: &LabelId) -> Result<Option<LabelSettings>, PortError> {
        Ok(self.settings.lock().unwrap().get(label).cloned())
    }

    async fn set(&self, label: &LabelId, settings: &LabelSettings) -> Result<(), PortError> {
        self.settings.lock().unwrap().insert(label.clone(), settings.clone());
        Ok(())
    }

    async fn artists_of(&self, label: &LabelId, account: &EmailAddress) -> Result<Vec<String>, PortError> {
        let accounts = self.accounts.lock().unwrap();
        let account = accounts.get(&(label.clone(), account.folded()));
        Ok(account.map(|account| account.artists.clone()).unwrap_or_default())
    }

    async fn map(&self, label: &LabelId, account: &ArtistAccount) -> Result<(), PortError> {
        let key = (label.clone(), account.email.folded());
        let mut accounts = self.accounts.lock().unwrap();
        if account.artists.is_empty() {
            accounts.remove(&key);
        } else {
            accounts.insert(key, account.clone());
        }
        Ok(())
    }

    async fn accounts(&self, label: &LabelId) -> Result<BTreeMap<EmailAddress, Vec<String>>, PortError> {
        let accounts = self.accounts.lock().unwrap();
        let of_label = accounts.iter().filter(|((owner, _), _)| owner == label);
        Ok(of_label.map(|(_, account)| (account.email.clone(), account.artists.clone())).collect())
    }
}

/// Subscriptions, each confirmed by a token of its own.
#[derive(Debug)]
pub(crate) struct MemoryFollowers {
    clock: Arc<dyn Clock>,
    follows: Mutex<BTreeMap<(LabelId, String, String), Asked>>,
    charged: Mutex<BTreeMap<(LabelId, String, Date), u32>>,
}

#[derive(Debug, Clone)]
struct Asked {
    following: Following,
    at: Timestamp,
}

impl MemoryFollowers {
    /// How long nobody is asked again.
    const PAUSE: SignedDuration = SignedDuration::from_mins(10);
    /// How long a token counts.
    const LASTS: SignedDuration = SignedDuration::from_hours(48);

    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, follows: Mutex::default(), charged: Mutex::default() }
    }

    /// What stands in the e-mail that asks.
    pub(crate) fn token(artist: &str, email: &EmailAddress) -> String {
        format!("token-{}-{}", folded_name(artist), email.folded())
    }

    fn charge(&self, label: &LabelId, by: &Asker) -> Result<(), FollowError> {
        let (day, until) = day_of(self.clock.now());
        let mut charged = self.charged.lock().unwrap();
        let times = charged.entry((label.clone(), by.account.clone(), day)).or_default();
        *times += 1;
        if *times > by.a_day { Err(FollowError::Exhausted { until }) } else { Ok(()) }
    }

    fn at<T>(
        &self,
        label: &LabelId,
        artist: &str,
        email: &EmailAddress,
        act: impl FnOnce(&mut Asked, Timestamp) -> Result<T, FollowError>,
    ) -> Result<T, FollowError> {
        let key = (label.clone(), folded_name(artist), email.folded());
        let mut follows = self.follows.lock().unwrap();
        let unknown = || FollowError::Unknown { artist: artist.to_owned(), email: email.clone() };
        act(follows.get_mut(&key).ok_or_else(unknown)?, self.clock.now())
    }
}

#[async_trait]
impl Followers for MemoryFollowers {
    async fn follow(
        &self,
        label: &LabelId,
        artist: &str,
        email: &EmailAddress,
        by: &Asker,
    ) -> Result<FollowState, FollowError> {
        let key = (label.clone(), folded_name(artist), email.folded());
        let mut follows = self.follows.lock().unwrap();
        if let Some(known) = follows.get(&key) {
            return Ok(known.following.state);
        }
        self.charge(label, by)?;
        if follows.keys().filter(|other| (&other.0, &other.1) == (&key.0, &key.1)).count() >= FOLLOWERS_AN_ARTIST {
            return Err(FollowError::Full { artist: artist.to_owned() });
        }
        let (artist, email, now) = (artist.to_owned(), email.clone(), self.clock.now());
        let following = Following { artist, email, since: now, state: FollowState::Pending };
        follows.insert(key, Asked { following, at: now });
        Ok(FollowState::Pending)
    }

    async fn list(&self, label: &LabelId) -> Result<Vec<Following>, PortError> {
        let follows = self.follows.lock().unwrap();
        Ok(follows.iter().filter(|((owner, ..), _)| owner == label).map(|(_, asked)| asked.following.clone()).collect())
    }

    async fn confirm(
        &self,
        label: &LabelId,
        artist: &str,
        email: &EmailAddress,
        pasted: &str,
    ) -> Result<(), FollowError> {
        self.at(label, artist, email, |asked, now| {
            if pasted != Self::token(artist, email) {
                return Err(FollowError::NotALink);
            }
            if now.duration_since(asked.at) > Self::LASTS {
                return Err(FollowError::Expired);
            }
            asked.following.state = FollowState::Confirmed;
            Ok(())
        })
    }

    async fn resend(&self, label: &LabelId, artist: &str, email: &EmailAddress, by: &Asker) -> Result<(), FollowError> {
        self.at(label, artist, email, |asked, now| {
            if asked.following.state == FollowState::Confirmed {
                return Err(FollowError::Confirmed(email.clone()));
            }
            let until = asked.at + Self::PAUSE;
            if now < until {
                return Err(FollowError::TooSoon { email: email.clone(), until });
            }
            self.charge(label, by)?;
            asked.at = now;
            Ok(())
        })
    }

    async fn unfollow(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<bool, PortError> {
        let key = (label.clone(), folded_name(artist), email.folded());
        Ok(self.follows.lock().unwrap().remove(&key).is_some())
    }
}

/// What followers were told, latest first.
#[derive(Debug, Default)]
pub(crate) struct MemoryAnnouncements(pub(crate) Mutex<Vec<(LabelId, Announcement)>>);

#[async_trait]
impl Announcements for MemoryAnnouncements {
    async fn latest(&self, label: &LabelId, limit: usize) -> Result<Vec<Announcement>, PortError> {
        let all = self.0.lock().unwrap();
        let own = all.iter().filter(|(owner, _)| owner == label).map(|(_, announcement)| announcement.clone());
        Ok(own.take(limit).collect())
    }
}

/// Deliveries that are being handed over.
#[derive(Debug, Default)]
pub(crate) struct MemoryHandovers(Mutex<BTreeMap<(ReleaseKey, DeliveryId), Handover>>);

#[async_trait]
impl Handovers for MemoryHandovers {
    async fn keep(&self, handover: &Handover) -> Result<Handover, PortError> {
        let mut kept = self.0.lock().unwrap();
        let key = (handover.key.clone(), handover.delivery);
        Ok(kept.entry(key).or_insert_with(|| handover.clone()).clone())
    }

    async fn load(
        &self,
        key: &ReleaseKey,
        delivery: DeliveryId,
        now: Timestamp,
    ) -> Result<Option<Handover>, PortError> {
        let kept = self.0.lock().unwrap();
        Ok(kept.get(&(key.clone(), delivery)).filter(|handover| handover.until > now).cloned())
    }

    async fn remove(&self, key: &ReleaseKey, delivery: DeliveryId) -> Result<(), PortError> {
        self.0.lock().unwrap().remove(&(key.clone(), delivery));
        Ok(())
    }
}

/// Links that lead nowhere.
#[derive(Debug)]
pub(crate) struct MemoryLinks {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bucket: &'static str,
}

impl MemoryLinks {
    fn link(&self, path: &str, valid: Duration) -> Link {
        // Signed over its time, as links of S3 are.
        let expires = self.clock.now() + SignedDuration::try_from(valid).unwrap();
        Link { url: format!("https://{}.example.org/{path}&until={}", self.bucket, expires.as_millisecond()), expires }
    }
}

#[async_trait]
impl Links for MemoryLinks {
    async fn read(&self, key: &str, valid: Duration) -> Result<Link, PortError> {
        Ok(self.link(&format!("{key}?signature=secret"), valid))
    }

    async fn part(&self, upload: &Upload, part: &Part, valid: Duration) -> Result<Link, PortError> {
        let (key, id, number) = (&upload.key, &upload.id.0, part.number);
        Ok(self.link(&format!("{key}?upload={id}&part={number}&signature=secret"), valid))
    }
}

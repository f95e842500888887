use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use release::LabelId;
use serde::{Deserialize, Serialize};

use crate::api::wire::{Announcement, FollowState, Following};
use crate::ports::{EmailAddress, PortError};

/// What is kept of followers beside the service, which tells neither since when they follow nor when they were asked.
#[async_trait]
pub trait FollowBook: Send + Sync + Debug {
    /// All followers of a label, by artist and address.
    async fn all(&self, label: &LabelId) -> Result<Vec<Follower>, PortError>;

    /// The one of an artist and an address, by their folded forms.
    async fn find(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<Option<Follower>, PortError>;

    /// Keeps one, in place of what was kept.
    async fn keep(&self, label: &LabelId, follower: &Follower) -> Result<(), PortError>;

    /// Keeps one that is new, or follows anew, unless the artist has `limit` others who have not ended it. False where they
    /// do, however many are added at once.
    async fn enrol(&self, label: &LabelId, follower: &Follower, limit: usize) -> Result<bool, PortError>;

    /// Counts one more time that an account had an address asked on a day, unless that were more than `limit`. False where
    /// it were.
    async fn charge(&self, label: &LabelId, account: &str, day: Date, limit: u32) -> Result<bool, PortError>;

    /// Forgets one. True where there was one.
    async fn forget(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<bool, PortError>;

    /// When the service was last asked about the followers of a label's artists, by the artists' folded names. What is
    /// older than a day or two need not be there.
    async fn checked(&self, label: &LabelId) -> Result<BTreeMap<String, Timestamp>, PortError>;

    /// Notes that it was asked about those of an artist.
    async fn note_checked(&self, label: &LabelId, artist: &str, at: Timestamp) -> Result<(), PortError>;

    /// Keeps what an artist's followers were told. Where there is one of its name, that one stays.
    async fn announce(&self, label: &LabelId, announcement: &Announcement) -> Result<(), PortError>;

    /// Whether they were told this.
    async fn was_announced(&self, label: &LabelId, name: &str) -> Result<bool, PortError>;
}

/// A follower, as the book has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    /// The artist's name as it was entered.
    pub artist: String,
    /// Where news goes.
    pub email: EmailAddress,
    /// Since when.
    pub since: Timestamp,
    /// Whether its owner had agreed when the service was last asked.
    pub state: FollowState,
    /// When its owner was asked, latest last; of the last day.
    pub asked: Vec<Timestamp>,
    /// It was ended, and is kept so that its owner is not asked more often by ending and beginning again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
}

/// At most so often may an address be asked in a day, and not sooner again than after so long: each time is an e-mail to
/// somebody who may not have wanted any.
const ASKED_A_DAY: usize = 5;
const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// So long after it was asked, its owner may still answer: a link lasts two days, and clocks differ.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_hours(3 * 24);

impl Follower {
    /// From when on its owner may be asked again; none where that is now.
    pub(super) fn may_be_asked(&self, now: Timestamp) -> Option<Timestamp> {
        let of_day: Vec<Timestamp> = self.asked.iter().copied().filter(|at| now.duration_since(*at) < DAY).collect();
        let after_last = of_day.last().map(|last| *last + ASKED_AGAIN_AFTER);
        let after_day = of_day.len().checked_sub(ASKED_A_DAY).map(|first| of_day[first] + DAY);
        after_last.max(after_day).filter(|until| *until > now)
    }

    /// Whether its owner may agree any moment.
    pub(super) fn is_awaited(&self, now: Timestamp) -> bool {
        let last = self.asked.last();
        self.state == FollowState::Pending && last.is_some_and(|at| now.duration_since(*at) < ANSWERED_WITHIN)
    }

    pub(super) fn ask(&mut self, now: Timestamp) {
        self.asked.retain(|at| now.duration_since(*at) < DAY);
        self.asked.push(now);
    }
}

impl From<Follower> for Following {
    fn from(follower: Follower) -> Self {
        let Follower { artist, email, since, state, .. } = follower;
        Self { artist, email, since, state }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        "2026-11-22T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn an_address_is_asked_five_times_a_day_and_not_twice_in_five_minutes() {
        let mut follower = Follower {
            artist: "Ada".to_owned(),
            email: "ada@example.org".parse().unwrap(),
            since: at(0),
            state: FollowState::Pending,
            asked: Vec::new(),
            ended: false,
        };
        for minute in [0, 5, 60, 70] {
            assert_eq!(follower.may_be_asked(at(minute)), None, "{minute}");
            follower.ask(at(minute));
            assert_eq!(follower.may_be_asked(at(minute + 4)), Some(at(minute + 5)), "{minute}");
        }
        follower.ask(at(80));
        // The first of five has to be a day ago.
        assert_eq!(follower.may_be_asked(at(90)), Some(at(24 * 60)));
        assert_eq!(follower.may_be_asked(at(24 * 60)), None);
        follower.ask(at(24 * 60));
        assert_eq!(follower.asked.len(), 5);
        assert_eq!(follower.may_be_asked(at(24 * 60 + 5)), None);
        follower.ask(at(24 * 60 + 5));
        assert_eq!(follower.may_be_asked(at(24 * 60 + 10)), Some(at(25 * 60)));
    }
}

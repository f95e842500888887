//! Brings what the book has of followers in line with the service, a few topics a listing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use release::LabelId;
use tokio::time::Instant;

use super::{Follower, SnsTopics};
use crate::api::wire::FollowState;
use crate::catalogue::folded_name;
use crate::ports::PortError;

/// How many topics are asked about for one listing; the rest is answered as the book has it. SNS answers some thirty such
/// questions a second, for the whole account.
const TOPICS_A_LISTING: usize = 20;
const AT_ONCE: usize = 5;
/// How many changes of one topic's followers are written at a time.
const WRITES_AT_ONCE: usize = 8;
/// For how long the service is asked for one listing, which has to be answered within half a minute.
const LONGEST: Duration = Duration::from_secs(10);

/// After so long the service is asked again about a topic where an answer is waited for: apps list while they wait for
/// other things, every other second.
const AWAITED: SignedDuration = SignedDuration::from_secs(30);
/// After so long it is asked again about every other.
const STALE: SignedDuration = SignedDuration::from_hours(24);

impl SnsTopics {
    /// All of a label who have not ended, by artist, as the service has them where it was asked.
    pub(super) async fn checked(&self, label: &LabelId) -> Result<Vec<Follower>, PortError> {
        let mut by_artist: BTreeMap<String, Vec<Follower>> = BTreeMap::new();
        for follower in self.book.all(label).await?.into_iter().filter(|follower| !follower.ended) {
            by_artist.entry(folded_name(&follower.artist)).or_default().push(follower);
        }
        let due = due(&by_artist, &self.book.checked(label).await?, self.clock.now());
        let until = Instant::now() + LONGEST;
        let checking = by_artist.into_iter().map(|(artist, followers)| {
            let is_due = due.contains(&artist);
            async move { if is_due { self.check(label, followers, until).await } else { Ok(followers) } }.boxed()
        });
        let checking: Vec<_> = checking.collect();
        let checked: Vec<Vec<Follower>> = stream::iter(checking).buffered(AT_ONCE).try_collect().await?;
        Ok(checked.into_iter().flatten().collect())
    }

    /// Brings what the book has of a topic's followers in line with the service. Where that has no time for it, they are
    /// as the book has them, and asked about next time.
    async fn check(
        &self,
        label: &LabelId,
        followers: Vec<Follower>,
        until: Instant,
    ) -> Result<Vec<Follower>, PortError> {
        let Some(first) = followers.first() else { return Ok(followers) };
        let (artist, now) = (first.artist.clone(), self.clock.now());
        let topic = self.topic(label, &artist);
        let there = match tokio::time::timeout_at(until, self.subscriptions(&topic)).await {
            Ok(Ok(there)) => there,
            Ok(Err(error)) if !error.passing => return Err(error),
            Ok(Err(error)) => {
                tracing::warn!(%label, topic, %error, "followers are listed as they were last known");
                return Ok(followers);
            }
            Err(_) => {
                tracing::warn!(%label, topic, "followers are listed as they were last known: SNS takes too long");
                return Ok(followers);
            }
        };
        let found = Found::of(followers, there, &artist, now);
        let kept = found.changed.iter().map(|follower| self.book.keep(label, follower).boxed());
        let forgotten = found
            .left
            .iter()
            .map(|gone| async move { self.book.forget(label, &gone.artist, &gone.email).await.map(drop) }.boxed());
        let writes: Vec<_> = kept.chain(forgotten).collect();
        stream::iter(writes).buffer_unordered(WRITES_AT_ONCE).try_collect::<()>().await?;
        // Last: what could not be written is asked about again.
        self.book.note_checked(label, &artist, now).await?;
        Ok(found.followers)
    }
}

/// What the service says of a topic's followers, beside what the book has.
struct Found {
    /// All there are.
    followers: Vec<Follower>,
    /// Those of them that are not as the book has them.
    changed: Vec<Follower>,
    /// Who left by the link in an e-mail.
    left: Vec<Follower>,
}

impl Found {
    fn of(known: Vec<Follower>, mut there: BTreeMap<String, Option<String>>, artist: &str, now: Timestamp) -> Self {
        let mut found = Self { followers: Vec::with_capacity(known.len()), changed: Vec::new(), left: Vec::new() };
        for follower in known {
            let state = match (there.remove(&follower.email.folded()), follower.state) {
                (None, FollowState::Confirmed) => {
                    found.left.push(follower);
                    continue;
                }
                (Some(Some(_)), _) => FollowState::Confirmed,
                // The service forgets who never answers. Staff see that, and may have it asked again.
                (None | Some(None), _) => FollowState::Pending,
            };
            let is_changed = state != follower.state;
            let follower = Follower { state, ..follower };
            found.changed.extend(is_changed.then(|| follower.clone()));
            found.followers.push(follower);
        }
        // Agreed to an earlier e-mail after all.
        for (email, _) in there.into_iter().filter(|(_, arn)| arn.is_some()) {
            let Ok(email) = email.parse() else { continue };
            let (artist, state) = (artist.to_owned(), FollowState::Confirmed);
            let follower = Follower { artist, email, since: now, state, asked: Vec::new(), ended: false };
            found.changed.push(follower.clone());
            found.followers.push(follower);
        }
        found
    }
}

/// Which artists' topics to ask about for a listing, by the folded names of the artists.
///
/// Those where an answer is waited for and those that were not looked at for a day have half of the places each, and what
/// the others leave; among them, whoever was looked at longest ago comes first. So nobody waits for ever, whoever never
/// answers.
fn due(
    by_artist: &BTreeMap<String, Vec<Follower>>,
    checked: &BTreeMap<String, Timestamp>,
    now: Timestamp,
) -> BTreeSet<String> {
    let (mut awaited, mut stale) = (Vec::new(), Vec::new());
    for (artist, followers) in by_artist {
        let last = checked.get(artist).copied();
        let is_older = |age| last.is_none_or(|last| now.duration_since(last) >= age);
        if followers.iter().any(|follower| follower.is_awaited(now)) {
            awaited.extend(is_older(AWAITED).then_some((last, artist)));
        } else {
            stale.extend(is_older(STALE).then_some((last, artist)));
        }
    }
    awaited.sort();
    stale.sort();
    stale.truncate(TOPICS_A_LISTING.saturating_sub(awaited.len()).max(TOPICS_A_LISTING / 2));
    awaited.truncate(TOPICS_A_LISTING - stale.len());
    awaited.into_iter().chain(stale).map(|(_, artist)| artist.clone()).collect()
}

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use aws_sdk_sns::error::ProvideErrorMetadata as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use release::LabelId;

use super::pasted::Pasted;
use super::{Follower, SnsTopics, failure};
use crate::api::wire::{FollowState, Following};
use crate::catalogue::folded_name;
use crate::ports::{Asker, EmailAddress, FOLLOWERS_AN_ARTIST, FollowError, Followers, PortError, day_of};

/// How many topics are asked about for one listing; the rest is answered as the book has it. SNS answers some thirty such
/// questions a second, for the whole account.
const TOPICS_A_LISTING: usize = 20;
const AT_ONCE: usize = 5;

/// After so long the service is asked again about those that had agreed.
const STALE: SignedDuration = SignedDuration::from_hours(24);

#[async_trait]
impl Followers for SnsTopics {
    async fn follow(
        &self,
        label: &LabelId,
        artist: &str,
        email: &EmailAddress,
        by: &Asker,
    ) -> Result<FollowState, FollowError> {
        let known = self.book.find(label, artist, email).await?;
        if let Some(known) = known.as_ref().filter(|known| !known.ended) {
            return Ok(known.state);
        }
        let now = self.clock.now();
        if let Some(until) = known.as_ref().and_then(|known| known.may_be_asked(now)) {
            return Err(FollowError::TooSoon { email: email.clone(), until });
        }
        self.charge(label, by, now).await?;
        let topic = self.make_topic(label, artist).await?;
        let mut follower = Follower {
            artist: artist.to_owned(),
            email: email.clone(),
            since: now,
            state: FollowState::Pending,
            asked: known.map(|known| known.asked).unwrap_or_default(),
            checked: now,
            ended: false,
        };
        follower.ask(now);
        // Noted first: an address that was asked and is not in the book could not be found again.
        if !self.book.enrol(label, &follower, FOLLOWERS_AN_ARTIST).await? {
            return Err(FollowError::Full { artist: artist.to_owned() });
        }
        self.subscribe(&topic, email).await?;
        Ok(FollowState::Pending)
    }

    async fn list(&self, label: &LabelId) -> Result<Vec<Following>, PortError> {
        let mut all = self.book.all(label).await?;
        all.retain(|follower| !follower.ended);
        let open = to_check(&all, self.clock.now());
        let mut by_artist: BTreeMap<String, Vec<Follower>> = BTreeMap::new();
        for follower in all {
            by_artist.entry(folded_name(&follower.artist)).or_default().push(follower);
        }
        let checking = by_artist.into_iter().map(|(artist, followers)| {
            let is_open = open.contains(&artist);
            async move { if is_open { self.check(label, followers).await } else { Ok(followers) } }
        });
        let checking: Vec<_> = checking.map(futures::FutureExt::boxed).collect();
        let checked: Vec<Vec<Follower>> = stream::iter(checking).buffered(AT_ONCE).try_collect().await?;
        Ok(checked.into_iter().flatten().map(Following::from).collect())
    }

    async fn confirm(
        &self,
        label: &LabelId,
        artist: &str,
        email: &EmailAddress,
        pasted: &str,
    ) -> Result<(), FollowError> {
        let unknown = || FollowError::Unknown { artist: artist.to_owned(), email: email.clone() };
        let known = self.book.find(label, artist, email).await?;
        let follower = known.filter(|known| !known.ended).ok_or_else(unknown)?;
        if follower.state == FollowState::Confirmed {
            return Err(FollowError::Confirmed(email.clone()));
        }
        let topic = self.topic(label, artist);
        let token = Pasted::read(pasted).and_then(|pasted| pasted.token_for(&topic)).ok_or(FollowError::NotALink)?;
        let confirmed = self
            .client
            .confirm_subscription()
            .topic_arn(&topic)
            .token(token)
            // Else whoever an e-mail is forwarded to could end it by its link.
            .authenticate_on_unsubscribe("true")
            .send()
            .await;
        match confirmed {
            Ok(_) => {}
            Err(error) if matches!(error.code(), Some("InvalidParameter" | "InvalidParameterException")) => {
                return Err(FollowError::Expired);
            }
            Err(error) if matches!(error.code(), Some("NotFound" | "NotFoundException")) => {
                return Err(FollowError::NotALink);
            }
            Err(error) => return Err(failure::of("confirming a subscription", error).into()),
        }
        // A token says nothing of its address: it may have been another follower's of the same artist.
        let now_there = self.subscriptions(&topic).await?;
        match now_there.get(&email.folded()) {
            Some(Some(_)) => {
                let follower = Follower { state: FollowState::Confirmed, checked: self.clock.now(), ..follower };
                Ok(self.book.keep(label, &follower).await?)
            }
            _ => Err(FollowError::NotALink),
        }
    }

    async fn resend(&self, label: &LabelId, artist: &str, email: &EmailAddress, by: &Asker) -> Result<(), FollowError> {
        let unknown = || FollowError::Unknown { artist: artist.to_owned(), email: email.clone() };
        let known = self.book.find(label, artist, email).await?;
        let mut follower = known.filter(|known| !known.ended).ok_or_else(unknown)?;
        if follower.state == FollowState::Confirmed {
            return Err(FollowError::Confirmed(email.clone()));
        }
        let now = self.clock.now();
        if let Some(until) = follower.may_be_asked(now) {
            return Err(FollowError::TooSoon { email: email.clone(), until });
        }
        self.charge(label, by, now).await?;
        follower.ask(now);
        self.book.keep(label, &follower).await?;
        let topic = self.make_topic(label, artist).await?;
        Ok(self.subscribe(&topic, email).await?)
    }

    async fn unfollow(&self, label: &LabelId, artist: &str, email: &EmailAddress) -> Result<bool, PortError> {
        let there = self.subscriptions(&self.topic(label, artist)).await?;
        let confirmed = there.get(&email.folded()).cloned().flatten();
        // One whose owner never answered cannot be ended, and ends by itself: nothing is sent to it.
        if let Some(arn) = &confirmed {
            let ended = self.client.unsubscribe().subscription_arn(arn).send().await;
            ended.map_err(|error| failure::of("ending a subscription", error))?;
        }
        let known = self.book.find(label, artist, email).await?;
        let was_there = confirmed.is_some() || known.as_ref().is_some_and(|known| !known.ended);
        match known {
            Some(known) if known.may_be_asked(self.clock.now()).is_some() => {
                self.book.keep(label, &Follower { ended: true, state: FollowState::Pending, ..known }).await?;
            }
            Some(_) => drop(self.book.forget(label, artist, email).await?),
            None => {}
        }
        Ok(was_there)
    }
}

impl SnsTopics {
    /// Takes one of the times that an account may have an address asked today.
    async fn charge(&self, label: &LabelId, by: &Asker, now: Timestamp) -> Result<(), FollowError> {
        let (day, until) = day_of(now);
        let may = self.book.charge(label, &by.account, day, by.a_day).await?;
        if may { Ok(()) } else { Err(FollowError::Exhausted { until }) }
    }

    /// Brings what the book has of a topic's followers in line with the service.
    async fn check(&self, label: &LabelId, followers: Vec<Follower>) -> Result<Vec<Follower>, PortError> {
        let Some(first) = followers.first() else { return Ok(followers) };
        let (now, artist) = (self.clock.now(), first.artist.clone());
        let topic = self.topic(label, &artist);
        let mut there = self.subscriptions(&topic).await?;
        let mut checked = Vec::new();
        for follower in followers {
            match (there.remove(&follower.email.folded()), follower.state) {
                // Left by the link in an e-mail.
                (None, FollowState::Confirmed) => {
                    self.book.forget(label, &follower.artist, &follower.email).await?;
                }
                // The service forgets who never answers. Staff see that, and may have it asked again.
                (None | Some(None), FollowState::Pending) => checked.push(follower),
                (subscription, before) => {
                    let state = match subscription.flatten() {
                        Some(_) => FollowState::Confirmed,
                        None => FollowState::Pending,
                    };
                    let follower = Follower { state, checked: now, ..follower };
                    if state != before || state == FollowState::Confirmed {
                        self.book.keep(label, &follower).await?;
                    }
                    checked.push(follower);
                }
            }
        }
        // Agreed to an earlier e-mail after all.
        for (email, _) in there.into_iter().filter(|(_, arn)| arn.is_some()) {
            let Ok(email) = email.parse() else { continue };
            let state = FollowState::Confirmed;
            let follower = Follower {
                artist: artist.clone(),
                email,
                since: now,
                state,
                asked: Vec::new(),
                checked: now,
                ended: false,
            };
            self.book.keep(label, &follower).await?;
            checked.push(follower);
        }
        Ok(checked)
    }
}

/// Which artists' topics to ask about for a listing: those where an answer is waited for first, then those that were not
/// looked at for a day, the longest first.
fn to_check(followers: &[Follower], now: Timestamp) -> BTreeSet<String> {
    let mut topics: BTreeMap<String, (bool, Timestamp)> = BTreeMap::new();
    for follower in followers {
        let settled = follower.state == FollowState::Confirmed;
        let known = topics.entry(folded_name(&follower.artist)).or_insert((true, follower.checked));
        *known = (known.0 && settled, known.1.min(follower.checked));
    }
    let mut open: Vec<_> = topics
        .into_iter()
        .filter(|(_, (settled, checked))| !settled || now.duration_since(*checked) >= STALE)
        .collect();
    open.sort_by_key(|(_, when)| *when);
    open.into_iter().take(TOPICS_A_LISTING).map(|(artist, _)| artist).collect()
}

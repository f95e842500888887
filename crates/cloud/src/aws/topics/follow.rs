use async_trait::async_trait;
use aws_sdk_sns::error::ProvideErrorMetadata as _;
use jiff::Timestamp;
use release::LabelId;

use super::pasted::Pasted;
use super::{Follower, SnsTopics, failure};
use crate::api::wire::{FollowState, Following};
use crate::ports::{Asker, EmailAddress, FOLLOWERS_AN_ARTIST, FollowError, Followers, PortError, day_of};

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
        Ok(self.checked(label).await?.into_iter().map(Following::from).collect())
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
                let follower = Follower { state: FollowState::Confirmed, ..follower };
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
}

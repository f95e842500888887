mod book;
mod listing;
mod service;
mod telling;

use std::sync::Arc;

use jiff::SignedDuration;
use release::LabelId;

use super::*;
use crate::api::wire::FollowState;
use crate::catalogue::sample::{news, start};
use crate::ports::{Asker, FOLLOWERS_AN_ARTIST, FollowError, Followers as _, Herald as _, ManualClock};
use book::Book;
use service::{PREFIX, Service};

struct Stage {
    service: Service,
    book: Arc<Book>,
    clock: Arc<ManualClock>,
    topics: SnsTopics,
}

async fn stage() -> Stage {
    let service = Service::start().await;
    let (book, clock) = (Arc::<Book>::default(), Arc::new(ManualClock::new(start())));
    let topics = SnsTopics::new(service.client(), PREFIX.to_owned(), Arc::clone(&book) as _, Arc::clone(&clock) as _);
    Stage { service, book, clock, topics }
}

fn label() -> LabelId {
    news().key.label
}

fn staff() -> Asker {
    Asker { account: "staff".to_owned(), a_day: 6 }
}

fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

impl Stage {
    /// Artist, address and state of all that are listed.
    async fn listed(&self) -> Vec<(String, String, FollowState)> {
        let listed = self.topics.list(&label()).await.unwrap();
        listed.into_iter().map(|one| (one.artist, one.email.to_string(), one.state)).collect()
    }

    async fn follow(&self, artist: &str, address: &str) -> Result<FollowState, FollowError> {
        self.topics.follow(&label(), artist, &email(address), &staff()).await
    }

    async fn confirm(&self, artist: &str, address: &str, pasted: &str) -> Result<(), FollowError> {
        self.topics.confirm(&label(), artist, &email(address), pasted).await
    }
}

#[tokio::test]
async fn a_follower_is_asked_agrees_in_the_app_and_hears_of_a_release() {
    let stage = stage().await;
    let artist = news().artist;
    assert_eq!(stage.follow(&artist, "ada@example.org").await.unwrap(), FollowState::Pending);
    assert_eq!(stage.follow(&artist, "ADA@example.org").await.unwrap(), FollowState::Pending);
    assert_eq!(stage.service.contents().asked.get("ada@example.org"), Some(&1), "asked once");
    assert_eq!(stage.listed().await, [(artist.clone(), "ada@example.org".to_owned(), FollowState::Pending)]);

    let entry = crate::catalogue::sample::entry_id("01A-0123");
    stage.topics.tell(&entry, &news()).await.unwrap();
    assert_eq!(stage.service.contents().published[0].2, [""; 0], "who has not agreed hears nothing");

    let token = stage.service.token("ada@example.org");
    let topic = stage.topics.topic(&label(), &artist);
    stage.confirm(&artist, "ada@example.org", &format!("https://sns/?TopicArn={topic}&Token={token}")).await.unwrap();
    assert!(stage.service.contents().topics[&topic].subscriptions[0].authenticated, "leaving needs a sign-in");
    assert_eq!(stage.service.contents().topics[&topic].display_name, artist);
    assert_eq!(stage.listed().await[0].2, FollowState::Confirmed);
    let again = stage.confirm(&artist, "ada@example.org", &token).await;
    assert!(matches!(again, Err(FollowError::Confirmed(_))), "{again:?}");

    let next = crate::catalogue::sample::entry_id("01B-0123");
    stage.topics.tell(&next, &news()).await.unwrap();
    stage.topics.tell(&next, &news()).await.unwrap();
    let published = stage.service.contents().published.split_off(1);
    assert_eq!(published.len(), 1, "the same news is told once");
    assert_eq!(published[0].2, ["ada@example.org"]);
    assert!(published[0].0.contains(&news().title), "{}", published[0].0);
    assert!(!published[0].1.contains('{'), "every place is filled: {}", published[0].1);
    assert_eq!(stage.book.announcements().last().unwrap().reference, "m2");
}

#[tokio::test]
async fn a_topic_is_for_whom_the_account_lets_in_and_for_nobody_else() {
    let stage = stage().await;
    stage.follow("Ada", "ada@example.org").await.unwrap();
    let topic = stage.topics.topic(&label(), "Ada");
    let policy = stage.service.contents().topics[&topic].policy.clone();
    let policy: serde_json::Value = serde_json::from_str(&policy).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    for statement in statements {
        assert_eq!(statement["Resource"], topic.as_str());
        // Not "*", as in the policy that SNS gives a new topic: that lets in whoever has a session in the account.
        if statement["Effect"] == "Allow" {
            assert_eq!(statement["Principal"]["AWS"], "arn:aws:iam::123456789012:root");
        }
    }
    let denied: Vec<_> = statements.iter().filter(|statement| statement["Effect"] == "Deny").collect();
    assert_eq!(denied.len(), 1);
    assert_eq!(denied[0]["Condition"]["Bool"]["aws:SecureTransport"], "false");
}

/// `infra/tests/iam.test.mjs` evaluates that file: what it shows is shown of what is written here.
#[test]
fn the_policy_that_is_evaluated_is_the_one_that_topics_get() {
    let evaluated: serde_json::Value = serde_json::from_str(include_str!("policy.json")).unwrap();
    let topic = evaluated["Statement"][0]["Resource"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&policy(topic)).unwrap(), evaluated);
}

#[tokio::test]
async fn news_of_an_artist_whom_nobody_follows_goes_nowhere() {
    let stage = stage().await;
    stage.topics.tell(&crate::catalogue::sample::entry_id("01A-0123"), &news()).await.unwrap();
    assert!(stage.service.contents().published.is_empty());
    assert!(stage.service.contents().topics.is_empty(), "a topic is made by the first follower");
}

#[tokio::test]
async fn a_wrong_link_an_expired_one_and_somebody_else_s_are_told_apart() {
    let stage = stage().await;
    let unknown = stage.confirm("Ada", "ada@example.org", "x").await;
    assert!(matches!(unknown, Err(FollowError::Unknown { .. })), "{unknown:?}");
    stage.follow("Ada", "ada@example.org").await.unwrap();
    stage.follow("Ada", "bob@example.org").await.unwrap();
    stage.follow("Other", "ada@example.org").await.unwrap();
    let expired = stage.confirm("Ada", "ada@example.org", &"9".repeat(48)).await;
    assert!(matches!(expired, Err(FollowError::Expired)), "{expired:?}");
    let other = stage.topics.topic(&label(), "Other");
    for wrong in ["please", &format!("https://sns/?TopicArn={other}&Token={}", "0".repeat(48))] {
        let refused = stage.confirm("Ada", "ada@example.org", wrong).await;
        assert!(matches!(refused, Err(FollowError::NotALink)), "{refused:?}");
    }
    // Bob's token confirms Bob, and nobody else.
    let bobs = stage.service.token("bob@example.org");
    let refused = stage.confirm("Ada", "ada@example.org", &bobs).await;
    assert!(matches!(refused, Err(FollowError::NotALink)), "{refused:?}");
    let states: Vec<_> = stage.listed().await.into_iter().map(|(_, email, state)| (email, state)).collect();
    let (ada, bob) = ("ada@example.org".to_owned(), "bob@example.org".to_owned());
    assert_eq!(
        states,
        [(ada.clone(), FollowState::Pending), (bob, FollowState::Confirmed), (ada, FollowState::Pending)]
    );
}

#[tokio::test]
async fn nobody_is_asked_too_often_not_even_by_ending_and_beginning_again() {
    let stage = stage().await;
    let ada = email("ada@example.org");
    stage.follow("Ada", "ada@example.org").await.unwrap();
    let soon = stage.topics.resend(&label(), "Ada", &ada, &staff()).await;
    assert!(matches!(soon, Err(FollowError::TooSoon { .. })), "{soon:?}");
    assert!(stage.topics.unfollow(&label(), "ada", &ada).await.unwrap());
    assert!(!stage.topics.unfollow(&label(), "ada", &ada).await.unwrap());
    assert_eq!(stage.listed().await, []);
    let soon = stage.follow("Ada", "ada@example.org").await;
    assert!(matches!(soon, Err(FollowError::TooSoon { .. })), "{soon:?}");

    stage.clock.advance(SignedDuration::from_mins(5));
    stage.follow("Ada", "ada@example.org").await.unwrap();
    for _ in 0..3 {
        stage.clock.advance(SignedDuration::from_mins(5));
        stage.topics.resend(&label(), "Ada", &ada, &staff()).await.unwrap();
    }
    stage.clock.advance(SignedDuration::from_mins(5));
    let often = stage.topics.resend(&label(), "Ada", &ada, &staff()).await;
    assert!(matches!(often, Err(FollowError::TooSoon { .. })), "{often:?}");
    assert_eq!(stage.service.contents().asked["ada@example.org"], 5);
}

#[tokio::test]
async fn an_account_has_so_many_asked_a_day_and_an_artist_so_many_addresses() {
    let stage = stage().await;
    for number in 0..6 {
        stage.follow("Ada", &format!("{number}@example.org")).await.unwrap();
    }
    // Who follows already is asked nothing.
    assert_eq!(stage.follow("Ada", "0@example.org").await.unwrap(), FollowState::Pending);
    let enough = stage.follow("Bo", "7@example.org").await;
    let Err(FollowError::Exhausted { until }) = enough else { panic!("{enough:?}") };
    stage.clock.advance(SignedDuration::from_mins(10));
    let again = stage.topics.resend(&label(), "Ada", &email("0@example.org"), &staff()).await;
    assert!(matches!(again, Err(FollowError::Exhausted { .. })), "{again:?}");
    let other = Asker { account: "other".to_owned(), ..staff() };
    stage.topics.follow(&label(), "Bo", &email("7@example.org"), &other).await.unwrap();
    stage.clock.set(until);
    stage.topics.resend(&label(), "Ada", &email("0@example.org"), &staff()).await.unwrap();
    assert_eq!(stage.service.contents().asked.values().sum::<u32>(), 8);

    let filler = stage.book.find(&label(), "Ada", &email("0@example.org")).await.unwrap().unwrap();
    for number in 6..FOLLOWERS_AN_ARTIST {
        let filler = Follower { email: email(&format!("{number}@example.org")), ..filler.clone() };
        stage.book.keep(&label(), &filler).await.unwrap();
    }
    let full = stage.follow("ada", "late@example.org").await;
    assert!(matches!(full, Err(FollowError::Full { .. })), "{full:?}");
    assert!(!stage.service.contents().asked.contains_key("late@example.org"));
    // Another's address may follow once one left.
    assert!(stage.topics.unfollow(&label(), "Ada", &email("1@example.org")).await.unwrap());
    stage.follow("Ada", "late@example.org").await.unwrap();
}

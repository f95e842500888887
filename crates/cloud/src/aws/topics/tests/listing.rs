//! What a listing asks the service, and what it writes.

use std::io::{self, Write};
use std::sync::Mutex;

use tracing::subscriber::NoSubscriber;

use super::service::SILENCE;
use super::*;

const PENDING: FollowState = FollowState::Pending;
const CONFIRMED: FollowState = FollowState::Confirmed;

impl Stage {
    /// Has an address follow, on behalf of somebody who may have as many asked as there are.
    async fn enrol(&self, artist: &str, address: &str) {
        let by = Asker { account: "many".to_owned(), a_day: 10_000 };
        self.topics.follow(&label(), artist, &email(address), &by).await.unwrap();
    }

    /// Has owners of an artist's addresses agree by the link in the e-mail.
    fn agree(&self, artist: &str, does: impl Fn(&str) -> bool) {
        let topic = self.topics.topic(&label(), artist);
        for subscription in &mut self.service.contents().topics.get_mut(&topic).unwrap().subscriptions {
            subscription.confirmed |= does(&subscription.email);
        }
    }

    /// Has them leave by the link in an e-mail.
    fn leave(&self, artist: &str, does: impl Fn(&str) -> bool) {
        let topic = self.topics.topic(&label(), artist);
        let mut contents = self.service.contents();
        contents.topics.get_mut(&topic).unwrap().subscriptions.retain(|one| !does(&one.email));
    }

    /// How a listing has an artist's only follower, if any.
    async fn state(&self, artist: &str) -> Option<FollowState> {
        self.listed().await.into_iter().find(|(of, ..)| of == artist).map(|(_, _, state)| state)
    }

    /// How many topics were asked about, followers written and topics noted since the last time.
    fn spent(&self) -> (usize, usize, usize) {
        let lists = std::mem::take(&mut self.service.contents().lists);
        let mut book = self.book.contents();
        (lists, std::mem::take(&mut book.writes), std::mem::take(&mut book.notes))
    }
}

#[tokio::test]
async fn what_happened_at_the_service_is_seen_in_a_listing_soon() {
    let stage = stage().await;
    for address in ["a@example.org", "b@example.org", "c@example.org"] {
        stage.follow("Ada", address).await.unwrap();
    }
    let topic = stage.topics.topic(&label(), "Ada");
    // By the links in the e-mails: one agrees, another too although staff ended it meanwhile.
    stage.topics.unfollow(&label(), "Ada", &email("c@example.org")).await.unwrap();
    for subscription in &mut stage.service.contents().topics.get_mut(&topic).unwrap().subscriptions {
        subscription.confirmed = subscription.email != "b@example.org";
    }
    let states = async || -> Vec<_> { stage.listed().await.into_iter().map(|(_, who, state)| (who, state)).collect() };
    let of = |address: &str, state| (address.to_owned(), state);
    assert_eq!(
        states().await,
        [of("a@example.org", CONFIRMED), of("b@example.org", PENDING), of("c@example.org", CONFIRMED)]
    );
    // One leaves by the link.
    stage.service.contents().topics.get_mut(&topic).unwrap().subscriptions.remove(0);
    stage.clock.advance(SignedDuration::from_secs(30));
    assert_eq!(states().await, [of("b@example.org", PENDING), of("c@example.org", CONFIRMED)]);
    assert!(stage.topics.unfollow(&label(), "Ada", &email("c@example.org")).await.unwrap());
    assert_eq!(states().await, [of("b@example.org", PENDING)]);
    assert_eq!(stage.service.contents().topics[&topic].subscriptions.len(), 1);
}

#[tokio::test]
async fn who_agrees_or_leaves_is_seen_however_many_others_never_answer() {
    let stage = stage().await;
    for number in 0..25 {
        stage.enrol(&format!("Artist {number:02}"), &format!("{number}@example.org")).await;
    }
    // Neither among the first twenty by name nor by time.
    stage.agree("Artist 24", |_| true);
    stage.listed().await;
    assert_eq!(stage.state("Artist 24").await, Some(CONFIRMED));
    stage.clock.advance(SignedDuration::from_mins(1));
    stage.agree("Artist 23", |_| true);
    stage.listed().await;
    assert_eq!(stage.state("Artist 23").await, Some(CONFIRMED));
    // Of those who had agreed nobody asks for a day.
    stage.leave("Artist 24", |_| true);
    stage.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(stage.state("Artist 24").await, None);
    assert_eq!(stage.listed().await.len(), 24);
}

#[tokio::test]
async fn who_agrees_is_seen_however_many_others_were_not_looked_at_for_a_day() {
    let stage = stage().await;
    for number in 0..60 {
        let (artist, address) = (format!("Artist {number:02}"), format!("{number}@example.org"));
        stage.enrol(&artist, &address).await;
        stage.agree(&artist, |_| true);
    }
    for _ in 0..3 {
        stage.listed().await;
    }
    assert!(stage.listed().await.iter().all(|(.., state)| *state == CONFIRMED));
    stage.clock.advance(SignedDuration::from_hours(30));
    stage.enrol("New", "new@example.org").await;
    stage.listed().await;
    stage.clock.advance(SignedDuration::from_mins(1));
    stage.agree("New", |_| true);
    assert_eq!(stage.state("New").await, Some(CONFIRMED));
}

#[tokio::test]
async fn a_listing_asks_and_writes_what_may_be_new_and_nothing_else() {
    let stage = stage().await;
    for number in 0..50 {
        stage.enrol("Ada", &format!("{number}@example.org")).await;
    }
    stage.enrol("Ada", "never@example.org").await;
    stage.spent();
    stage.agree("Ada", |address| address != "never@example.org");
    let confirmed = async || stage.listed().await.iter().filter(|(.., state)| *state == CONFIRMED).count();
    assert_eq!(confirmed().await, 50);
    assert_eq!(stage.spent(), (1, 50, 1));
    let most = std::mem::take(&mut stage.book.contents().most_at_once);
    assert!((2..=8).contains(&most), "{most} writes at once");

    // Apps list while they wait for something else.
    for _ in 0..5 {
        stage.clock.advance(SignedDuration::from_secs(2));
        assert_eq!(confirmed().await, 50);
    }
    assert_eq!(stage.spent(), (0, 0, 0));
    stage.clock.advance(SignedDuration::from_secs(20));
    assert_eq!(confirmed().await, 50);
    assert_eq!(stage.spent(), (1, 0, 1), "those who had agreed are not written again");
    stage.clock.advance(SignedDuration::from_secs(30));
    stage.leave("Ada", |address| address.starts_with('1'));
    assert_eq!(confirmed().await, 39);
    assert_eq!(stage.spent(), (1, 11, 1));

    // The link in the e-mail has expired: until it is asked again, nobody can agree.
    stage.clock.advance(SignedDuration::from_hours(3 * 24));
    assert_eq!(confirmed().await, 39);
    assert_eq!(stage.spent(), (1, 0, 1));
    stage.clock.advance(SignedDuration::from_hours(23));
    assert_eq!(confirmed().await, 39);
    assert_eq!(stage.spent(), (0, 0, 0));
    stage.topics.resend(&label(), "Ada", &email("never@example.org"), &staff()).await.unwrap();
    stage.agree("Ada", |_| true);
    assert_eq!(confirmed().await, 40);
}

/// A log that is read afterwards.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn where_the_service_has_no_time_they_are_listed_as_last_known() {
    let log = Log::default();
    let writer = log.clone();
    let heard = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _listening = tracing::subscriber::set_default(heard);
    // Where one listens alone, what another test's thread says first is taken for what nobody listens to.
    let _other = tracing::Dispatch::new(NoSubscriber::default());

    let stage = stage().await;
    stage.enrol("Ada", "ada@example.org").await;
    stage.enrol("Bo", "bo@example.org").await;
    stage.agree("Ada", |_| true);
    for code in ["Throttling", "ThrottledException"] {
        stage.service.contents().refusing = Some(code);
        assert_eq!(stage.state("Ada").await, Some(PENDING), "{code}");
        assert_eq!(stage.listed().await.len(), 2, "{code}");
    }
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("as they were last known") && said.contains("Throttling"), "{said}");
    assert!(!said.contains('@'), "{said}");
    // It is asked in the next listing, without a wait.
    stage.service.contents().refusing = None;
    assert_eq!(stage.state("Ada").await, Some(CONFIRMED));
    // What does not pass by itself has to be mended.
    stage.clock.advance(SignedDuration::from_mins(1));
    stage.service.contents().refusing = Some("AuthorizationError");
    stage.topics.list(&label()).await.unwrap_err();
}

#[tokio::test]
async fn a_service_that_does_not_answer_holds_no_list_up() {
    let stage = stage().await;
    for artist in ["Ada", "Bo", "Cy"] {
        stage.enrol(artist, "fan@example.org").await;
    }
    stage.service.contents().refusing = Some(SILENCE);
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    assert_eq!(stage.listed().await.len(), 3);
    assert!(began.elapsed() < std::time::Duration::from_secs(29), "the function has no longer");
}

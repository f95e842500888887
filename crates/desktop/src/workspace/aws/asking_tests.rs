use std::pin::pin;
use std::sync::Mutex;

use cloud::api::wire::LabelSettings;
use cloud::catalogue::{Decision, Verdict};
use futures::poll;
use release::Sha256;
use reqwest::{Method, Request};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::*;
use crate::account::SignInPage;
use crate::workspace::aws::carried::{self, Answer, Answering, Carried, answer, json, page, way_to_page};
use crate::workspace::aws::sample;

const HOUR: Duration = Duration::from_secs(3600);

/// As long as it may take until something is noticed while nothing happens: five minutes, and a fifth more.
const LONGEST: Duration = Duration::from_secs(360);

/// A label's releases, as its API tells of them.
#[derive(Debug, Default)]
struct Label {
    release: Mutex<(u64, Option<ReleaseView>)>,
    trouble: Mutex<Option<fn() -> Answer>>,
    /// What an order makes of the release before its answer gets lost, where one is to.
    lost: Mutex<Option<ReleaseView>>,
}

impl Label {
    fn put(&self, view: ReleaseView) {
        let mut release = self.release.lock().unwrap();
        *release = (release.0 + 1, Some(view));
    }

    fn be_in(&self, trouble: Option<fn() -> Answer>) {
        *self.trouble.lock().unwrap() = trouble;
    }

    fn answer(&self, request: &Request) -> Answer {
        if let Some(trouble) = *self.trouble.lock().unwrap() {
            return trouble();
        }
        let label: release::LabelId = "low-tide".parse().unwrap();
        match (request.method(), request.url().path()) {
            (&Method::GET, "/v1/me") => json(&Me {
                email: "mira@low-tide.example".to_owned(),
                roles: [Role::Staff, Role::Manager].into(),
                artists: Vec::new(),
                settings: LabelSettings::new(&label),
                label,
            }),
            (&Method::GET, "/v1/releases") => self.list(request),
            (&Method::GET, "/v1/subscriptions") => json(&Follows { subscriptions: Vec::new() }),
            (&Method::GET, "/v1/announcements") => json(&Announcements { announcements: Vec::new() }),
            (&Method::POST, _) => match self.lost.lock().unwrap().take() {
                Some(view) => {
                    self.put(view);
                    answer(504, "application/json", r#"{"message":"Endpoint request timed out"}"#)
                }
                None => json(&sample::release(1)),
            },
            other => panic!("{other:?}"),
        }
    }

    fn list(&self, request: &Request) -> Answer {
        let (version, release) = self.release.lock().unwrap().clone();
        let (next, tag) = (format!("n{version}"), format!("\"{version}\""));
        let is_news = !request.url().query_pairs().any(|(name, value)| name == "since" && value == *next);
        if !is_news && request.headers().get("if-none-match").is_some_and(|known| *known == *tag) {
            return http::Response::builder().status(304).body(Vec::new()).unwrap();
        }
        let releases = release.filter(|_| is_news).into_iter().collect();
        let mut answer = json(&Releases { releases, next, more: false });
        answer.headers_mut().insert("etag", tag.parse().unwrap());
        answer
    }
}

/// A cloud that is followed, as when the program starts. Time goes by when all wait for it.
struct Desk {
    label: Arc<Label>,
    carried: Arc<Carried>,
    cloud: Cloud,
    following: JoinHandle<()>,
    _folder: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let label = Arc::<Label>::default();
        label.put(sample::release(1));
        let answering = Arc::clone(&label);
        let carried = Carried::new(move |request| answering.answer(request));
        let folder = tempfile::tempdir().unwrap();
        let cloud = carried::cloud(&carried, folder.path()).await;
        cloud.nudge();
        let following = tokio::spawn({
            let cloud = cloud.clone();
            async move { cloud.follow().await }
        });
        Self { label, carried, cloud, following, _folder: folder }
    }

    /// When the list of releases was asked for since the last time, with what was answered.
    fn lists(&self) -> Vec<(Instant, u16)> {
        let lists = self.carried.asked("/v1/releases").into_iter().filter(|asked| asked.path == "/v1/releases");
        lists.map(|asked| (asked.at, asked.status)).collect()
    }

    /// How often it is asked for in an hour.
    async fn lists_in_an_hour(&self) -> usize {
        self.lists();
        sleep(HOUR).await;
        self.lists().len()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.following.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn an_hour_in_which_nothing_happens_costs_a_dozen_questions() {
    let desk = Desk::new().await;
    // The first one begins with a quick minute, and goes on with less and less.
    let first = desk.lists_in_an_hour().await;
    assert!((40..=55).contains(&first), "{first}");
    for _ in 0..3 {
        let more = desk.lists_in_an_hour().await;
        assert!((9..=12).contains(&more), "{more}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_moves_is_asked_about_at_once_again_and_followed_until_it_rests() {
    let desk = Desk::new().await;
    sleep(2 * HOUR).await;
    desk.lists();
    let moving = ReleaseView { state: State::Transcoding, ..sample::release(2) };
    let moved = Instant::now();
    desk.label.put(moving.clone());
    sleep(2 * LONGEST).await;
    let mut lists = desk.lists();
    lists.retain(|(at, _)| *at > moved);
    let seen = lists.iter().position(|(_, status)| *status == 200).unwrap();
    assert!(lists[seen].0 - moved <= LONGEST);
    let gaps: Vec<Duration> = lists[seen..].windows(2).map(|two| two[1].0 - two[0].0).collect();
    assert!(gaps[0] <= Duration::from_millis(2400), "{gaps:?}");
    assert!(gaps.iter().all(|gap| *gap <= Duration::from_secs(18)), "{gaps:?}");
    // Each step is seen soon, however long it took.
    let stepped = Instant::now();
    desk.label.put(ReleaseView { state: State::Live, ..moving });
    sleep(Duration::from_secs(18)).await;
    assert!(desk.lists().iter().any(|(at, status)| *status == 200 && *at >= stepped));
    sleep(HOUR).await;
    let still = desk.lists_in_an_hour().await;
    assert!((9..=12).contains(&still), "{still}");
}

#[tokio::test(start_paused = true)]
async fn whoever_does_something_has_it_asked_about_at_once() {
    let desk = Desk::new().await;
    let view = sample::release(1);
    let release = view.key.release;
    let decision = Decision {
        release,
        delivery: view.delivery,
        heard: BTreeSet::new(),
        metadata: Sha256::of(b""),
        verdict: Verdict::Approve,
        by: String::new(),
        at: Timestamp::UNIX_EPOCH,
    };
    for what in ["delivers", "decides", "withdraws", "tries again"] {
        sleep(2 * HOUR).await;
        desk.lists();
        let done = Instant::now();
        match what {
            "decides" => desk.cloud.decide(decision.clone()).await.unwrap(),
            "withdraws" => desk.cloud.withdraw(release, "A sample was not cleared.").await.unwrap(),
            "tries again" => desk.cloud.try_again(release).await.unwrap(),
            // As the session says it, once a manifest is handed over.
            _ => desk.cloud.nudge(),
        }
        sleep(Duration::from_millis(1)).await;
        assert_eq!(desk.lists().first().map(|(at, _)| *at), Some(done), "{what}");
        // And often for a minute: what comes of it takes a while.
        sleep(Duration::from_secs(60)).await;
        let lists = desk.lists().len();
        assert!((24..=30).contains(&lists), "{what}: {lists}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_answer_got_lost_shows_what_came_of_it() {
    let desk = Desk::new().await;
    sleep(2 * HOUR).await;
    let view = sample::release(1);
    *desk.label.lost.lock().unwrap() = Some(ReleaseView { state: State::Withdrawn, ..view.clone() });
    let lost = desk.cloud.withdraw(view.key.release, "A sample was not cleared.").await.unwrap_err();
    assert_eq!(lost.to_string(), "The cloud is busy (504).");
    sleep(Duration::from_millis(1)).await;
    assert_eq!(desk.cloud.view().releases[0].state, State::Withdrawn);
}

fn busy() -> Answer {
    answer(503, "application/json", r#"{"message":"Service Unavailable"}"#)
}

fn asks_to_wait() -> Answer {
    let mut answer = answer(429, "application/json", r#"{"message":"Too Many Requests"}"#);
    answer.headers_mut().insert("retry-after", "300".parse().unwrap());
    answer
}

#[tokio::test(start_paused = true)]
async fn whatever_comes_instead_of_an_answer_is_said_and_left_alone_and_nothing_known_is_lost() {
    let desk = Desk::new().await;
    sleep(HOUR).await;
    let troubles: [(&str, Answering); 10] = [
        ("429 of the gateway", || answer(429, "application/json", r#"{"message":"Too Many Requests"}"#)),
        ("429 with a time to wait", asks_to_wait),
        ("502 of a load balancer", || answer(502, "text/html", "<html><h1>502 Bad Gateway</h1></html>")),
        ("503 of the gateway", busy),
        ("504 of the gateway", || answer(504, "application/json", r#"{"message":"Endpoint request timed out"}"#)),
        ("a network's page", page),
        ("the way to a network's page", way_to_page),
        ("a network's page for who is not signed in to it", || answer(401, "text/html", "<html>Sign in</html>")),
        ("words", || answer(200, "text/plain", "Success")),
        ("JSON of something else", || answer(200, "application/json", r#"{"hello":"world"}"#)),
    ];
    let mut said = Vec::new();
    for (what, trouble) in troubles {
        desk.label.be_in(Some(trouble));
        sleep(HOUR).await;
        desk.carried.asked("");
        sleep(HOUR).await;
        // Every two minutes, or as it asks: each time the first question is the last.
        let asked = desk.carried.asked("").len();
        let most = if what == "429 with a time to wait" { 9..=12 } else { 24..=30 };
        assert!(most.contains(&asked), "{what}: {asked}");
        let view = desk.cloud.view();
        assert_eq!(view.releases.len(), 1, "{what}");
        let trouble = view.cloud.unwrap().trouble.unwrap();
        said.push(format!("{what}: {} | {} | {}", trouble.code, trouble.message, trouble.help));

        desk.label.be_in(None);
        sleep(LONGEST).await;
        assert_eq!(desk.cloud.view().cloud.unwrap().trouble, None, "{what}");
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    429 of the gateway: cloud-busy | The cloud is busy (429). | Try again in a minute.
    429 with a time to wait: cloud-busy | The cloud is busy (429). | Try again in a minute.
    502 of a load balancer: cloud-busy | The cloud is busy (502). | Try again in a minute.
    503 of the gateway: cloud-busy | The cloud is busy (503). | Try again in a minute.
    504 of the gateway: cloud-busy | The cloud is busy (504). | Try again in a minute.
    a network's page: cloud-offline | The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants, and try again.
    the way to a network's page: cloud-offline | The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants, and try again.
    a network's page for who is not signed in to it: cloud-offline | The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants, and try again.
    words: cloud-offline | The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants, and try again.
    JSON of something else: cloud-strange | The cloud gave an answer that this Lacquer does not understand: missing field `email` at line 1 column 17. | Update Lacquer. If it is the latest, tell whoever runs your label's cloud.
    ");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_did_not_arrive_is_said_and_never_taken_for_done() {
    let desk = Desk::new().await;
    sleep(HOUR).await;
    let release = sample::release(1).key.release;
    let troubles: [(&str, Answering); 4] = [
        ("429", || answer(429, "application/json", r#"{"message":"Too Many Requests"}"#)),
        ("503", busy),
        ("a network's page", page),
        ("the way to a network's page", way_to_page),
    ];
    let mut said = Vec::new();
    for (what, trouble) in troubles {
        desk.label.be_in(Some(trouble));
        desk.carried.asked("");
        let orders = [
            ("withdraw", desk.cloud.withdraw(release, "A sample was not cleared.").await),
            ("follow", desk.cloud.subscribe("Ann Ash", "fan@example.com").await.map(drop)),
            ("confirm", desk.cloud.confirm("Ann Ash", "fan@example.com", "token").await),
            ("send again", desk.cloud.resend("Ann Ash", "fan@example.com").await),
            ("unfollow", desk.cloud.unsubscribe("Ann Ash", "fan@example.com").await.map(drop)),
            ("map", desk.cloud.map_artists("ann@low-tide.example", vec!["Ann Ash".to_owned()]).await),
        ];
        for (order, done) in orders {
            let error = done.expect_err(&format!("{order}, {what}"));
            said.push(format!("{order}, {what}: {error} | {}", error.help()));
        }
        // None is sent again behind anybody's back.
        let sent = desk.carried.asked("/v1/releases/").len();
        assert_eq!(sent, 1, "{what}");
    }
    said.dedup_by_key(|line| line.split(": ").nth(1).map(str::to_owned));
    insta::assert_snapshot!(said.join("\n"), @r"
    withdraw, 429: The cloud is busy (429). | Try again in a minute.
    withdraw, 503: The cloud is busy (503). | Try again in a minute.
    withdraw, a network's page: The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants, and try again.
    ");
}

fn account(subject: &str, minutes: i64, roles: &[Role]) -> AccountView {
    AccountView::SignedIn(SignedIn {
        subject: subject.to_owned(),
        email: format!("{subject}@low-tide.example"),
        label: "low-tide".parse().unwrap(),
        roles: roles.iter().copied().collect(),
        expires: Some(Timestamp::from_second(60 * minutes).unwrap()),
        kept: true,
        not_kept: None,
    })
}

#[tokio::test]
async fn new_tokens_of_the_same_person_are_no_reason_to_ask() {
    let mira = |minutes| account("mira", minutes, &[Role::Staff]);
    let coming = || AccountView::SigningIn { page: SignInPage::sample(), opened: true };
    let manager = account("mira", 15, &[Role::Staff, Role::Manager]);
    let table = [
        ("new tokens", mira(15), vec![mira(30), mira(45)], (false, true)),
        ("another role", mira(15), vec![manager], (true, true)),
        ("somebody else", mira(15), vec![account("tom", 15, &[Role::Staff])], (true, true)),
        ("nobody", mira(15), vec![AccountView::SignedOut], (true, true)),
        ("somebody", AccountView::SignedOut, vec![mira(15)], (true, true)),
        ("somebody who is about to sign in", AccountView::SignedOut, vec![coming()], (false, false)),
        ("the same person anew", mira(15), vec![coming(), mira(30)], (true, true)),
    ];
    for (what, before, changes, expected) in table {
        let asks = async |any: bool| {
            let (sender, mut receiver) = watch::channel(before.clone());
            let who = Who::of(&receiver.borrow_and_update());
            let mut waiting = pin!(somebody_else(&mut receiver, who, any));
            for change in &changes {
                sender.send_replace(change.clone());
                if poll!(waiting.as_mut()).is_ready() {
                    return true;
                }
            }
            false
        };
        assert_eq!((asks(false).await, asks(true).await), expected, "{what}");
    }
}

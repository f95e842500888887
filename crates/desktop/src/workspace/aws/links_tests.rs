use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Mutex as StdMutex;

use cloud::ports::ManualClock;
use futures::future::join_all;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::player::{Elsewhere, ReadAhead};
use crate::workspace::aws::carried::{self, Answer, Answering, Carried, answer, json, page, way_to_page};

/// A store whose links last for a quarter of an hour, as the API gives them out.
struct Store {
    clock: Arc<ManualClock>,
    object: Vec<u8>,
    trouble: StdMutex<Option<fn() -> Answer>>,
    /// Whether the API is in the same trouble.
    is_api_in_it: StdMutex<bool>,
}

impl Store {
    fn answer(&self, request: &Request) -> Answer {
        let is_api = request.url().host_str() == Some("api.low-tide.example");
        if let Some(trouble) = *self.trouble.lock().unwrap()
            && (!is_api || *self.is_api_in_it.lock().unwrap())
        {
            return trouble();
        }
        let now = self.clock.now();
        if is_api {
            let expires = now + SignedDuration::from_mins(15);
            let url = format!("https://masters.example/object?expires={}&signature=secret", expires.as_second());
            return json(&Link { url, expires });
        }
        assert!(request.headers().get("authorization").is_none(), "a link needs no sign-in");
        let (_, expires) = request.url().query_pairs().find(|(name, _)| name == "expires").unwrap();
        if expires.parse::<i64>().unwrap() <= now.as_second() {
            return answer(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>");
        }
        let range = request.headers()["range"].to_str().unwrap().strip_prefix("bytes=").unwrap();
        let (start, end) = range.split_once('-').unwrap();
        let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
        answer(206, "audio/flac", &self.object[start..(end + 1).min(self.object.len())])
    }
}

struct Desk {
    clock: Arc<ManualClock>,
    store: Arc<Store>,
    carried: Arc<Carried>,
    linked: Arc<Linked>,
}

impl Desk {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-22T12:00:00Z".parse().unwrap()));
        let object = (0..4 * 1024 * 1024_u32).map(|place| (place % 251) as u8).collect();
        let (trouble, is_api_in_it) = Default::default();
        let store = Arc::new(Store { clock: Arc::clone(&clock), object, trouble, is_api_in_it });
        let answering = Arc::clone(&store);
        let carried = Carried::new(move |request| answering.answer(request));
        let path = vec!["renditions".to_owned(), "recipe".to_owned(), "flac".to_owned()];
        let linked =
            Linked::new(carried::api(&carried), Arc::clone(&carried) as _, Arc::clone(&clock) as _, path, Vec::new());
        Self { clock, store, carried, linked: Arc::new(linked) }
    }

    fn pass(&self, minutes: i64, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(60 * minutes + seconds));
    }

    /// Reads, and says how many links were asked for, and how many answers were none.
    async fn read(&self, range: Range<u64>) -> (usize, usize) {
        let (start, end) = (usize::try_from(range.start).unwrap(), usize::try_from(range.end).unwrap());
        assert!(*self.linked.fetch(range).await.unwrap() == self.store.object[start..end]);
        self.asked()
    }

    fn asked(&self) -> (usize, usize) {
        let asked = self.carried.asked("/");
        let links = asked.iter().filter(|asked| asked.path.starts_with("/v1/renditions/")).count();
        (links, asked.iter().filter(|asked| asked.status >= 300).count())
    }
}

#[tokio::test]
async fn a_link_is_used_until_its_last_minute_and_a_new_one_asked_for_before_it_ends() {
    let desk = Desk::new();
    assert_eq!(desk.read(0..1000).await, (1, 0));
    // Somebody goes back and forth in it while it lasts.
    for (minutes, seconds, range) in [(0, 0, 5000..6000), (5, 0, 0..10), (8, 59, 4_000_000..4_000_100)] {
        desk.pass(minutes, seconds);
        assert_eq!(desk.read(range).await, (0, 0));
    }
    // 14:30 after it was given out: it would still open, and might end before the answer does.
    desk.pass(0, 31);
    assert_eq!(desk.read(1000..2000).await, (1, 0));
    // The new one lasts as long.
    desk.pass(13, 59);
    assert_eq!(desk.read(2000..3000).await, (0, 0));
    desk.pass(0, 31);
    let ranges = (0..8).map(|number| desk.linked.fetch(number * 1000..number * 1000 + 1000));
    assert!(join_all(ranges).await.iter().all(Result::is_ok));
    assert_eq!(desk.asked(), (1, 0), "one for all who read at the same time");
    // A laptop that slept through its end.
    desk.pass(600, 0);
    assert_eq!(desk.read(0..1000).await, (1, 0));
}

#[tokio::test]
async fn a_long_piece_is_heard_over_two_links_and_seeks_ask_for_none() {
    let desk = Desk::new();
    let bytes = desk.store.object.len() as u64;
    let piece = Elsewhere::new("piece".to_owned(), bytes, Arc::clone(&desk.linked) as _, ReadAhead::default());
    let mut source = piece.source(CancellationToken::new());
    let (clock, store) = (Arc::clone(&desk.clock), Arc::clone(&desk.store));
    let heard = tokio::task::spawn_blocking(move || {
        let mut hear = |place: usize| {
            let mut heard = [0; 1000];
            source.seek(SeekFrom::Start(place as u64)).unwrap();
            source.read_exact(&mut heard).unwrap();
            assert!(heard == store.object[place..place + 1000], "{place}");
        };
        for place in [0, 300_000, 1_500_000, 10_000, 2_500_000, 400_000] {
            hear(place);
        }
        clock.advance(SignedDuration::from_secs(14 * 60 + 30));
        for place in [3_500_000, 4_100_000, 0] {
            hear(place);
        }
    });
    heard.await.unwrap();
    assert_eq!(desk.asked(), (2, 0));
}

#[tokio::test]
async fn nothing_but_sound_is_taken_for_sound_and_what_passes_is_waited_for() {
    let desk = Desk::new();
    let troubles: [(&str, Answering); 7] = [
        ("a network's page", page),
        ("the way to a network's page", way_to_page),
        ("a filter's page", || answer(403, "text/html", "<html>This page is blocked.</html>")),
        ("503 of the store", || answer(503, "application/xml", "<Error><Code>SlowDown</Code></Error>")),
        ("502 of a load balancer", || answer(502, "text/html", "<html>Bad Gateway</html>")),
        ("429", || answer(429, "application/json", r#"{"message":"Too Many Requests"}"#)),
        ("another region", || answer(307, "application/xml", "<Error><Code>TemporaryRedirect</Code></Error>")),
    ];
    let mut said = Vec::new();
    for (what, trouble) in troubles {
        for is_api_in_it in [false, true] {
            // None is known that is still good.
            desk.pass(60, 0);
            *desk.store.is_api_in_it.lock().unwrap() = is_api_in_it;
            *desk.store.trouble.lock().unwrap() = Some(trouble);
            let error = desk.linked.read(0..1000).await.unwrap_err();
            let RangeError { message, help, passing } = error;
            let who = if is_api_in_it { "the API" } else { "the store" };
            said.push(format!("{what}, {who}: {message} | {} | passing: {passing}", help.unwrap_or_default()));
            *desk.store.trouble.lock().unwrap() = None;
            assert!(*desk.linked.read(0..1000).await.unwrap() == desk.store.object[..1000]);
        }
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    a network's page, the store: The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants. | passing: true
    a network's page, the API: The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants. | passing: true
    the way to a network's page, the store: The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants. | passing: true
    the way to a network's page, the API: The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants. | passing: true
    a filter's page, the store: The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants. | passing: true
    a filter's page, the API: The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants. | passing: true
    503 of the store, the store: The cloud is busy (503). | Check the connection. It goes on by itself. | passing: true
    503 of the store, the API: The cloud is busy (503). | Check the connection. It goes on by itself. | passing: true
    502 of a load balancer, the store: The cloud is busy (502). | Check the connection. It goes on by itself. | passing: true
    502 of a load balancer, the API: The cloud is busy (502). | Check the connection. It goes on by itself. | passing: true
    429, the store: The cloud is busy (429). | Check the connection. It goes on by itself. | passing: true
    429, the API: The cloud is busy (429). | Check the connection. It goes on by itself. | passing: true
    another region, the store: The cloud gave an answer that this Lacquer does not understand: status 307. |  | passing: false
    another region, the API: The cloud gave an answer that this Lacquer does not understand: status 307. |  | passing: false
    ");
}

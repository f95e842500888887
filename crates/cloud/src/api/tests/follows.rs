use http::{StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{ARTIST, Cloud, FOREIGN_MANAGER, MANAGER, OTHER_ARTIST, STAFF};
use crate::api::wire::{Announcement, ArtistAccount};
use crate::catalogue::sample;
use crate::ports::{Asker, FOLLOWERS_AN_ARTIST, Labels as _};
use crate::testing::MemoryFollowers;

fn follow(artist: &str, email: &str) -> Value {
    json!({ "artist": artist, "email": email })
}

impl Cloud {
    async fn follows(&self, who: super::Who) -> Vec<(String, String)> {
        let answered = self.get(who, "/v1/subscriptions").await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let all = answered.body["subscriptions"].as_array().unwrap();
        all.iter().map(|one| (text(&one["email"]), text(&one["state"]))).collect()
    }
}

#[tokio::test]
async fn a_subscription_from_asking_to_leaving() {
    let cloud = Cloud::new().await;
    let one = follow(" Vesper Bloom ", "fan@example.org");
    for _ in 0..2 {
        assert_eq!(cloud.post(STAFF, "/v1/subscriptions", &one).await.body, json!({ "state": "pending" }));
    }
    assert_eq!(cloud.follows(STAFF).await, [("fan@example.org".into(), "pending".into())]);

    let soon = cloud.post(STAFF, "/v1/subscriptions/resend", &one).await;
    assert_eq!((soon.status, soon.code()), (StatusCode::TOO_MANY_REQUESTS, "too-soon"));
    assert_eq!(soon.header(header::RETRY_AFTER), "601");
    cloud.memory.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(cloud.post(STAFF, "/v1/subscriptions/resend", &one).await.status, StatusCode::NO_CONTENT);

    let pasted = |pasted: &str| json!({ "artist": "Vesper Bloom", "email": "fan@example.org", "pasted": pasted });
    let token = MemoryFollowers::token("Vesper Bloom", &"fan@example.org".parse().unwrap());
    let confirmation = "/v1/subscriptions/confirmation";
    assert_eq!(cloud.post(STAFF, confirmation, pasted("x")).await.code(), "not-a-link");
    assert_eq!(cloud.post(STAFF, confirmation, pasted("")).await.code(), "fields");
    assert_eq!(cloud.post(STAFF, confirmation, pasted(&token)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(cloud.follows(STAFF).await, [("fan@example.org".into(), "confirmed".into())]);
    assert_eq!(cloud.post(STAFF, "/v1/subscriptions/resend", &one).await.code(), "already-confirmed");
    assert_eq!(cloud.post(STAFF, "/v1/subscriptions", &one).await.body, json!({ "state": "confirmed" }));

    assert_eq!(cloud.post(STAFF, "/v1/subscriptions/removal", &one).await.status, StatusCode::NO_CONTENT);
    assert_eq!(cloud.post(STAFF, "/v1/subscriptions/removal", &one).await.code(), "not-following");
    assert_eq!(cloud.post(STAFF, "/v1/subscriptions/resend", &one).await.code(), "not-following");
    assert_eq!(cloud.post(STAFF, confirmation, pasted(&token)).await.code(), "not-following");
}

#[tokio::test]
async fn a_link_that_ran_out_says_so() {
    let cloud = Cloud::new().await;
    cloud.post(STAFF, "/v1/subscriptions", follow("Ada", "fan@example.org")).await;
    cloud.memory.clock.advance(SignedDuration::from_hours(49));
    let token = MemoryFollowers::token("Ada", &"fan@example.org".parse().unwrap());
    let confirmation = json!({ "artist": "Ada", "email": "fan@example.org", "pasted": token });
    let answered = cloud.post(STAFF, "/v1/subscriptions/confirmation", confirmation).await;
    assert_eq!((answered.status, answered.code()), (StatusCode::UNPROCESSABLE_ENTITY, "link-expired"));
}

#[tokio::test]
async fn an_artist_s_account_subscribes_itself_to_its_own_artists_only() {
    let cloud = Cloud::new().await;
    for (artist, email) in [("Vesper Bloom", "fan@example.org"), ("Vesper Bloom", ARTIST.2), ("Ada", ARTIST.2)] {
        cloud.post(STAFF, "/v1/subscriptions", follow(artist, email)).await;
    }
    // Its own address on its own artist, however both are spelled.
    assert_eq!(cloud.follows(ARTIST).await, [(ARTIST.2.into(), "pending".into())]);
    assert_eq!(cloud.follows(OTHER_ARTIST).await, []);
    assert_eq!(cloud.follows(FOREIGN_MANAGER).await, []);
    let own = follow("vesper bloom", "VESPER@EXAMPLE.ORG");
    assert_eq!(cloud.post(ARTIST, "/v1/subscriptions", &own).await.status, StatusCode::OK);
    for path in ["", "/resend", "/removal"] {
        for (artist, email) in [("Vesper Bloom", "fan@example.org"), ("Ada", ARTIST.2), ("Nobody", ARTIST.2)] {
            let answered = cloud.post(ARTIST, &format!("/v1/subscriptions{path}"), follow(artist, email)).await;
            assert_eq!(
                (answered.status, answered.code()),
                (StatusCode::FORBIDDEN, "forbidden"),
                "{path} {artist} {email}"
            );
        }
    }
    assert_eq!(cloud.follows(STAFF).await.len(), 3);
    assert_eq!(cloud.post(ARTIST, "/v1/subscriptions/removal", &own).await.status, StatusCode::NO_CONTENT);
    assert_eq!(cloud.follows(STAFF).await.len(), 2);
    // At another label the same names are nobody's.
    let foreign =
        cloud.post(FOREIGN_MANAGER, "/v1/subscriptions/removal", follow("Vesper Bloom", "fan@example.org")).await;
    assert_eq!(foreign.code(), "not-following");
}

#[tokio::test]
async fn what_followers_were_told_is_the_label_s_own() {
    let cloud = Cloud::new().await;
    let told = Announcement {
        name: "01M81J18G00000000000000001-0123456789abcdef".to_owned(),
        release: sample::key().release,
        artist: "Vesper Bloom".to_owned(),
        title: "Tidewater".to_owned(),
        subject: "Tidewater is live".to_owned(),
        body: "It is live.".to_owned(),
        at: sample::start(),
        reference: "message-1".to_owned(),
    };
    cloud.announcements.0.lock().unwrap().push((sample::key().label, told.clone()));
    let seen = cloud.get(STAFF, "/v1/announcements").await;
    assert_eq!(seen.body, json!({ "announcements": [told] }));
    assert_eq!(cloud.get(FOREIGN_MANAGER, "/v1/announcements").await.body, json!({ "announcements": [] }));
}

#[tokio::test]
async fn what_cannot_be_followed_is_named() {
    let cloud = Cloud::new().await;
    let long = "x".repeat(201);
    let table = [
        (follow("", "fan@example.org"), "artist"),
        (follow(&long, "fan@example.org"), "artist"),
        (follow("A\nB", "fan@example.org"), "artist"),
        (follow("A\u{7}", "fan@example.org"), "artist"),
        (follow("Ada", "fan"), "email"),
        (follow("Ada", "fan@example.org\r\nBcc: x@example.org"), "email"),
        (json!({ "artist": "Ada" }), "body"),
        (json!({ "artist": 1, "email": "fan@example.org" }), "artist"),
        (json!([]), "body"),
        (json!("x"), "body"),
    ];
    for (body, field) in table {
        let answered = cloud.post(STAFF, "/v1/subscriptions", &body).await;
        assert_eq!((answered.code(), &answered.body["errors"][0]["field"]), ("fields", &json!(field)), "{body}");
        assert!(!answered.body.to_string().contains(" column "), "{}", answered.body);
    }
}

#[tokio::test]
async fn an_account_s_e_mails_and_an_artist_s_addresses_have_an_end() {
    let cloud = Cloud::new().await;
    let post = async |who, artist: &str, email: &str| cloud.post(who, "/v1/subscriptions", follow(artist, email)).await;
    for number in 0..500 {
        let answered = post(STAFF, "Vesper Bloom", &format!("{number}@example.org")).await;
        assert_eq!(answered.status, StatusCode::OK, "{number}");
    }
    // Asking again for one that is there sends nothing, and is no matter.
    assert_eq!(post(STAFF, "Vesper Bloom", "0@example.org").await.status, StatusCode::OK);
    let enough = post(STAFF, "Ada", "more@example.org").await;
    assert_eq!((enough.status, enough.code()), (StatusCode::TOO_MANY_REQUESTS, "asked-enough"));
    let wait: i64 = enough.header(header::RETRY_AFTER).parse().unwrap();
    assert!((1..=24 * 3600 + 1).contains(&wait), "{wait}");
    // Nobody else's share is gone with it, and tomorrow is another day.
    assert_eq!(post(MANAGER, "Ada", "more@example.org").await.status, StatusCode::OK);
    cloud.memory.clock.advance(SignedDuration::from_secs(wait));
    assert_eq!(post(STAFF, "Ada", "tomorrow@example.org").await.status, StatusCode::OK);

    let label = STAFF.0.parse().unwrap();
    let (operator, followers) = (Asker { account: "filler".to_owned(), a_day: u32::MAX }, &cloud.api.followers);
    for number in 500..FOLLOWERS_AN_ARTIST {
        let email = format!("{number}@example.org").parse().unwrap();
        followers.follow(&label, "Vesper Bloom", &email, &operator).await.unwrap();
    }
    let full = post(MANAGER, "vesper bloom", "late@example.org").await;
    assert_eq!((full.status, full.code()), (StatusCode::CONFLICT, "artist-full"));
    assert_eq!(
        full.body["detail"],
        "vesper bloom has 1000 addresses, and there can be no more. Remove one that needs no news any more."
    );
    cloud.post(STAFF, "/v1/subscriptions/removal", follow("Vesper Bloom", "7@example.org")).await;
    assert_eq!(post(MANAGER, "Vesper Bloom", "late@example.org").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_artist_s_account_asks_twenty_times_a_day() {
    let cloud = Cloud::new().await;
    let names: Vec<String> = (0..21).map(|number| format!("Alias {number}")).collect();
    let account = ArtistAccount { email: ARTIST.2.parse().unwrap(), artists: names.clone() };
    cloud.labels.map(&ARTIST.0.parse().unwrap(), &account).await.unwrap();
    let mut statuses = Vec::new();
    for name in &names {
        statuses.push(cloud.post(ARTIST, "/v1/subscriptions", follow(name, ARTIST.2)).await.status);
    }
    assert!(statuses[..20].iter().all(|status| *status == StatusCode::OK), "{statuses:?}");
    assert_eq!(statuses[20], StatusCode::TOO_MANY_REQUESTS);
}

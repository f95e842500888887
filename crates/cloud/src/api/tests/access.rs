//! Who may do what: every route, for every kind of account, on its own things, another artist's, and another label's.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::ENDPOINTS;
use super::{ARTIST, Cloud, FOREIGN_MANAGER, MANAGER, OTHER_ARTIST, STAFF, Who};
use crate::catalogue::{ReleaseKey, sample};
use crate::testing::MemoryFollowers;

/// What each account is answered, in the order of [`accounts`].
struct Row {
    method: Method,
    pattern: &'static str,
    path: String,
    body: Option<Value>,
    statuses: [u16; 5],
}

/// The artist whose release it is, another artist, staff, a manager, and a manager of another label.
fn accounts() -> [Who; 5] {
    [ARTIST, OTHER_ARTIST, STAFF, MANAGER, FOREIGN_MANAGER]
}

fn rows(key: &ReleaseKey, recipe: &str) -> Vec<Row> {
    let row = |method: &str, pattern, path: String, body, statuses| Row {
        method: method.parse().unwrap(),
        pattern,
        path,
        body,
        statuses,
    };
    let get = |pattern: &'static str, path: String, statuses| row("GET", pattern, path, None, statuses);
    let release = key.release;
    let one = format!("/v1/releases/{release}");
    let follow = json!({ "artist": "Vesper Bloom", "email": ARTIST.2 });
    let token = MemoryFollowers::token("Vesper Bloom", &ARTIST.2.parse().unwrap());
    let confirmation = json!({ "artist": "Vesper Bloom", "email": ARTIST.2, "pasted": token });
    let order = json!({
        "delivery": sample::delivery(1), "heard": [], "metadata": recipe, "verdict": "approve",
    });
    let settings = json!({ "label_name": "Night Office", "review": true, "artists_mail": true });
    let mapping = json!({ "email": "new@example.org", "artists": ["Ada"] });
    let delivery = format!("/v1/deliveries/{release}/{}", sample::delivery(1));
    // 404 of another label's release is the answer to one that never was; 403 says nothing of what there is.
    vec![
        get("/v1/health", "/v1/health".into(), [200, 200, 200, 200, 200]),
        get("/v1/me", "/v1/me".into(), [200, 200, 200, 200, 200]),
        row("PUT", "/v1/label", "/v1/label".into(), Some(settings), [403, 403, 403, 200, 200]),
        get("/v1/releases", "/v1/releases".into(), [200, 200, 200, 200, 200]),
        get("/v1/releases/{release}", one.clone(), [200, 404, 200, 200, 404]),
        get("/v1/releases/{release}/manifest", format!("{one}/manifest"), [403, 403, 200, 200, 404]),
        get("/v1/releases/{release}/artwork", format!("{one}/artwork"), [200, 404, 200, 200, 404]),
        row(
            "POST",
            "/v1/releases/{release}/decision",
            format!("{one}/decision"),
            Some(order),
            [403, 403, 403, 409, 404],
        ),
        row(
            "POST",
            "/v1/releases/{release}/withdrawal",
            format!("{one}/withdrawal"),
            Some(json!({ "reason": "A wrong mix." })),
            [403, 403, 403, 200, 404],
        ),
        row("POST", "/v1/releases/{release}/retry", format!("{one}/retry"), None, [403, 403, 409, 409, 404]),
        get(
            "/v1/objects/{key+}",
            format!("/v1/objects/releases/{release}/deliveries/{}.delivery.json", sample::delivery(1)),
            [403, 403, 200, 200, 404],
        ),
        get(
            "/v1/renditions/{recipe}/{profile}",
            format!("/v1/renditions/{recipe}/flac?release={release}"),
            [200, 404, 200, 200, 404],
        ),
        get("/v1/subscriptions", "/v1/subscriptions".into(), [200, 200, 200, 200, 200]),
        row("POST", "/v1/subscriptions", "/v1/subscriptions".into(), Some(follow.clone()), [200, 403, 200, 200, 200]),
        row(
            "POST",
            "/v1/subscriptions/confirmation",
            "/v1/subscriptions/confirmation".into(),
            Some(confirmation),
            [204, 403, 204, 204, 404],
        ),
        row(
            "POST",
            "/v1/subscriptions/resend",
            "/v1/subscriptions/resend".into(),
            Some(follow.clone()),
            [429, 403, 429, 429, 404],
        ),
        row(
            "POST",
            "/v1/subscriptions/removal",
            "/v1/subscriptions/removal".into(),
            Some(follow),
            [204, 403, 204, 204, 404],
        ),
        get("/v1/announcements", "/v1/announcements".into(), [403, 403, 200, 200, 200]),
        get("/v1/artist-accounts", "/v1/artist-accounts".into(), [403, 403, 200, 200, 200]),
        row(
            "PUT",
            "/v1/artist-accounts/{email}",
            "/v1/artist-accounts/new@example.org".into(),
            Some(mapping),
            [403, 403, 200, 200, 200],
        ),
        row(
            "POST",
            "/v1/deliveries",
            "/v1/deliveries".into(),
            Some(json!({ "manifest": {} })),
            [403, 403, 422, 422, 422],
        ),
        get("/v1/deliveries/{release}/{delivery}/parts", format!("{delivery}/parts"), [403, 403, 404, 404, 404]),
        row(
            "POST",
            "/v1/deliveries/{release}/{delivery}/completion",
            format!("{delivery}/completion"),
            None,
            [403, 403, 200, 200, 404],
        ),
    ]
}

#[tokio::test]
async fn every_route_admits_whom_it_should() {
    let names: BTreeSet<(String, &str)> =
        ENDPOINTS.iter().map(|endpoint| (endpoint.method.to_string(), endpoint.path)).collect();
    let tried = rows(&sample::key(), &"0".repeat(64));
    let tried: BTreeSet<(String, &str)> = tried.iter().map(|row| (row.method.to_string(), row.pattern)).collect();
    assert_eq!(tried, names, "every route has its row");

    for number in 0..tried.len() {
        for (column, who) in accounts().into_iter().enumerate() {
            // A cloud of its own: many rows change things.
            let cloud = Cloud::new().await;
            let album = cloud.delivered().await;
            let key = ReleaseKey { label: sample::key().label, release: album.release.id };
            let record = cloud.memory.record(&key).unwrap();
            let recipe = record.current.accepted().unwrap().recipes().next().unwrap();
            crate::ports::Renditions::put(cloud.memory.as_ref(), &key.label, recipe, &super::facts()).await.unwrap();
            let row = rows(&key, &recipe.to_string()).remove(number);
            if row.path.starts_with("/v1/subscriptions/") {
                let follow = json!({ "artist": "Vesper Bloom", "email": ARTIST.2 });
                assert_eq!(cloud.post(STAFF, "/v1/subscriptions", follow).await.status, StatusCode::OK);
            }
            let answered = cloud.ask(Some(who), row.method.clone(), &row.path, row.body.as_ref()).await;
            let expected = row.statuses[column];
            assert_eq!(answered.status.as_u16(), expected, "{} {} as {who:?}: {}", row.method, row.path, answered.body);
        }
        let cloud = Cloud::new().await;
        let row = rows(&sample::key(), &"0".repeat(64)).remove(number);
        let stranger = cloud.ask(None, row.method.clone(), &row.path, row.body.as_ref()).await;
        let expected = if row.pattern == "/v1/health" { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(stranger.status, expected, "{} {} without a sign-in", row.method, row.path);
    }
}

/// Another label's release is answered word for word as one that never was.
#[tokio::test]
async fn what_is_another_s_cannot_be_told_from_what_is_not() {
    let cloud = Cloud::new().await;
    let album = cloud.delivered().await;
    let key = ReleaseKey { label: sample::key().label, release: album.release.id };
    let recipe = cloud.memory.record(&key).unwrap().current.accepted().unwrap().recipes().next().unwrap().to_string();
    let nothing = ReleaseKey { release: release::ReleaseId::new(sample::start(), 99), ..key.clone() };
    let never = "0".repeat(64);
    let pairs = rows(&key, &recipe).into_iter().zip(rows(&nothing, &never));
    for (there, absent) in pairs.filter(|(there, absent)| there.path != absent.path) {
        for who in [FOREIGN_MANAGER, OTHER_ARTIST] {
            let there = cloud.ask(Some(who), there.method.clone(), &there.path, there.body.as_ref()).await;
            let absent = cloud.ask(Some(who), absent.method.clone(), &absent.path, absent.body.as_ref()).await;
            assert_eq!((there.status, &there.body), (absent.status, &absent.body));
        }
    }
}

#[tokio::test]
async fn lists_hold_what_an_account_may_see() {
    let cloud = Cloud::new().await;
    let (key, _) = cloud.in_review(1).await;
    cloud.failed(2).await;
    let seen = async |who| {
        let page = cloud.get(who, "/v1/releases").await;
        let ids = page.body["releases"].as_array().unwrap().iter();
        ids.map(|release| release["key"]["release"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(seen(STAFF).await.len(), 2);
    assert_eq!(seen(MANAGER).await.len(), 2);
    // Whose a release is whose manifest was refused, nobody knows.
    assert_eq!(seen(ARTIST).await, [key.release.to_string()]);
    assert_eq!(seen(OTHER_ARTIST).await, Vec::<String>::new());
    assert_eq!(seen(FOREIGN_MANAGER).await, Vec::<String>::new());

    // Who is staff besides sees as staff does; who is mapped to nobody sees nothing.
    assert_eq!(seen(Who("night-office", &["artist", "staff"], "x@example.org")).await.len(), 2);
    assert_eq!(seen(Who("night-office", &["artist"], "x@example.org")).await.len(), 0);
    // The same address at another label is another account.
    assert_eq!(seen(Who("day-shift", &["artist"], ARTIST.2)).await.len(), 0);
}

/// Between the arrival of a new delivery and the reading of its manifest, artists keep their release in sight.
#[tokio::test]
async fn an_artist_who_was_told_keeps_the_release_while_a_new_delivery_is_read() {
    let cloud = Cloud::new().await;
    let live = [sample::accepting(1, 1, sample::accepted(1, 1)), sample::ready(1, 1)];
    let (record, _) = sample::play(None, &live);
    let (record, _) = sample::play(record, &[sample::event(2, crate::catalogue::Fact::Arrived)]);
    let key = cloud.keep("night-office", 1, record.unwrap()).await;
    let path = format!("/v1/releases/{}", key.release);
    assert_eq!(cloud.get(ARTIST, &path).await.body["state"], "received");
    assert_eq!(cloud.get(OTHER_ARTIST, &path).await.status, StatusCode::NOT_FOUND);
}

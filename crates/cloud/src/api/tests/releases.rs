use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use jiff::SignedDuration;
use release::keys;
use serde_json::json;

use super::{ARTIST, Answered, Cloud, MANAGER, STAFF};
use crate::ReleaseView;
use crate::api::wire::{Link, Releases};
use crate::catalogue::{Accepted, ReleaseKey, TrackEntry, sample};
use crate::testing::put;

impl Cloud {
    async fn unless(&self, path: &str, tags: &str) -> Answered {
        let request = Request::get(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token(STAFF)))
            .header(header::IF_NONE_MATCH, tags);
        self.sent(request.body(Bytes::new()).unwrap()).await
    }
}

#[tokio::test]
async fn releases_come_in_pages_and_then_as_they_change() {
    let cloud = Cloud::new().await;
    let mut keys = Vec::new();
    for number in 1..=5 {
        keys.push(cloud.failed(number).await);
    }
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let page = cloud.get(STAFF, &format!("/v1/releases?limit=2&since={next}")).await;
        let page: Releases = serde_json::from_value(page.body).unwrap();
        assert!(page.releases.len() <= 2);
        seen.extend(page.releases.into_iter().map(|release| release.key));
        next = page.next;
        if !page.more {
            break;
        }
    }
    assert_eq!(seen, keys);
    // Nothing moved.
    let page: Releases =
        serde_json::from_value(cloud.get(STAFF, &format!("/v1/releases?since={next}")).await.body).unwrap();
    assert_eq!((page.releases.len(), page.more, page.next.as_str()), (0, false, next.as_str()));
    // One does.
    cloud.memory.clock.advance(SignedDuration::from_hours(1));
    let path = format!("/v1/releases/{}/retry", keys[2].release);
    assert_eq!(cloud.ask(Some(STAFF), Method::POST, &path, None).await.status, StatusCode::OK);
    let page: Releases =
        serde_json::from_value(cloud.get(STAFF, &format!("/v1/releases?since={next}")).await.body).unwrap();
    assert_eq!(page.releases.into_iter().map(|release| release.key).collect::<Vec<_>>(), [keys[2].clone()]);
    assert_ne!(page.next, next);
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let cloud = Cloud::new().await;
    let (key, _) = cloud.in_review(1).await;
    for path in ["/v1/releases".to_owned(), format!("/v1/releases/{}", key.release), "/v1/subscriptions".to_owned()] {
        let first = cloud.get(STAFF, &path).await;
        let tag = first.header(header::ETAG).to_owned();
        assert!(tag.len() > 2 && tag.starts_with('"'), "{path}");
        assert_eq!(first.header(header::CACHE_CONTROL), "private, no-cache");
        assert_eq!(first.header(header::VARY), "Authorization");
        for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let again = cloud.unless(&path, &known).await;
            assert_eq!((again.status, &again.body), (StatusCode::NOT_MODIFIED, &json!(null)), "{path} {known}");
            assert_eq!(again.header(header::ETAG), tag);
        }
        assert_eq!(cloud.unless(&path, "\"x\"").await.status, StatusCode::OK);
    }
}

/// A function's answer has six million bytes at most: of long releases fewer come at once, and one always does.
#[tokio::test]
async fn a_page_of_long_releases_is_cut_to_fit() {
    let cloud = Cloud::new().await;
    let long = |tracks: u32| {
        let accepted = sample::accepted(1, 1);
        let entry = |number: u32| TrackEntry { id: sample::track(number), number, ..accepted.tracks[0].clone() };
        Accepted { tracks: (1..=tracks).map(entry).collect(), ..accepted.clone() }
    };
    for number in 1..=8 {
        let (record, _) = sample::play(None, &[sample::accepting(1, 1, long(2000))]);
        cloud.keep("night-office", number, record.unwrap()).await;
    }
    let page = cloud.get(STAFF, "/v1/releases").await;
    let bytes = serde_json::to_vec(&page.body).unwrap().len();
    let count = page.body["releases"].as_array().unwrap().len();
    assert!(bytes < 5_000_000 && (1..8).contains(&count) && page.body["more"] == true, "{count} in {bytes}");
}

#[tokio::test]
async fn a_release_its_manifest_and_its_links() {
    let cloud = Cloud::new().await;
    let album = cloud.delivered().await;
    let key = ReleaseKey { label: sample::key().label, release: album.release.id };
    let path = format!("/v1/releases/{}", key.release);
    let view: ReleaseView = serde_json::from_value(cloud.get(STAFF, &path).await.body).unwrap();
    assert_eq!((view.title.as_str(), view.tracks.len()), ("Tidewater", 2));

    let manifest = cloud.get(STAFF, &format!("{path}/manifest")).await;
    assert_eq!(manifest.body, serde_json::from_slice::<serde_json::Value>(&album.manifest(1).to_json()).unwrap());

    let link: Link = serde_json::from_value(cloud.get(ARTIST, &format!("{path}/artwork")).await.body).unwrap();
    let picture = keys::asset(&key.label, &album.release.artwork.as_ref().unwrap().asset);
    assert!(
        link.url.starts_with(&format!("https://masters.example.org/{picture}?signature=secret&until=")),
        "{link:?}"
    );
    assert_eq!(link.expires, cloud.now() + SignedDuration::from_mins(15));
    assert!(!format!("{link:?}").contains("secret"));

    let rendition = &view.tracks[1].renditions[3];
    let of =
        |recipe: &str, profile: &str, release: &str| format!("/v1/renditions/{recipe}/{profile}?release={release}");
    let recipe = rendition.recipe.to_string();
    let (release, other) = (key.release.to_string(), cloud.failed(9).await.release.to_string());
    assert_eq!(
        cloud.get(ARTIST, &of(&recipe, "preview", &release)).await.status,
        StatusCode::NOT_FOUND,
        "not made yet"
    );
    crate::ports::Renditions::put(cloud.memory.as_ref(), &key.label, rendition.recipe, &super::facts()).await.unwrap();
    let link: Link = serde_json::from_value(cloud.get(ARTIST, &of(&recipe, "preview", &release)).await.body).unwrap();
    let expected = format!("https://renditions.example.org/{}?signature=secret&until=", rendition.key);
    assert!(link.url.starts_with(&expected), "{link:?}");
    let nothing = [
        of(&recipe, "flac", &release),
        of(&recipe, "preview", &other),
        of("x", "preview", &release),
        of(&"0".repeat(64), "preview", &release),
    ];
    for path in nothing {
        assert_eq!(cloud.get(MANAGER, &path).await.code(), "not-found", "{path}");
    }
    for path in [format!("/v1/renditions/{recipe}/preview"), of(&recipe, "preview", "x")] {
        let answered = cloud.get(MANAGER, &path).await;
        assert_eq!((answered.code(), &answered.body["errors"][0]["field"]), ("fields", &json!("release")), "{path}");
    }
}

#[tokio::test]
async fn a_delivery_that_was_refused_has_no_picture_and_one_that_is_gone_no_manifest() {
    let cloud = Cloud::new().await;
    let key = cloud.failed(1).await;
    let path = format!("/v1/releases/{}", key.release);
    assert_eq!(cloud.get(STAFF, &format!("{path}/artwork")).await.code(), "not-found");
    assert_eq!(cloud.get(STAFF, &format!("{path}/manifest")).await.code(), "not-found");
    let (key, _) = cloud.in_review(2).await;
    assert_eq!(cloud.get(STAFF, &format!("/v1/releases/{}/artwork", key.release)).await.code(), "not-found");
}

#[tokio::test]
async fn what_was_delivered_is_confirmed_and_nothing_else_is() {
    let cloud = Cloud::new().await;
    let store = cloud.memory.masters.as_ref();
    put(store, "night-office/assets/abc.wav", b"sound").await;
    put(store, "night-office/elsewhere/abc.wav", b"sound").await;
    put(store, "night-office-2/assets/abc.wav", b"sound").await;
    put(store, "day-shift/assets/other.wav", b"sound").await;
    let there = cloud.get(STAFF, "/v1/objects/assets/abc.wav").await;
    assert_eq!(there.body, json!({ "bytes": 5, "crc64": release::Crc64(upload::crc64::of(b"sound")) }));
    assert_eq!(cloud.get(STAFF, "/v1/objects/assets%2Fabc%2Ewav").await.status, StatusCode::OK);
    let head = cloud.ask(Some(STAFF), Method::HEAD, "/v1/objects/assets/abc.wav", None).await;
    assert_eq!((head.status, &head.body), (StatusCode::OK, &json!(null)));
    assert_eq!(head.header(header::CONTENT_LENGTH), there.body.to_string().len().to_string());
    let absent = [
        "assets/other.wav",
        "elsewhere/abc.wav",
        "assets/../elsewhere/abc.wav",
        "assets/%2E%2E/elsewhere/abc.wav",
        "assets%2F..%2Felsewhere%2Fabc.wav",
        "..%2Fnight-office-2%2Fassets%2Fabc.wav",
        "assets/..%2F..%2Fday-shift%2Fassets%2Fother.wav",
        "assets//abc.wav",
        "assets%2F%2Fabc.wav",
        "assets",
        "assets/%00",
        "assets/abc.wav%0a",
        "set-aside/x",
        "night-office/assets/abc.wav",
    ];
    for key in absent {
        let answered = cloud.get(STAFF, &format!("/v1/objects/{key}")).await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{key}");
    }
    let long = format!("/v1/objects/assets/{}", "a".repeat(2000));
    assert_eq!(cloud.get(STAFF, &long).await.status, StatusCode::NOT_FOUND);
}

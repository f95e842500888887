use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use http::{Method, StatusCode, header};
use jiff::SignedDuration;
use release::{Asset, Crc64, Sha256, keys};
use serde_json::{Value, json};
use upload::{Body, ObjectStore, Part, Plan, SentPart, StoreError, Stored, Upload, UploadId, Whole, crc64};

use super::{Answered, Cloud, FOREIGN_MANAGER, STAFF};
use crate::api::wire::{DeliveryCompletion, DeliveryUploads, PartUpload};
use crate::catalogue::{ReleaseKey, State, sample};
use crate::testing::{Album, MemoryStore, put};

fn order(album: &Album, number: u8) -> Value {
    json!({ "manifest": serde_json::from_slice::<Value>(&album.manifest(number).to_json()).unwrap() })
}

fn path(album: &Album, number: u8, what: &str) -> String {
    format!("/v1/deliveries/{}/{}/{what}", album.release.id, sample::delivery(number))
}

impl Cloud {
    async fn completes(&self, album: &Album) -> Answered {
        self.ask(Some(STAFF), Method::POST, &path(album, 1, "completion"), None).await
    }

    /// Sends parts as a partner does: by the links, which name the upload, and are refused once they have run out.
    async fn sends(&self, album: &Album, uploads: &DeliveryUploads) {
        for part in &uploads.parts {
            assert!(part.link.expires > self.now(), "part {} by a link that has run out", part.number);
            let asset = album.release.assets().into_iter().find(|asset| asset.sha256 == part.asset).unwrap();
            let id = part.link.url.split(['?', '&', '=']).nth(2).unwrap();
            let upload = Upload { key: keys::asset(&sample::key().label, asset), id: UploadId(id.to_owned()) };
            let range = usize::try_from(part.offset).unwrap()..usize::try_from(part.offset + part.bytes).unwrap();
            let bytes = album.bytes(asset.sha256)[range].to_vec();
            let (number, offset, length) = (part.number, part.offset, part.bytes);
            let part = Part { number, offset, bytes: length, crc64: crc64::of(&bytes) };
            self.memory.masters.send_part(&upload, &part, Body::from(bytes)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_partner_hands_a_release_over() {
    let cloud = Cloud::new().await;
    let album = Album::new(2);
    // The artwork is there from an earlier delivery.
    let picture = album.release.artwork.as_ref().unwrap().asset.clone();
    put(cloud.memory.masters.as_ref(), &keys::asset(&sample::key().label, &picture), album.bytes(picture.sha256)).await;

    let posted = cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await;
    assert_eq!(posted.status, StatusCode::CREATED, "{}", posted.body);
    let uploads: DeliveryUploads = serde_json::from_value(posted.body).unwrap();
    let there: Vec<bool> = uploads.assets.iter().map(|asset| asset.there).collect();
    assert_eq!((there, uploads.parts.len(), &uploads.next), (vec![false, false, true], 2, &None));
    assert_eq!(uploads.parts[0].link.expires, cloud.now() + SignedDuration::from_hours(1));
    assert!(uploads.parts[0].link.url.starts_with("https://masters.example.org/night-office/assets/"));

    // Nothing has arrived.
    let early = cloud.completes(&album).await;
    assert_eq!((early.status, early.code()), (StatusCode::CONFLICT, "parts-missing"));
    assert_eq!(early.body["errors"].as_array().unwrap().len(), 2);

    cloud.sends(&album, &DeliveryUploads { parts: uploads.parts[..1].to_vec(), ..uploads.clone() }).await;
    let rest = cloud.get(STAFF, &path(&album, 1, "parts")).await;
    let rest: DeliveryUploads = serde_json::from_value(rest.body).unwrap();
    assert_eq!(rest.parts.len(), 1, "what arrived is left out");
    let again = cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await;
    let again: DeliveryUploads = serde_json::from_value(again.body).unwrap();
    assert_eq!(again, rest, "asked again, it goes on where it was");
    cloud.sends(&album, &rest).await;

    let done = cloud.completes(&album).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let done: DeliveryCompletion = serde_json::from_value(done.body).unwrap();
    assert_eq!((done.complete, done.there, done.of), (true, 3, 3));
    assert_eq!(cloud.completes(&album).await.status, StatusCode::OK, "the answer was lost");
    assert_eq!(cloud.get(STAFF, &path(&album, 1, "parts")).await.code(), "not-found");

    // From here on it is a delivery as any other.
    let key = keys::manifest(&sample::key().label, album.release.id, sample::delivery(1));
    crate::stages::intake(&cloud.memory.intake(), &key, None).await.unwrap();
    let record = cloud.memory.record(&ReleaseKey { label: sample::key().label, release: album.release.id }).unwrap();
    assert_eq!(record.state, State::Transcoding);
    assert_eq!(cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await.code(), "delivered-already");
}

/// A slow line takes longer than links last.
#[tokio::test]
async fn links_that_have_run_out_are_made_anew() {
    let cloud = Cloud::new().await;
    let album = Album::new(1);
    let links = |answered: Answered| -> DeliveryUploads { serde_json::from_value(answered.body).unwrap() };
    let old = links(cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await);
    assert_eq!(old.parts.len(), 2);
    for again in [false, true] {
        cloud.memory.clock.advance(SignedDuration::from_hours(1));
        assert!(old.parts.iter().all(|part| part.link.expires <= cloud.now()));
        let new = if again {
            cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await
        } else {
            cloud.get(STAFF, &path(&album, 1, "parts")).await
        };
        let new = links(new);
        assert_eq!((&new.assets, new.until), (&old.assets, old.until), "the same uploads, for as long as before");
        assert_eq!(new.parts.len(), if again { 1 } else { 2 });
        for part in &new.parts {
            assert_eq!(part.link.expires, cloud.now() + SignedDuration::from_hours(1));
            assert!(old.parts.iter().all(|old| old.link.url != part.link.url), "{}", part.link.url);
        }
        // A part each time.
        cloud.sends(&album, &DeliveryUploads { parts: new.parts[..1].to_vec(), ..new }).await;
        if again {
            assert_eq!(cloud.completes(&album).await.status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn faults_of_a_manifest_are_all_named_at_once() {
    let cloud = Cloud::new().await;
    let album = Album::new(2);
    let wrong = |change: &dyn Fn(&mut Value)| {
        let mut order = order(&album, 1);
        change(&mut order["manifest"]);
        order
    };
    type Change = &'static dyn Fn(&mut Value);
    let table: [(Change, &str); 8] = [
        (&|manifest| manifest["release"]["title"] = json!(1), "manifest.release.title"),
        (&|manifest| manifest["release"]["tracks"][1]["disc"] = json!("x"), "manifest.release.tracks[1].disc"),
        (&|manifest| manifest["release"]["tracks"][0]["more"] = json!(1), "manifest.release.tracks[0].more"),
        (&|manifest| *manifest = json!({}), "manifest"),
        (&|manifest| manifest["version"] = json!(2), "manifest"),
        (&|manifest| manifest["supersedes"] = manifest["delivery"].clone(), "manifest"),
        (&|manifest| manifest["release"]["title"] = json!(""), "manifest.release"),
        (&|manifest| manifest["delivery"] = json!("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"), "manifest.delivery"),
    ];
    for (change, field) in table {
        let answered = cloud.post(STAFF, "/v1/deliveries", wrong(change)).await;
        assert_eq!(
            (answered.code(), &answered.body["errors"][0]["field"]),
            ("fields", &json!(field)),
            "{}",
            answered.body
        );
    }
    let mut two = order(&album, 1);
    two["manifest"]["release"]["tracks"][0]["title"] = json!("");
    two["manifest"]["release"]["tracks"][1]["master"] = json!(null);
    let answered = cloud.post(STAFF, "/v1/deliveries", two).await;
    let fields: Vec<&str> =
        answered.body["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["manifest.release.tracks[0]", "manifest.release.tracks[1]"]);
    assert!(cloud.memory.masters.puts().is_empty());
}

#[tokio::test]
async fn an_id_stands_for_one_delivery() {
    let cloud = Cloud::new().await;
    let album = Album::new(1);
    cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await;
    let mut other = Album::new(1);
    other.release.title = "Another".to_owned();
    assert_eq!(cloud.post(STAFF, "/v1/deliveries", order(&other, 1)).await.code(), "delivered-already");
    // Another label's are its own.
    assert_eq!(cloud.post(FOREIGN_MANAGER, "/v1/deliveries", order(&other, 1)).await.status, StatusCode::CREATED);
    let foreign = cloud.ask(Some(FOREIGN_MANAGER), Method::POST, &path(&album, 2, "completion"), None).await;
    assert_eq!(foreign.code(), "not-found");

    let (record, _) = sample::play(None, &[sample::refused(3, 1, "It has no tracks.")]);
    cloud.keep("night-office", 1, record.unwrap()).await;
    assert_eq!(cloud.post(STAFF, "/v1/deliveries", order(&album, 2)).await.code(), "superseded");
}

#[tokio::test]
async fn what_is_not_completed_in_time_is_forgotten() {
    let cloud = Cloud::new().await;
    let album = Album::new(1);
    cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await;
    assert_eq!(cloud.get(STAFF, &path(&album, 1, "parts")).await.status, StatusCode::OK);
    cloud.memory.clock.advance(SignedDuration::from_hours(6 * 24));
    assert_eq!(cloud.get(STAFF, &path(&album, 1, "parts")).await.code(), "not-found");
    assert_eq!(cloud.completes(&album).await.code(), "not-found");
}

#[tokio::test]
async fn uploads_that_the_store_gave_up_are_begun_anew() {
    let cloud = Cloud::new().await;
    let album = Album::new(1);
    let uploads: DeliveryUploads =
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await.body).unwrap();
    cloud.sends(&album, &uploads).await;
    for number in 1..=2 {
        let upload = Upload { key: String::new(), id: UploadId(format!("upload-{number}")) };
        cloud.memory.masters.abort(&upload).await.unwrap();
    }
    assert_eq!(cloud.completes(&album).await.code(), "uploads-lost");
    let uploads: DeliveryUploads =
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await.body).unwrap();
    assert_eq!(uploads.parts.len(), 2);
    cloud.sends(&album, &uploads).await;
    assert_eq!(cloud.completes(&album).await.status, StatusCode::OK);
}

/// A master of 205 parts: pages of a hundred links.
fn long(album: &mut Album) -> (Asset, BTreeMap<Sha256, Vec<Crc64>>) {
    let plan = Plan::of(204 * 8 * 1024 * 1024 + 5).unwrap();
    let parts: Vec<Crc64> = (1..=plan.part_count()).map(|number| Crc64(u64::from(number) << 40)).collect();
    let sized = (1..).zip(&parts).map(|(number, part)| (part.0, plan.range(number).unwrap().1));
    let (whole, _) = sized.reduce(|(all, _), (part, bytes)| (crc64::combine(all, part, bytes), bytes)).unwrap();
    let asset = &mut album.release.tracks[0].master.as_mut().unwrap().asset;
    *asset = Asset { bytes: plan.bytes(), crc64: Crc64(whole), ..asset.clone() };
    (asset.clone(), BTreeMap::from([(asset.sha256, parts)]))
}

#[tokio::test]
async fn links_come_in_pages() {
    let cloud = Cloud::new().await;
    let mut album = Album::new(2);
    let (asset, parts) = long(&mut album);
    let mut order = order(&album, 1);
    order["parts"] = json!({ asset.sha256.to_string(): vec![Crc64(1); 205] });
    let answered = cloud.post(STAFF, "/v1/deliveries", &order).await;
    assert_eq!(answered.body["errors"][0]["field"], format!("parts.{}", asset.sha256), "they are not the file's");
    order["parts"] = json!(parts);
    let mut page: DeliveryUploads =
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", &order).await.body).unwrap();
    let mut numbers = Vec::new();
    loop {
        assert!(page.parts.len() <= 100);
        numbers.extend(page.parts.iter().map(|part| (part.asset, part.number)));
        let Some(next) = page.next else { break };
        let path = path(&album, 1, &format!("parts?after={next}"));
        page = serde_json::from_value(cloud.get(STAFF, &path).await.body).unwrap();
    }
    // 205 of the long one, one each of the other master and the picture.
    assert_eq!(numbers.len(), 207);
    assert!(numbers[..205].iter().zip(1..).all(|((of, number), expected)| *of == asset.sha256 && *number == expected));
    for after in ["x", "x:1", &format!("{}:x", asset.sha256), &format!("{}:1", Sha256::of(b"another"))] {
        let answered = cloud.get(STAFF, &path(&album, 1, &format!("parts?after={after}"))).await;
        assert_eq!((answered.code(), &answered.body["errors"][0]["field"]), ("fields", &json!("after")), "{after}");
    }
}

/// A file whose parts nobody summed up: what was damaged on the way is found when it is put together.
#[tokio::test]
async fn a_file_that_arrives_otherwise_than_it_left_is_sent_again() {
    let cloud = Cloud::new().await;
    let mut album = Album::new(1);
    let master = album.release.tracks[0].master.clone().unwrap();
    let bytes = vec![7_u8; 9 * 1024 * 1024];
    album.set_broken_master(1, bytes, master);
    let post = async || -> DeliveryUploads {
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await.body).unwrap()
    };
    let uploads = post().await;
    let asset = album.release.tracks[0].master.as_ref().unwrap().asset.sha256;
    let own: Vec<_> =
        uploads.parts.iter().filter(|part| part.asset == asset).map(|part| (part.number, part.crc64)).collect();
    assert_eq!(own, [(1, None), (2, None)]);
    cloud.sends(&album, &uploads).await;
    let id = uploads.parts[0].link.url.split(['?', '&', '=']).nth(2).unwrap();
    let upload = Upload { key: String::new(), id: UploadId(id.to_owned()) };
    let wrong = vec![8_u8; 8 * 1024 * 1024];
    let part = Part { number: 1, offset: 0, bytes: wrong.len() as u64, crc64: crc64::of(&wrong) };
    cloud.memory.masters.send_part(&upload, &part, Body::from(wrong)).await.unwrap();
    let answered = cloud.completes(&album).await;
    assert_eq!((answered.code(), &answered.body["errors"][0]["field"]), ("parts-missing", &json!(asset)));
    // The store cannot tell which of the two is wrong.
    insta::assert_snapshot!(
        answered.body["errors"][0]["detail"].as_str().unwrap(),
        @"what arrived has not the size and checksum that the manifest gives: see that those are right, then post the delivery again, and send the file anew"
    );
    assert_eq!(cloud.get(STAFF, &path(&album, 1, "parts")).await.code(), "uploads-lost");
    let anew = post().await;
    assert!(anew.assets.iter().all(|asset| asset.there == (asset.bytes < 1000)), "the picture is there");
    cloud.sends(&album, &anew).await;
    assert_eq!(cloud.completes(&album).await.status, StatusCode::OK);
}

/// A store that takes longer than anybody waits to put every second file together. As with S3, it is put together all
/// the same.
#[derive(Debug)]
struct Slow(Arc<MemoryStore>, AtomicU32);

#[async_trait]
impl ObjectStore for Slow {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        self.0.confirm(key).await
    }
    async fn put(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError> {
        self.0.put(key, body, whole).await
    }
    async fn begin(&self, key: &str, plan: &Plan) -> Result<Upload, StoreError> {
        self.0.begin(key, plan).await
    }
    async fn send_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError> {
        self.0.send_part(upload, part, body).await
    }
    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        self.0.sent_parts(upload).await
    }
    async fn complete(&self, upload: &Upload, parts: &[SentPart], whole: Whole) -> Result<Stored, StoreError> {
        let stored = self.0.complete(upload, parts, whole).await;
        if self.1.fetch_add(1, Ordering::Relaxed) % 2 == 1 {
            std::future::pending::<()>().await;
        }
        stored
    }
    async fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        self.0.abort(upload).await
    }
}

/// More files than fit into the time that a gateway waits: the answer says how far it is, and asking again goes on.
#[tokio::test]
async fn a_long_completion_is_asked_for_again() {
    let mut cloud = Cloud::new().await;
    cloud.api.masters.store = Arc::new(Slow(Arc::clone(&cloud.memory.masters), AtomicU32::new(0)));
    cloud.api.patience = Duration::ZERO;
    let album = Album::new(40);
    let uploads: DeliveryUploads =
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await.body).unwrap();
    cloud.sends(&album, &uploads).await;
    let mut there = Vec::new();
    loop {
        let answered = cloud.completes(&album).await;
        let completion: DeliveryCompletion = serde_json::from_value(answered.body).unwrap();
        there.push(completion.there);
        if completion.complete {
            assert_eq!(answered.status, StatusCode::OK);
            break;
        }
        assert_eq!(
            (answered.status, answered.headers[header::RETRY_AFTER].to_str().unwrap()),
            (StatusCode::ACCEPTED, "1")
        );
    }
    assert!(there.len() > 1 && there.is_sorted() && there.last() == Some(&41), "{there:?}");
}

/// A store that takes eight seconds to say what arrived of a file.
#[derive(Debug)]
struct Thoughtful(Arc<MemoryStore>);

#[async_trait]
impl ObjectStore for Thoughtful {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        self.0.confirm(key).await
    }
    async fn put(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError> {
        self.0.put(key, body, whole).await
    }
    async fn begin(&self, key: &str, plan: &Plan) -> Result<Upload, StoreError> {
        self.0.begin(key, plan).await
    }
    async fn send_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError> {
        self.0.send_part(upload, part, body).await
    }
    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        tokio::time::sleep(Duration::from_secs(8)).await;
        self.0.sent_parts(upload).await
    }
    async fn complete(&self, upload: &Upload, parts: &[SentPart], whole: Whole) -> Result<Stored, StoreError> {
        self.0.complete(upload, parts, whole).await
    }
    async fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        self.0.abort(upload).await
    }
}

/// Most files are sent, and the links of the others ran out. However many there are, each answer comes in time.
#[tokio::test(start_paused = true)]
async fn links_of_a_few_files_among_many_come_before_a_gateway_gives_up() {
    let mut cloud = Cloud::new().await;
    let album = Album::new(70);
    let all: DeliveryUploads =
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await.body).unwrap();
    assert_eq!((all.parts.len(), &all.next), (71, &None));
    let (left, sent): (Vec<_>, Vec<_>) =
        all.parts.iter().cloned().enumerate().partition(|(at, _)| [0, 33, 34, 60, 70].contains(at));
    let of = |parts: Vec<(usize, PartUpload)>| parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>();
    cloud.sends(&album, &DeliveryUploads { parts: of(sent), ..all.clone() }).await;

    cloud.api.masters.store = Arc::new(Thoughtful(Arc::clone(&cloud.memory.masters)));
    let mut pages = Vec::new();
    let mut began = tokio::time::Instant::now();
    let mut answered = cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await;
    loop {
        assert!(began.elapsed() <= Duration::from_secs(20), "{:?}", began.elapsed());
        let page: DeliveryUploads = serde_json::from_value(answered.body).unwrap();
        pages.push(page.parts);
        let Some(next) = page.next else { break };
        began = tokio::time::Instant::now();
        answered = cloud.get(STAFF, &path(&album, 1, &format!("parts?after={next}"))).await;
    }
    // Two rounds of sixteen questions each time; the last page is the end of the third.
    let found: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(found, [1, 3, 1]);
    let named = |parts: Vec<PartUpload>| parts.into_iter().map(|part| (part.asset, part.number)).collect::<Vec<_>>();
    assert_eq!(named(pages.concat()), named(of(left)));
}

/// Where the store says nothing in time, the page has no parts, and asking goes on where it was.
#[tokio::test(start_paused = true)]
async fn a_page_without_parts_has_a_next_one() {
    let mut cloud = Cloud::new().await;
    let mut album = Album::new(2);
    let (asset, parts) = long(&mut album);
    let mut order = order(&album, 1);
    order["parts"] = json!(parts);
    let first: DeliveryUploads =
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", &order).await.body).unwrap();
    assert_eq!(first.next, Some(format!("{}:100", asset.sha256)));
    let quick = std::mem::replace(&mut cloud.api.patience, Duration::from_secs(1));
    cloud.api.masters.store = Arc::new(Thoughtful(Arc::clone(&cloud.memory.masters)));
    let posted: DeliveryUploads =
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", &order).await.body).unwrap();
    assert_eq!((posted.parts.len(), posted.next), (0, Some(format!("{}:0", asset.sha256))));
    let ask = async |cloud: &Cloud, after: &str| -> DeliveryUploads {
        let answered = cloud.get(STAFF, &path(&album, 1, &format!("parts?after={after}"))).await;
        serde_json::from_value(answered.body).unwrap()
    };
    let page = ask(&cloud, &first.next.clone().unwrap()).await;
    assert_eq!((page.parts.len(), &page.next), (0, &first.next), "within a file");
    cloud.api.patience = quick;
    let again = ask(&cloud, &format!("{}:0", asset.sha256)).await;
    let named = |page: &DeliveryUploads| page.parts.iter().map(|part| (part.asset, part.number)).collect::<Vec<_>>();
    assert_eq!((named(&again), again.next), (named(&first), first.next));
}

/// A page that is full at the end of a file goes on with the next file that is to be sent.
#[tokio::test]
async fn a_page_that_is_full_goes_on_with_the_next_file_that_is_to_be_sent() {
    let cloud = Cloud::new().await;
    let album = Album::new(120);
    let first: DeliveryUploads =
        serde_json::from_value(cloud.post(STAFF, "/v1/deliveries", order(&album, 1)).await.body).unwrap();
    let files: Vec<Sha256> = first.assets.iter().map(|asset| asset.sha256).collect();
    assert_eq!((first.parts.len(), first.next.clone()), (100, Some(format!("{}:0", files[100]))));
    let rest = cloud.get(STAFF, &path(&album, 1, &format!("parts?after={}", first.next.unwrap()))).await;
    let rest: DeliveryUploads = serde_json::from_value(rest.body).unwrap();
    assert_eq!(rest.next, None);
    let named: Vec<Sha256> = first.parts.iter().chain(&rest.parts).map(|part| part.asset).collect();
    assert_eq!(named, files);
    // What an earlier version said of the same place.
    let old = cloud.get(STAFF, &path(&album, 1, &format!("parts?after={}:1", files[99]))).await;
    let old: DeliveryUploads = serde_json::from_value(old.body).unwrap();
    assert_eq!(old.parts.iter().map(|part| part.asset).collect::<Vec<_>>(), files[100..]);
}

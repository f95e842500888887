//! A partner without the app hands a release over: the API's own program behind the emulator's gateway, and parts sent by
//! the links that it signs.

use cloud::api::wire::{DeliveryCompletion, DeliveryUploads, Releases};
use cloud::catalogue::State;
use fake_cloud::label_cloud::{LABEL, LabelCloud, STAFF};
use reqwest::{Client, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::album::Album;
use crate::world::ASK_AGAIN;

struct Partner<'a> {
    cloud: &'a LabelCloud,
    http: Client,
    token: String,
}

impl Partner<'_> {
    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, T) {
        let mut request = self.http.request(method, format!("{}{path}", self.cloud.deployed.api));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        let read = serde_json::from_str(&text);
        (
            status,
            read.unwrap_or_else(|error| panic!("{path}: {status} {text} ({error})\n{}", self.cloud.emulator.log())),
        )
    }
}

#[tokio::test]
async fn a_partner_without_the_app_hands_a_release_over_by_links() {
    let cloud = LabelCloud::start().await.unwrap();
    let http = Client::builder().no_proxy().build().unwrap();
    let partner = Partner { cloud: &cloud, http: http.clone(), token: cloud.openid.id_token(STAFF).unwrap() };
    let album = Album::new(LABEL, 1, 2);
    let manifest: Value = serde_json::from_slice(&album.manifest.to_json()).unwrap();
    let order = json!({ "manifest": manifest });
    let (status, uploads): (_, DeliveryUploads) = partner.ask(Method::POST, "/v1/deliveries", Some(order)).await;
    assert_eq!((status, uploads.assets.len(), uploads.parts.len()), (StatusCode::CREATED, 3, 3));
    for part in &uploads.parts {
        let bytes = album.bytes(part.asset);
        let range = usize::try_from(part.offset).unwrap()..usize::try_from(part.offset + part.bytes).unwrap();
        let sent = http.put(&part.link.url).body(bytes[range].to_vec()).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::OK, "{}", sent.text().await.unwrap());
    }
    let completion = format!("/v1/deliveries/{}/{}/completion", uploads.release, uploads.delivery);
    loop {
        // What cannot be put together in the time of a request is gone on with in the next.
        let (status, done): (_, DeliveryCompletion) = partner.ask(Method::POST, &completion, None).await;
        if status == StatusCode::OK {
            assert_eq!((done.complete, done.there, done.of), (true, 3, 3));
            break;
        }
        assert_eq!(status, StatusCode::ACCEPTED);
    }
    loop {
        let (_, listed): (_, Releases) = partner.ask(Method::GET, "/v1/releases", None).await;
        match listed.releases.first() {
            Some(release) if release.state == State::InReview => break,
            Some(release) if release.state == State::Failed => panic!("{release:?}\n{}", cloud.emulator.log()),
            _ => tokio::time::sleep(ASK_AGAIN).await,
        }
    }
    assert_eq!(cloud.dead_letters().await.unwrap(), 0, "{}", cloud.emulator.log());
}

//! A partner without the app hands a release over: the API's own program behind the emulator's gateway, and parts sent by
//! the links that it signs.

use cloud::api::wire::{DeliveryCompletion, DeliveryUploads, Releases};
use cloud::catalogue::State;
use fake_cloud::label_cloud::{LABEL, LabelCloud, STAFF};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::album::Album;
use crate::caller::Caller;
use crate::world::ASK_AGAIN;

#[tokio::test]
async fn a_partner_without_the_app_hands_a_release_over_by_links() {
    let cloud = LabelCloud::start().await.unwrap();
    let partner = Caller::new(&cloud, STAFF);
    let album = Album::new(LABEL, 1, 2);
    let manifest: Value = serde_json::from_slice(&album.manifest.to_json()).unwrap();
    let order = json!({ "manifest": manifest });
    let (status, uploads): (_, DeliveryUploads) = partner.ask(Method::POST, "/v1/deliveries", Some(order)).await;
    assert_eq!((status, uploads.assets.len(), uploads.parts.len()), (StatusCode::CREATED, 3, 3));
    for part in &uploads.parts {
        let bytes = album.bytes(part.asset);
        let range = usize::try_from(part.offset).unwrap()..usize::try_from(part.offset + part.bytes).unwrap();
        let bytes = bytes[range].to_vec();
        takes_nothing_else(&partner, &part.link.url, &bytes).await;
        let (status, said) = partner.send(&part.link.url, bytes).await;
        assert_eq!(status, StatusCode::OK, "{said}");
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

/// What a link to a part is signed for is all that can be done by it.
async fn takes_nothing_else(partner: &Caller<'_>, link: &str, bytes: &[u8]) {
    let longer = [bytes, b"\0"].concat();
    let elsewhere = link.replacen(&format!("/{LABEL}/"), "/another-label/", 1);
    let renewed = link.replacen("X-Amz-Expires=", "X-Amz-Expires=1", 1);
    assert!(elsewhere != link && renewed != link, "{link}");
    let shorter = bytes[1..].to_vec();
    for (link, bytes) in [(link, longer), (link, shorter), (&elsewhere, bytes.to_vec()), (&renewed, bytes.to_vec())] {
        let (status, said) = partner.send(link, bytes).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{said}");
        assert!(said.contains("SignatureDoesNotMatch"), "{said}");
    }
}

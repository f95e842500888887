//! The whole way, as a person takes it: from the file that joins the cloud to the news that a release is live.

use std::fs;

use fake_cloud::label_cloud::{LabelCloud, MANAGER};
use fake_cloud::openid::Call;
use serde_json::json;

use super::joining::join;
use super::label::{ARTIST, Label, TITLE};
use crate::prepared;
use crate::sound::{decoded, decoded_here, heard, is_heard};
use crate::stage::{App, Drag, Stage, album};

#[tokio::test]
async fn a_label_joins_its_cloud_and_the_demo_album_goes_all_the_way() {
    let stage = Stage::new();
    let keyring = stage.display.keyring();
    prepared::welcomed(&stage.workspace()).await;
    let cloud = LabelCloud::start().await.unwrap();
    cloud.sign_in_as(MANAGER);

    let joined = join(&stage, &cloud).await;
    let label = Label { stage: &stage, cloud: &cloud };
    let app = stage.open_on(&joined).await;
    is_signed_in_still(&app).await;
    subscribe_and_deliver(&label, &app).await;
    app.wait_for_state("in-review").await;
    app.page.photograph("window-cloud-review").await;
    hear_over_links(&label, &app).await;
    app.page.click("button", "Approve").await;
    app.wait_for_state("live").await;
    app.page.reads(&format!("Approved by {MANAGER}.")).await;
    app.page.photograph("window-cloud-live").await;

    label.is_whole(1, 3).await;
    let news = cloud.news().await.unwrap();
    assert_eq!(news.len(), 1, "{news:?}");
    assert!(news[0].subject.contains(TITLE) && news[0].subject.chars().count() < 100, "{news:?}");
    for word in [ARTIST, TITLE, "Copper Morning", "Undertow", "Lamp Out"] {
        assert!(news[0].text.contains(word), "{word}: {news:?}");
    }
    stage.ledger().assert_nothing_done_twice();
    read_what_was_told(&app).await;
    sign_out(&label, &app).await;
    drop(keyring);
}

/// The keyring has kept the sign-in, for a window that was opened anew.
async fn is_signed_in_still(app: &App<'_>) {
    // The foot of the rail says who works there, and as what.
    app.page.find("button", &format!("/{MANAGER}, Manager/")).await;
    app.page.photograph("window-cloud-first").await;
}

async fn subscribe_and_deliver(label: &Label<'_>, app: &App<'_>) {
    let drag = Drag::begin(&label.stage.display, &[album()]);
    drag.hold_over(app.point((640, 400)).await);
    drag.drop_here();
    app.page.find("heading", TITLE).await;
    label.subscribe(app, ARTIST).await;
    app.page.reads("is told").await;
    app.page.photograph("window-cloud-artists").await;
    app.page.click("button", "/^Desk/").await;
    app.page.click("button", "Queue release").await;
    app.page.click("button", "/^Releases/").await;
    app.page.find("heading", TITLE).await;
}

/// A preview and a lossless rendition, over links that the API signed.
async fn hear_over_links(label: &Label<'_>, app: &App<'_>) {
    let (stage, cloud) = (label.stage, label.cloud);
    app.page.read::<()>("for (const close of look('button', 'Close')) close.click()", json!([])).await;
    app.page.find_gone("button", "Close").await;
    app.page.click("button", "/^3 ?Lamp Out/").await;
    let file = stage.path("object");
    for (profile, button) in [("preview", "/Preview, 30 s$/"), ("flac", "/FLAC$/")] {
        let key = label.rendition("Lamp Out", profile).await;
        fs::write(&file, cloud.object(&cloud.deployed.renditions, &key).await.unwrap()).unwrap();
        let before = heard(stage).len();
        app.page.click("button", button).await;
        let wanted = if profile == "flac" { decoded(&file) } else { decoded_here(&file) };
        is_heard(stage, before, &wanted).await;
    }
}

async fn read_what_was_told(app: &App<'_>) {
    app.page.click("button", "/^Artists/").await;
    app.page.click("option", &format!("/{ARTIST}/")).await;
    app.page.click("button", &format!("/Everybody who follows {ARTIST}.*{TITLE}/")).await;
    app.page.find("article", &format!("/{TITLE}/")).await;
    app.page.photograph("window-cloud-told").await;
}

async fn sign_out(label: &Label<'_>, app: &App<'_>) {
    app.page.click("button", "/^Settings/").await;
    app.page.find("heading", "Settings").await;
    app.page.photograph("window-cloud-settings").await;
    label.cloud.openid.calls();
    app.page.click("button", "Sign out").await;
    app.page.find("region", "Signed out").await;
    assert!(label.cloud.openid.calls().contains(&Call::Revoke), "what kept the person signed in is of no use any more");
    app.page.photograph("window-cloud-signed-out").await;
}

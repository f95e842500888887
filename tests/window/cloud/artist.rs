//! An artist's account: what it sees and does, and what it reads once it is disabled.

use fake_cloud::emulator::{Settings, Stack};
use fake_cloud::label_cloud::{ARTIST as ACCOUNT, LABEL, LabelCloud};
use fake_cloud::openid::User;

use super::joining::join;
use super::label::Label;
use crate::stage::{App, Stage, until};
use crate::{music, prepared};

/// Who the account is, and the title of their release.
const NAME: &str = "Ada Vale";
const OWN: &str = "Ebb";
/// Somebody else of the label, and theirs.
const OTHER_NAME: &str = "Nine Lives";
const OTHER: &str = "Flood";

#[tokio::test]
async fn an_artist_sees_what_is_theirs_has_news_sent_and_reads_why_it_ends() {
    let settings = Settings { patience: Some(0.5), asks: true, ..Settings::default() };
    let cloud = LabelCloud::start_with(settings, Stack::default()).await.unwrap();
    deliver_and_connect(&cloud).await;

    // Another computer, which has nothing of the label's.
    let stage = Stage::new();
    let keyring = stage.display.keyring();
    prepared::welcomed(&stage.workspace()).await;
    cloud.openid.calls();
    cloud.sign_in_as(ACCOUNT);
    let joined = join(&stage, &cloud).await;
    let app = stage.open_on(&joined).await;
    app.page.find("button", &format!("/{ACCOUNT}, Artist: {NAME}/")).await;
    sees_what_is_theirs(&app).await;
    follow_and_leave(&cloud, &app).await;
    app.kill().await;

    disable(&cloud);
    let app = stage.open_on(&joined).await;
    reads_that_it_ended(&app).await;
    drop(keyring);
}

/// The label delivers a release of each artist, and connects the account to one of the two.
async fn deliver_and_connect(cloud: &LabelCloud) {
    let stage = Stage::new();
    let label = Label { stage: &stage, cloud };
    let own = music::tones(&stage.path(OWN), &[0.5]);
    let other = music::tones(&stage.path(OTHER), &[0.6]);
    let workspace = label
        .workspace(&[(own, &[("title", OWN), ("artist", NAME)]), (other, &[("title", OTHER), ("artist", OTHER_NAME)])])
        .await;
    let app = label.signed_in(&workspace).await;
    for title in [OWN, OTHER] {
        label.deliver(&app, title).await;
    }
    app.page.click("button", "/^Artists/").await;
    app.page.click("option", &format!("/{NAME}/")).await;
    app.page.click("textbox", "E-mail address of an artist’s account").await;
    app.type_text(ACCOUNT);
    app.press("Return");
    app.page.find("button", &format!("No longer show {NAME} to {ACCOUNT}")).await;
    app.page.photograph("window-cloud-artist-connected").await;
}

async fn sees_what_is_theirs(app: &App<'_>) {
    app.page.click("button", "/^Releases/").await;
    app.page.find("option", &format!("/{OWN}/")).await;
    app.page.find("heading", OWN).await;
    app.wait_for_state("live").await;
    app.page.photograph("window-cloud-artist-releases").await;
    for button in ["/^Desk/", "/^Queue/", "Approve", "Reject", "/Withdraw/", "/Add an artist/"] {
        app.page.find_gone("button", button).await;
    }
    // Neither on a page nor behind it.
    let view = app.page.ask("view").await.to_string();
    assert!(view.contains(OWN) && view.contains(NAME), "{view}");
    assert!(!view.contains(OTHER) && !view.contains(OTHER_NAME), "{view}");
}

async fn follow_and_leave(cloud: &LabelCloud, app: &App<'_>) {
    app.page.click("button", "/^News/").await;
    app.page.find("heading", NAME).await;
    app.page.reads("You are not told yet.").await;
    app.page.photograph("window-cloud-artist-news").await;
    app.page.click("button", &format!("Tell me at {ACCOUNT}")).await;
    app.page.reads("has not confirmed yet").await;
    app.page.photograph("window-cloud-artist-pending").await;
    let link = until("the owner is asked", async || cloud.link_for(ACCOUNT)).await;

    app.page.click("button", &format!("Confirm {ACCOUNT}")).await;
    app.fill("Paste the link from the e-mail", "https://sns.example/somewhere").await;
    app.page.click("button", "Confirm").await;
    app.page.reads("This is not the link from the e-mail").await;
    app.page.photograph("window-cloud-artist-not-a-link").await;
    app.fill("Paste the link from the e-mail", &link).await;
    app.page.click("button", "Confirm").await;
    app.page.reads("is told").await;
    app.page.find_gone("button", &format!("Confirm {ACCOUNT}")).await;
    app.page.photograph("window-cloud-artist-confirmed").await;

    app.page.click("button", &format!("Unsubscribe {ACCOUNT}")).await;
    app.page.find_gone("button", &format!("Unsubscribe {ACCOUNT}")).await;
    app.page.find("button", &format!("Tell me at {ACCOUNT}")).await;
    app.page.photograph("window-cloud-artist-unsubscribed").await;
}

fn disable(cloud: &LabelCloud) {
    cloud.openid.put_user(User { enabled: false, ..User::new(ACCOUNT, LABEL, &["artist"]) });
}

/// What was last known stays to be seen; the pool's refusal is told in words, and so is that of another try.
async fn reads_that_it_ended(app: &App<'_>) {
    app.page.find("region", "Signed out").await;
    app.page.reads("Your account was disabled.").await;
    app.page.click("button", "/^Releases/").await;
    app.page.find("heading", OWN).await;
    app.page.photograph("window-cloud-artist-disabled").await;
    app.page.click("button", "/^News/").await;
    app.page.find("heading", NAME).await;
    app.page.click("button", "Sign in").await;
    app.page.find("button", "Try again").await;
    app.page.reads("Ask whoever runs your label's cloud to enable it").await;
    app.page.photograph("window-cloud-artist-refused").await;
}

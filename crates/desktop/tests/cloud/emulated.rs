//! The API's own program behind the emulator's gateway, with a real sign-in.

use std::path::Path;
use std::sync::Arc;

use desktop::account::{Account, AccountOptions, AccountView, Ask, Deployment};
use desktop::player::Player;
use desktop::{Joining, Options, PictureSource, PlaySource, Session, State, SystemClock, View};
use fake_cloud::label_cloud::{ARTIST, LABEL, LabelCloud, MANAGER, STAFF};
use fake_cloud::openid::Forgery;
use jiff::Timestamp;
use release::{Field, FieldName};
use serde_json::{Value, json};

use crate::album;
use crate::stage::{MemoryVault, Robot, deliver, stands};

#[tokio::test(flavor = "multi_thread")]
async fn the_api_answers_who_signed_in_and_nobody_else() {
    let cloud = LabelCloud::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let deployment = Arc::new(Deployment::read(cloud.workspace_json().as_bytes()).unwrap());
    let options = AccountOptions {
        label: None,
        accounts: folder.path().join("accounts.json"),
        vault: Arc::<MemoryVault>::default(),
        browser: Arc::new(Robot),
        clock: Arc::new(SystemClock),
    };
    let account = Account::open(deployment, options).await.unwrap();
    for (who, roles) in [(MANAGER, json!(["staff", "manager"])), (STAFF, json!(["staff"])), (ARTIST, json!(["artist"]))]
    {
        cloud.sign_in_as(who);
        account.sign_in(Ask::Another).await.unwrap();
        assert!(matches!(account.view(), AccountView::SignedIn(signed_in) if signed_in.email == who));
        let token = account.id_token().await.unwrap();
        let (status, me) = ask(&cloud, "/v1/me", Some(token.expose())).await;
        assert_eq!((status, &me["label"], &me["roles"]), (200, &json!(LABEL), &roles), "{me} {}", cloud.emulator.log());
        let (status, releases) = ask(&cloud, "/v1/releases", Some(token.expose())).await;
        assert_eq!((status, &releases["releases"]), (200, &json!([])), "{releases}");
    }
    let (status, health) = ask(&cloud, "/v1/health", None).await;
    assert_eq!(status, 200, "{health}");
    assert_eq!(ask(&cloud, "/v1/me", None).await.0, 401);
    for forgery in [
        Forgery::WrongKey,
        Forgery::ChangedLabel("another-label".to_owned()),
        Forgery::Unsigned,
        Forgery::Expired,
        Forgery::OtherAudience,
        Forgery::OtherIssuer,
        Forgery::AccessToken,
    ] {
        let token = cloud.openid.forge(MANAGER, forgery.clone()).unwrap();
        let (status, answer) = ask(&cloud, "/v1/me", Some(&token)).await;
        assert_eq!(status, 401, "{forgery:?}: {answer}");
        // The emulator's gateway looks at claims and at no signature: these get through, and the function refuses them.
        let gets_through = matches!(forgery, Forgery::WrongKey | Forgery::ChangedLabel(_) | Forgery::AccessToken);
        assert_eq!(answer.get("type").is_some(), gets_through, "{forgery:?}: {answer}");
    }
}

async fn ask(cloud: &LabelCloud, path: &str, token: Option<&str>) -> (u16, Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = http.get(format!("{}{path}", cloud.deployed.api));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_computer_delivers_an_album_and_another_without_its_files_draws_shows_and_mends_it() {
    let cloud = LabelCloud::start().await.unwrap();
    let (folder, vault) = (tempfile::tempdir().unwrap(), Arc::<MemoryVault>::default());
    let session = joined(&cloud, MANAGER, &folder.path().join("one"), &vault).await;
    let files = album::write(folder.path(), &["Harbour", "Low Light"]);
    let draft = session.import(vec![files.clone()]).await.unwrap();
    album::complete(&session, draft).await.unwrap();
    deliver(&session, draft).await;
    stands(&session, draft, State::InReview).await;
    session.close().await;
    std::fs::remove_dir_all(files).unwrap();

    let session = joined(&cloud, STAFF, &folder.path().join("other"), &vault).await;
    let release = stands(&session, draft, State::InReview).await;
    let source = PlaySource::Rendition { release: draft, track: release.tracks[1].id, profile: "flac".to_owned() };
    assert!(session.waveform(source).await.unwrap().waveform.bins.len() > 50);
    let picture = session.picture(PictureSource::Release(draft), 96).await.unwrap();
    assert_eq!(image::load_from_memory(&picture).unwrap().width(), 96);
    session.mend(draft).await.unwrap();
    session.edit(draft, Field::of_release(FieldName::Title), "Slack Water Again").await.unwrap();
    let second = deliver(&session, draft).await;
    session.look_for_news().await.unwrap();
    let again = |view: &View| {
        view.release(draft).filter(|view| view.title == "Slack Water Again" && view.state == State::InReview).cloned()
    };
    let again = session.wait_for(again).await.unwrap();
    assert_eq!(again.delivery, second);
    session.close().await;
    assert_eq!(cloud.dead_letters().await.unwrap(), 0, "{}", cloud.emulator.log());
}

/// A session on a computer that joined the cloud as somebody.
async fn joined(cloud: &LabelCloud, who: &str, folder: &Path, vault: &Arc<MemoryVault>) -> Session {
    cloud.sign_in_as(who);
    let deployment = Deployment::read(cloud.workspace_json().as_bytes()).unwrap();
    let (root, clock) = (folder.join("workspaces"), Arc::new(SystemClock));
    let joining = Joining::begin(root, deployment, Arc::clone(vault) as _, Arc::new(Robot), clock).await.unwrap();
    let signed_in = joining.account().sign_in(Ask::Usual).await.unwrap();
    let home = joining.finish(signed_in, Timestamp::now()).await.unwrap();
    let options = Options {
        player: Player::none(),
        clock: Arc::new(SystemClock),
        vault: Arc::clone(vault) as _,
        browser: Arc::new(Robot),
        ..Options::default()
    };
    Session::open(&home, options).await.unwrap()
}

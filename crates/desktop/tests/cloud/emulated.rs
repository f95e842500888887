//! The API's own program behind the emulator's gateway, with a real sign-in.

use std::sync::Arc;

use desktop::account::{Account, AccountOptions, AccountView, Ask, Deployment};
use desktop::player::Player;
use desktop::{Joining, Options, Session, State, SystemClock};
use fake_cloud::label_cloud::{ARTIST, LABEL, LabelCloud, MANAGER, STAFF};
use fake_cloud::openid::Forgery;
use jiff::Timestamp;
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
async fn a_session_joins_it_and_delivers_an_album() {
    let cloud = LabelCloud::start().await.unwrap();
    cloud.sign_in_as(MANAGER);
    let (folder, vault) = (tempfile::tempdir().unwrap(), Arc::<MemoryVault>::default());
    let deployment = Deployment::read(cloud.workspace_json().as_bytes()).unwrap();
    let root = folder.path().join("workspaces");
    let joining = Joining::begin(root, deployment, Arc::clone(&vault) as _, Arc::new(Robot), Arc::new(SystemClock))
        .await
        .unwrap();
    let signed_in = joining.account().sign_in(Ask::Usual).await.unwrap();
    let home = joining.finish(signed_in, Timestamp::now()).await.unwrap();
    let options = Options {
        player: Player::none(),
        clock: Arc::new(SystemClock),
        vault: Arc::clone(&vault) as _,
        browser: Arc::new(Robot),
        ..Options::default()
    };
    let session = Session::open(&home, options).await.unwrap();
    let files = album::write(folder.path(), &["Harbour", "Low Light"]);
    let draft = session.import(vec![files]).await.unwrap();
    album::complete(&session, draft).await.unwrap();
    deliver(&session, draft).await;
    let release = stands(&session, draft, State::InReview).await;
    assert_eq!(release.tracks.len(), 2);
    session.close().await;
    assert_eq!(cloud.dead_letters().await.unwrap(), 0, "{}", cloud.emulator.log());
}

use desktop::account::{AccountError, AccountView, Ask, Ending};
use fake_cloud::openid::{RefreshTokens, User};
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::json;

use super::stage::{MIRA, Stage, signed_in};

/// What becomes of an account, and what its person reads.
async fn ended(stage: &Stage, what: impl FnOnce()) -> (Ending, String) {
    let account = stage.signed_in().await;
    stage.pass(SignedDuration::from_hours(2));
    what();
    let error = account.id_token().await.unwrap_err();
    let AccountView::Ended { email, why } = account.view() else { panic!("{:?}", account.view()) };
    assert_eq!(email, MIRA);
    assert_eq!(error, AccountError::Ended(why.clone()));
    // It stays so, without asking again, and the credentials end with it.
    stage.openid.calls();
    assert_eq!(account.id_token().await.unwrap_err(), error);
    assert_eq!(account.credentials().get().await.unwrap_err(), error);
    assert_eq!(stage.openid.calls(), []);
    (why.clone(), format!("{} / {} / {}", why.code(), why, why.help()))
}

#[tokio::test]
async fn each_way_to_end_has_its_words() {
    let stage = Stage::new().await;
    let mut told = Vec::new();
    for (condition, expected) in [(RefreshTokens::Expired, Ending::Expired), (RefreshTokens::Revoked, Ending::Revoked)]
    {
        let (why, text) = ended(&stage, || stage.openid.put_refresh_tokens(MIRA, condition)).await;
        assert_eq!(why, expected);
        assert_eq!(stage.vault.secrets(), [""; 0]);
        told.push(text);
    }
    told.push(ended(&stage, || stage.openid.remove_user(MIRA)).await.1);
    let mira = User::new(MIRA, "low-tide", &["staff"]);
    stage.openid.put_user(mira.clone());
    told.push(ended(&stage, || stage.openid.put_user(User { enabled: false, ..mira.clone() })).await.1);
    stage.openid.put_user(mira.clone());
    told.push(ended(&stage, || stage.openid.put_user(User::new(MIRA, "high-tide", &["staff"]))).await.1);
    stage.openid.put_user(mira.clone());
    told.push(ended(&stage, || stage.openid.put_user(User { label: None, ..mira.clone() })).await.1);
    stage.openid.put_user(mira.clone());
    told.push(ended(&stage, || stage.vault.replace_all("of another pool")).await.1);
    told.push(ended(&stage, || stage.openid.spoil_claim("sub", json!("somebody-else"))).await.1);
    assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn a_token_that_was_used_by_somebody_else_ends_the_sign_in() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    // Somebody copied what was kept, and renewed with it.
    let copied = stage.vault.secrets();
    let thief = stage.open().await;
    stage.pass(SignedDuration::from_hours(2));
    thief.id_token().await.unwrap();
    stage.vault.replace_all(&copied[0]);
    let error = account.id_token().await.unwrap_err();
    assert_eq!(error, AccountError::Ended(Ending::Reused));
    assert_snapshot!(error, @"Your sign-in was used by another copy of Lacquer, so the cloud ended it. Sign in again. If you use Lacquer on one computer only and restored no backup, tell whoever runs your label's cloud.");
}

#[tokio::test]
async fn an_account_that_is_enabled_again_goes_on_at_the_next_start() {
    let stage = Stage::new().await;
    let mira = User::new(MIRA, "low-tide", &["staff"]);
    ended(&stage, || stage.openid.put_user(User { enabled: false, ..mira.clone() })).await;
    stage.openid.put_user(mira);
    stage.open().await.id_token().await.unwrap();
}

#[tokio::test]
async fn who_was_ended_signs_in_again() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    stage.pass(SignedDuration::from_hours(2));
    stage.openid.put_refresh_tokens(MIRA, RefreshTokens::Revoked);
    account.id_token().await.unwrap_err();
    account.sign_in(Ask::Usual).await.unwrap();
    let asked = &stage.browser.opened()[1];
    assert!(asked.contains("login_hint=mira") && asked.contains("prompt=login"), "{asked}");
    account.id_token().await.unwrap();
}

#[tokio::test]
async fn what_an_account_may_do_is_as_the_last_token_says() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    assert_eq!(signed_in(&account).roles.len(), 2);
    stage.openid.put_user(User::new(MIRA, "low-tide", &["staff"]));
    stage.pass(SignedDuration::from_hours(2));
    account.id_token().await.unwrap();
    assert_eq!(signed_in(&account).roles.len(), 1);
    assert_eq!(account.accounts()[0].roles.len(), 1);
}

#[tokio::test]
async fn an_account_that_joins_brings_its_label() {
    let stage = Stage::new().await;
    let account = stage.open_with(|options| options.label = None).await;
    assert_eq!(account.sign_in(Ask::Usual).await.unwrap().label.as_str(), "low-tide");
}

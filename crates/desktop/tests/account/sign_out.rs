use desktop::account::{AccountError, AccountView, Ask, Ending, SignOutError};
use fake_cloud::openid::Call;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::stage::Stage;

#[tokio::test]
async fn who_signs_out_leaves_nothing_behind() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    account.sign_out(false).await.unwrap();
    assert_eq!(account.view(), AccountView::SignedOut);
    assert_eq!(account.id_token().await, Err(AccountError::SignedOut));
    assert_eq!(stage.openid.calls(), [Call::Revoke]);
    assert_eq!(stage.vault.secrets(), [""; 0]);
    assert!(account.accounts().is_empty());
    assert_eq!(stage.open().await.view(), AccountView::SignedOut);
    account.sign_out(true).await.unwrap();
}

#[tokio::test]
async fn what_somebody_copied_is_of_no_use_after_a_sign_out() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let copied = stage.vault.secrets();
    account.sign_out(false).await.unwrap();
    account.sign_in(Ask::Usual).await.unwrap();
    // Nor is the browser, which the sign-in pages remember for an hour.
    assert!(stage.browser.opened()[1].contains("prompt=login"));
    stage.vault.replace_all(&copied[0]);
    stage.pass(SignedDuration::from_hours(2));
    assert_eq!(account.id_token().await, Err(AccountError::Ended(Ending::Revoked)));
}

#[tokio::test]
async fn everywhere_is_everywhere() {
    let stage = Stage::new().await;
    let here = stage.signed_in().await;
    let folder = tempfile::tempdir().unwrap();
    let there = stage
        .open_with(|options| {
            options.accounts = folder.path().join("accounts.json");
            options.vault = std::sync::Arc::new(super::stage::MemoryVault::default());
        })
        .await;
    there.sign_in(Ask::Usual).await.unwrap();
    stage.openid.calls();
    // Also with tokens that ended meanwhile.
    stage.pass(SignedDuration::from_hours(2));
    here.sign_out(true).await.unwrap();
    let calls = stage.openid.calls();
    let cognito = |action: &str| Call::Cognito(action.to_owned());
    assert_eq!(calls, [cognito("GetTokensFromRefreshToken"), cognito("GlobalSignOut"), Call::Revoke]);
    assert_eq!(there.id_token().await, Err(AccountError::Ended(Ending::Revoked)));
}

#[tokio::test]
async fn who_signs_out_offline_is_signed_out_here_and_told_the_rest() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    stage.openid.fail_with(Some(503));
    let error = account.sign_out(true).await.unwrap_err();
    assert!(matches!(error, SignOutError::NotTold(_)));
    let host = stage.openid.base().replace("http://", "");
    assert_snapshot!(error.to_string().replace(&host, "cloud.example"), @"You are signed out on this computer, but the cloud could not be told, so what was copied before may still be used: cloud.example cannot answer at the moment (status 503). Try again in a minute. To be sure, sign in and sign out again.");
    assert_eq!(account.view(), AccountView::SignedOut);
    assert_eq!(stage.vault.secrets(), [""; 0]);
}

use aws_credential_types::provider::ProvideCredentials as _;
use desktop::account::{AccountError, CredentialsError, Ending};
use fake_cloud::openid::{LentCredentials, User};
use futures::future::join_all;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::stage::{MIRA, Stage};

#[tokio::test]
async fn credentials_are_asked_for_once_for_all_who_wait() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let credentials = account.credentials();
    let lent = join_all((0..100).map(|_| credentials.provide_credentials())).await;
    assert!(lent.iter().all(Result::is_ok));
    let lent = lent.into_iter().next().unwrap().unwrap();
    assert_eq!((lent.access_key_id(), lent.secret_access_key()), ("test", "test"));
    assert!(lent.session_token().is_some());
    let calls = stage.openid.calls();
    assert_eq!(calls.len(), 2, "GetId and GetCredentialsForIdentity: {calls:?}");
    // The SDK's clients keep them until then, and ask again.
    let until = jiff::Timestamp::try_from(lent.expiry().unwrap()).unwrap();
    assert_eq!(until.duration_since(cloud::ports::Clock::now(&*stage.clock)), SignedDuration::from_mins(55));
}

#[tokio::test]
async fn credentials_are_renewed_early_and_the_identity_stays() {
    let stage = Stage::with(|settings| {
        settings.credentials = LentCredentials { lasts: SignedDuration::from_mins(30), ..LentCredentials::default() };
    })
    .await;
    let account = stage.signed_in().await;
    let credentials = account.credentials();
    credentials.get().await.unwrap();
    stage.openid.calls();
    stage.pass(SignedDuration::from_mins(24));
    credentials.get().await.unwrap();
    assert_eq!(stage.openid.calls(), []);
    stage.pass(SignedDuration::from_mins(2));
    credentials.get().await.unwrap();
    assert_eq!(stage.count("GetCredentialsForIdentity"), 1);
    // Those at hand do while the cloud cannot be reached.
    stage.pass(SignedDuration::from_mins(26));
    stage.openid.fail_with(Some(500));
    credentials.get().await.unwrap();
    stage.pass(SignedDuration::from_mins(5));
    assert!(credentials.get().await.is_err());
}

#[tokio::test]
async fn who_is_disabled_gets_no_credentials_and_reads_why() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    stage.openid.put_user(User { enabled: false, ..User::new(MIRA, "low-tide", &["staff"]) });
    assert_eq!(account.credentials().get().await.unwrap_err(), AccountError::Ended(Ending::Disabled));
}

#[tokio::test]
async fn a_pool_that_is_another_is_said() {
    let stage =
        Stage::with(|settings| settings.identity_pool = "eu-west-1:00000000-0000-0000-0000-000000000000".to_owned())
            .await;
    let mut deployment = (*stage.deployment).clone();
    deployment.identity_pool = "eu-west-1:11111111-1111-1111-1111-111111111111".to_owned();
    let stage = Stage { deployment: deployment.into(), ..stage };
    let account = stage.signed_in().await;
    let error = account.credentials().get().await.unwrap_err();
    assert!(matches!(error, AccountError::Credentials(CredentialsError::Pool { .. })));
    assert_snapshot!(error, @"The cloud's identity pool cannot be used (IdentityPool not found.). Ask whoever runs your label's cloud to check it.");
}

#[tokio::test]
async fn who_signs_out_has_no_credentials() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let credentials = account.credentials();
    credentials.get().await.unwrap();
    account.sign_out(false).await.unwrap();
    assert_eq!(credentials.get().await.unwrap_err(), AccountError::SignedOut);
}

use std::io;
use std::sync::{Arc, Mutex};

use desktop::account::{AccountView, Ask, VaultError};
use fake_cloud::openid::{RefreshTokens, User};
use jiff::SignedDuration;
use tracing_subscriber::EnvFilter;

use super::stage::{MIRA, Stage};

/// All that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_is_in_a_log_in_debug_output_in_a_message_or_on_disk() {
    let log = Log::default();
    let writer = log.clone();
    // Everything that the program's own crates say, and what others say short of their innards.
    let filter = EnvFilter::new("debug,desktop=trace");
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || writer.clone()).finish();
    // Of the whole process: what another test's thread says first would otherwise be taken for what nobody listens to.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let mut shown = String::new();

    let stage = Stage::new().await;
    let account = stage.open().await;
    let mut views = account.views();
    let watching = tokio::spawn(async move {
        let mut seen = String::new();
        while views.changed().await.is_ok() {
            let view = views.borrow_and_update().clone();
            seen.push_str(&format!("{view:?}\n"));
            if matches!(view, AccountView::Ended { .. }) {
                break;
            }
        }
        seen
    });
    account.sign_in(Ask::Usual).await.unwrap();
    let credentials = account.credentials();
    let lent = credentials.get().await.unwrap();
    stage.pass(SignedDuration::from_hours(2));
    let token = account.id_token().await.unwrap();
    shown.push_str(&format!(
        "{account:?} {credentials:?} {lent:?} {token:?} {:?} {:?}",
        account.accounts(),
        account.deployment()
    ));
    // Things go wrong, in many ways.
    stage.vault.break_with(Some(VaultError::Stuck { seconds: 60 }));
    stage.pass(SignedDuration::from_hours(2));
    shown.push_str(&format!("{:?}", account.id_token().await));
    stage.vault.break_with(None);
    stage.openid.fail_with(Some(500));
    for failed in [account.id_token().await.map(|_| ()), credentials.get().await.map(|_| ())] {
        let failed = failed.unwrap_err();
        shown.push_str(&format!("{failed} {failed:?}"));
    }
    stage.openid.fail_with(None);
    stage.openid.put_user(User { label: None, ..User::new(MIRA, "", &[]) });
    let unfit = account.sign_in(Ask::Usual).await.unwrap_err();
    shown.push_str(&format!("{unfit} {unfit:?}"));
    stage.openid.put_refresh_tokens(MIRA, RefreshTokens::Revoked);
    shown.push_str(&format!("{:?}", account.id_token().await));
    shown.push_str(&watching.await.unwrap());
    shown.push_str(&std::fs::read_to_string(stage.accounts_file()).unwrap());

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the account's sign-in ended"), "the log was not looked at: {logged}");
    let mut secrets = stage.openid.secrets();
    secrets.push("session-of-the-test-provider".to_owned());
    for address in stage.browser.opened() {
        let address = reqwest::Url::parse(&address).unwrap();
        secrets.extend(
            address
                .query_pairs()
                .filter(|(key, _)| key == "state" || key == "nonce")
                .map(|(_, value)| value.into_owned()),
        );
    }
    assert!(secrets.len() > 10);
    for secret in &secrets {
        assert!(!shown.contains(secret.as_str()), "shown: {secret}\n{shown}");
        assert!(!logged.contains(secret.as_str()), "logged: {secret}\n{logged}");
    }
}

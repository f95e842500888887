use std::pin::pin;

use desktop::account::{AccountError, AccountView, Ask, Ending, ProviderError, VaultError};
use fake_cloud::openid::{Answer, Call, User};
use futures::future::join_all;
use futures::poll;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::stage::{MIRA, Stage, signed_in};

/// Within five minutes of an ID token's end.
const NEARLY_AN_HOUR: SignedDuration = SignedDuration::from_mins(56);

#[tokio::test]
async fn it_is_still_signed_in_when_the_program_starts_again_also_without_a_network() {
    let stage = Stage::new().await;
    drop(stage.signed_in().await);
    stage.openid.fail_with(Some(503));
    let account = stage.open().await;
    let who = signed_in(&account);
    assert_eq!((who.email.as_str(), who.kept, who.expires), (MIRA, true, None));
    let busy = account.id_token().await.unwrap_err();
    assert!(matches!(busy, AccountError::Provider(ProviderError::Busy { status: 503, .. })), "{busy}");
    stage.openid.fail_with(None);
    account.id_token().await.unwrap();
    assert!(signed_in(&account).expires.is_some());
}

#[tokio::test]
async fn tokens_are_renewed_before_they_end_and_once_for_all_who_wait() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let first = account.id_token().await.unwrap();
    stage.pass(NEARLY_AN_HOUR);
    let tokens = join_all((0..100).map(|_| account.id_token())).await;
    assert_eq!(stage.count("GetTokensFromRefreshToken"), 1);
    assert!(tokens.iter().all(|token| token.as_ref().is_ok_and(|token| *token != first)));
}

#[tokio::test]
async fn tokens_that_last_a_quarter_of_an_hour_are_renewed_by_their_own_end() {
    let stage = Stage::new().await;
    let end = cloud::ports::Clock::now(&*stage.clock) + SignedDuration::from_mins(15);
    stage.openid.spoil_claim("exp", end.as_second().into());
    let account = stage.signed_in().await;
    let first = account.id_token().await.unwrap();
    stage.pass(SignedDuration::from_mins(9));
    assert_eq!(account.id_token().await.unwrap(), first);
    stage.pass(SignedDuration::from_mins(2));
    assert_ne!(account.id_token().await.unwrap(), first);
    assert_eq!(stage.count("GetTokensFromRefreshToken"), 1);
}

#[tokio::test]
async fn a_token_that_lasts_a_while_does_where_the_cloud_cannot_be_reached() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let first = account.id_token().await.unwrap();
    stage.pass(NEARLY_AN_HOUR);
    stage.openid.fail_with(Some(500));
    assert_eq!(account.id_token().await.unwrap(), first);
    stage.pass(SignedDuration::from_mins(5));
    assert!(matches!(account.id_token().await, Err(AccountError::Provider(ProviderError::Busy { .. }))));
    assert_eq!(signed_in(&account).email, MIRA);
}

#[tokio::test]
async fn a_network_that_wants_somebody_to_sign_in_to_it_ends_no_sign_in() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let (first, kept) = (account.id_token().await.unwrap(), stage.vault.secrets());
    stage.openid.intercept(true);
    let told = account.credentials().get().await.unwrap_err().to_string();
    assert_snapshot!(without_port(&told, &stage), @"127.0.0.1:PORT cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. Check the connection and try again.");
    stage.pass(NEARLY_AN_HOUR);
    assert_eq!(account.id_token().await.unwrap(), first, "it still lasts a while");
    stage.pass(SignedDuration::from_mins(5));
    let told = account.id_token().await.unwrap_err().to_string();
    assert_snapshot!(without_port(&told, &stage), @"127.0.0.1:PORT cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. Check the connection and try again.");
    assert_eq!((signed_in(&account).email.as_str(), stage.vault.secrets()), (MIRA, kept));
    stage.openid.intercept(false);
    assert_ne!(account.id_token().await.unwrap(), first);
    // What its page answers is no sign-out either.
    stage.openid.intercept(true);
    let told = account.sign_out(false).await.unwrap_err().to_string();
    assert_snapshot!(without_port(&told, &stage), @"You are signed out on this computer, but the cloud could not be told, so what was copied before may still be used: 127.0.0.1:PORT cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. Check the connection and try again. To be sure, sign in and sign out again.");
}

fn without_port(text: &str, stage: &Stage) -> String {
    text.replace(stage.openid.base().trim_start_matches("http://"), "127.0.0.1:PORT")
}

#[tokio::test]
async fn every_renewal_replaces_what_is_kept() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let mut kept = stage.vault.secrets();
    for _ in 0..3 {
        stage.pass(NEARLY_AN_HOUR);
        account.id_token().await.unwrap();
        let now = stage.vault.secrets();
        assert_ne!(now, kept);
        kept = now;
    }
}

#[tokio::test]
async fn where_tokens_do_not_rotate_the_first_one_stays() {
    let stage = Stage::with(|settings| settings.rotation = false).await;
    let account = stage.signed_in().await;
    let kept = stage.vault.secrets();
    stage.pass(NEARLY_AN_HOUR);
    account.id_token().await.unwrap();
    assert_eq!(stage.vault.secrets(), kept);
}

#[tokio::test]
async fn the_new_token_is_kept_before_it_is_used_so_that_a_crash_costs_no_sign_in() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let before = stage.vault.secrets();
    stage.pass(NEARLY_AN_HOUR);
    let died = stage.vault.die_after_save();
    let asking = tokio::spawn({
        let account = account.clone();
        async move { account.id_token().await }
    });
    died.notified().await;
    assert!(!asking.is_finished());
    assert_ne!(stage.vault.secrets(), before);
    asking.abort();
    drop(account);
    // What was kept before is used up; the next start goes on with what is kept now.
    let next = stage.open().await;
    next.id_token().await.unwrap();
    assert_eq!(signed_in(&next).email, MIRA);
}

#[tokio::test]
async fn until_the_keyring_has_the_new_token_nobody_gets_anything_that_came_with_it() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let (kept, shown, credentials) = (stage.vault.secrets(), account.view(), account.credentials());
    stage.pass(NEARLY_AN_HOUR);
    let hanging = stage.vault.hang_at_save();
    let first = tokio::spawn({
        let account = account.clone();
        async move { account.id_token().await }
    });
    hanging.reached.notified().await;
    assert_eq!(stage.openid.calls(), [Call::Cognito("GetTokensFromRefreshToken".to_owned())]);

    let (mut second, mut lent) = (pin!(account.id_token()), pin!(credentials.get()));
    for _ in 0..3 {
        assert!(poll!(second.as_mut()).is_pending(), "a token is handed out that a crash would lose");
        assert!(poll!(lent.as_mut()).is_pending());
        stage.round_trip().await;
    }
    assert_eq!(stage.openid.calls(), [], "nothing is asked with what is not kept yet");
    assert!(!first.is_finished());
    assert_eq!((stage.vault.secrets(), account.view()), (kept.clone(), shown));

    hanging.go_on.notify_one();
    let token = first.await.unwrap().unwrap();
    assert_eq!(second.await.unwrap(), token);
    lent.await.unwrap();
    assert_ne!(stage.vault.secrets(), kept);
    assert_eq!(stage.count("GetTokensFromRefreshToken"), 0, "all had the same renewal");
}

#[tokio::test]
async fn a_keyring_that_is_locked_when_the_new_token_comes_is_said_and_the_session_goes_on() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let used_up = stage.vault.secrets();
    stage.pass(NEARLY_AN_HOUR);
    stage.vault.lock_at_save();
    account.id_token().await.unwrap();
    let who = signed_in(&account);
    assert!(!who.kept);
    assert_snapshot!(who.not_kept.unwrap(), @"This computer's keyring refused (it is locked).");
    assert_eq!(stage.vault.secrets(), used_up);
    // It does for as long as the program runs, and the keyring is not needed for it.
    account.credentials().get().await.unwrap();
    stage.pass(NEARLY_AN_HOUR);
    account.id_token().await.unwrap();
    // A start would find the old token, which is used up: to use it again would look like a theft.
    stage.vault.break_with(None);
    stage.openid.calls();
    let next = stage.open().await;
    assert_eq!(next.view(), AccountView::SignedOut);
    assert_eq!(next.id_token().await, Err(AccountError::SignedOut));
    assert_eq!(stage.openid.calls(), []);
    drop(next);
    // Unlocked, it keeps the next one, and with it the sign-in.
    stage.pass(NEARLY_AN_HOUR);
    account.id_token().await.unwrap();
    let who = signed_in(&account);
    assert_eq!((who.kept, who.not_kept), (true, None));
    drop(account);
    let next = stage.open().await;
    next.id_token().await.unwrap();
    assert_eq!(signed_in(&next).email, MIRA);
}

#[tokio::test]
async fn who_asked_may_go_away_and_the_new_token_is_kept_nonetheless() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    stage.pass(NEARLY_AN_HOUR);
    let mut views = account.views();
    views.mark_unchanged();
    let asking = tokio::spawn({
        let account = account.clone();
        async move { account.id_token().await }
    });
    tokio::task::yield_now().await;
    asking.abort();
    views.changed().await.unwrap();
    account.id_token().await.unwrap();
    drop(account);
    stage.open().await.id_token().await.unwrap();
}

#[tokio::test]
async fn another_program_of_the_same_person_may_be_quicker() {
    let stage = Stage::new().await;
    let one = stage.signed_in().await;
    let two = stage.open().await;
    stage.pass(NEARLY_AN_HOUR);
    // Each finds in the keyring what the other one put there.
    for _ in 0..2 {
        one.id_token().await.unwrap();
        two.id_token().await.unwrap();
        stage.pass(NEARLY_AN_HOUR);
    }
}

#[tokio::test]
async fn without_a_keyring_it_is_for_this_session_and_says_so() {
    let stage = Stage::new().await;
    stage.vault.break_with(Some(VaultError::None { reason: "no session bus".to_owned() }));
    let account = stage.open().await;
    let who = account.sign_in(Ask::Usual).await.unwrap();
    assert!(!who.kept);
    assert_snapshot!(who.not_kept.unwrap(), @"This computer has no keyring that Lacquer can use (no session bus).");
    stage.pass(NEARLY_AN_HOUR);
    account.id_token().await.unwrap();
    assert!(!signed_in(&account).kept);
    drop(account);
    assert_eq!(stage.open().await.view(), AccountView::SignedOut);
}

#[tokio::test]
async fn a_keyring_that_is_locked_is_said_and_may_be_unlocked() {
    let stage = Stage::new().await;
    drop(stage.signed_in().await);
    let account = stage.open().await;
    stage.vault.break_with(Some(VaultError::Refused { reason: "it is locked".to_owned() }));
    let told = account.id_token().await.unwrap_err();
    assert_snapshot!(told, @"This computer's keyring refused (it is locked). Unlock it, or sign in again.");
    assert_eq!(signed_in(&account).email, MIRA);
    stage.vault.break_with(None);
    account.id_token().await.unwrap();
}

#[tokio::test]
async fn a_keyring_that_comes_back_keeps_the_next_token() {
    let stage = Stage::new().await;
    stage.vault.break_with(Some(VaultError::Stuck { seconds: 60 }));
    let account = stage.open().await;
    account.sign_in(Ask::Usual).await.unwrap();
    stage.vault.break_with(None);
    stage.pass(NEARLY_AN_HOUR);
    account.id_token().await.unwrap();
    assert!(signed_in(&account).kept);
    drop(account);
    stage.open().await.id_token().await.unwrap();
}

#[tokio::test]
async fn what_somebody_took_out_of_the_keyring_is_missed() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    desktop::account::Vault::forget(&*stage.vault, &stage.vault.entries()[0].0, &stage.vault.entries()[0].1)
        .await
        .unwrap();
    stage.pass(NEARLY_AN_HOUR);
    assert_eq!(account.id_token().await, Err(AccountError::Ended(Ending::NotKept)));
    // Another workspace of this computer may have signed the account out.
    account.sign_in(Ask::Usual).await.unwrap();
    assert!(stage.browser.opened()[1].contains("prompt=login"));
}

#[tokio::test]
async fn several_accounts_take_turns_without_the_browser() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    let tom = User::new("tom@low-tide.example", "low-tide", &["artist"]);
    stage.openid.put_user(tom.clone());
    stage.openid.answer(Answer::Approve(tom.email.clone()));
    account.sign_in(Ask::Another).await.unwrap();
    assert_eq!(signed_in(&account).email, tom.email);
    let known = account.accounts();
    assert_eq!(known.iter().map(|known| known.email.as_str()).collect::<Vec<_>>(), [MIRA, tom.email.as_str()]);
    assert_eq!(stage.vault.entries().len(), 2);

    account.switch_to(&known[0].subject).await.unwrap();
    account.id_token().await.unwrap();
    assert_eq!(signed_in(&account).email, MIRA);
    drop(account);
    let next = stage.open().await;
    assert_eq!(signed_in(&next).email, MIRA);
    assert_eq!(next.switch_to("nobody").await, Err(AccountError::SignedOut));
    assert_eq!(stage.browser.opened().len(), 2);
}

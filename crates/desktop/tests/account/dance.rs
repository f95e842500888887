use std::net::TcpListener;

use desktop::account::{AccountView, Ask, Ending, IdTokenError, SignInError};
use fake_cloud::openid::{Answer, Call, User};
use insta::assert_snapshot;
use serde_json::json;

use super::stage::{MIRA, Manner, Stage, signed_in};

#[tokio::test]
async fn somebody_signs_in_by_the_browser() {
    let stage = Stage::new().await;
    let account = stage.open().await;
    assert_eq!(account.view(), AccountView::SignedOut);
    let who = account.sign_in(Ask::Usual).await.unwrap();
    assert_eq!((who.email.as_str(), who.label.as_str(), who.kept), (MIRA, "low-tide", true));
    assert_eq!(who.roles.len(), 2);
    assert_eq!(signed_in(&account), who);
    assert_eq!(stage.vault.secrets().len(), 1);

    let calls = stage.openid.calls();
    let Some(Call::Authorize(asked)) = calls.first() else { panic!("{calls:?}") };
    assert_eq!(asked["scope"], "openid email profile aws.cognito.signin.user.admin");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["redirect_uri"], format!("http://localhost:{}/", stage.deployment.ports[0]));
    assert!(asked["nonce"].len() >= 20 && asked["state"].len() >= 20);
    assert_eq!(asked["prompt"], "login", "nobody was signed in: not whoever the browser remembers");
    assert_eq!(calls[1..], [Call::Token]);
    // The one that came is still good: nothing is asked for.
    account.id_token().await.unwrap();
    assert_eq!(stage.openid.calls(), []);
}

#[tokio::test]
async fn the_last_page_says_that_the_window_can_be_closed_and_asks_nothing_of_anybody() {
    let stage = Stage::new().await;
    stage.open().await.sign_in(Ask::Usual).await.unwrap();
    let pages = stage.browser.pages.lock().await;
    let (status, page) = &pages[0];
    assert_eq!(*status, 200);
    assert!(page.contains("You can close this window"));
    assert!(page.contains("Content-Security-Policy: default-src 'none'"));
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"), "{page}");
}

#[tokio::test]
async fn who_comes_with_another_s_state_is_sent_away_and_the_right_one_still_gets_in() {
    let stage = Stage::new().await;
    stage.browser.behave(Manner::WrongStateFirst);
    let account = stage.open().await;
    account.sign_in(Ask::Usual).await.unwrap();
    let pages = stage.browser.pages.lock().await;
    assert_eq!(pages.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [400, 200]);
}

#[tokio::test]
async fn a_second_answer_is_not_taken() {
    let stage = Stage::new().await;
    stage.browser.behave(Manner::FollowsTwice);
    stage.open().await.sign_in(Ask::Usual).await.unwrap();
    let pages = stage.browser.pages.lock().await;
    // The second is told so, or finds nobody any more.
    assert_eq!(pages[0].0, 200);
    assert!(pages[1..].iter().all(|(status, _)| *status == 410));
    assert_eq!(stage.openid.calls().iter().filter(|call| **call == Call::Token).count(), 1);
}

#[tokio::test]
async fn a_token_of_another_sign_in_is_not_believed() {
    let stage = Stage::new().await;
    stage.openid.spoil_claim("nonce", json!("of-another"));
    let account = stage.open().await;
    let refused = account.sign_in(Ask::Usual).await.unwrap_err();
    assert_eq!(refused, SignInError::Unfit(Ending::Untrusted(IdTokenError::Nonce)));
    assert_eq!(account.view(), AccountView::SignedOut);
    assert_eq!(stage.vault.secrets(), [""; 0]);
}

#[tokio::test]
async fn who_is_refused_reads_why() {
    let stage = Stage::new().await;
    let account = stage.open().await;
    let mut told = Vec::new();

    stage.openid.answer(Answer::Deny);
    told.push(account.sign_in(Ask::Usual).await.unwrap_err());
    stage.openid.answer(Answer::Approve(MIRA.to_owned()));
    for (claim, value) in
        [("iss", json!("https://evil.example/pool")), ("aud", json!("another-app")), ("exp", json!(7))]
    {
        stage.openid.spoil_claim(claim, value);
        told.push(account.sign_in(Ask::Usual).await.unwrap_err());
        stage.openid.spoil_claim(claim, spoilt_no_more(&stage, claim));
    }
    let user = User { label: None, ..User::new(MIRA, "", &["staff"]) };
    stage.openid.put_user(user);
    told.push(account.sign_in(Ask::Usual).await.unwrap_err());
    stage.openid.put_user(User::new(MIRA, "high-tide", &["staff"]));
    told.push(account.sign_in(Ask::Usual).await.unwrap_err());

    assert_eq!(account.view(), AccountView::SignedOut);
    assert_eq!(stage.vault.secrets(), [""; 0]);
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    let told = told.join("\n").replace(&stage.openid.base(), "https://cloud.example");
    assert_snapshot!(told);
}

/// What the claim should be.
fn spoilt_no_more(stage: &Stage, claim: &str) -> serde_json::Value {
    match claim {
        "iss" => json!(stage.openid.issuer()),
        "aud" => json!(stage.openid.client()),
        _ => json!(jiff::Timestamp::MAX.as_second()),
    }
}

#[tokio::test(start_paused = true)]
async fn a_browser_that_never_comes_back_is_not_waited_for_for_ever() {
    let stage = Stage::new().await;
    stage.browser.behave(Manner::Leaves);
    let account = stage.open().await;
    let refused = account.sign_in(Ask::Usual).await.unwrap_err();
    assert_snapshot!(refused, @"The browser did not come back within 10 minutes. Sign in again; if its page did not open, copy the address that Lacquer shows.");
    assert_eq!(account.view(), AccountView::SignedOut);
    // The port is free again.
    TcpListener::bind(("127.0.0.1", stage.deployment.ports[0])).unwrap();
}

#[tokio::test]
async fn where_no_browser_starts_the_page_can_be_opened_by_hand_and_given_up() {
    let stage = Stage::new().await;
    stage.browser.behave(Manner::Missing);
    let account = stage.open().await;
    let mut views = account.views();
    let signing_in = tokio::spawn({
        let account = account.clone();
        async move { account.sign_in(Ask::Usual).await }
    });
    let page = loop {
        views.changed().await.unwrap();
        if let AccountView::SigningIn { page, opened: false } = &*views.borrow_and_update() {
            break page.clone();
        }
    };
    assert!(page.address().starts_with(&format!("{}/oauth2/authorize?", stage.openid.base())));
    account.cancel_sign_in();
    assert_eq!(signing_in.await.unwrap(), Err(SignInError::Cancelled));
    assert_eq!(account.view(), AccountView::SignedOut);
}

#[tokio::test]
async fn a_second_sign_in_takes_the_place_of_one_that_waits() {
    let stage = Stage::new().await;
    stage.browser.behave(Manner::Leaves);
    let account = stage.open().await;
    let mut views = account.views();
    let first = tokio::spawn({
        let account = account.clone();
        async move { account.sign_in(Ask::Usual).await }
    });
    views.wait_for(|view| matches!(view, AccountView::SigningIn { .. })).await.unwrap();
    stage.browser.behave(Manner::Follows);
    let second = account.sign_in(Ask::Usual).await;
    assert_eq!(first.await.unwrap(), Err(SignInError::Cancelled));
    assert_eq!(second.unwrap(), signed_in(&account));
}

#[tokio::test]
async fn the_first_port_that_is_free_is_taken() {
    let stage = Stage::new().await;
    let ports = &stage.deployment.ports;
    let mut taken = vec![TcpListener::bind(("127.0.0.1", ports[0])).unwrap()];
    let account = stage.open().await;
    account.sign_in(Ask::Usual).await.unwrap();
    assert!(stage.browser.opened()[0].contains(&format!("localhost%3A{}%2F", ports[1])));

    taken.extend(ports[1..].iter().map(|port| TcpListener::bind(("127.0.0.1", *port)).unwrap()));
    let refused = account.sign_in(Ask::Usual).await.unwrap_err().to_string();
    let [first, second, third] = ports[..] else { panic!() };
    assert!(
        refused.contains(&format!("the ports {first}, {second} and {third} of this computer are all in use")),
        "{refused}"
    );
    // Who was signed in stays so.
    assert_eq!(signed_in(&account).email, MIRA);
}

#[tokio::test]
async fn a_page_asks_for_the_last_account_or_for_another() {
    let stage = Stage::new().await;
    let account = stage.signed_in().await;
    account.sign_in(Ask::Usual).await.unwrap();
    account.sign_in(Ask::Another).await.unwrap();
    let opened = stage.browser.opened();
    assert!(opened[1].contains("login_hint=mira%40low-tide.example") && !opened[1].contains("prompt"));
    assert!(opened[2].contains("prompt=login") && !opened[2].contains("login_hint"));
}

//! No network, and nobody signed in: nothing is lost, and all goes on.

use desktop::account::Ask;
use desktop::{DeliveryState, State, WaitsFor};
use fake_s3::{Fault, Operation, When};
use jiff::SignedDuration;

use crate::stage::{MIRA, Stage, deliver, sent, stands};

#[tokio::test(flavor = "multi_thread")]
async fn offline_in_the_middle_it_waits_and_shows_what_was_known() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    let draft = computer.draft(&session, &["Harbour"]).await;
    let delivery = deliver(&session, draft).await;
    stage.hear_of(draft, delivery, false).await;
    stands(&session, draft, State::Live).await;
    session.edit(draft, release::Field::of_release(release::FieldName::Title), "Slack Water Again").await.unwrap();

    stage.api.cut(true);
    stage.s3.fail(Operation::PutObject, When::Always, Fault::DropBefore);
    let second = session.queue(draft).await.unwrap().delivery;
    let held = session
        .wait_for(|view| view.delivery(second).filter(|one| one.waits_for == Some(WaitsFor::Store))?.held.clone())
        .await
        .unwrap();
    assert!(held.message.contains("cannot be reached"), "{}", held.message);
    session.look_for_news().await.unwrap();
    let away = |view: &desktop::View| view.notices.iter().find(|notice| notice.code == "cloud-away").cloned();
    let notice = session.wait_for(away).await.unwrap();
    assert!(notice.message.starts_with("The label's cloud cannot be reached"), "{}", notice.message);
    session.close().await;

    // A start without a network shows what was known.
    let session = computer.open().await;
    assert_eq!(session.view().release(draft).unwrap().state, State::Live);
    assert_eq!(session.view().delivery(second).unwrap().delivery.state, DeliveryState::Waiting);
    stage.api.cut(false);
    stage.s3.be_well();
    session.retry(second).await.unwrap();
    sent(&session, second).await;
    stage.hear_of(draft, second, false).await;
    session.look_for_news().await.unwrap();
    let again = |view: &desktop::View| (view.release(draft)?.title == "Slack Water Again").then_some(());
    session.wait_for(again).await.unwrap();
    assert!(away(&session.view()).is_none());
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_ended_holds_the_queue_until_somebody_signs_in() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    let draft = computer.draft(&session, &["Harbour"]).await;
    session.account().unwrap().sign_out(false).await.unwrap();
    let delivery = session.queue(draft).await.unwrap().delivery;
    // The queue may try once before it hears who is signed in.
    let waits =
        |view: &desktop::View| view.delivery(delivery).filter(|one| one.waits_for == Some(WaitsFor::SignIn)).cloned();
    let waiting = session.wait_for(waits).await.unwrap();
    assert_eq!(waiting.held, None, "no time is told for it");
    assert_eq!(waiting.delivery.state, DeliveryState::Waiting);
    let refusal = session.try_again(draft).await.unwrap_err().to_string();
    assert_eq!(refusal, "Nobody is signed in.");
    // Whoever signs in has it go on by itself.
    session.account().unwrap().sign_in(Ask::Usual).await.unwrap();
    sent(&session, delivery).await;
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_renewed_and_one_that_is_refused_is_said() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    let draft = computer.draft(&session, &["Harbour"]).await;
    // Tokens and credentials run out meanwhile.
    stage.pass(SignedDuration::from_hours(2));
    let delivery = deliver(&session, draft).await;
    stage.hear_of(draft, delivery, false).await;
    stands(&session, draft, State::Live).await;
    stage.api.refuse(100);
    session.look_for_news().await.unwrap();
    let trouble = session
        .wait_for(|view| view.cloud.as_ref()?.trouble.clone().filter(|trouble| trouble.code == "sign-in-refused"))
        .await
        .unwrap();
    assert_eq!(trouble.message, "The cloud refused your sign-in.");
    stage.api.refuse(0);
    session.look_for_news().await.unwrap();
    session.wait_for(|view| view.cloud.as_ref()?.trouble.is_none().then_some(())).await.unwrap();
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_asked_too_often_is_waited_for_and_said_calmly() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    let draft = computer.draft(&session, &["Harbour"]).await;
    stage.api.throttle(true);
    // What is under way waits, and fails nothing.
    let delivery = session.queue(draft).await.unwrap().delivery;
    let held = session
        .wait_for(|view| view.delivery(delivery).filter(|one| one.waits_for == Some(WaitsFor::Store))?.held.clone())
        .await
        .unwrap();
    assert!(held.message.contains("the cloud is busy"), "{}", held.message);
    assert_eq!(session.view().delivery(delivery).unwrap().delivery.state, DeliveryState::Waiting);
    // What somebody asks for by hand is said, and not repeated behind their back.
    let before = stage.api.asked("/v1/").len();
    let refusal = session.try_again(draft).await.unwrap_err();
    assert_eq!(refusal.to_string(), "The cloud is busy (429).");
    session.look_for_news().await.unwrap();
    let busy = |view: &desktop::View| view.notices.iter().find(|notice| notice.code == "cloud-away").cloned();
    let notice = session.wait_for(busy).await.unwrap();
    assert!(notice.message.starts_with("The cloud is busy (429)."), "{}", notice.message);
    // Nobody hammers at it: what is asked by itself comes again after seconds.
    assert!(stage.api.asked("/v1/").len() - before < 10, "{:?}", stage.api.asked("/v1/"));

    stage.api.throttle(false);
    session.retry(delivery).await.unwrap();
    sent(&session, delivery).await;
    stage.hear_of(draft, delivery, false).await;
    session.look_for_news().await.unwrap();
    stands(&session, draft, State::Live).await;
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_wants_somebody_to_sign_in_to_it_is_said_and_nothing_is_taken_for_sent() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    let draft = computer.draft(&session, &["Harbour"]).await;
    stage.api.intercept(true);
    for operation in [Operation::PutObject, Operation::UploadPart, Operation::CreateMultipartUpload] {
        stage.s3.fail(operation, When::Always, Fault::Page { status: 200 });
    }
    let delivery = session.queue(draft).await.unwrap().delivery;
    let held = session
        .wait_for(|view| view.delivery(delivery).filter(|one| one.waits_for == Some(WaitsFor::Store))?.held.clone())
        .await
        .unwrap();
    assert!(held.message.contains("the network answers in its place"), "{}", held.message);
    assert_eq!(session.view().delivery(delivery).unwrap().delivery.state, DeliveryState::Waiting);
    session.look_for_news().await.unwrap();
    let away = |view: &desktop::View| view.notices.iter().find(|notice| notice.code == "cloud-away").cloned();
    let notice = session.wait_for(away).await.unwrap();
    assert!(notice.message.contains("as one does that wants you to sign in to it first"), "{}", notice.message);
    assert!(notice.help.starts_with("Open any web page in your browser"), "{}", notice.help);

    // The API is reached again and S3 is not: a page that says that all is well is no object.
    stage.api.intercept(false);
    session.look_for_news().await.unwrap();
    session.wait_for(|view| away(view).is_none().then_some(())).await.unwrap();
    let asked = stage.s3.calls().len();
    session.retry(delivery).await.unwrap();
    while stage.s3.calls().len() == asked {
        tokio::task::yield_now().await;
    }
    session
        .wait_for(|view| view.delivery(delivery).filter(|one| one.waits_for == Some(WaitsFor::Store)).map(drop))
        .await
        .unwrap();
    stage.s3.be_well();
    session.retry(delivery).await.unwrap();
    sent(&session, delivery).await;
    stage.hear_of(draft, delivery, false).await;
    stands(&session, draft, State::Live).await;
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_delivers_has_the_cloud_asked_at_once_however_long_it_was_left_alone() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    stage.api.throttle_for(600);
    let session = computer.open().await;
    let trouble = |view: &desktop::View| view.cloud.as_ref()?.trouble.clone();
    assert_eq!(session.wait_for(trouble).await.unwrap().code, "cloud-busy");
    // Once as it started, and once because a manifest may have been handed over before. It asks for ten minutes of quiet
    // each time, and would have them.
    while stage.api.asked("/v1/").len() < 2 {
        tokio::task::yield_now().await;
    }
    stage.api.throttle_for(0);
    let draft = computer.draft(&session, &["Harbour"]).await;
    deliver(&session, draft).await;
    session.wait_for(|view| trouble(view).is_none().then_some(())).await.unwrap();
    session.close().await;
}

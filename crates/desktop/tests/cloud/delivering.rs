//! An album goes all the way.

use desktop::{Decision, State, Verdict};
use fake_s3::Operation;
use jiff::Timestamp;

use crate::stage::{MIRA, Stage, deliver, stands};

#[tokio::test(flavor = "multi_thread")]
async fn an_album_is_delivered_heard_of_decided_on_and_live() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    let draft = computer.draft(&session, &["Harbour", "Low Light"]).await;
    let delivery = deliver(&session, draft).await;
    let calls = stage.s3.calls();
    assert!(!calls.iter().any(|call| matches!(call.operation, Operation::HeadObject | Operation::GetObject)));
    stage.hear_of(draft, delivery, true).await;
    let release = stands(&session, draft, State::InReview).await;
    let heard = release.tracks.iter().flat_map(|track| &track.renditions).map(|one| one.recipe).collect();
    let decision = Decision {
        release: draft,
        delivery,
        heard,
        metadata: release.metadata.unwrap(),
        verdict: Verdict::Approve,
        by: String::new(),
        at: Timestamp::UNIX_EPOCH,
    };
    session.decide(decision.clone()).await.unwrap();
    // What came of it is shown before the answer.
    assert_ne!(session.view().release(draft).unwrap().state, State::InReview);
    stage.api.cloud().settle(true).await;
    stands(&session, draft, State::Live).await;
    let refusal = session.decide(decision).await.unwrap_err().to_string();
    assert!(refusal.contains("waits for no decision"), "{refusal}");
    assert_eq!(session.view().cloud.as_ref().unwrap().trouble, None);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_change_is_not_sent_again() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    stands_nothing(&session).await;
    let lists = || stage.api.asked("/v1/releases");
    let before = lists().len();
    for _ in 0..2 {
        let known = lists().len();
        session.look_for_news().await.unwrap();
        while lists().len() == known {
            tokio::task::yield_now().await;
        }
    }
    assert!(lists()[before..].iter().all(|asked| asked.status == 304), "{:?}", lists());
    session.close().await;
}

/// Waits until the cloud has answered.
async fn stands_nothing(session: &desktop::Session) {
    let settings = |view: &desktop::View| {
        let cloud = view.cloud.as_ref()?;
        (cloud.trouble.is_none() && cloud.is_manager() && view.workspace.review).then_some(())
    };
    session.wait_for(settings).await.unwrap();
}

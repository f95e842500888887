//! Subscriptions, settings, and what each role sees.

use cloud::MemoryCloud;
use desktop::{FollowState, State};

use crate::stage::{ANN, MIRA, Stage, deliver, stands};

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_are_asked_for_confirmed_and_ended() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    assert!(session.subscribe("Ann Ash", "fan@example.org").await.unwrap());
    let states = || session.view().subscriptions.iter().map(|one| one.state).collect::<Vec<_>>();
    assert_eq!(states(), [FollowState::Pending]);
    assert!(!session.subscribe("ann  ash", "fan@example.org").await.unwrap());
    let refusal = session.resend_confirmation("Ann Ash", "fan@example.org").await.unwrap_err().to_string();
    assert!(refusal.contains("was asked a short while ago"), "{refusal}");
    let refusal = session.confirm_subscription("Ann Ash", "fan@example.org", "nothing").await.unwrap_err().to_string();
    assert!(refusal.contains("not the link"), "{refusal}");
    let token = MemoryCloud::confirmation("Ann Ash", &"fan@example.org".parse().unwrap());
    session.confirm_subscription("Ann Ash", "fan@example.org", &token).await.unwrap();
    assert_eq!(states(), [FollowState::Confirmed]);
    assert!(session.unsubscribe("Ann Ash", "fan@example.org").await.unwrap());
    assert_eq!(states(), []);
    assert!(!session.unsubscribe("Ann Ash", "fan@example.org").await.unwrap());
    let refusal = session.subscribe("Ann Ash", "no address").await.unwrap_err().to_string();
    assert!(refusal.contains("is not an e-mail address"), "{refusal}");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn managers_set_how_the_label_works_for_everybody() {
    let stage = Stage::new().await;
    let (one, other) = (stage.joined(MIRA).await, stage.joined(MIRA).await);
    let session = one.open().await;
    session.set_workspace("Low Tide".to_owned(), false, false).await.unwrap();
    assert_eq!(session.view().workspace.label_name, "Low Tide");
    session.close().await;
    let session = other.open().await;
    let set = |view: &desktop::View| {
        let label = &view.workspace;
        (label.label_name == "Low Tide" && !label.review && !label.artists_mail).then_some(())
    };
    session.wait_for(set).await.unwrap();
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_sees_its_own_releases_and_delivers_none() {
    let stage = Stage::new().await;
    let computer = stage.joined(MIRA).await;
    let session = computer.open().await;
    let draft = computer.draft(&session, &["Harbour"]).await;
    let delivery = deliver(&session, draft).await;
    stage.hear_of(draft, delivery, false).await;
    stands(&session, draft, State::Live).await;

    let artist = stage.joined(ANN).await;
    let theirs = artist.open().await;
    let cloud = theirs.wait_for(|view| view.cloud.clone().filter(|cloud| !cloud.roles.is_empty())).await.unwrap();
    assert!(!cloud.is_staff() && !cloud.is_manager());
    assert!(theirs.view().release(draft).is_none());
    session.map_artists(ANN, vec!["Ann Ash".to_owned()]).await.unwrap();
    let accounts = session.artist_accounts().await.unwrap();
    assert_eq!((accounts[0].email.as_str(), accounts[0].artists.as_slice()), (ANN, ["Ann Ash".to_owned()].as_slice()));
    theirs.close().await;
    // What was hidden before is seen.
    let theirs = artist.open().await;
    stands(&theirs, draft, State::Live).await;
    let own = artist.draft(&theirs, &["Harbour"]).await;
    let refusal = theirs.queue(own).await.unwrap_err().to_string();
    assert!(refusal.starts_with("Your account sees releases and delivers none."), "{refusal}");
    let refusal = theirs.withdraw(draft, "no").await.unwrap_err().to_string();
    assert!(refusal.contains("managers"), "{refusal}");
    theirs.close().await;
    session.close().await;
}

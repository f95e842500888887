//! The workspace and its followers.

use super::*;

#[tokio::test]
async fn the_workspaces_name_and_review_are_there_when_it_is_opened_again() {
    let place = Place::new();
    let session = place.open().await;
    session.set_workspace("Low Tide Records".to_owned(), true, false).await.unwrap();
    let shown = (*session.view().workspace).clone();
    session.close().await;
    let session = place.open().await;
    assert_eq!(*session.view().workspace, shown);
    assert_eq!((shown.label_name.as_str(), shown.review, shown.artists_mail), ("Low Tide Records", true, false));
    session.close().await;
}

#[tokio::test]
async fn a_subscription_is_shown_and_a_bad_address_refused() {
    let place = Place::new();
    let session = place.open().await;
    assert!(session.subscribe("Ann Ash", "ann@example.org").await.unwrap());
    assert!(!session.subscribe("Ann Ash", "ann@example.org").await.unwrap());
    assert!(matches!(session.subscribe("Ann Ash", "no address").await, Err(SessionError::Cloud(_))));
    assert_eq!(session.view().subscriptions.len(), 1);
    assert!(session.unsubscribe("Ann Ash", "ann@example.org").await.unwrap());
    assert_eq!(session.view().subscriptions.len(), 0);
    session.close().await;
}

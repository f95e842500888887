//! A session from its opening to its end.

use super::*;

#[tokio::test]
async fn a_workspace_that_is_open_is_refused_until_it_is_closed() {
    let place = Place::new();
    let session = place.open().await;
    let refusal = Session::open(&place.home(), Options::default()).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        format!(
            "This workspace is in use by another Lacquer (process {}). Close it, or give another --workspace.",
            std::process::id()
        )
    );
    session.close().await;
    place.open().await.close().await;
}

#[tokio::test]
async fn a_session_ends_with_its_last_handle() {
    let place = Place::new();
    let session = place.open().await;
    let (other, mut views) = (session.clone(), session.views());
    drop(session);
    other.pause_queue(true).await.unwrap();
    drop(other);
    while views.changed().await.is_ok() {}
    place.open().await.close().await;
}

#[tokio::test]
async fn what_is_closed_says_so() {
    let place = Place::new();
    let session = place.open().await;
    let other = session.clone();
    session.close().await;
    assert!(matches!(other.pause_queue(true).await, Err(SessionError::Closed)));
    assert!(matches!(other.wait_for(|_| None::<()>).await, Err(SessionError::Closed)));
    other.close().await;
}

#[tokio::test]
async fn damage_on_the_desk_is_noticed_and_the_rest_is_there() {
    let place = Place::with_ready(2);
    let database = rusqlite::Connection::open(place.home().join("desk.db")).unwrap();
    database.execute("UPDATE drafts SET body = 'x' WHERE release = ?1", [id(1).to_string()]).unwrap();
    drop(database);
    let session = place.open().await;
    let view = session.view();
    assert_eq!((view.drafts.len(), view.notices.len()), (1, 1));
    assert!(view.notices[0].message.starts_with("Could not read a draft (not a draft: "), "{:?}", view.notices);
    session.close().await;
}

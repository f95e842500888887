//! What is done to drafts by hand, undone and done again.

use super::*;

#[tokio::test]
async fn edits_come_all_or_not_at_all() {
    let place = Place::new();
    let place = {
        let draft = place.ready(1);
        place.with_drafts(&[draft])
    };
    let session = place.open().await;
    let edits =
        vec![(title(), "New".to_owned()), (Field::of_release(FieldName::Territories), "nowhere at all".to_owned())];
    assert!(matches!(session.edit_all(id(1), edits, None).await, Err(SessionError::Edit(_))));
    assert_eq!(session.view().draft(id(1)).unwrap().draft.release.title, "Album 1");
    assert!(matches!(session.edit(id(9), title(), "New").await, Err(SessionError::NoSuchDraft(_))));
    session.close().await;
}

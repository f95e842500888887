//! A book that fails between telling and noting.

use super::*;
use crate::catalogue::sample::entry_id;

/// A stage whose artist has a follower who agreed, and whose book answers the next announcements with failures.
async fn failing(failures: &[bool]) -> Stage {
    let stage = stage().await;
    let artist = news().artist;
    stage.follow(&artist, "ada@example.org").await.unwrap();
    let token = stage.service.token("ada@example.org");
    stage.confirm(&artist, "ada@example.org", &token).await.unwrap();
    stage.book.contents().failures = failures.iter().rev().copied().collect();
    stage
}

#[tokio::test]
async fn what_cannot_be_noted_at_once_is_noted_again_and_told_once() {
    let stage = failing(&[true, true]).await;
    let entry = entry_id("01A-0123");
    stage.topics.tell(&entry, &news()).await.unwrap();
    stage.topics.tell(&entry, &news()).await.unwrap();
    assert_eq!(stage.service.contents().published.len(), 1);
    assert_eq!(stage.book.contents().announced, 3);
    assert_eq!(stage.book.announcements().len(), 1);
}

#[tokio::test]
async fn a_book_that_never_takes_it_is_a_failure_in_the_end() {
    let stage = failing(&[true; 5]).await;
    let failed = stage.topics.tell(&entry_id("01A-0123"), &news()).await.unwrap_err();
    assert!(failed.passing, "{failed}");
    assert_eq!(stage.book.contents().announced, 5);
}

#[tokio::test]
async fn what_does_not_pass_by_itself_is_not_tried_again() {
    let stage = failing(&[false, false]).await;
    stage.topics.tell(&entry_id("01A-0123"), &news()).await.unwrap_err();
    assert_eq!(stage.book.contents().announced, 1);
}

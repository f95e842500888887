use std::sync::Arc;

use futures::future::try_join_all;
use tokio_util::sync::CancellationToken;
use upload::{FileToSend, ObjectStore as _, Outcome, SendError, StoreError, Whole};

use crate::faulty::{Fault, passing};
use crate::{Desk, PARTS, options};

#[tokio::test]
async fn a_small_file_is_one_put() {
    for bytes in [0, 1, 1024 * 1024] {
        let desk = Desk::with_file(bytes);
        let sent = desk.send().await.unwrap();
        assert_eq!((sent.outcome, sent.bytes_sent, sent.bytes_resumed), (Outcome::Sent, bytes as u64, 0));
        assert_eq!(desk.store.asked(), ["confirm", "put"]);
        desk.assert_delivered().await;
    }
}

#[tokio::test]
async fn a_long_file_goes_in_parts_a_few_at_a_time() {
    let desk = Desk::new();
    let sent = desk.send().await.unwrap();
    assert_eq!((sent.outcome, sent.bytes_sent, sent.bytes_resumed), (Outcome::Sent, desk.file.digest.bytes, 0));
    assert!(desk.store.most_under_way() <= options().parallel_parts);
    assert_eq!(desk.store.parts_asked(), (1..=PARTS).collect::<Vec<_>>());
    desk.assert_delivered().await;
}

#[tokio::test]
async fn several_files_share_what_may_be_on_its_way() {
    let desk = Desk::new();
    let files = ["b", "c", "d"].map(|key| FileToSend { key: key.into(), ..desk.file.clone() });
    let (progress, token) = (desk.on_progress(), CancellationToken::new());
    try_join_all(files.iter().map(|file| desk.sender.send(file, &progress, &token))).await.unwrap();
    assert!(desk.store.most_under_way() <= options().parallel_parts);
    assert_eq!(desk.store.parts_asked().len(), 3 * PARTS as usize);
}

#[tokio::test]
async fn what_is_there_is_not_sent_again() {
    let desk = Desk::new();
    desk.send().await.unwrap();
    desk.store.asked();
    // Not even the file is needed.
    std::fs::remove_file(&desk.file.path).unwrap();
    let sent = desk.send().await.unwrap();
    assert_eq!((sent.outcome, sent.bytes_sent, sent.bytes_resumed), (Outcome::AlreadyThere, 0, 0));
    assert_eq!(desk.store.asked(), ["confirm"]);
    desk.assert_delivered().await;
}

#[tokio::test]
async fn other_bytes_under_the_key_are_never_overwritten() {
    let desk = Desk::new();
    desk.store.inner.put(&desk.file.key, b"other".to_vec().into(), Whole::of(b"other")).await.unwrap();
    let error = desk.send().await.unwrap_err();
    assert!(matches!(error, SendError::Store(StoreError::Differs { .. })), "{error}");
    assert_eq!(desk.store.asked(), ["confirm"]);
}

#[tokio::test]
async fn a_cancelled_file_goes_on_where_it_was() {
    for at in 1..=PARTS as usize {
        let desk = Desk::new();
        assert!(matches!(desk.send_and_cancel_at("send_part", at).await, SendError::Cancelled));
        assert_eq!(desk.journal_files().len(), 1);
        let arrived: u64 = desk.told.lock().unwrap().last().map_or(0, |last| last.arrived);
        desk.store.asked();

        let sent = desk.send().await.unwrap();
        assert!(sent.bytes_resumed >= arrived, "what was noted is not sent again");
        assert_eq!(sent.bytes_sent + sent.bytes_resumed, desk.file.digest.bytes);
        let parts_sent = desk.store.parts_asked().len() as u64;
        assert_eq!(sent.bytes_sent.div_ceil(1024 * 1024), parts_sent);
        // Those that were under way when it was cancelled may have arrived or not.
        let finished = at.saturating_sub(options().parallel_parts) as u64;
        assert!(parts_sent <= u64::from(PARTS) - finished, "{parts_sent} sent again, cancelled at {at}");
        desk.assert_delivered().await;
    }
}

#[tokio::test]
async fn cancelled_at_any_call_it_goes_on() {
    for operation in ["confirm", "begin", "complete"] {
        let desk = Desk::new();
        assert!(matches!(desk.send_and_cancel_at(operation, 1).await, SendError::Cancelled));
        desk.send().await.unwrap();
        desk.assert_delivered().await;
    }
}

#[tokio::test]
async fn one_object_is_sent_once_by_many_calls() {
    let desk = Desk::new();
    let sender = Arc::clone(&desk.sender);
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (sender, file, progress) = (Arc::clone(&sender), desk.file.clone(), desk.on_progress());
            tokio::spawn(async move { sender.send(&file, &progress, &CancellationToken::new()).await.unwrap().outcome })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Outcome::Sent).count(), 1);
    assert_eq!(desk.store.parts_asked(), (1..=PARTS).collect::<Vec<_>>());
}

#[tokio::test]
async fn another_process_is_kept_out() {
    let desk = Desk::new();
    let (other, file) = (desk.other_sender(), desk.file.clone());
    let (cancel, token) = (CancellationToken::new(), CancellationToken::new());
    let done = cancel.clone();
    let reached = token.clone();
    desk.store.before("send_part", 2, move || {
        reached.cancel();
        Some(crate::faulty::Fault::Hang)
    });
    let first = tokio::spawn({
        let (sender, file, progress) = (Arc::clone(&desk.sender), file.clone(), desk.on_progress());
        async move { sender.send(&file, &progress, &done).await }
    });
    token.cancelled().await;
    let error = other.send(&file, &desk.on_progress(), &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, SendError::InUse { .. }), "{error}");
    assert!(error.is_passing());
    cancel.cancel();
    assert!(matches!(first.await.unwrap(), Err(SendError::Cancelled)));
    desk.store.be_well();
    desk.send().await.unwrap();
    desk.assert_delivered().await;
}

#[tokio::test]
async fn a_discarded_upload_leaves_nothing() {
    let desk = Desk::new();
    desk.sender.discard(&desk.file.key).await.unwrap();
    desk.send_and_cancel_at("send_part", 3).await;
    assert_eq!(desk.uploads(), 1);
    desk.sender.discard(&desk.file.key).await.unwrap();
    assert_eq!((desk.uploads(), desk.journal_files().len()), (0, 0));
    assert_eq!(desk.store.inner.confirm(&desk.file.key).await.unwrap(), None);
}

#[tokio::test]
async fn bytes_are_told_while_a_part_is_on_its_way() {
    let desk = Desk::with_file(1024 * 1024);
    desk.send().await.unwrap();
    let told = desk.told.lock().unwrap().clone();
    let on_the_way: Vec<u64> = told.iter().filter(|one| one.arrived == 0).map(|one| one.passed).collect();
    assert_eq!(on_the_way, [262_144, 524_288, 786_432, 1_048_576]);
}

#[tokio::test]
async fn a_part_that_is_sent_again_does_not_set_progress_back() {
    let desk = Desk::new();
    desk.store.before("send_part", 2, || Some(Fault::After(passing())));
    desk.send().await.unwrap();
    desk.assert_delivered().await;
}

#[tokio::test]
async fn more_lanes_are_opened_for_what_is_sent_next() {
    let desk = Desk::new();
    desk.sender.limit(1, None);
    desk.send().await.unwrap();
    assert_eq!(desk.store.most_under_way(), 1);
    desk.assert_delivered().await;
}

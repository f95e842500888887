//! Errors that pass, errors that do not, answers that get lost, and files that change.

use std::io;
use std::path::Path;

use upload::{ObjectStore as _, Outcome, Refusal, SendError, StoreError};

use crate::faulty::{Fault, passing};
use crate::{Desk, PARTS};

fn refused() -> StoreError {
    StoreError::Refused(Box::new(Refusal {
        operation: "send_part",
        key: "a".into(),
        status: 403,
        code: "AccessDenied".into(),
        message: String::new(),
        request_id: None,
        passing: false,
        retry_after: None,
    }))
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again_at_every_step() {
    for operation in ["confirm", "begin", "send_part", "complete"] {
        for fault in [|| Fault::Before(passing()), || Fault::After(passing())] {
            let desk = Desk::new();
            desk.store.before(operation, 1, move || Some(fault()));
            desk.send().await.unwrap();
            // An upload whose name got lost is swept when the store is next opened.
            upload::DirStore::open(desk.store.inner.root()).unwrap();
            desk.assert_delivered().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_put_that_got_lost_is_success() {
    let desk = Desk::with_file(1000);
    desk.store.before("put", 1, || Some(Fault::After(passing())));
    assert_eq!(desk.send().await.unwrap().outcome, Outcome::Sent);
    desk.assert_delivered().await;
}

#[tokio::test(start_paused = true)]
async fn what_lasts_is_left_to_the_queue_and_goes_on_later() {
    let desk = Desk::new();
    desk.store.before("send_part", 0, || Some(Fault::Before(passing())));
    let error = desk.send().await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    desk.store.be_well();
    desk.send().await.unwrap();
    desk.assert_delivered().await;
}

#[tokio::test]
async fn what_does_not_pass_is_told_at_once() {
    let desk = Desk::new();
    desk.store.before("send_part", 1, || Some(Fault::Before(refused())));
    let error = desk.send().await.unwrap_err();
    assert_eq!(error.to_string(), "The store refused send_part of a: AccessDenied (403).");
    assert!(!error.is_passing());
    assert!(desk.store.parts_asked().len() <= PARTS as usize, "no part twice");
    assert_eq!(desk.journal_files().len(), 1, "what arrived is kept");
    desk.store.be_well();
    desk.send().await.unwrap();
    desk.assert_delivered().await;
}

#[tokio::test]
async fn a_lost_upload_is_begun_anew() {
    let desk = Desk::new();
    desk.send_and_cancel_at("send_part", 4).await;
    let uploads = desk.folder.path().join("store/.store/uploads");
    std::fs::remove_dir_all(&uploads).unwrap();
    std::fs::create_dir(&uploads).unwrap();
    desk.store.asked();
    let sent = desk.send().await.unwrap();
    assert_eq!((sent.outcome, sent.bytes_resumed), (Outcome::Sent, 0));
    assert_eq!(desk.store.parts_asked(), (1..=PARTS).collect::<Vec<_>>());
    desk.assert_delivered().await;
}

#[tokio::test]
async fn an_upload_that_is_lost_on_the_way_is_begun_anew() {
    let desk = Desk::new();
    desk.store.before("send_part", 3, || Some(Fault::Before(StoreError::NoSuchUpload { key: "a".into() })));
    desk.send().await.unwrap();
    desk.assert_delivered().await;
}

#[tokio::test]
async fn a_store_that_always_loses_uploads_is_given_up() {
    let desk = Desk::new();
    desk.store.before("send_part", 0, || Some(Fault::Before(StoreError::NoSuchUpload { key: "a".into() })));
    let error = desk.send().await.unwrap_err();
    assert!(matches!(error, SendError::Store(StoreError::NoSuchUpload { .. })), "{error}");
}

#[tokio::test]
async fn a_listing_is_not_trusted_blindly() {
    let desk = Desk::new();
    desk.send_and_cancel_at("complete", 1).await;
    let upload = {
        let text = std::fs::read_to_string(&desk.journal_files()[0]).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        upload::Upload { key: desk.file.key.clone(), id: upload::UploadId(line["id"].as_str().unwrap().into()) }
    };
    let mut listed = desk.store.inner.sent_parts(&upload).await.unwrap();
    assert_eq!(listed.len(), PARTS as usize);
    listed[1].crc64 = Some(1);
    listed[3].bytes -= 1;
    *desk.store.lie.lock().unwrap() = Some(listed);
    desk.store.asked();
    desk.send().await.unwrap();
    assert_eq!(desk.store.parts_asked(), [2, 4], "those that are not as they should be, and no others");
    desk.assert_delivered().await;
}

#[tokio::test]
async fn a_file_that_changed_meanwhile_is_given_up_and_said() {
    let desk = Desk::new();
    desk.send_and_cancel_at("send_part", 4).await;
    desk.change_file();
    let error = desk.send().await.unwrap_err();
    assert_eq!(error.to_string(), format!("{} changed after it was added.", desk.file.path.display()));
    assert_eq!((desk.uploads(), desk.journal_files().len()), (0, 0));
    assert_eq!(desk.store.inner.confirm(&desk.file.key).await.unwrap(), None);
}

#[tokio::test]
async fn a_file_that_changed_before_its_first_part_is_never_an_object() {
    for bytes in [1000, 4_200_000] {
        let desk = Desk::with_file(bytes);
        desk.change_file();
        let error = desk.send().await.unwrap_err();
        assert!(matches!(error, SendError::Changed { .. }), "{error}");
        assert_eq!((desk.uploads(), desk.journal_files().len()), (0, 0));
        assert_eq!(desk.store.inner.confirm(&desk.file.key).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_file_that_grew_or_shrank_is_given_up_and_said() {
    for bytes in [0, 999, 1001, 5_000_000] {
        let desk = Desk::with_file(1000);
        std::fs::write(&desk.file.path, vec![0; bytes]).unwrap();
        let error = desk.send().await.unwrap_err();
        assert!(matches!(error, SendError::Changed { .. }), "{error}");
        assert_eq!(desk.store.asked(), ["confirm"], "nothing is sent");
    }
}

#[tokio::test]
async fn a_file_that_changes_at_the_last_moment_is_given_up_and_said() {
    let desk = Desk::new();
    let (path, content) = (desk.file.path.clone(), desk.content.clone());
    // All parts are sent when the file is touched: the object would be right, and the person's file is another by now.
    let seen = std::sync::atomic::AtomicU32::new(0);
    desk.store.before("send_part", 0, move || {
        if seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1 == PARTS {
            crate::rewrite(&path, &content);
        }
        None
    });
    let error = desk.send().await.unwrap_err();
    assert!(matches!(error, SendError::Changed { .. }), "{error}");
    assert_eq!(desk.store.asked().last().map(String::as_str), Some("abort"));
    assert_eq!((desk.uploads(), desk.journal_files().len()), (0, 0));
    assert_eq!(desk.store.inner.confirm(&desk.file.key).await.unwrap(), None);
}

#[tokio::test]
async fn a_file_that_moved_goes_on_and_another_of_its_bytes_starts_anew() {
    for copied in [false, true] {
        let mut desk = Desk::new();
        desk.send_and_cancel_at("complete", 1).await;
        let moved = desk.folder.path().join("moved.wav");
        if copied {
            std::fs::copy(&desk.file.path, &moved).unwrap();
        } else {
            std::fs::rename(&desk.file.path, &moved).unwrap();
        }
        desk.file.path = moved;
        let sent = desk.send().await.unwrap();
        assert_eq!(sent.bytes_resumed == desk.file.digest.bytes, !copied);
        desk.assert_delivered().await;
    }
}

#[tokio::test]
async fn a_file_that_vanished_is_named() {
    let desk = Desk::new();
    std::fs::remove_file(&desk.file.path).unwrap();
    let error = desk.send().await.unwrap_err();
    assert_eq!(error.to_string(), format!("{} cannot be read: No such file or directory.", desk.file.path.display()));
    assert_eq!(error.help(), "See that the file is where it was, and that its disk is connected.");
}

#[tokio::test]
async fn a_full_disk_of_journals_is_named() {
    let desk = Desk::new();
    // A file where the folder should be: the journal can no more be made than on a full disk.
    std::fs::write(desk.journals(), b"").unwrap();
    let error = desk.send().await.unwrap_err();
    assert!(
        matches!(&error, SendError::Journal { source, .. } if source.kind() == io::ErrorKind::NotADirectory),
        "{error}"
    );
    assert!(error.to_string().contains(Path::new("journals").to_str().unwrap()));
}

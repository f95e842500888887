use tokio_util::sync::CancellationToken;
use upload::{ObjectStore as _, SendError, StoreError, Whole, publish};

use crate::faulty::{Fault, passing};
use crate::{Desk, PARTS, options};

async fn published(desk: &Desk, cancel: &CancellationToken) -> Result<upload::FileDigest, SendError> {
    publish(&*desk.store, &desk.file.key, &desk.file.path, &options(), cancel).await
}

async fn assert_published(desk: &Desk) {
    let there = std::fs::read(desk.store.inner.path_of(&desk.file.key).unwrap()).unwrap();
    assert!(there == desk.content);
    assert_eq!((desk.uploads(), desk.journal_files().len()), (0, 0));
}

#[tokio::test]
async fn a_file_is_published_once() {
    for bytes in [0, 1000, 4_200_000] {
        let desk = Desk::with_file(bytes);
        let token = CancellationToken::new();
        assert_eq!(published(&desk, &token).await.unwrap(), desk.file.digest);
        assert_published(&desk).await;
        desk.store.asked();
        assert_eq!(published(&desk, &token).await.unwrap(), desk.file.digest);
        assert_eq!(desk.store.asked(), ["confirm"]);
    }
}

#[tokio::test]
async fn cancelled_it_leaves_no_upload() {
    for operation in ["confirm", "send_part", "complete"] {
        let desk = Desk::new();
        let cancel = CancellationToken::new();
        let token = cancel.clone();
        desk.store.before(operation, 1, move || {
            token.cancel();
            Some(Fault::Hang)
        });
        assert!(matches!(published(&desk, &cancel).await, Err(SendError::Cancelled)));
        assert_eq!(desk.uploads(), 0);
        assert_eq!(desk.store.inner.confirm(&desk.file.key).await.unwrap(), None);
        desk.store.be_well();
        published(&desk, &CancellationToken::new()).await.unwrap();
        assert_published(&desk).await;
    }
}

#[tokio::test(start_paused = true)]
async fn failed_it_leaves_no_upload() {
    let desk = Desk::new();
    desk.store.before("send_part", 0, || Some(Fault::Before(passing())));
    assert!(published(&desk, &CancellationToken::new()).await.unwrap_err().is_passing());
    assert_eq!(desk.uploads(), 0);
    assert!(desk.store.parts_asked().len() > PARTS as usize, "it was tried again");
}

#[tokio::test]
async fn other_bytes_are_not_overwritten() {
    let desk = Desk::new();
    desk.store.inner.put(&desk.file.key, b"other".to_vec().into(), Whole::of(b"other")).await.unwrap();
    let error = published(&desk, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, SendError::Store(StoreError::Differs { .. })), "{error}");
}

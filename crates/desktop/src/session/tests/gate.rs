use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use tokio::sync::watch;
use upload::{Body, ObjectStore, Part, Plan, SentPart, StoreError, Stored, Upload, Whole};

use super::*;

/// What stands before a workspace's store: a network that can be cut, and one that stands still.
#[derive(Debug)]
pub(in crate::session) struct Gate {
    store: Mutex<Option<Arc<dyn ObjectStore>>>,
    /// Nothing comes through.
    is_cut: AtomicBool,
    /// How often something was asked while it was cut.
    refused: AtomicUsize,
    /// Small files stand at the gate while this is set.
    holds_files: watch::Sender<bool>,
}

impl Gate {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            store: Mutex::default(),
            is_cut: AtomicBool::default(),
            refused: AtomicUsize::default(),
            holds_files: watch::Sender::new(false),
        })
    }

    pub(in crate::session) fn before(self: Arc<Self>, store: Arc<dyn ObjectStore>) -> Arc<dyn ObjectStore> {
        *self.store.lock().unwrap() = Some(store);
        self
    }

    pub(super) fn cut(&self, is_cut: bool) {
        self.is_cut.store(is_cut, Ordering::SeqCst);
    }

    pub(super) fn refused(&self) -> usize {
        self.refused.load(Ordering::SeqCst)
    }

    pub(super) fn hold_files(&self, hold: bool) {
        self.holds_files.send_replace(hold);
    }

    fn through(&self, operation: &'static str, key: &str) -> Result<Arc<dyn ObjectStore>, StoreError> {
        if self.is_cut.load(Ordering::SeqCst) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            let (key, reason) = (key.to_owned(), "no route to host".to_owned());
            return Err(StoreError::Unreachable { operation, key, reason });
        }
        Ok(Arc::clone(self.store.lock().unwrap().as_ref().unwrap()))
    }
}

#[async_trait]
impl ObjectStore for Gate {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        self.through("confirm", key)?.confirm(key).await
    }

    async fn put(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError> {
        let mut holds = self.holds_files.subscribe();
        // An error would mean that the gate is gone.
        let _ = holds.wait_for(|holds| !holds || matches!(body, Body::Bytes(_))).await;
        self.through("put", key)?.put(key, body, whole).await
    }

    async fn begin(&self, key: &str, plan: &Plan) -> Result<Upload, StoreError> {
        self.through("begin", key)?.begin(key, plan).await
    }

    async fn send_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError> {
        self.through("send_part", &upload.key)?.send_part(upload, part, body).await
    }

    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        self.through("sent_parts", &upload.key)?.sent_parts(upload).await
    }

    async fn complete(&self, upload: &Upload, parts: &[SentPart], whole: Whole) -> Result<Stored, StoreError> {
        self.through("complete", &upload.key)?.complete(upload, parts, whole).await
    }

    async fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        self.through("abort", &upload.key)?.abort(upload).await
    }
}

//! A store that keeps a record of what it was asked, and fails when told.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use upload::{Body, DirStore, ObjectStore, Part, Plan, SentPart, StoreError, Stored, Upload, Whole};

/// What goes wrong with a call.
pub(crate) enum Fault {
    /// It fails without having been heard.
    Before(StoreError),
    /// It takes effect, and its answer is lost.
    After(StoreError),
    /// It never returns.
    Hang,
}

type Rule = Box<dyn FnMut() -> Option<Fault> + Send>;

/// See the module.
pub(crate) struct Faulty {
    pub(crate) inner: DirStore,
    asked: Mutex<Vec<String>>,
    rules: Mutex<Vec<(&'static str, usize, Rule)>>,
    counts: Mutex<HashMap<&'static str, usize>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    /// What it says it has, in the place of the truth.
    pub(crate) lie: Mutex<Option<Vec<SentPart>>>,
}

impl std::fmt::Debug for Faulty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Faulty")
    }
}

impl Faulty {
    pub(crate) fn new(inner: DirStore) -> Self {
        Self {
            inner,
            asked: Mutex::default(),
            rules: Mutex::default(),
            counts: Mutex::default(),
            under_way: AtomicUsize::default(),
            most_under_way: AtomicUsize::default(),
            lie: Mutex::default(),
        }
    }

    /// Runs `rule` at the given call of an operation, counted from 1 from now on; at every call if 0.
    pub(crate) fn before(
        &self,
        operation: &'static str,
        call: usize,
        rule: impl FnMut() -> Option<Fault> + Send + 'static,
    ) {
        self.counts.lock().unwrap().remove(operation);
        self.rules.lock().unwrap().push((operation, call, Box::new(rule)));
    }

    pub(crate) fn be_well(&self) {
        self.rules.lock().unwrap().clear();
    }

    /// What was asked since the last time, as `operation` or `send_part 3`.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// The parts that were sent since the last time, sorted.
    pub(crate) fn parts_asked(&self) -> Vec<u32> {
        let mut parts: Vec<u32> =
            self.asked().iter().filter_map(|call| call.strip_prefix("send_part ")?.parse().ok()).collect();
        parts.sort_unstable();
        parts
    }

    pub(crate) fn most_under_way(&self) -> usize {
        self.most_under_way.load(Ordering::SeqCst)
    }

    async fn call<T>(
        &self,
        operation: &'static str,
        detail: &str,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        self.asked.lock().unwrap().push(format!("{operation}{detail}"));
        let fault = {
            let mut counts = self.counts.lock().unwrap();
            let count = counts.entry(operation).or_default();
            *count += 1;
            let mut rules = self.rules.lock().unwrap();
            rules
                .iter_mut()
                .filter(|(on, at, _)| *on == operation && (*at == 0 || *at == *count))
                .find_map(|(.., rule)| rule())
        };
        match fault {
            None => call.await,
            Some(Fault::Before(error)) => Err(error),
            Some(Fault::After(error)) => {
                call.await?;
                Err(error)
            }
            Some(Fault::Hang) => std::future::pending().await,
        }
    }
}

pub(crate) fn passing() -> StoreError {
    StoreError::Unreachable { operation: "anything", key: "a".into(), reason: "connection reset".into() }
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        self.call("confirm", "", self.inner.confirm(key)).await
    }

    async fn put(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError> {
        self.call("put", "", self.inner.put(key, body, whole)).await
    }

    async fn begin(&self, key: &str, plan: &Plan) -> Result<Upload, StoreError> {
        self.call("begin", "", self.inner.begin(key, plan)).await
    }

    async fn send_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError> {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_under_way.fetch_max(now, Ordering::SeqCst);
        let sent = self.call("send_part", &format!(" {}", part.number), self.inner.send_part(upload, part, body)).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        sent
    }

    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        let truth = self.call("sent_parts", "", self.inner.sent_parts(upload)).await?;
        Ok(self.lie.lock().unwrap().take().unwrap_or(truth))
    }

    async fn complete(&self, upload: &Upload, parts: &[SentPart], whole: Whole) -> Result<Stored, StoreError> {
        self.call("complete", "", self.inner.complete(upload, parts, whole)).await
    }

    async fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        self.call("abort", "", self.inner.abort(upload)).await
    }
}

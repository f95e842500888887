use std::sync::{Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use tokio::task::AbortHandle;

/// A piece of work that many may wait for, and that is done once for all who wait at the same time. It goes on when all
/// of them went away: what it got, such as a token that replaces another, must not be lost half-way.
#[derive(Debug)]
pub(super) struct SharedWork<T: Clone> {
    under_way: Mutex<Option<(AbortHandle, Waiting<T>)>>,
}

type Waiting<T> = Shared<BoxFuture<'static, T>>;

impl<T: Clone + Send + Sync + 'static> SharedWork<T> {
    pub(super) fn new() -> Self {
        Self { under_way: Mutex::new(None) }
    }

    /// Waits for the work that is under way, or begins it.
    pub(super) fn join<W>(&self, begin: impl FnOnce() -> W) -> impl Future<Output = T> + Send + 'static
    where
        W: Future<Output = T> + Send + 'static,
    {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        match &*under_way {
            // One that has ended answers who waited for it; who comes later wants it done anew.
            Some((task, work)) if !task.is_finished() => work.clone(),
            _ => {
                let task = tokio::spawn(begin());
                let handle = task.abort_handle();
                let work = async move {
                    match task.await {
                        Ok(done) => done,
                        Err(error) => match error.try_into_panic() {
                            Ok(panic) => std::panic::resume_unwind(panic),
                            // The runtime is ending, and with it whoever waits here.
                            Err(_) => std::future::pending().await,
                        },
                    }
                };
                let work = work.boxed().shared();
                *under_way = Some((handle, work.clone()));
                work
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn it_is_done_once_for_all_who_wait_and_anew_for_who_comes_later() {
        let work = SharedWork::<usize>::new();
        let (begun, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let begin = || {
            let (begun, go) = (Arc::clone(&begun), Arc::clone(&go));
            async move {
                let number = begun.fetch_add(1, Ordering::SeqCst) + 1;
                go.notified().await;
                number
            }
        };
        let waiting: Vec<_> = (0..100).map(|_| work.join(begin)).collect();
        go.notify_one();
        assert!(futures::future::join_all(waiting).await.iter().all(|number| *number == 1));
        go.notify_one();
        assert_eq!(work.join(begin).await, 2);
    }

    #[tokio::test]
    async fn it_goes_on_when_nobody_waits_any_more() {
        let work = SharedWork::<()>::new();
        let (go, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (task_go, task_done) = (Arc::clone(&go), Arc::clone(&done));
        drop(work.join(move || async move {
            task_go.notified().await;
            task_done.notify_one();
        }));
        go.notify_one();
        done.notified().await;
    }
}

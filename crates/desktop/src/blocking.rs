//! Work that waits for a disk, away from the tasks that must not.

/// Does something on a thread that may wait. A panic there goes on here.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is ending, and with it the task that waits here.
            Err(_) => std::future::pending().await,
        },
    }
}

//! A record of work that must not be done again once it is finished, for tests that kill the process.

/// Work on an item begins. It may begin again, until it ends.
pub(super) fn begin(act: &'static str, item: &str) {
    tracing::info!(target: "ledger", act, item = %item, step = "begin");
}

/// Work on an item is finished, and on a disk or at the store.
pub(super) fn end(act: &'static str, item: &str) {
    tracing::info!(target: "ledger", act, item = %item, step = "end");
}

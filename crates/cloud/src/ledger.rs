//! Notes around every piece of work that must not be repeated once it was finished: who collects the events of the
//! target `ledger` can tell that no piece begins after it ended.

/// A piece of work begins.
pub(crate) fn begin(act: &'static str, item: &str) {
    tracing::info!(target: "ledger", act, item, step = "begin");
}

/// Its result is durable.
pub(crate) fn end(act: &'static str, item: &str) {
    tracing::info!(target: "ledger", act, item, step = "end");
}

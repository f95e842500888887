//! Says when a file begins to be read and when what was found is on disk, so that whoever listens to the target
//! `ledger` can tell that none is read again after that.

use std::path::Path;

use crate::import::FileIdentity;

pub(crate) fn begin(path: &Path, identity: &FileIdentity) {
    tracing::info!(target: "ledger", act = "hash", item = %item(path, identity), step = "begin");
}

pub(crate) fn end(path: &Path, identity: &FileIdentity) {
    tracing::info!(target: "ledger", act = "hash", item = %item(path, identity), step = "end");
}

/// A file that was written to is another one.
fn item(path: &Path, identity: &FileIdentity) -> String {
    format!("{}#{}", path.display(), identity.modified_ns)
}

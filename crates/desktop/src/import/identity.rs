use std::fs::Metadata;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// What tells, without reading it, whether a file is the one that was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileIdentity {
    /// Length in bytes.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970; 0 where the file system does not say.
    pub modified_ns: i64,
    /// The file system that holds it; 0 where the system has no such number.
    pub device: u64,
    /// Its number in that file system; 0 where the system has no such number.
    pub inode: u64,
}

impl FileIdentity {
    /// The identity of the file that the metadata are of.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        let (device, inode) = place(metadata);
        Self { bytes: metadata.len(), modified_ns: modified_ns(metadata), device, inode }
    }
}

fn modified_ns(metadata: &Metadata) -> i64 {
    let Ok(modified) = metadata.modified() else { return 0 };
    match modified.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

#[cfg(unix)]
fn place(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn place(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

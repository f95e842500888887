use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use audio::Analysis;
use serde::{Deserialize, Serialize};
use upload::digest::FileDigest;

use super::FileIdentity;

/// How whoever started an import follows it, stops it, and spares it work.
#[derive(Clone)]
pub struct ImportControl {
    cancelled: Arc<AtomicBool>,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    known: Arc<KnownFiles>,
    measured: Arc<Measured>,
    headers_only: bool,
}

type KnownFiles = dyn Fn(&Path, &FileIdentity) -> Option<Known> + Send + Sync;

type Measured = dyn Fn(&Path, &FileIdentity, &Known) + Send + Sync;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The folders were looked through; nothing has been read yet.
    Found {
        /// Files that hold sound, by their first bytes.
        files: usize,
        /// Their length together.
        bytes: u64,
    },
    /// Files are being read; comes often, and never goes back.
    Read {
        /// Files that are done.
        files: usize,
        /// Bytes that are done, of all files together.
        bytes: u64,
        /// Bytes in all.
        of: u64,
    },
}

/// What was found in a file when it was read before; it need not be read again while its identity is the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Its checksums.
    pub digest: FileDigest,
    /// What decoding it found.
    pub analysis: Analysis,
}

impl ImportControl {
    /// An import that nobody follows, that cannot be stopped, and that reads every file.
    #[must_use]
    pub fn new() -> Self {
        Self {
            cancelled: Arc::default(),
            progress: Arc::new(|_| ()),
            known: Arc::new(|_, _| None),
            measured: Arc::new(|_, _, _| ()),
            headers_only: false,
        }
    }

    /// Stops soon after the flag is set.
    #[must_use]
    pub fn cancelled_by(mut self, flag: Arc<AtomicBool>) -> Self {
        self.cancelled = flag;
        self
    }

    /// Calls on every step, from more than one thread.
    #[must_use]
    pub fn on_progress(mut self, progress: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Arc::new(progress);
        self
    }

    /// Asks for what is known of a file before reading it.
    #[must_use]
    pub fn with_known(mut self, known: impl Fn(&Path, &FileIdentity) -> Option<Known> + Send + Sync + 'static) -> Self {
        self.known = Arc::new(known);
        self
    }

    /// Tells what was found in each file as soon as it is read, from more than one thread: an import that is killed
    /// need not read it again.
    #[must_use]
    pub fn on_measured(mut self, measured: impl Fn(&Path, &FileIdentity, &Known) + Send + Sync + 'static) -> Self {
        self.measured = Arc::new(measured);
        self
    }

    /// Reads headers and tags, and leaves checksums, length and loudness empty.
    pub(super) fn of_headers_only(mut self) -> Self {
        self.headers_only = true;
        self
    }

    pub(super) fn is_of_headers_only(&self) -> bool {
        self.headers_only
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    pub(super) fn tell(&self, progress: Progress) {
        (self.progress)(progress);
    }

    pub(super) fn known(&self, path: &Path, identity: &FileIdentity) -> Option<Known> {
        (self.known)(path, identity)
    }

    pub(super) fn measured(&self, path: &Path, identity: &FileIdentity, found: &Known) {
        (self.measured)(path, identity, found);
    }
}

impl Default for ImportControl {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ImportControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportControl").field("cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}

//! A folder as a store.
//!
//! Objects lie under their keys. What is not an object lies in `.store`: uploads in parts, unfinished files, and the
//! checksums of objects. What is reported stored was synced to the disk, file first and folder after.

mod busy;
mod checksums;
mod disk;
mod objects;
mod upload_files;
mod uploads;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;

use crate::key::{self, HIDDEN};
use crate::{Body, ObjectReader, ObjectStore, Part, Plan, SentPart, StoreError, Stored, Upload, Whole};

/// A folder as a store. Several, in one process or many, may have the same folder.
#[derive(Debug, Clone)]
pub struct DirStore {
    folder: Arc<Folder>,
}

/// The folder, for the blocking halves of all operations.
#[derive(Debug)]
struct Folder {
    root: PathBuf,
    busy: busy::Busy,
}

/// Tells a blocking operation that nobody waits for it any more.
#[derive(Debug, Clone, Default)]
struct Stop(Arc<AtomicBool>);

impl DirStore {
    /// Opens a folder, makes it if need be, and clears away what killed processes left there.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder = Folder { root: root.into(), busy: busy::Busy::default() };
        match folder.prepare() {
            Ok(()) => Ok(Self { folder: Arc::new(folder) }),
            Err(error) => Err(error.of_folder(&folder.root)),
        }
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.folder.root
    }

    /// Where the object of a key lies, or would lie: for players and for reading without a copy. Never write there.
    ///
    /// # Errors
    /// The text cannot name an object.
    pub fn path_of(&self, key: &str) -> Result<PathBuf, StoreError> {
        self.folder.object(key)
    }

    /// The keys that end in `suffix`, sorted; not those that were set aside.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub async fn keys_with_suffix(&self, suffix: &str) -> Result<Vec<String>, StoreError> {
        let suffix = suffix.to_owned();
        self.blocking(move |folder, _| folder.keys_with_suffix(&suffix)).await
    }

    /// Runs work that blocks away from the threads that must not. When the caller loses interest, the work is told.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder, &Stop) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        struct OnDrop(Stop);
        impl Drop for OnDrop {
            fn drop(&mut self) {
                self.0.0.store(true, Ordering::Relaxed);
            }
        }

        let folder = Arc::clone(&self.folder);
        let stop = Stop::default();
        let _told = OnDrop(stop.clone());
        match tokio::task::spawn_blocking(move || work(&folder, &stop)).await {
            Ok(result) => result.map_err(|error| error.of_folder(self.root())),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Stop::error(&self.folder.root)),
            },
        }
    }
}

impl Stop {
    /// Whether nobody waits any more.
    fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// What work that was told to stop returns, to nobody.
    fn error(path: &Path) -> StoreError {
        StoreError::disk("written", path, io::ErrorKind::Interrupted.into())
    }
}

impl Folder {
    fn prepare(&self) -> Result<(), StoreError> {
        for inner in [self.tmp(), self.uploads()] {
            disk::create_folders(&inner)?;
        }
        self.sweep()
    }

    fn tmp(&self) -> PathBuf {
        self.root.join(HIDDEN).join("tmp")
    }

    fn uploads(&self) -> PathBuf {
        self.root.join(HIDDEN).join("uploads")
    }

    fn checksums(&self) -> PathBuf {
        self.root.join(HIDDEN).join("checksums")
    }

    /// Where an object lies, if the text can name one.
    fn object(&self, key: &str) -> Result<PathBuf, StoreError> {
        match key::check_to_read(key) {
            Ok(()) => Ok(self.root.join(key)),
            Err(reason) => Err(StoreError::Key { key: key.to_owned(), reason }),
        }
    }

    /// Where an object is to lie, if one may be written there.
    fn new_object(&self, key: &str) -> Result<PathBuf, StoreError> {
        match key::check(key) {
            Ok(()) => Ok(self.root.join(key)),
            Err(reason) => Err(StoreError::Key { key: key.to_owned(), reason }),
        }
    }
}

#[async_trait]
impl ObjectStore for DirStore {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let key = key.to_owned();
        self.blocking(move |folder, stop| folder.confirm(&key, stop)).await
    }

    async fn put(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError> {
        let key = key.to_owned();
        self.blocking(move |folder, stop| folder.put(&key, &body, whole, stop)).await
    }

    async fn begin(&self, key: &str, plan: &Plan) -> Result<Upload, StoreError> {
        let (key, plan) = (key.to_owned(), *plan);
        self.blocking(move |folder, _| folder.begin(&key, plan)).await
    }

    async fn send_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError> {
        let (upload, part) = (upload.clone(), *part);
        self.blocking(move |folder, stop| folder.send_part(&upload, part, &body, stop)).await
    }

    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        let upload = upload.clone();
        self.blocking(move |folder, _| folder.sent_parts(&upload)).await
    }

    async fn complete(&self, upload: &Upload, parts: &[SentPart], whole: Whole) -> Result<Stored, StoreError> {
        let (upload, parts) = (upload.clone(), parts.to_vec());
        self.blocking(move |folder, stop| folder.complete(&upload, &parts, whole, stop)).await
    }

    async fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        let upload = upload.clone();
        self.blocking(move |folder, _| folder.abort(&upload)).await
    }
}

#[async_trait]
impl ObjectReader for DirStore {
    async fn read(&self, key: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        let key = key.to_owned();
        self.blocking(move |folder, _| folder.read(&key, range)).await
    }

    async fn set_aside(&self, key: &str) -> Result<String, StoreError> {
        let key = key.to_owned();
        self.blocking(move |folder, _| folder.set_aside(&key)).await
    }
}

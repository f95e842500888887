//! What must be remembered of an upload so that another process can go on with it: one file an object, a line a fact.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::OwnedMutexGuard;

use super::{FileToSend, SendError};
use crate::{FileDigest, FileIdentity, Plan, PlanError, SentPart, Upload, UploadId, crc64};

/// The version of the stored form.
const VERSION: u32 = 1;

/// The right to send an object, kept as long as anything still writes to its journal.
pub(super) type Alone = Arc<OwnedMutexGuard<()>>;

/// The journal of one object's upload, locked against other processes. Every fact is on the disk when its call returns.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    // Before `_alone`: the lock must be off before another call of this process may try it.
    file: Arc<File>,
    _alone: Alone,
    head: Head,
    upload: Option<UploadId>,
    parts: BTreeMap<u32, SentPart>,
}

/// What is sent, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    version: u32,
    pub(super) key: String,
    /// For people and for telling a changed file from another: a name that is not UTF-8 is approximated.
    pub(super) path: String,
    pub(super) file: FileIdentity,
    part_bytes: u64,
    #[serde(with = "crc64::text")]
    crc64: u64,
}

/// A line of the journal.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
enum Line {
    Head(Head),
    Upload { id: UploadId },
    Part { part: u32, bytes: u64, crc64: Option<String>, tag: String },
}

impl Head {
    pub(super) fn new(file: &FileToSend, identity: FileIdentity, plan: &Plan) -> Self {
        Self {
            version: VERSION,
            key: file.key.clone(),
            path: file.path.to_string_lossy().into_owned(),
            file: identity,
            part_bytes: plan.part_bytes(),
            crc64: file.digest.crc64,
        }
    }

    pub(super) fn plan(&self) -> Result<Plan, PlanError> {
        Plan::stored(self.file.bytes, self.part_bytes)
    }

    /// Whether the upload is of these bytes.
    pub(super) fn is_of(&self, digest: &FileDigest) -> bool {
        (self.file.bytes, self.crc64) == (digest.bytes, digest.crc64)
    }
}

impl Journal {
    /// The journal that an earlier run left, if any. One without a readable head says nothing and is removed: its head is
    /// on the disk before anything is sent.
    pub(super) async fn open(folder: &Path, key: &str, alone: Alone) -> Result<Option<Self>, SendError> {
        let (path, key) = (path_of(folder, key), key.to_owned());
        blocking(move || {
            let options = OpenOptions::new().read(true).append(true).to_owned();
            let Some(mut file) = open_locked(&options, &path, &key)? else { return Ok(None) };
            let failed = |source| SendError::Journal { path: path.clone(), doing: "read", source };
            let mut text = Vec::new();
            file.read_to_end(&mut text).map_err(failed)?;
            if let Some(version) = version_of(&text).filter(|&version| version != VERSION) {
                return Err(SendError::JournalVersion { path, version });
            }
            let Some((head, upload, parts)) = parse(&text).filter(|(head, ..)| head.key == key) else {
                tracing::warn!(path = %path.display(), "an upload journal without a readable head was removed");
                fs::remove_file(&path).map_err(failed)?;
                return Ok(None);
            };
            // A line that was being written when the process was killed must not swallow the next one.
            if text.last() != Some(&b'\n') {
                file.write_all(b"\n").map_err(failed)?;
            }
            Ok(Some(Self { path, file: Arc::new(file), _alone: alone, head, upload, parts }))
        })
        .await
    }

    /// Begins a journal where there is none.
    pub(super) async fn begin(folder: &Path, head: Head, alone: Alone) -> Result<Self, SendError> {
        let (folder, path) = (folder.to_owned(), path_of(folder, &head.key));
        let mut journal = blocking(move || {
            let failed = |source| SendError::Journal { path: path.clone(), doing: "made", source };
            DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(failed)?;
            let options = OpenOptions::new().append(true).create(true).mode(0o600).to_owned();
            let file =
                open_locked(&options, &path, &head.key)?.ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?;
            File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
            Ok(Self { path, file: Arc::new(file), _alone: alone, head, upload: None, parts: BTreeMap::new() })
        })
        .await?;
        journal.append(&Line::Head(journal.head.clone())).await?;
        Ok(journal)
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    /// The upload at the store, once it was begun.
    pub(super) fn upload(&self) -> Option<Upload> {
        self.upload.clone().map(|id| Upload { key: self.head.key.clone(), id })
    }

    /// The parts that were noted, by number.
    pub(super) fn parts(&self) -> &BTreeMap<u32, SentPart> {
        &self.parts
    }

    pub(super) async fn note_upload(&mut self, id: &UploadId) -> Result<(), SendError> {
        self.append(&Line::Upload { id: id.clone() }).await?;
        self.upload = Some(id.clone());
        Ok(())
    }

    pub(super) async fn note_part(&mut self, sent: &SentPart) -> Result<(), SendError> {
        let SentPart { number, bytes, crc64, tag } = sent.clone();
        self.append(&Line::Part { part: number, bytes, crc64: crc64.map(crc64::to_text), tag }).await
    }

    /// Ends it: the object is whole, or was given up.
    pub(super) async fn remove(self) -> Result<(), SendError> {
        blocking(move || {
            fs::remove_file(&self.path).map_err(|source| SendError::Journal {
                path: self.path.clone(),
                doing: "removed",
                source,
            })
        })
        .await
    }

    async fn append(&mut self, line: &Line) -> Result<(), SendError> {
        let (path, file, alone) = (self.path.clone(), Arc::clone(&self.file), Arc::clone(&self._alone));
        let mut text = serde_json::to_vec(line).unwrap_or_default();
        text.push(b'\n');
        blocking(move || {
            let written = (&*file).write_all(&text).and_then(|()| file.sync_data());
            drop(file);
            drop(alone);
            written.map_err(|source| SendError::Journal { path, doing: "written", source })
        })
        .await
    }
}

/// A name of its own for every key, whatever characters it has.
fn path_of(folder: &Path, key: &str) -> PathBuf {
    let hash = hex::encode(Sha256::digest(key));
    folder.join(format!("{}.jsonl", &hash[..32]))
}

/// Opens a journal and locks it; none when there is none.
fn open_locked(options: &OpenOptions, path: &Path, key: &str) -> Result<Option<File>, SendError> {
    let failed = |source| SendError::Journal { path: path.to_owned(), doing: "opened", source };
    loop {
        let file = match options.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(failed)?,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(SendError::InUse { key: key.to_owned() }),
            // Some network disks have no locks; there, the workspace's own lock has to do.
            Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => return Err(failed(error)),
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // Removed by another process between opening and locking: what is locked is no longer the journal.
        if file.metadata().map_err(failed)?.nlink() > 0 {
            return Ok(Some(file));
        }
    }
}

/// Head, upload and parts. None without a readable head. Other lines that cannot be read are passed over: a part that is
/// not noted is at worst sent again.
fn parse(text: &[u8]) -> Option<(Head, Option<UploadId>, BTreeMap<u32, SentPart>)> {
    let mut lines = text.split(|&byte| byte == b'\n');
    let Ok(Line::Head(head)) = serde_json::from_slice(lines.next()?) else { return None };
    let (mut upload, mut parts) = (None, BTreeMap::new());
    for line in lines.filter_map(|line| serde_json::from_slice(line).ok()) {
        match line {
            Line::Head(_) => {}
            Line::Upload { id } => upload = Some(id),
            Line::Part { part, bytes, crc64, tag } => {
                let crc64 = crc64.as_deref().and_then(crc64::from_text);
                parts.insert(part, SentPart { number: part, bytes, crc64, tag });
            }
        }
    }
    Some((head, upload, parts))
}

/// The version that a journal says it has, in whatever form the rest is.
fn version_of(text: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let first = text.split(|&byte| byte == b'\n').next()?;
    serde_json::from_slice::<Versioned>(first).ok().map(|head| head.version)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SendError> + Send + 'static,
) -> Result<T, SendError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down.
            Err(_) => Err(SendError::Cancelled),
        },
    }
}

//! Uploads in parts to a folder.
//!
//! Each has a folder: `head.json` says what it will be, `data` has the parts at their places, and a line of
//! `parts.jsonl` says that a part's bytes are on the disk. The finished `data` becomes the object by a link.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Folder, Stop, disk};
use crate::{Body, Part, Plan, SentPart, StoreError, Stored, Upload, UploadId, Whole, crc64, random};

/// The version of the stored form.
const VERSION: u32 = 1;

/// What an upload will be.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    version: u32,
    key: String,
    bytes: u64,
    part_bytes: u64,
}

/// A line about a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
enum Note {
    /// Its bytes are on the disk.
    Kept {
        part: u32,
        bytes: u64,
        #[serde(with = "crc64::text")]
        crc64: u64,
    },
    /// Its place is about to be written again.
    Void { part: u32 },
}

impl Folder {
    pub(super) fn begin(&self, key: &str, plan: Plan) -> Result<Upload, StoreError> {
        self.new_object(key)?;
        let _working = self.working()?;
        disk::check_room(&self.root, plan.bytes())?;
        let id = random::name();
        // Made elsewhere and moved: an upload has all its files, or is none.
        let scratch = disk::Scratch::new(self.tmp().join(&id));
        disk::create_folders(scratch.path())?;
        let head = Head { version: VERSION, key: key.to_owned(), bytes: plan.bytes(), part_bytes: plan.part_bytes() };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        for (name, content, length) in [("head.json", &*head, head.len() as u64), ("data", b"", plan.bytes())] {
            let path = scratch.path().join(name);
            let file = disk::create_file(&path)?;
            file.write_all_at(content, 0)
                .and_then(|()| file.set_len(length))
                .and_then(|()| file.sync_all())
                .map_err(|error| StoreError::disk("written", &path, error))?;
        }
        disk::create_file(&scratch.path().join("parts.jsonl"))?;
        disk::sync_folder(scratch.path())?;
        let place = self.uploads().join(&id);
        fs::rename(scratch.path(), &place).map_err(|error| StoreError::disk("begun", &place, error))?;
        disk::sync_folder(&self.uploads())?;
        Ok(Upload { key: key.to_owned(), id: UploadId(id) })
    }

    pub(super) fn send_part(
        &self,
        upload: &Upload,
        part: Part,
        body: &Body,
        stop: &Stop,
    ) -> Result<SentPart, StoreError> {
        let _alone = self.busy.enter(&upload.id, part.number);
        let open = self.open_upload(upload)?;
        if open.range(part.number) != Some((part.offset, part.bytes)) {
            return Err(parts_error(upload, format!("part {} is not one of them", part.number)));
        }
        let path = open.path.join("data");
        let data = OpenOptions::new().write(true).open(&path).map_err(|error| open.gone(upload, &path, error))?;
        // The object is this very file once it is complete, and nobody writes to an object.
        if data.metadata().is_ok_and(|metadata| metadata.nlink() > 1) {
            return Err(StoreError::NoSuchUpload { key: upload.key.clone() });
        }
        if open.kept(upload)?.contains_key(&part.number) {
            open.note(upload, Note::Void { part: part.number })?;
        }
        if disk::copy(body, &data, &path, part.offset, stop)? != (part.bytes, part.crc64) {
            return Err(StoreError::Mismatch { key: upload.key.clone(), part: Some(part.number) });
        }
        data.sync_data().map_err(|error| StoreError::disk("synced", &path, error))?;
        fail::fail_point!("upload.dir.part-written");
        open.note(upload, Note::Kept { part: part.number, bytes: part.bytes, crc64: part.crc64 })?;
        Ok(sent(part.number, part.bytes, part.crc64))
    }

    pub(super) fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        let kept = self.open_upload(upload)?.kept(upload)?;
        Ok(kept.into_iter().map(|(part, (bytes, crc64))| sent(part, bytes, crc64)).collect())
    }

    pub(super) fn complete(
        &self,
        upload: &Upload,
        parts: &[SentPart],
        whole: Whole,
        stop: &Stop,
    ) -> Result<Stored, StoreError> {
        self.busy.wait_for(&upload.id);
        let open = match self.open_upload(upload) {
            // An answer got lost, or another upload of the same object came first.
            Err(StoreError::NoSuchUpload { .. }) => {
                return match self.confirm(&upload.key, stop)? {
                    Some(there) if there.is(whole) => Ok(there),
                    _ => Err(StoreError::NoSuchUpload { key: upload.key.clone() }),
                };
            }
            open => open?,
        };
        let kept = open.kept(upload)?;
        open.check_whole(upload, parts, &kept)?;
        let combined = kept.values().fold(crc64::of(&[]), |all, &(bytes, crc64)| crc64::combine(all, crc64, bytes));
        if (open.head.bytes, combined) != (whole.bytes, whole.crc64) {
            return Err(StoreError::Mismatch { key: upload.key.clone(), part: None });
        }
        let stored = self.link(&open.path.join("data"), &upload.key, whole, stop)?;
        self.remove_upload(&open.path)?;
        Ok(stored)
    }

    pub(super) fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        match self.upload_path(upload) {
            Ok(path) => {
                self.busy.wait_for(&upload.id);
                self.remove_upload(&path)
            }
            Err(_) => Ok(()),
        }
    }

    /// Clears away what killed processes left: unfinished files, and uploads of objects that are there by now.
    pub(super) fn sweep(&self) -> Result<(), StoreError> {
        let lock = self.lock_file()?;
        // Someone is at work here, or the disk has no locks: another time.
        if lock.try_lock().is_err() {
            return Ok(());
        }
        for path in entries(&self.tmp())? {
            disk::remove(&path)?;
        }
        for path in entries(&self.uploads())? {
            if let Some(head) = read_head(&path)?
                && self.object(&head.key).is_ok_and(|object| object.is_file())
            {
                self.remove_upload(&path)?;
            }
        }
        Ok(())
    }

    fn upload_path(&self, upload: &Upload) -> Result<PathBuf, StoreError> {
        if random::is_name(&upload.id.0) {
            Ok(self.uploads().join(&upload.id.0))
        } else {
            Err(StoreError::NoSuchUpload { key: upload.key.clone() })
        }
    }

    fn open_upload(&self, upload: &Upload) -> Result<OpenUpload, StoreError> {
        let path = self.upload_path(upload)?;
        let plan = |head: &Head| Plan::stored(head.bytes, head.part_bytes).ok();
        match read_head(&path)?.and_then(|head| Some((plan(&head)?, head))) {
            Some((plan, head)) if head.key == upload.key => Ok(OpenUpload { path, head, plan }),
            _ => Err(StoreError::NoSuchUpload { key: upload.key.clone() }),
        }
    }

    /// Moves an upload out of sight before its files go, so that no half of one is ever seen.
    fn remove_upload(&self, path: &Path) -> Result<(), StoreError> {
        let scratch = disk::Scratch::new(self.tmp().join(random::name()));
        match fs::rename(path, scratch.path()) {
            Err(error) if !disk::is_absent(&error) => Err(StoreError::disk("removed", path, error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// An upload that is there.
struct OpenUpload {
    path: PathBuf,
    head: Head,
    plan: Plan,
}

impl OpenUpload {
    /// Where a part starts and how long it is; none when there is no such part.
    fn range(&self, number: u32) -> Option<(u64, u64)> {
        if number == 0 || number > self.plan.part_count() {
            return None;
        }
        let offset = u64::from(number - 1) * self.plan.part_bytes();
        Some((offset, (self.plan.bytes() - offset).min(self.plan.part_bytes())))
    }

    /// The parts whose bytes are on the disk: number to length and checksum.
    fn kept(&self, upload: &Upload) -> Result<BTreeMap<u32, (u64, u64)>, StoreError> {
        let path = self.path.join("parts.jsonl");
        let notes = disk::read_if_there(&path)?.ok_or_else(|| no_such_upload(upload))?;
        let mut kept = BTreeMap::new();
        // A line that cannot be read was being written when the process was killed: its part is sent again.
        for note in notes.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()) {
            match note {
                Note::Kept { part, bytes, crc64 } => kept.insert(part, (bytes, crc64)),
                Note::Void { part } => kept.remove(&part),
            };
        }
        Ok(kept)
    }

    fn note(&self, upload: &Upload, note: Note) -> Result<(), StoreError> {
        let path = self.path.join("parts.jsonl");
        let append = || -> io::Result<()> {
            let mut file = OpenOptions::new().append(true).read(true).open(&path)?;
            let mut line = serde_json::to_vec(&note)?;
            line.push(b'\n');
            if ends_torn(&file)? {
                line.insert(0, b'\n');
            }
            file.write_all(&line)?;
            file.sync_data()
        };
        append().map_err(|error| self.gone(upload, &path, error))
    }

    /// Whether the parts that are there are all that there should be, and those that the caller knows of.
    fn check_whole(
        &self,
        upload: &Upload,
        named: &[SentPart],
        kept: &BTreeMap<u32, (u64, u64)>,
    ) -> Result<(), StoreError> {
        for number in 1..=self.plan.part_count() {
            let bytes = kept.get(&number).map(|&(bytes, _)| bytes);
            if bytes.is_none() || bytes != self.range(number).map(|(_, bytes)| bytes) {
                return Err(parts_error(upload, format!("part {number} is missing")));
            }
        }
        let known = kept.iter().map(|(&part, &(bytes, crc64))| sent(part, bytes, crc64));
        if !known.eq(named.iter().cloned()) {
            return Err(parts_error(upload, "others arrived than were sent".into()));
        }
        Ok(())
    }

    /// A file of an upload that is not there means that the upload is not.
    fn gone(&self, upload: &Upload, path: &Path, error: io::Error) -> StoreError {
        if disk::is_absent(&error) { no_such_upload(upload) } else { StoreError::disk("written", path, error) }
    }
}

/// Which parts are being written in this process. A caller that lost interest leaves a writer behind, for a moment: the
/// same part must not be written by two, nor an object made meanwhile.
#[derive(Debug, Default)]
pub(super) struct Busy {
    parts: Mutex<HashSet<(UploadId, u32)>>,
    left: Condvar,
}

struct Alone<'a>(&'a Busy, (UploadId, u32));

impl Busy {
    fn enter(&self, upload: &UploadId, part: u32) -> Alone<'_> {
        let entry = (upload.clone(), part);
        let mut parts = self.wait_while(|parts| parts.contains(&entry));
        parts.insert(entry.clone());
        Alone(self, entry)
    }

    fn wait_for(&self, upload: &UploadId) {
        drop(self.wait_while(|parts| parts.iter().any(|(busy, _)| busy == upload)));
    }

    fn wait_while(&self, busy: impl Fn(&HashSet<(UploadId, u32)>) -> bool) -> MutexGuard<'_, HashSet<(UploadId, u32)>> {
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        self.left.wait_while(parts, |parts| busy(parts)).unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.0.parts.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
        self.0.left.notify_all();
    }
}

fn read_head(upload: &Path) -> Result<Option<Head>, StoreError> {
    let text = disk::read_if_there(&upload.join("head.json"))?;
    let head = text.and_then(|text| serde_json::from_slice::<Head>(&text).ok());
    Ok(head.filter(|head| head.version == VERSION))
}

/// Whether the last line was being written when the process was killed.
fn ends_torn(file: &File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        file.read_exact_at(&mut last, length - 1)?;
    }
    Ok(last != [b'\n'])
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(|error| StoreError::disk("listed", folder, error))
}

fn sent(number: u32, bytes: u64, crc64: u64) -> SentPart {
    SentPart { number, bytes, crc64: Some(crc64), tag: crc64::to_text(crc64) }
}

fn no_such_upload(upload: &Upload) -> StoreError {
    StoreError::NoSuchUpload { key: upload.key.clone() }
}

fn parts_error(upload: &Upload, reason: String) -> StoreError {
    StoreError::Parts { key: upload.key.clone(), reason }
}

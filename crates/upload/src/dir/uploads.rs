//! Uploads in parts to a folder.
//!
//! Each has a folder: `head.json` says what it will be, `data` has the parts at their places, and a line of
//! `parts.jsonl` says that a part's bytes are on the disk. The finished `data` becomes the object by a link.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::upload_files::UploadFiles;
use super::{Folder, Stop, disk};
use crate::{Body, Part, Plan, SentPart, StoreError, Stored, Upload, UploadId, Whole, random};

impl Folder {
    pub(super) fn begin(&self, key: &str, plan: Plan) -> Result<Upload, StoreError> {
        self.new_object(key)?;
        let _working = self.working()?;
        disk::check_room(&self.root, plan.bytes())?;
        let id = random::name();
        // Made elsewhere and moved: an upload has all its files, or is none.
        let scratch = disk::Scratch::new(self.tmp().join(&id));
        UploadFiles::create(scratch.path(), key, plan)?;
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
        let files = self.open_upload(upload)?;
        if files.plan.range(part.number) != Some((part.offset, part.bytes)) {
            let reason = format!("part {} is not one of them", part.number);
            return Err(StoreError::Parts { key: upload.key.clone(), reason });
        }
        let (path, data) = (files.data(), files.open_data()?);
        // The object is this very file once it is complete, and nobody writes to an object.
        if data.metadata().is_ok_and(|metadata| metadata.nlink() > 1) {
            return Err(no_such_upload(upload));
        }
        if files.kept()?.contains_key(&part.number) {
            files.note_void(part.number)?;
        }
        if disk::copy(body, &data, &path, part.offset, stop)? != (part.bytes, part.crc64) {
            return Err(StoreError::Mismatch { key: upload.key.clone(), part: Some(part.number) });
        }
        data.sync_data().map_err(|error| StoreError::disk("synced", &path, error))?;
        fail::fail_point!("upload.dir.part-written");
        files.note_kept(part.number, part.bytes, part.crc64)
    }

    pub(super) fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        Ok(self.open_upload(upload)?.kept()?.into_values().collect())
    }

    pub(super) fn complete(
        &self,
        upload: &Upload,
        parts: &[SentPart],
        whole: Whole,
        stop: &Stop,
    ) -> Result<Stored, StoreError> {
        self.busy.wait_for(&upload.id);
        let files = match self.open_upload(upload) {
            // An answer got lost, or another upload of the same object came first.
            Err(StoreError::NoSuchUpload { .. }) => {
                return match self.confirm(&upload.key, stop)? {
                    Some(there) if there.is(whole) => Ok(there),
                    _ => Err(no_such_upload(upload)),
                };
            }
            files => files?,
        };
        let combined = files.check_parts(parts)?;
        if (files.plan.bytes(), combined) != (whole.bytes, whole.crc64) {
            return Err(StoreError::Mismatch { key: upload.key.clone(), part: None });
        }
        let stored = self.link(&files.data(), &upload.key, whole, stop)?;
        self.remove_upload(&files.folder)?;
        Ok(stored)
    }

    pub(super) fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        // Nothing is known by another name, so there is nothing to give up.
        let Ok(path) = self.upload_path(upload) else { return Ok(()) };
        self.busy.wait_for(&upload.id);
        self.remove_upload(&path)
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
            if let Some(files) = UploadFiles::open(path)?
                && self.object(&files.key).is_ok_and(|object| object.is_file())
            {
                self.remove_upload(&files.folder)?;
            }
        }
        Ok(())
    }

    fn upload_path(&self, upload: &Upload) -> Result<PathBuf, StoreError> {
        if random::is_name(&upload.id.0) { Ok(self.uploads().join(&upload.id.0)) } else { Err(no_such_upload(upload)) }
    }

    fn open_upload(&self, upload: &Upload) -> Result<UploadFiles, StoreError> {
        let files = UploadFiles::open(self.upload_path(upload)?)?;
        files.filter(|files| files.key == upload.key).ok_or_else(|| no_such_upload(upload))
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

fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(|error| StoreError::disk("listed", folder, error))
}

fn no_such_upload(upload: &Upload) -> StoreError {
    StoreError::NoSuchUpload { key: upload.key.clone() }
}

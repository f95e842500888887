//! Objects in a folder: made whole and once, read, listed, moved aside.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use bytes::Bytes;

use super::{Folder, Stop, disk};
use crate::identity::FileIdentity;
use crate::key::{HIDDEN, SET_ASIDE};
use crate::{Body, StoreError, Stored, Whole, random};

impl Folder {
    pub(super) fn confirm(&self, key: &str, stop: &Stop) -> Result<Option<Stored>, StoreError> {
        let path = self.object(key)?;
        let metadata = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) => return Ok(None),
            Err(error) if disk::is_absent(&error) => return Ok(None),
            Err(error) => return Err(StoreError::disk("read", &path, error)),
        };
        // Another process may have linked the object and not synced the folder yet. What is confirmed must stay.
        disk::sync_folder(above(&path))?;
        let file = FileIdentity::from(&metadata);
        Ok(Some(Stored { bytes: file.bytes, crc64: Some(self.checksum(key, file, stop)?) }))
    }

    pub(super) fn put(&self, key: &str, body: &Body, whole: Whole, stop: &Stop) -> Result<Stored, StoreError> {
        self.new_object(key)?;
        if let Some(there) = self.confirm(key, stop)? {
            return same_or_error(key, there, whole);
        }
        let _working = self.working()?;
        disk::check_room(&self.root, body.length())?;
        let scratch = disk::Scratch::new(self.tmp().join(random::name()));
        let file = disk::create_file(scratch.path())?;
        if disk::copy(body, &file, scratch.path(), 0, stop)? != (whole.bytes, whole.crc64) {
            return Err(StoreError::Mismatch { key: key.to_owned(), part: None });
        }
        file.sync_all().map_err(|error| StoreError::disk("synced", scratch.path(), error))?;
        fail::fail_point!("upload.dir.put-written");
        self.link(scratch.path(), key, whole, stop)
    }

    /// Gives a finished and synced file the name of an object, which must be free or the same object.
    pub(super) fn link(&self, file: &Path, key: &str, whole: Whole, stop: &Stop) -> Result<Stored, StoreError> {
        let path = self.new_object(key)?;
        disk::create_folders(above(&path))?;
        match fs::hard_link(file, &path) {
            Ok(()) => {
                disk::sync_folder(above(&path))?;
                fail::fail_point!("upload.dir.linked");
                let metadata = fs::metadata(&path).map_err(|error| StoreError::disk("read", &path, error))?;
                self.note_checksum(key, FileIdentity::from(&metadata), whole.crc64);
                Ok(Stored { bytes: whole.bytes, crc64: Some(whole.crc64) })
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match self.confirm(key, stop)? {
                Some(there) => same_or_error(key, there, whole),
                None => Err(StoreError::disk("stored, since a folder has this name", &path, error)),
            },
            Err(error) => Err(StoreError::disk("stored", &path, error)),
        }
    }

    pub(super) fn read(&self, key: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        let path = self.object(key)?;
        let failed = |error| {
            if disk::is_absent(&error) {
                StoreError::Missing { key: key.to_owned() }
            } else {
                StoreError::disk("read", &path, error)
            }
        };
        let file = File::open(&path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(StoreError::Missing { key: key.to_owned() });
        }
        let end = range.end.min(metadata.len());
        let length = usize::try_from(end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, range.start).map_err(failed)?;
        Ok(bytes.into())
    }

    pub(super) fn set_aside(&self, key: &str) -> Result<String, StoreError> {
        let from = self.new_object(key)?;
        if !fs::metadata(&from).is_ok_and(|metadata| metadata.is_file()) {
            return Err(StoreError::Missing { key: key.to_owned() });
        }
        // A name of its own every time: the same key may be set aside again.
        let aside = format!("{SET_ASIDE}/{}/{key}", random::name());
        let to = self.root.join(&aside);
        disk::create_folders(above(&to))?;
        match fs::rename(&from, &to) {
            Ok(()) => {}
            Err(error) if disk::is_absent(&error) => return Err(StoreError::Missing { key: key.to_owned() }),
            Err(error) => return Err(StoreError::disk("set aside", &from, error)),
        }
        disk::sync_folder(above(&to))?;
        disk::sync_folder(above(&from))?;
        self.move_checksum(key, &aside);
        Ok(aside)
    }

    pub(super) fn keys_with_suffix(&self, suffix: &str) -> Result<Vec<String>, StoreError> {
        let mut keys = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(prefix) = folders.pop() {
            let folder = self.root.join(&prefix);
            let failed = |error| StoreError::disk("listed", &folder, error);
            let entries = match fs::read_dir(&folder) {
                // Removed by someone meanwhile.
                Err(error) if disk::is_absent(&error) => continue,
                entries => entries.map_err(failed)?,
            };
            for entry in entries {
                let entry = entry.map_err(failed)?;
                // No key is anything but UTF-8: it is not an object.
                let Ok(name) = entry.file_name().into_string() else { continue };
                if prefix.is_empty() && (name == HIDDEN || name == SET_ASIDE) {
                    continue;
                }
                let kind = entry.file_type().map_err(failed)?;
                if kind.is_dir() {
                    folders.push(format!("{prefix}{name}/"));
                } else if kind.is_file() && name.ends_with(suffix) {
                    keys.push(format!("{prefix}{name}"));
                }
            }
        }
        keys.sort();
        Ok(keys)
    }

    /// Held while something unfinished lies about, so that nobody sweeps it away.
    pub(super) fn working(&self) -> Result<File, StoreError> {
        let file = self.lock_file()?;
        match file.lock_shared() {
            // Some network disks have no locks. Nothing is swept there, which `sweep` sees to.
            Err(error) if error.kind() != io::ErrorKind::Unsupported => {
                Err(StoreError::disk("locked", &self.root, error))
            }
            Ok(()) | Err(_) => Ok(file),
        }
    }

    pub(super) fn lock_file(&self) -> Result<File, StoreError> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let path = self.root.join(HIDDEN).join("lock");
        fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| StoreError::disk("opened", &path, error))
    }
}

fn same_or_error(key: &str, there: Stored, wanted: Whole) -> Result<Stored, StoreError> {
    if there.is(wanted) { Ok(there) } else { Err(StoreError::Differs { key: key.to_owned(), there, wanted }) }
}

/// The folder that a path's name stands in.
fn above(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

//! What a disk must be told so that a file is there after the power fails, and still belongs to its owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::Stop;
use crate::{Body, StoreError, crc64};

/// Bytes read and written at a time.
pub(super) const CHUNK: usize = 256 * 1024;

/// Makes a folder and those above it that are missing, each for its owner alone and each synced into the one above.
pub(super) fn create_folders(folder: &Path) -> Result<(), StoreError> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new(""));
    create_folders(above)?;
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(StoreError::disk("made", folder, error)),
        Ok(()) | Err(_) => sync_folder(above),
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|open| open.sync_all()).map_err(|error| StoreError::disk("synced", folder, error))
}

/// Makes a new file for its owner alone; one that exists is an error.
pub(super) fn create_file(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| StoreError::disk("made", path, error))
}

/// What a file holds; none when there is none.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(StoreError::disk("read", path, error)),
    }
}

/// Whether an error says that there is nothing at a path: also when what should be a folder on the way is a file.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Removes a file or folder, whatever it holds. Nothing there is well.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if !is_absent(&error) => Err(StoreError::disk("removed", path, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A path that is removed when this goes, whatever happened meanwhile.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// For a path that nothing lies at yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What remains is swept when the store is next opened.
        let _ = remove(&self.0);
    }
}

/// Copies a body into a file and answers with the length and checksum of what was copied. A source that ends early is
/// no error here: its length tells.
pub(super) fn copy(
    body: &Body,
    to: &File,
    to_path: &Path,
    mut offset: u64,
    stop: &Stop,
) -> Result<(u64, u64), StoreError> {
    let mut write = |chunk: &[u8]| {
        if stop.is_told() {
            return Err(Stop::error(to_path));
        }
        to.write_all_at(chunk, offset).map_err(|error| StoreError::disk("written", to_path, error))?;
        offset += chunk.len() as u64;
        Ok(())
    };
    let mut crc = crc64::Hasher::new();
    match body {
        Body::Bytes(bytes) => {
            for chunk in bytes.chunks(CHUNK) {
                crc.update(chunk);
                write(chunk)?;
            }
            Ok((bytes.len() as u64, crc.finish()))
        }
        Body::File { path, offset, length, flow } => {
            let unreadable = |source| StoreError::Source { path: path.clone(), source };
            let mut from = File::open(path).map_err(unreadable)?;
            from.seek(SeekFrom::Start(*offset)).map_err(unreadable)?;
            let mut from = from.take(*length);
            let mut chunk = vec![0; CHUNK];
            let mut copied = 0;
            loop {
                let most = flow.most().min(CHUNK);
                match from.read(&mut chunk[..most]) {
                    Ok(0) => return Ok((copied, crc.finish())),
                    Ok(read) => {
                        crc.update(&chunk[..read]);
                        flow.wait_here_for(read, || stop.is_told());
                        write(&chunk[..read])?;
                        flow.passed(read);
                        copied += read as u64;
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(unreadable(error)),
                }
            }
        }
    }
}

/// Fails when a disk has no room for so many more bytes: better now than after hours.
pub(super) fn check_room(folder: &Path, bytes: u64) -> Result<(), StoreError> {
    // A disk that cannot say is tried.
    let Ok(disk) = rustix::fs::statvfs(folder) else { return Ok(()) };
    let room = disk.f_bavail.saturating_mul(disk.f_frsize);
    if room < bytes { Err(StoreError::Full { path: folder.to_owned(), needed: Some(bytes - room) }) } else { Ok(()) }
}

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::AudioError;

/// A file that is written. It is removed again unless it is finished.
pub(super) struct Output {
    path: PathBuf,
    writer: BufWriter<File>,
    bytes: u64,
    is_finished: bool,
}

impl Output {
    pub(super) fn create(path: &Path) -> Result<Self, AudioError> {
        let path = path.to_owned();
        match File::create(&path) {
            Ok(file) => Ok(Self { path, writer: BufWriter::new(file), bytes: 0, is_finished: false }),
            Err(source) => Err(AudioError::Write { path, source }),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), AudioError> {
        let written = self.writer.write_all(bytes);
        self.bytes += bytes.len() as u64;
        self.checked(written)
    }

    /// Writes over what was written before.
    pub(super) fn overwrite(&mut self, position: u64, bytes: &[u8]) -> Result<(), AudioError> {
        let written = self.try_overwrite(position, bytes);
        self.checked(written)
    }

    fn try_overwrite(&mut self, position: u64, bytes: &[u8]) -> io::Result<()> {
        self.writer.seek(SeekFrom::Start(position))?;
        self.writer.write_all(bytes)?;
        self.writer.seek(SeekFrom::End(0))?;
        Ok(())
    }

    /// Bytes written, but for what was written over.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn finish(mut self) -> Result<u64, AudioError> {
        let flushed = self.writer.flush();
        self.checked(flushed)?;
        self.is_finished = true;
        Ok(self.bytes)
    }

    /// That an encoder would not go on.
    pub(super) fn refused(&self, reason: impl Into<String>) -> AudioError {
        AudioError::Encode { path: self.path.clone(), reason: reason.into() }
    }

    fn checked(&self, result: io::Result<()>) -> Result<(), AudioError> {
        result.map_err(|source| AudioError::Write { path: self.path.clone(), source })
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.is_finished {
            // Nothing more can be done where this fails too; the error that led here is the one to tell.
            let _ = fs::remove_file(&self.path);
        }
    }
}

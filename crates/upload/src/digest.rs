//! What is known of a file's content: its hashes, taken on the way while something else reads it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::crc64;

/// The piece of a file that has a checksum of its own: 1 MiB. Parts of any whole number of MiB get theirs from these.
pub const MIB: u64 = 1024 * 1024;

/// The hashes of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct FileDigest {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of all bytes.
    pub sha256: [u8; 32],
    /// CRC-64/NVME of all bytes.
    pub crc64: u64,
    /// CRC-64/NVME of every MiB in turn; the last may be shorter.
    pub crc64_per_mib: Vec<u64>,
}

impl FileDigest {
    /// Hashes bytes that are at hand.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hashes = Hashes::new();
        hashes.update(bytes);
        hashes.finish()
    }

    /// Reads and hashes a file.
    ///
    /// # Errors
    /// Those of opening and reading it.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        DigestingReader::new(File::open(path)?).finish()
    }

    /// The checksum of the bytes from `offset` on, `bytes` long, without reading the file again. None unless the range
    /// starts on a MiB, ends on one or with the file, and lies within it.
    #[must_use]
    pub fn crc64_of(&self, offset: u64, bytes: u64) -> Option<u64> {
        let end = offset.checked_add(bytes)?;
        if !offset.is_multiple_of(MIB) || end > self.bytes || (!end.is_multiple_of(MIB) && end != self.bytes) {
            return None;
        }
        let range = usize::try_from(offset / MIB).ok()?..usize::try_from(end.div_ceil(MIB)).ok()?;
        let pieces = self.crc64_per_mib.get(range)?;
        Some(combine_pieces(pieces, bytes))
    }
}

/// Combines the checksums of pieces of 1 MiB each, `bytes` in all: the last is what remains.
fn combine_pieces(pieces: &[u64], bytes: u64) -> u64 {
    let mut left = bytes;
    pieces.iter().fold(crc64::of(&[]), |whole, &piece| {
        let piece_bytes = left.min(MIB);
        left -= piece_bytes;
        crc64::combine(whole, piece, piece_bytes)
    })
}

/// Reads on behalf of another, and hashes every byte once on the way, as one contiguous stretch from the start.
///
/// A read that reaches beyond the hashed stretch from within or at its end lengthens it; other reads and seeks leave it
/// as it is. [`DigestingReader::finish`] reads what nobody has.
#[derive(Debug)]
pub struct DigestingReader<R> {
    inner: R,
    hashes: Hashes,
    /// Where `inner` stands; none after a seek that failed, when nobody can say.
    position: Option<u64>,
}

impl<R: Read + Seek> DigestingReader<R> {
    /// Hashes what is read from `inner`, which stands at its start.
    pub fn new(inner: R) -> Self {
        Self { inner, hashes: Hashes::new(), position: Some(0) }
    }

    /// How many bytes are hashed, from the start on.
    pub fn hashed(&self) -> u64 {
        self.hashes.bytes
    }

    /// Reads and hashes what is left.
    ///
    /// # Errors
    /// Those of seeking and reading.
    pub fn finish(mut self) -> io::Result<FileDigest> {
        let mut buffer = vec![0; 256 * 1024];
        self.seek(SeekFrom::Start(self.hashes.bytes))?;
        loop {
            match self.read(&mut buffer) {
                Ok(0) => return Ok(self.hashes.finish()),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
    }
}

impl<R: Read + Seek> Read for DigestingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(start) = self.position {
            let hashed = self.hashes.bytes;
            self.position = Some(start + read as u64);
            // How much of this read is hashed already: none when it starts at the end of the hashed stretch.
            if let Some(known) = hashed.checked_sub(start).and_then(|known| usize::try_from(known).ok())
                && known < read
            {
                self.hashes.update(&buffer[known..read]);
            }
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for DigestingReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self.inner.seek(to) {
            Ok(position) => {
                self.position = Some(position);
                Ok(position)
            }
            Err(error) => {
                self.position = self.inner.stream_position().ok();
                Err(error)
            }
        }
    }
}

/// SHA-256 of everything and CRC-64 of every MiB, of bytes that come in pieces of any size.
#[derive(Debug)]
struct Hashes {
    bytes: u64,
    sha256: Sha256,
    finished: Vec<u64>,
    piece: crc64::Hasher,
}

impl Hashes {
    fn new() -> Self {
        Self { bytes: 0, sha256: Sha256::new(), finished: Vec::new(), piece: crc64::Hasher::new() }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        self.sha256.update(bytes);
        while !bytes.is_empty() {
            let room = MIB - self.bytes % MIB;
            let take = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
            let (now, later) = bytes.split_at(take);
            self.piece.update(now);
            self.bytes += take as u64;
            if self.bytes.is_multiple_of(MIB) {
                self.finished.push(std::mem::take(&mut self.piece).finish());
            }
            bytes = later;
        }
    }

    fn finish(mut self) -> FileDigest {
        if !self.bytes.is_multiple_of(MIB) {
            self.finished.push(self.piece.finish());
        }
        FileDigest {
            bytes: self.bytes,
            sha256: self.sha256.finalize().into(),
            crc64: combine_pieces(&self.finished, self.bytes),
            crc64_per_mib: self.finished,
        }
    }
}

/// The stored form: texts, since JSON's numbers are not safe beyond 53 bits everywhere, and checksums packed, since a
/// long file has thousands.
#[derive(Serialize, Deserialize)]
struct Stored {
    bytes: u64,
    sha256: String,
    #[serde(with = "crc64::text")]
    crc64: u64,
    /// Base64 of eight big-endian bytes a MiB.
    crc64_per_mib: String,
}

impl From<FileDigest> for Stored {
    fn from(digest: FileDigest) -> Self {
        let packed: Vec<u8> = digest.crc64_per_mib.iter().flat_map(|crc64| crc64.to_be_bytes()).collect();
        Self {
            bytes: digest.bytes,
            sha256: hex::encode(digest.sha256),
            crc64: digest.crc64,
            crc64_per_mib: STANDARD.encode(packed),
        }
    }
}

impl TryFrom<Stored> for FileDigest {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let mut sha256 = [0; 32];
        hex::decode_to_slice(&stored.sha256, &mut sha256).map_err(|_| "a SHA-256 has 64 hexadecimal digits")?;
        let packed = STANDARD.decode(&stored.crc64_per_mib).map_err(|_| "the checksums per MiB are base64")?;
        let (eights, rest) = packed.as_chunks::<8>();
        let crc64_per_mib: Vec<u64> = eights.iter().map(|eight| u64::from_be_bytes(*eight)).collect();
        if !rest.is_empty() || crc64_per_mib.len() as u64 != stored.bytes.div_ceil(MIB) {
            return Err("a file has one checksum for every MiB begun");
        }
        if combine_pieces(&crc64_per_mib, stored.bytes) != stored.crc64 {
            return Err("the checksums per MiB do not make up that of the file");
        }
        Ok(Self { bytes: stored.bytes, sha256, crc64: stored.crc64, crc64_per_mib })
    }
}

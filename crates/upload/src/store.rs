//! The port: what the rest of the program asks of a place for objects.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{Flow, Part, Plan, StoreError, crc64};

/// A place that objects are written to, each once. Writing the same bytes to a key again is success, other bytes an error.
#[async_trait]
pub trait ObjectStore: Send + Sync + fmt::Debug {
    /// What is stored under a key, if anything. Answers after a lost answer, a conflict, or a lost upload.
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError>;

    /// Stores a small object in one request. The bytes are checked against `whole` before the object can be seen.
    async fn put(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError>;

    /// Begins an upload in parts.
    async fn begin(&self, key: &str, plan: &Plan) -> Result<Upload, StoreError>;

    /// Sends one part; again is well. The bytes are checked against the part's checksum.
    async fn send_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError>;

    /// The parts that arrived and are kept, by number.
    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError>;

    /// Makes the object of its parts, after checking their size and combined checksum.
    async fn complete(&self, upload: &Upload, parts: &[SentPart], whole: Whole) -> Result<Stored, StoreError>;

    /// Gives an upload up and frees its parts. One that is gone already is success.
    async fn abort(&self, upload: &Upload) -> Result<(), StoreError>;
}

/// The other side of a store, for the cloud's stages: the desktop never reads what it delivered.
#[async_trait]
pub trait ObjectReader: Send + Sync + fmt::Debug {
    /// The bytes of a range, clipped at the object's end.
    async fn read(&self, key: &str, range: Range<u64>) -> Result<Bytes, StoreError>;

    /// As [`read`](Self::read), of a version of the object. A store that keeps one version only reads that.
    async fn read_version(&self, key: &str, version: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        let _ = version;
        self.read(key, range).await
    }

    /// Moves an object that is not what it should be out of the way, so that its key can be written again. Answers
    /// with the key it has from now on.
    async fn set_aside(&self, key: &str) -> Result<String, StoreError>;
}

/// Size and checksum of a whole object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// Length in bytes.
    pub bytes: u64,
    /// CRC-64/NVME of all bytes.
    pub crc64: u64,
}

impl Whole {
    /// Of bytes at hand.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, crc64: crc64::of(bytes) }
    }
}

impl From<&crate::FileDigest> for Whole {
    fn from(digest: &crate::FileDigest) -> Self {
        Self { bytes: digest.bytes, crc64: digest.crc64 }
    }
}

/// What a store says of an object it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Length in bytes.
    pub bytes: u64,
    /// CRC-64/NVME of all bytes; none from a store that keeps no such checksums.
    pub crc64: Option<u64>,
}

impl Stored {
    /// Whether this is that object, as far as the store can tell: a store without checksums answers for the size alone,
    /// and the reader of the object has to hash it.
    #[must_use]
    pub fn is(&self, whole: Whole) -> bool {
        self.bytes == whole.bytes && self.crc64.is_none_or(|crc64| crc64 == whole.crc64)
    }
}

/// An upload that was begun. Opaque but for its key; it outlives the process in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Upload {
    /// The object it will be.
    pub key: String,
    /// The store's name for it.
    pub id: UploadId,
}

/// A store's name for an upload. No secret: of use only with the right to write.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadId(pub String);

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentPart {
    /// From 1 on.
    pub number: u32,
    /// Its length.
    pub bytes: u64,
    /// CRC-64/NVME of its bytes; none from a store that keeps no such checksums.
    pub crc64: Option<u64>,
    /// The store's own mark of the bytes: S3's ETag.
    pub tag: String,
}

/// Where the bytes to send come from.
#[derive(Debug, Clone)]
pub enum Body {
    /// At hand.
    Bytes(Bytes),
    /// A range of a file: read while it is sent, and read again when sending fails.
    File {
        /// The file.
        path: PathBuf,
        /// Where the range starts, in bytes.
        offset: u64,
        /// Its length.
        length: u64,
        /// What the bytes are told to as they are taken, and waited for before. A store that does not mind it sends as
        /// well, and faster than it should.
        flow: Flow,
    },
}

impl Body {
    /// How many bytes will be sent.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self::Bytes(bytes.into())
    }
}

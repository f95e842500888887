//! Files to an object store, once, whole, and whatever happens on the way. Knows nothing of what the files hold.
//!
//! A file is hashed while something else reads it ([`digest`]), cut into parts ([`plan`]) and sent by a [`Sender`] to an
//! [`ObjectStore`]: a folder or S3.

pub mod crc64;
pub mod digest;
mod dir;
mod error;
mod flow;
mod identity;
mod key;
mod pace;
mod plain;
pub mod plan;
mod random;
mod retry;
mod s3;
mod send;
mod store;

pub use digest::{DigestingReader, FileDigest};
pub use dir::DirStore;
pub use error::{Refusal, StoreError};
pub use flow::Flow;
pub use identity::FileIdentity;
pub use key::{KeyError, SET_ASIDE};
pub use plain::{ON_THE_WAY, is_of_the_way, last_cause, said_by_system, why_unreached};
pub use plan::{Part, Plan, PlanError};
pub use retry::Retry;
pub use s3::{Confirm, S3Settings, S3Store};
pub use send::{FileToSend, OnProgress, Options, Outcome, Progress, SendError, Sender, Sent, publish};
pub use store::{Body, ObjectReader, ObjectStore, SentPart, Stored, Upload, UploadId, Whole};

/// Where a test may end the process (feature `failpoints`): after each step that is on the disk or at the store.
///
/// Those of `upload.dir` are passed by uploads to a folder only.
pub const CRASH_POINTS: [&str; 12] = [
    "upload.put-sent",
    "upload.journal-begun",
    "upload.begun",
    "upload.begin-noted",
    "upload.part-sent",
    "upload.part-noted",
    "upload.completed",
    "upload.journal-removed",
    "upload.aborted",
    "upload.dir.put-written",
    "upload.dir.part-written",
    "upload.dir.linked",
];

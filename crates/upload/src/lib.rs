//! Files to an object store, once, whole, and whatever happens on the way. Knows nothing of what the files hold.
//!
//! A file is hashed while something else reads it ([`digest`]), cut into parts ([`plan`]) and sent to an [`ObjectStore`]:
//! a folder or S3.

pub mod crc64;
pub mod digest;
mod dir;
mod error;
mod identity;
mod key;
pub mod plan;
mod random;
mod store;

pub use digest::{DigestingReader, FileDigest};
pub use dir::DirStore;
pub use error::{Refusal, StoreError};
pub use identity::FileIdentity;
pub use key::{KeyError, SET_ASIDE};
pub use plan::{Part, Plan, PlanError};
pub use store::{Body, ObjectReader, ObjectStore, SentPart, Stored, Upload, UploadId, Whole};

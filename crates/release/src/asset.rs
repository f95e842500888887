use serde::{Deserialize, Serialize};

use crate::{Crc64, Sha256};

/// A file as the store knows it: by its content.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Asset {
    /// The content's name.
    pub sha256: Sha256,
    /// The content's full-object checksum at the store.
    pub crc64: Crc64,
    /// Length in bytes.
    pub bytes: u64,
    /// The usual extension of the format, lower case, without a dot.
    pub extension: String,
}

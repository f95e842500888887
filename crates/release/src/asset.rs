use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Crc64, Sha256};

/// A file as the store knows it: by its content.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// The content's name.
    pub sha256: Sha256,
    /// The content's full-object checksum at the store.
    pub crc64: Crc64,
    /// Length in bytes.
    pub bytes: u64,
    /// The usual extension of the format, lower case, without a dot.
    #[serde(deserialize_with = "extension")]
    pub extension: String,
}

/// An extension stands in keys: one that is read from elsewhere may lead to no other key.
fn extension<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let good = (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if good { Ok(text) } else { Err(D::Error::custom(format!("\"{text}\" is not a file extension"))) }
}

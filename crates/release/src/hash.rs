use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// The SHA-256 of an object's bytes: its name in the store. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256(pub [u8; 32]);

/// The CRC-64/NVME of an object's bytes, S3's full-object checksum. Written as S3 writes it: base64 of eight
/// big-endian bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crc64(pub u64);

/// Why a text is not a checksum.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HashError {
    /// Not 64 hexadecimal digits.
    #[error("a SHA-256 has 64 hexadecimal digits")]
    Sha256,
    /// Not the base64 of eight bytes.
    #[error("a CRC-64 is the base64 of eight bytes")]
    Crc64,
}

impl Sha256 {
    /// Hashes bytes that are at hand.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for Sha256 {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        // One spelling a hash: two keys for one object would let it be stored twice.
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(HashError::Sha256);
        }
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HashError::Sha256)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Crc64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0.to_be_bytes()))
    }
}

impl FromStr for Crc64 {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = STANDARD.decode(text).map_err(|_| HashError::Crc64)?;
        Ok(Self(u64::from_be_bytes(bytes.try_into().map_err(|_| HashError::Crc64)?)))
    }
}

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
as_text!(Sha256, Crc64);

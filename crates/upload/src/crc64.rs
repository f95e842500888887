//! CRC-64/NVME, the checksum that S3 keeps of a whole object and that can be combined from its parts'.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm::Crc64Nvme;

/// The checksum of bytes at hand.
#[must_use]
pub fn of(bytes: &[u8]) -> u64 {
    crc_fast::checksum(Crc64Nvme, bytes)
}

/// The checksum of `first` followed by `second`, which is `second_bytes` long, from theirs alone.
#[must_use]
pub fn combine(first: u64, second: u64, second_bytes: u64) -> u64 {
    if second_bytes == 0 { first } else { crc_fast::checksum_combine(Crc64Nvme, first, second, second_bytes) }
}

/// As S3 writes it in headers: base64 of eight big-endian bytes.
#[must_use]
pub fn to_text(crc64: u64) -> String {
    STANDARD.encode(crc64.to_be_bytes())
}

/// Reads what [`to_text`] wrote; none for anything else.
#[must_use]
pub fn from_text(text: &str) -> Option<u64> {
    Some(u64::from_be_bytes(STANDARD.decode(text).ok()?.try_into().ok()?))
}

/// The checksum of bytes that come in pieces.
#[derive(Debug)]
pub struct Hasher(crc_fast::Digest);

impl Hasher {
    /// Of no bytes yet.
    #[must_use]
    pub fn new() -> Self {
        Self(crc_fast::Digest::new(Crc64Nvme))
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of what was taken so far.
    #[must_use]
    pub fn finish(&self) -> u64 {
        self.0.finalize()
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

/// Serde's form of a checksum: text, since JSON's numbers are not safe beyond 53 bits everywhere.
pub(crate) mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(crc64: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::to_text(*crc64))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::from_text(&text).ok_or_else(|| D::Error::custom("a CRC-64 is the base64 of eight bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_catalogue() {
        // CRC-64/NVME's check value for "123456789", from the catalogue of parametrised CRC algorithms.
        assert_eq!(of(b"123456789"), 0xae8b_1486_0a79_9888);
        assert_eq!(to_text(of(b"123456789")), "rosUhgp5mIg=");
        assert_eq!(from_text("rosUhgp5mIg="), Some(0xae8b_1486_0a79_9888));
        assert_eq!(from_text("rosUhgp5"), None);
    }

    #[test]
    fn halves_combine_to_the_whole() {
        for split in 0..=9 {
            let (first, second) = b"123456789".split_at(split);
            assert_eq!(combine(of(first), of(second), second.len() as u64), of(b"123456789"));
        }
    }
}

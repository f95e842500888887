//! How a file is cut into parts. Pure: S3's limits decide, and the directory follows them.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digest::{FileDigest, MIB};

/// The smallest part that is planned unless told otherwise, and the largest file that goes in one request: 8 MiB. S3
/// would take 5 MiB; larger parts need fewer requests.
pub const SMALLEST_PART: u64 = 8 * MIB;

/// S3 takes at most this many parts an object.
pub const MOST_PARTS: u64 = 10_000;

/// S3's largest part: 5 GiB.
pub const LARGEST_PART: u64 = 5 * 1024 * MIB;

/// S3's largest object: 10,000 parts of 5 GiB, 48.8 TiB.
pub const LARGEST_OBJECT: u64 = MOST_PARTS * LARGEST_PART;

/// How a file of a given size is cut. Stored with the upload, so that a later version with other defaults goes on with
/// the parts that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    bytes: u64,
    part_bytes: u64,
}

/// A file cannot be cut into parts that S3 takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlanError {
    /// Larger than any object can be.
    #[error("The file has {bytes} bytes. An object can have {LARGEST_OBJECT} at most (48.8 TiB).")]
    TooLarge {
        /// The file's length.
        bytes: u64,
    },
    /// A part size that is no whole number of MiB, too small for 10,000 parts, or over 5 GiB.
    #[error("Parts of {part_bytes} bytes do not fit a file of {bytes} bytes.")]
    PartSize {
        /// The file's length.
        bytes: u64,
        /// The size asked for.
        part_bytes: u64,
    },
}

impl Plan {
    /// Parts of `max(8 MiB, ceil(bytes / 10,000))`, up to a whole MiB.
    ///
    /// # Errors
    /// The file is larger than any object can be.
    pub fn of(bytes: u64) -> Result<Self, PlanError> {
        Self::with_smallest_part(bytes, SMALLEST_PART)
    }

    /// As [`Plan::of`], with another size in the place of 8 MiB, which is also the largest that goes in one request.
    ///
    /// # Errors
    /// The file is larger than any object can be.
    pub fn with_smallest_part(bytes: u64, smallest: u64) -> Result<Self, PlanError> {
        if bytes > LARGEST_OBJECT {
            return Err(PlanError::TooLarge { bytes });
        }
        let part_bytes = bytes.div_ceil(MOST_PARTS).max(smallest).max(1).next_multiple_of(MIB);
        Self::stored(bytes, part_bytes)
    }

    /// The plan that an earlier run made.
    ///
    /// # Errors
    /// The size is not one that a plan can have.
    pub fn stored(bytes: u64, part_bytes: u64) -> Result<Self, PlanError> {
        if part_bytes == 0
            || !part_bytes.is_multiple_of(MIB)
            || part_bytes > LARGEST_PART
            || bytes.div_ceil(part_bytes) > MOST_PARTS
        {
            return Err(PlanError::PartSize { bytes, part_bytes });
        }
        Ok(Self { bytes, part_bytes })
    }

    /// The file's length.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes a part; the last may be smaller.
    #[must_use]
    pub fn part_bytes(&self) -> u64 {
        self.part_bytes
    }

    /// Whether the file goes in one request, without parts.
    #[must_use]
    pub fn is_one_put(&self) -> bool {
        self.bytes <= self.part_bytes
    }

    /// How many parts there are: at least one, even of an empty file.
    #[must_use]
    pub fn part_count(&self) -> u32 {
        // At most 10,000, which `stored` saw to.
        u32::try_from(self.bytes.div_ceil(self.part_bytes).max(1)).unwrap_or(u32::MAX)
    }

    /// The part of a number from 1 on, with its checksum from the file's digest. None when there is no such part, or the
    /// digest is of a file of another size.
    #[must_use]
    pub fn part(&self, number: u32, digest: &FileDigest) -> Option<Part> {
        let (offset, bytes) = self.range(number).filter(|_| digest.bytes == self.bytes)?;
        Some(Part { number, offset, bytes, crc64: digest.crc64_of(offset, bytes)? })
    }

    /// Where the part of a number from 1 on starts and how long it is, in bytes. None when there is no such part.
    #[must_use]
    pub fn range(&self, number: u32) -> Option<(u64, u64)> {
        if number == 0 || number > self.part_count() {
            return None;
        }
        let offset = u64::from(number - 1) * self.part_bytes;
        Some((offset, (self.bytes - offset).min(self.part_bytes)))
    }
}

/// A stretch of a file that is sent as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1 on, as S3 counts.
    pub number: u32,
    /// Where it starts in the file, in bytes.
    pub offset: u64,
    /// Its length.
    pub bytes: u64,
    /// CRC-64/NVME of its bytes.
    pub crc64: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIB: u64 = 1024 * 1024 * MIB;

    #[test]
    fn part_sizes_at_the_limits() {
        // bytes, bytes a part, parts, one put
        let table = [
            (0, 8 * MIB, 1, true),
            (1, 8 * MIB, 1, true),
            (8 * MIB - 1, 8 * MIB, 1, true),
            (8 * MIB, 8 * MIB, 1, true),
            (8 * MIB + 1, 8 * MIB, 2, false),
            (80_000 * MIB, 8 * MIB, 10_000, false),
            (80_000 * MIB + 1, 9 * MIB, 8_889, false),
            (TIB, 105 * MIB, 9_987, false),
            (5 * TIB, 525 * MIB, 9_987, false),
            (LARGEST_OBJECT - 1, LARGEST_PART, 10_000, false),
            (LARGEST_OBJECT, LARGEST_PART, 10_000, false),
        ];
        for (bytes, part_bytes, parts, one_put) in table {
            let plan = Plan::of(bytes).unwrap();
            assert_eq!(
                (plan.part_bytes(), plan.part_count(), plan.is_one_put()),
                (part_bytes, parts, one_put),
                "{bytes}"
            );
        }
        assert_eq!(Plan::of(LARGEST_OBJECT + 1), Err(PlanError::TooLarge { bytes: LARGEST_OBJECT + 1 }));
        assert_eq!(Plan::of(u64::MAX), Err(PlanError::TooLarge { bytes: u64::MAX }));
    }

    #[test]
    fn a_stored_plan_is_not_trusted_blindly() {
        for part_bytes in [0, 1, MIB + 1, LARGEST_PART + MIB] {
            assert!(Plan::stored(100 * MIB, part_bytes).is_err(), "{part_bytes}");
        }
        assert!(Plan::stored(10_001 * MIB, MIB).is_err());
        assert!(Plan::stored(10_000 * MIB, MIB).is_ok());
    }

    #[test]
    fn parts_cover_the_file_and_carry_its_checksums() {
        let bytes: Vec<u8> = (0..5 * MIB / 2).map(|n| (n % 251) as u8).collect();
        let digest = FileDigest::of(&bytes);
        let plan = Plan::with_smallest_part(digest.bytes, MIB).unwrap();
        let mut end = 0;
        for number in 1..=plan.part_count() {
            let part = plan.part(number, &digest).unwrap();
            assert_eq!(part.offset, end);
            end += part.bytes;
            let range = usize::try_from(part.offset).unwrap()..usize::try_from(end).unwrap();
            assert_eq!(part.crc64, crate::crc64::of(&bytes[range]));
        }
        assert_eq!(end, digest.bytes);
        assert_eq!(plan.part(0, &digest), None);
        assert_eq!(plan.part(4, &digest), None);
        assert_eq!(plan.part(1, &FileDigest::of(b"another")), None);
    }

    #[test]
    fn an_empty_file_is_one_empty_part() {
        let digest = FileDigest::of(b"");
        let part = Plan::of(0).unwrap().part(1, &digest).unwrap();
        assert_eq!(part, Part { number: 1, offset: 0, bytes: 0, crc64: digest.crc64 });
    }
}

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use crc_fast::CrcAlgorithm::Crc64Nvme;

use crate::answer::Answer;
use crate::call::{Call, Operation};
use crate::refusal::Refusal;

/// What differs between S3 and services like it, or is not promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manners {
    /// Objects and parts have CRC-64/NVME checksums, which are checked and told. Without, such headers are passed over.
    pub checksums: bool,
    /// A second CompleteMultipartUpload of an upload is answered with 200, as S3 does for some time, else with
    /// NoSuchUpload.
    pub remembers_completed: bool,
    /// How many parts a page of ListParts has at most: S3's 1,000, or fewer to see paging with few parts.
    pub parts_a_page: usize,
}

impl Default for Manners {
    fn default() -> Self {
        Self { checksums: true, remembers_completed: true, parts_a_page: 1000 }
    }
}

/// All that the server has.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) manners: Manners,
    pub(crate) objects: BTreeMap<(String, String), Object>,
    pub(crate) uploads: HashMap<String, Upload>,
    pub(crate) next_id: u64,
}

/// An object.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) bytes: Bytes,
    pub(crate) crc64: u64,
    pub(crate) content_type: String,
    /// The upload that it was made by.
    pub(crate) upload: Option<String>,
}

/// An upload in parts.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) content_type: String,
    pub(crate) parts: BTreeMap<u32, Part>,
}

/// A part of an upload.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) bytes: Bytes,
    pub(crate) crc64: u64,
}

impl State {
    pub(crate) fn answer(&mut self, call: &Call) -> Result<Answer, Refusal> {
        match call.operation {
            Operation::PutObject => self.put_object(call),
            Operation::CopyObject => self.copy_object(call),
            Operation::GetObject => self.get_object(call),
            Operation::HeadObject => self.head_object(call),
            Operation::DeleteObject => self.delete_object(call),
            Operation::CreateMultipartUpload => self.create_multipart_upload(call),
            Operation::UploadPart => self.upload_part(call),
            Operation::UploadPartCopy => self.upload_part_copy(call),
            Operation::CompleteMultipartUpload => self.complete_multipart_upload(call),
            Operation::AbortMultipartUpload => self.abort_multipart_upload(call),
            Operation::ListParts => self.list_parts(call),
        }
    }

    /// Computes a body's checksum, and refuses it if another was announced.
    pub(crate) fn check_body(&self, call: &Call) -> Result<u64, Refusal> {
        let crc64 = crc_fast::checksum(Crc64Nvme, &call.body);
        if !self.manners.checksums {
            return Ok(crc64);
        }
        if let Some(other) = call
            .headers
            .keys()
            .find(|name| name.starts_with("x-amz-checksum-") && *name != CHECKSUM && *name != "x-amz-checksum-type")
        {
            return Err(Refusal::not_implemented(&format!("the checksum {other}")));
        }
        match call.header(CHECKSUM) {
            Some(text) if checksum_of(text)? != crc64 => Err(Refusal::bad_digest()),
            _ => Ok(crc64),
        }
    }

    /// Adds an object's or part's checksum to an answer.
    pub(crate) fn with_checksum(&self, answer: Answer, crc64: u64) -> Answer {
        if self.manners.checksums { answer.header(CHECKSUM, checksum_text(crc64)) } else { answer }
    }
}

/// The header of a CRC-64/NVME.
pub(crate) const CHECKSUM: &str = "x-amz-checksum-crc64nvme";

/// S3's text of a checksum.
pub(crate) fn checksum_text(crc64: u64) -> String {
    STANDARD.encode(crc64.to_be_bytes())
}

pub(crate) fn checksum_of(text: &str) -> Result<u64, Refusal> {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_be_bytes)
        .ok_or_else(|| Refusal::invalid("Value for x-amz-checksum-crc64nvme header is invalid."))
}

/// A mark of bytes. S3's is an MD5, unless the object is encrypted with a key of KMS; nobody may read anything from it.
pub(crate) fn etag(crc64: u64) -> String {
    format!("\"{crc64:016x}{:016x}\"", !crc64)
}

//! Uploads in parts.

use std::ops::RangeInclusive;

use bytes::{Bytes, BytesMut};
use crc_fast::CrcAlgorithm::Crc64Nvme;
use hyper::StatusCode;
use serde::Deserialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::object::{content_type, escaped_etag, name};
use crate::refusal::Refusal;
use crate::state::{CHECKSUM, Object, Part, State, Upload, checksum_of, checksum_text, etag};

/// S3's smallest part, but for the last: 5 MiB.
const SMALLEST_PART: usize = 5 * 1024 * 1024;

/// S3's highest part number.
const MOST_PARTS: u32 = 10_000;

/// The body of CompleteMultipartUpload.
#[derive(Debug, Deserialize)]
struct Completion {
    #[serde(rename = "Part", default)]
    parts: Vec<NamedPart>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NamedPart {
    part_number: u32,
    e_tag: String,
    #[serde(rename = "ChecksumCRC64NVME")]
    crc64: Option<String>,
}

impl State {
    pub(crate) fn create_multipart_upload(&mut self, call: &Call) -> Result<Answer, Refusal> {
        if self.manners.checksums {
            let algorithm = call.header("x-amz-checksum-algorithm").unwrap_or("CRC64NVME");
            if algorithm != "CRC64NVME" {
                return Err(Refusal::not_implemented(&format!("the checksum algorithm {algorithm}")));
            }
            if call.header("x-amz-checksum-type").is_some_and(|kind| kind != "FULL_OBJECT") {
                return Err(Refusal::invalid(
                    "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.",
                ));
            }
        }
        self.next_id += 1;
        let id = format!("upload-{}.~_{}", self.next_id, "x".repeat(64));
        let upload = Upload {
            bucket: call.bucket.clone(),
            key: call.key.clone(),
            content_type: content_type(call),
            parts: Default::default(),
        };
        let xml = format!(
            "<InitiateMultipartUploadResult><Bucket>{}</Bucket><Key>{}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>",
            quick_xml::escape::escape(&upload.bucket),
            quick_xml::escape::escape(&upload.key),
        );
        self.uploads.insert(id, upload);
        let answer = Answer::ok().body(xml);
        Ok(if self.manners.checksums {
            answer.header("x-amz-checksum-algorithm", "CRC64NVME").header("x-amz-checksum-type", "FULL_OBJECT")
        } else {
            answer
        })
    }

    pub(crate) fn upload_part(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let number = part_number(call)?;
        self.upload(call)?;
        let crc64 = self.check_body(call)?;
        if let Some(upload) = self.uploads.get_mut(upload_id(call)) {
            upload.parts.insert(number, Part { bytes: call.body.clone(), crc64 });
        }
        Ok(self.with_checksum(Answer::ok().header("etag", etag(crc64)), crc64))
    }

    /// A part that is a range of an object which is there: the whole of a range, or nothing.
    pub(crate) fn upload_part_copy(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let number = part_number(call)?;
        self.upload(call)?;
        let object = self.copy_source(call)?;
        let bytes = match call.header("x-amz-copy-source-range") {
            None => object.bytes,
            Some(text) => {
                let range = copied_range(text).filter(|range| *range.end() < object.bytes.len());
                object.bytes.slice(range.ok_or_else(|| Refusal::invalid("The range does not lie in the source."))?)
            }
        };
        let crc64 = crc_fast::checksum(Crc64Nvme, &bytes);
        let checksum = match self.manners.checksums {
            true => format!("<ChecksumCRC64NVME>{}</ChecksumCRC64NVME>", checksum_text(crc64)),
            false => String::new(),
        };
        if let Some(upload) = self.uploads.get_mut(upload_id(call)) {
            upload.parts.insert(number, Part { bytes, crc64 });
        }
        let xml = format!("<CopyPartResult><ETag>{}</ETag>{checksum}</CopyPartResult>", escaped_etag(crc64));
        Ok(Answer::ok().body(xml))
    }

    pub(crate) fn complete_multipart_upload(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let id = upload_id(call).to_owned();
        let upload = match self.upload(call) {
            Ok(upload) => upload,
            Err(gone) => {
                let made = self.objects.get(&name(call)).filter(|object| object.upload.as_deref() == Some(&id));
                return match made {
                    Some(object) if self.manners.remembers_completed => Ok(self.completed(call, object.crc64)),
                    _ => Err(gone),
                };
            }
        };
        let named = named_parts(&call.body)?;
        let bytes = self.joined(upload, &named)?;
        let crc64 = crc_fast::checksum(Crc64Nvme, &bytes);
        if self.manners.checksums
            && let Some(text) = call.header(CHECKSUM)
            && checksum_of(text)? != crc64
        {
            return Err(Refusal::bad_digest());
        }
        if call.header("x-amz-mp-object-size").is_some_and(|size| size.parse() != Ok(bytes.len())) {
            return Err(Refusal::invalid(
                "The provided 'x-amz-mp-object-size' header does not match what was computed.",
            ));
        }
        self.check_not_there(call)?;
        let content_type = upload.content_type.clone();
        self.uploads.remove(&id);
        self.objects.insert(name(call), Object { bytes, crc64, content_type, upload: Some(id) });
        Ok(self.completed(call, crc64))
    }

    pub(crate) fn abort_multipart_upload(&mut self, call: &Call) -> Result<Answer, Refusal> {
        self.upload(call)?;
        self.uploads.remove(upload_id(call));
        Ok(Answer::new(StatusCode::NO_CONTENT))
    }

    pub(crate) fn upload(&self, call: &Call) -> Result<&Upload, Refusal> {
        self.uploads
            .get(upload_id(call))
            .filter(|upload| (&upload.bucket, &upload.key) == (&call.bucket, &call.key))
            .ok_or_else(Refusal::no_such_upload)
    }

    /// The bytes of the parts that a completion names, if S3 would join them.
    fn joined(&self, upload: &Upload, named: &[NamedPart]) -> Result<Bytes, Refusal> {
        if !named.is_sorted_by(|one, other| one.part_number < other.part_number) {
            return Err(Refusal::new(400, "InvalidPartOrder", "The list of parts was not in ascending order."));
        }
        let mut bytes = BytesMut::new();
        for (index, part) in named.iter().enumerate() {
            let known = upload.parts.get(&part.part_number).filter(|known| {
                let same_checksum = part.crc64.as_ref().is_none_or(|crc64| *crc64 == checksum_text(known.crc64));
                part.e_tag.trim_matches('"') == etag(known.crc64).trim_matches('"')
                    && (same_checksum || !self.manners.checksums)
            });
            let known = known.ok_or_else(|| {
                Refusal::new(400, "InvalidPart", "One or more of the specified parts could not be found.")
            })?;
            if known.bytes.len() < SMALLEST_PART && index + 1 < named.len() {
                return Err(Refusal::new(
                    400,
                    "EntityTooSmall",
                    "Your proposed upload is smaller than the minimum allowed size",
                ));
            }
            bytes.extend_from_slice(&known.bytes);
        }
        Ok(bytes.freeze())
    }

    fn completed(&self, call: &Call, crc64: u64) -> Answer {
        let mut xml = format!(
            "<CompleteMultipartUploadResult><Bucket>{}</Bucket><Key>{}</Key><ETag>{}</ETag>",
            quick_xml::escape::escape(&call.bucket),
            quick_xml::escape::escape(&call.key),
            escaped_etag(crc64),
        );
        if self.manners.checksums {
            xml.push_str("<ChecksumCRC64NVME>");
            xml.push_str(&checksum_text(crc64));
            xml.push_str("</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>");
        }
        xml.push_str("</CompleteMultipartUploadResult>");
        Answer::ok().body(xml)
    }
}

fn part_number(call: &Call) -> Result<u32, Refusal> {
    call.part_number().filter(|number| (1..=MOST_PARTS).contains(number)).ok_or_else(|| {
        Refusal::new(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
    })
}

/// `bytes=FIRST-LAST`: of a copy, S3 takes no other form.
fn copied_range(text: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let range = first.parse().ok()?..=last.parse().ok()?;
    (!range.is_empty()).then_some(range)
}

pub(crate) fn upload_id(call: &Call) -> &str {
    call.query.get("uploadId").map_or("", String::as_str)
}

fn named_parts(body: &[u8]) -> Result<Vec<NamedPart>, Refusal> {
    let malformed = || Refusal::new(400, "MalformedXML", "The XML you provided was not well-formed.");
    let text = std::str::from_utf8(body).map_err(|_| malformed())?;
    let completion: Completion = quick_xml::de::from_str(text).map_err(|_| malformed())?;
    if completion.parts.is_empty() { Err(malformed()) } else { Ok(completion.parts) }
}

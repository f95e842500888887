//! Whole objects: asked about, put, read, moved aside.

use std::fmt::Write as _;
use std::ops::{Range, RangeInclusive};

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::types::{ChecksumMode, CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};

use super::answer::Asked;
use super::{S3Store, body, content_type};
use crate::key::SET_ASIDE;
use crate::{Body, StoreError, Stored, Upload, Whole, crc64, random};

impl S3Store {
    /// What is there, by whoever may tell.
    pub(super) async fn ask(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        match &self.confirm {
            Some(confirm) => confirm.confirm(key).await,
            None => self.head(key).await,
        }
    }

    async fn head(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let request = self.client.head_object().bucket(&self.settings.bucket).key(key);
        let request = match self.settings.full_object_checksums {
            true => request.checksum_mode(ChecksumMode::Enabled),
            false => request,
        };
        let head = match request.send().await {
            Ok(head) => head,
            Err(error) => match Asked::new("HeadObject", key).error(&error) {
                StoreError::Missing { .. } => return Ok(None),
                error => return Err(error),
            },
        };
        Asked::new("HeadObject", key).mark(head.e_tag())?;
        let bytes = head.content_length().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0);
        if !self.settings.full_object_checksums {
            return Ok(Some(Stored { bytes, crc64: None }));
        }
        match head.checksum_crc64_nvme().and_then(crc64::from_text) {
            Some(crc64) => Ok(Some(Stored { bytes, crc64: Some(crc64) })),
            None => Err(StoreError::NoChecksum { key: key.to_owned() }),
        }
    }

    /// The object that a conflict or a lost answer leaves in doubt: there and right, there and other, or not there.
    pub(super) async fn settle(&self, key: &str, whole: Whole, doubt: StoreError) -> Result<Stored, StoreError> {
        match self.ask(key).await {
            Ok(Some(there)) if there.is(whole) => Ok(there),
            Ok(Some(there)) => Err(StoreError::Differs { key: key.to_owned(), there, wanted: whole }),
            Ok(None) => Err(doubt),
            // Trying again tells as well, where these credentials may not ask.
            Err(_) if doubt.is_passing() => Err(doubt),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn put_object(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError> {
        let mismatch = || StoreError::Mismatch { key: key.to_owned(), part: None };
        let stream = body::stream(&body, whole.bytes, mismatch).await?;
        let request = self
            .client
            .put_object()
            .bucket(&self.settings.bucket)
            .key(key)
            .if_none_match("*")
            .content_type(content_type::of(key))
            .body(stream);
        let request = match self.settings.full_object_checksums {
            true => request.checksum_crc64_nvme(crc64::to_text(whole.crc64)),
            false => request,
        };
        let asked = Asked::new("PutObject", key);
        match request.send().await {
            Ok(put) => asked.mark(put.e_tag()).map(|_| self.stored(whole)),
            Err(error) => {
                let conflict = is_conflict(error.code());
                let error = asked.error(&error);
                body::check(&body, mismatch).await?;
                if conflict { self.settle(key, whole, error).await } else { Err(error) }
            }
        }
    }

    /// What is known of an object that was just accepted.
    pub(super) fn stored(&self, whole: Whole) -> Stored {
        Stored { bytes: whole.bytes, crc64: self.settings.full_object_checksums.then_some(whole.crc64) }
    }

    pub(super) async fn get_range(
        &self,
        key: &str,
        version: Option<&str>,
        range: Range<u64>,
    ) -> Result<Bytes, StoreError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        // "To the end" instead of a number that no object reaches and that a server may not be able to read.
        let header = match range.end > i64::MAX as u64 {
            true if range.start > i64::MAX as u64 => return Ok(Bytes::new()),
            true => format!("bytes={}-", range.start),
            false => format!("bytes={}-{}", range.start, range.end - 1),
        };
        let asked = Asked::new("GetObject", key);
        let request = self.client.get_object().bucket(&self.settings.bucket).key(key).range(header);
        let sent = request.set_version_id(version.map(str::to_owned)).send().await;
        let got = match sent {
            // The range starts at the object's end or beyond.
            Err(error) if error.code() == Some("InvalidRange") => return Ok(Bytes::new()),
            got => got.map_err(|error| asked.error(&error))?,
        };
        let bytes = got.body.collect().await.map_err(|error| asked.unreached(&error))?;
        Ok(bytes.into_bytes())
    }

    /// Copies and removes, since S3 cannot move. Both only if the object is still the one that was looked at: another
    /// call may have moved it, and a new one been written.
    pub(super) async fn move_aside(&self, key: &str) -> Result<String, StoreError> {
        let bucket = &self.settings.bucket;
        let head = self.client.head_object().bucket(bucket).key(key).send().await;
        let head = head.map_err(|error| Asked::new("HeadObject", key).error(&error))?;
        let copy = Copying {
            from: key,
            to: format!("{SET_ASIDE}/{}/{key}", random::name()),
            source: escaped(&format!("{bucket}/{key}")),
            mark: head.e_tag().unwrap_or("*").to_owned(),
        };
        let bytes = head.content_length().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0);
        if bytes > self.copying.at_once {
            self.copy_in_parts(&copy, bytes).await?;
        } else {
            self.copy(&copy).await?;
        }
        self.client
            .delete_object()
            .bucket(bucket)
            .key(key)
            .if_match(copy.mark)
            .send()
            .await
            .map_err(|error| Asked::new("DeleteObject", key).error(&error))?;
        Ok(copy.to)
    }

    async fn copy(&self, copy: &Copying<'_>) -> Result<(), StoreError> {
        let request = self.client.copy_object().bucket(&self.settings.bucket).key(&copy.to);
        let request = request.copy_source(&copy.source).copy_source_if_match(&copy.mark);
        let sent = request.send().await;
        sent.map(drop).map_err(|error| Asked::new("CopyObject", copy.from).error(&error))
    }

    /// As a multipart upload whose parts S3 takes from the object itself.
    async fn copy_in_parts(&self, copy: &Copying<'_>, bytes: u64) -> Result<(), StoreError> {
        const LANES: usize = 8;
        let upload = self.create_upload(&copy.to).await?;
        let parts = self.copying.parts(bytes).map(|(number, range)| self.copy_part(copy, &upload, number, range));
        let copied = futures::stream::iter(parts).buffered(LANES).try_collect().await;
        let completed = match copied {
            Ok(parts) => {
                let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
                let request = self.client.complete_multipart_upload().bucket(&self.settings.bucket).key(&copy.to);
                let sent = request.upload_id(&upload.id.0).multipart_upload(parts).send().await;
                sent.map(drop).map_err(|error| Asked::new("CompleteMultipartUpload", copy.from).error(&error))
            }
            Err(error) => Err(error),
        };
        if completed.is_err() {
            // The next try begins its own; the bucket's rules remove what is left of this one.
            let _ = self.abort_upload(&upload).await;
        }
        completed
    }

    async fn copy_part(
        &self,
        copy: &Copying<'_>,
        upload: &Upload,
        number: i32,
        range: RangeInclusive<u64>,
    ) -> Result<CompletedPart, StoreError> {
        let request = self.client.upload_part_copy().bucket(&self.settings.bucket).key(&copy.to);
        let request = request.upload_id(&upload.id.0).part_number(number);
        let request = request.copy_source(&copy.source).copy_source_if_match(&copy.mark);
        let sent = request.copy_source_range(format!("bytes={}-{}", range.start(), range.end())).send().await;
        let sent = sent.map_err(|error| Asked::new("UploadPartCopy", copy.from).error(&error))?;
        let part = CompletedPart::builder().part_number(number);
        Ok(match sent.copy_part_result() {
            Some(copied) => part
                .set_e_tag(copied.e_tag().map(str::to_owned))
                .set_checksum_crc64_nvme(copied.checksum_crc64_nvme().map(str::to_owned))
                .build(),
            None => part.build(),
        })
    }
}

/// An object on its way to another key.
struct Copying<'a> {
    from: &'a str,
    to: String,
    /// Bucket and key, escaped.
    source: String,
    /// The object's ETag.
    mark: String,
}

/// From which size on an object is copied in parts, in bytes, and how large those are.
pub(super) struct CopyLimits {
    pub(super) at_once: u64,
    pub(super) part: u64,
}

/// The most that one CopyObject or UploadPartCopy takes is 5 GiB; parts are smaller, so that several go on at a time.
impl Default for CopyLimits {
    fn default() -> Self {
        Self { at_once: 5 << 30, part: 512 << 20 }
    }
}

impl CopyLimits {
    /// The parts of a large object, by number: at most 10,000.
    fn parts(&self, bytes: u64) -> impl Iterator<Item = (i32, RangeInclusive<u64>)> + use<> {
        let part = self.part.max(bytes.div_ceil(10_000));
        let starts =
            std::iter::successors(Some(0_u64), move |start| Some(start + part)).take_while(move |s| *s < bytes);
        (1..).zip(starts.map(move |start| start..=(start + part).min(bytes) - 1))
    }
}

/// Whether an error says that the object is there, or is being written.
pub(super) fn is_conflict(code: Option<&str>) -> bool {
    matches!(code, Some("PreconditionFailed" | "ConditionalRequestConflict"))
}

/// A copy's source stands in a header: S3 wants all but slashes and what URLs never escape written as %XX.
fn escaped(source: &str) -> String {
    source.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => text.push(byte.into()),
            _ => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_objects_are_copied_whole_in_parts_that_s3_takes() {
        const GIB: u64 = 1 << 30;
        for bytes in [5 * GIB + 1, 6 * GIB, 20 * GIB - 1, 5_000 * GIB, 48 * 1024 * GIB] {
            let mut next = 0;
            let mut last = 0;
            let limits = CopyLimits::default();
            for (number, range) in limits.parts(bytes) {
                assert_eq!((number, *range.start()), (last + 1, next));
                assert!(range.end() - range.start() < limits.at_once, "{bytes} {range:?}");
                (next, last) = (range.end() + 1, number);
            }
            assert_eq!(next, bytes);
            assert!(last <= 10_000, "{bytes} {last}");
        }
    }

    #[test]
    fn sources_are_escaped() {
        assert_eq!(escaped("bucket/a b/ü+%.wav"), "bucket/a%20b/%C3%BC%2B%25.wav");
    }
}

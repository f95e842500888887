//! Uploads in parts.

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart};

use super::answer::Asked;
use super::object::is_conflict;
use super::{S3Store, body, content_type};
use crate::{Body, Part, SentPart, StoreError, Stored, Upload, UploadId, Whole, crc64};

impl S3Store {
    pub(super) async fn create_upload(&self, key: &str) -> Result<Upload, StoreError> {
        let request = self.client.create_multipart_upload().bucket(&self.settings.bucket).key(key);
        let request = request.content_type(content_type::of(key));
        let request = match self.settings.full_object_checksums {
            true => request.checksum_algorithm(ChecksumAlgorithm::Crc64Nvme).checksum_type(ChecksumType::FullObject),
            false => request,
        };
        let asked = Asked::new("CreateMultipartUpload", key);
        let created = request.send().await.map_err(|error| asked.error(&error))?;
        match created.upload_id() {
            Some(id) => Ok(Upload { key: key.to_owned(), id: UploadId(id.to_owned()) }),
            None => Err(StoreError::Unreachable {
                operation: asked.operation,
                key: key.to_owned(),
                reason: "its answer was not understood".into(),
            }),
        }
    }

    pub(super) async fn upload_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError> {
        let mismatch = || StoreError::Mismatch { key: upload.key.clone(), part: Some(part.number) };
        let stream = body::stream(&body, part.bytes, mismatch).await?;
        let request = self
            .client
            .upload_part()
            .bucket(&self.settings.bucket)
            .key(&upload.key)
            .upload_id(&upload.id.0)
            .part_number(part.number.cast_signed())
            .body(stream);
        let request = match self.settings.full_object_checksums {
            true => request.checksum_crc64_nvme(crc64::to_text(part.crc64)),
            false => request,
        };
        let asked = Asked { part: Some(part.number), ..Asked::new("UploadPart", &upload.key) };
        match request.send().await {
            Ok(sent) => Ok(SentPart {
                number: part.number,
                bytes: part.bytes,
                crc64: self.settings.full_object_checksums.then_some(part.crc64),
                tag: asked.mark(sent.e_tag())?,
            }),
            Err(error) => {
                body::check(&body, mismatch).await?;
                Err(asked.error(&error))
            }
        }
    }

    pub(super) async fn list_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        let request = self.client.list_parts().bucket(&self.settings.bucket).key(&upload.key).upload_id(&upload.id.0);
        let mut parts = request.into_paginator().items().send();
        let mut sent = Vec::new();
        while let Some(part) = parts.next().await {
            let part = part.map_err(|error| Asked::new("ListParts", &upload.key).error(&error))?;
            sent.push(SentPart {
                number: part.part_number().and_then(|number| u32::try_from(number).ok()).unwrap_or(0),
                bytes: part.size().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0),
                crc64: part.checksum_crc64_nvme().and_then(crc64::from_text),
                tag: part.e_tag().unwrap_or_default().to_owned(),
            });
        }
        // As the port has it, and as S3 does it. Not every service does.
        sent.sort_by_key(|part| part.number);
        Ok(sent)
    }

    pub(super) async fn complete_upload(
        &self,
        upload: &Upload,
        parts: &[SentPart],
        whole: Whole,
    ) -> Result<Stored, StoreError> {
        if parts.iter().map(|part| part.bytes).sum::<u64>() != whole.bytes {
            return Err(StoreError::Mismatch { key: upload.key.clone(), part: None });
        }
        let checksums = self.settings.full_object_checksums;
        let named = parts.iter().map(|part| {
            CompletedPart::builder()
                .part_number(part.number.cast_signed())
                .e_tag(&part.tag)
                .set_checksum_crc64_nvme(part.crc64.filter(|_| checksums).map(crc64::to_text))
                .build()
        });
        let request = self
            .client
            .complete_multipart_upload()
            .bucket(&self.settings.bucket)
            .key(&upload.key)
            .upload_id(&upload.id.0)
            .if_none_match("*")
            .mpu_object_size(whole.bytes.cast_signed())
            .multipart_upload(CompletedMultipartUpload::builder().set_parts(Some(named.collect())).build());
        let request = match checksums {
            true => request.checksum_type(ChecksumType::FullObject).checksum_crc64_nvme(crc64::to_text(whole.crc64)),
            false => request,
        };
        match request.send().await {
            Ok(done) => match done.checksum_crc64_nvme().and_then(crc64::from_text) {
                Some(crc64) if checksums && crc64 != whole.crc64 => {
                    Err(StoreError::Mismatch { key: upload.key.clone(), part: None })
                }
                _ => Ok(self.stored(whole)),
            },
            Err(error) => {
                let conflict = is_conflict(error.code());
                match Asked::new("CompleteMultipartUpload", &upload.key).error(&error) {
                    // Someone else's upload came first, or the answer to this one got lost.
                    error @ (StoreError::NoSuchUpload { .. } | StoreError::Unreachable { .. }) => {
                        self.settle(&upload.key, whole, error).await
                    }
                    error if conflict => self.settle(&upload.key, whole, error).await,
                    error => Err(error),
                }
            }
        }
    }

    pub(super) async fn abort_upload(&self, upload: &Upload) -> Result<(), StoreError> {
        let request = self.client.abort_multipart_upload().bucket(&self.settings.bucket).key(&upload.key);
        match request.upload_id(&upload.id.0).send().await {
            Ok(_) => Ok(()),
            Err(error) => match Asked::new("AbortMultipartUpload", &upload.key).error(&error) {
                StoreError::NoSuchUpload { .. } => Ok(()),
                error => Err(error),
            },
        }
    }
}

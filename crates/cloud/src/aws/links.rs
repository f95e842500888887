use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::presigning::PresigningConfig;
use jiff::{SignedDuration, Timestamp};
use upload::{Part, Upload};

use super::failure;
use crate::api::wire::Link;
use crate::ports::{Links, PortError};

/// Links by S3's presigning. Making one asks nobody; it lasts no longer than the credentials that it is made with.
#[derive(Clone)]
pub struct S3Links {
    client: Client,
    renditions: String,
    masters: String,
}

impl S3Links {
    /// Links into two buckets.
    #[must_use]
    pub fn new(client: Client, renditions: String, masters: String) -> Self {
        Self { client, renditions, masters }
    }

    /// A label's renditions lie in one bucket, all else in the other.
    fn bucket(&self, key: &str) -> &str {
        match key.split('/').nth(1) {
            Some("renditions") => &self.renditions,
            _ => &self.masters,
        }
    }
}

/// For how long, and until when.
fn lasting(valid: Duration) -> Result<(PresigningConfig, Timestamp), PortError> {
    let now = Timestamp::now();
    let lasts = PresigningConfig::builder().start_time(now.into()).expires_in(valid).build();
    let lasts = lasts.map_err(|error| PortError::new("making a link", false, error))?;
    let valid = SignedDuration::try_from(valid).unwrap_or(SignedDuration::MAX);
    Ok((lasts, now.saturating_add(valid).unwrap_or(Timestamp::MAX)))
}

#[async_trait]
impl Links for S3Links {
    async fn read(&self, key: &str, valid: Duration) -> Result<Link, PortError> {
        let (lasts, expires) = lasting(valid)?;
        let request = self.client.get_object().bucket(self.bucket(key)).key(key);
        let signed = request.presigned(lasts).await.map_err(|error| failure::of(format!("linking to {key}"), error))?;
        Ok(Link { url: signed.uri().to_owned(), expires })
    }

    async fn part(&self, upload: &Upload, part: &Part, valid: Duration) -> Result<Link, PortError> {
        let (lasts, expires) = lasting(valid)?;
        let request = self
            .client
            .upload_part()
            .bucket(&self.masters)
            .key(&upload.key)
            .upload_id(&upload.id.0)
            .part_number(part.number.cast_signed())
            // Signed, so that no other length can be sent by the link. Whose bytes they are is told by the whole
            // object's checksum, when the upload is completed.
            .content_length(part.bytes.cast_signed());
        let signed = request.presigned(lasts).await;
        let signed = signed.map_err(|error| failure::of(format!("linking to a part of {}", upload.key), error))?;
        Ok(Link { url: signed.uri().to_owned(), expires })
    }
}

/// Without the client, which holds credentials.
impl fmt::Debug for S3Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Links").field("renditions", &self.renditions).finish_non_exhaustive()
    }
}

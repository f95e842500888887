//! S3, and services like it, as a store.
//!
//! Every write is conditional (`If-None-Match: *`), and what S3 keeps is checked by S3: each part and the whole object
//! against a CRC-64/NVME that was computed when the file was first read.

mod answer;
mod body;
mod content_type;
mod multipart;
mod object;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, ProvideCredentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    StalledStreamProtectionConfig,
};
use bytes::Bytes;

use object::CopyLimits;

use crate::key::{self, KeyError};
use crate::{Body, ObjectReader, ObjectStore, Part, Plan, SentPart, StoreError, Stored, Upload, Whole};

/// How long a transfer may stand still before the connection is given up. The SDK's 20 s break slow links off.
const STALLED_FOR: Duration = Duration::from_secs(120);

/// Which bucket, where, and what the service there can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Settings {
    /// The bucket's name.
    pub bucket: String,
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// Another service than AWS, as a URL; none for AWS.
    pub endpoint: Option<String>,
    /// The bucket stands in the path and not in the host's name, as services without wildcard names need it.
    pub path_style: bool,
    /// The service keeps and checks CRC-64/NVME checksums of whole objects, as AWS does. Said when the workspace is set
    /// up and never guessed from an answer. Without, whoever reads an object has to hash it.
    pub full_object_checksums: bool,
}

/// Tells what is in a bucket, for credentials that may write to it and not read from it: S3 itself answers those that
/// may read only.
#[async_trait]
pub trait Confirm: Send + Sync + fmt::Debug {
    /// As [`ObjectStore::confirm`].
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError>;
}

/// A bucket as a store.
pub struct S3Store {
    client: Client,
    settings: S3Settings,
    /// Who is asked what is there; S3 itself without.
    confirm: Option<Arc<dyn Confirm>>,
    copying: CopyLimits,
}

impl S3Store {
    /// A bucket that is there already, used with some credentials. Nothing is asked of it yet.
    #[must_use]
    pub fn new(settings: S3Settings, credentials: impl ProvideCredentials + 'static) -> Self {
        let mut config = aws_sdk_s3::Config::builder();
        config.set_endpoint_url(settings.endpoint.clone());
        let config = config
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region.clone()))
            .credentials_provider(credentials)
            .force_path_style(settings.path_style)
            // The checksums are this crate's own, explicit in every request: the SDK's would be CRC32, in a trailer.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            // One more try, for what only the SDK can mend, such as a wrong clock. The rest is `Retry`'s and the queue's: the
            // SDK's tries share a budget that runs dry.
            .retry_config(RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(100)))
            // No limit on a whole request: CompleteMultipartUpload may take minutes, and a part on a slow link too.
            .timeout_config(TimeoutConfig::builder().connect_timeout(Duration::from_secs(10)).build())
            .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(STALLED_FOR).build())
            .build();
        Self { client: Client::from_conf(config), settings, confirm: None, copying: CopyLimits::default() }
    }

    /// The same, asking someone else what is there: before sending, and after a conflict or a lost answer.
    #[must_use]
    pub fn confirmed_by(self, confirm: Arc<dyn Confirm>) -> Self {
        Self { confirm: Some(confirm), ..self }
    }

    /// The same, moving aside in parts what is larger than `at_once` bytes, each of `part` bytes. Else S3's own limit
    /// counts, 5 GiB, which no test reaches.
    #[must_use]
    pub fn copying_in_parts(self, at_once: u64, part: u64) -> Self {
        Self { copying: CopyLimits { at_once, part }, ..self }
    }

    /// What it was set up with.
    #[must_use]
    pub fn settings(&self) -> &S3Settings {
        &self.settings
    }
}

/// Without the client: it holds credentials.
impl fmt::Debug for S3Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Store").field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn checked(key: &str, check: fn(&str) -> Result<(), KeyError>) -> Result<(), StoreError> {
    check(key).map_err(|reason| StoreError::Key { key: key.to_owned(), reason })
}

#[async_trait]
impl ObjectStore for S3Store {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        checked(key, key::check_to_read)?;
        self.ask(key).await
    }

    async fn put(&self, key: &str, body: Body, whole: Whole) -> Result<Stored, StoreError> {
        checked(key, key::check)?;
        self.put_object(key, body, whole).await
    }

    async fn begin(&self, key: &str, _: &Plan) -> Result<Upload, StoreError> {
        checked(key, key::check)?;
        self.create_upload(key).await
    }

    async fn send_part(&self, upload: &Upload, part: &Part, body: Body) -> Result<SentPart, StoreError> {
        self.upload_part(upload, part, body).await
    }

    async fn sent_parts(&self, upload: &Upload) -> Result<Vec<SentPart>, StoreError> {
        self.list_parts(upload).await
    }

    async fn complete(&self, upload: &Upload, parts: &[SentPart], whole: Whole) -> Result<Stored, StoreError> {
        self.complete_upload(upload, parts, whole).await
    }

    async fn abort(&self, upload: &Upload) -> Result<(), StoreError> {
        self.abort_upload(upload).await
    }
}

#[async_trait]
impl ObjectReader for S3Store {
    async fn read(&self, key: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        checked(key, key::check_to_read)?;
        self.get_range(key, None, range).await
    }

    async fn read_version(&self, key: &str, version: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        checked(key, key::check_to_read)?;
        self.get_range(key, Some(version), range).await
    }

    async fn set_aside(&self, key: &str) -> Result<String, StoreError> {
        checked(key, key::check)?;
        self.move_aside(key).await
    }
}

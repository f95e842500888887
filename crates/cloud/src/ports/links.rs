use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use upload::{Part, Upload};

use super::PortError;
use crate::api::wire::Link;

/// Makes links to objects that need no sign-in while they last.
#[async_trait]
pub trait Links: Send + Sync + Debug {
    /// A link to read an object.
    async fn read(&self, key: &str, valid: Duration) -> Result<Link, PortError>;

    /// A link to send a part of an upload, of exactly its length. Whose bytes they are is told when the upload is
    /// completed, by the checksum of the whole.
    async fn part(&self, upload: &Upload, part: &Part, valid: Duration) -> Result<Link, PortError>;
}

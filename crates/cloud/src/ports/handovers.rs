use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;
use release::{Crc64, DeliveryId, Sha256};
use serde::{Deserialize, Serialize};
use upload::UploadId;

use super::PortError;
use crate::catalogue::ReleaseKey;

/// Deliveries that partners hand over by the API, between the first call and the last.
#[async_trait]
pub trait Handovers: Send + Sync + Debug {
    /// Keeps one at least until its time is over. Where there is one of the same delivery, that one stays. Answers with
    /// the one that is kept.
    async fn keep(&self, handover: &Handover) -> Result<Handover, PortError>;

    /// The one of a delivery, until its time is over.
    async fn load(&self, key: &ReleaseKey, delivery: DeliveryId, now: Timestamp)
    -> Result<Option<Handover>, PortError>;

    /// Forgets one; one that is gone already is success.
    async fn remove(&self, key: &ReleaseKey, delivery: DeliveryId) -> Result<(), PortError>;
}

/// A delivery whose files are being sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The release, of the label that hands it over.
    pub key: ReleaseKey,
    /// The delivery.
    pub delivery: DeliveryId,
    /// The manifest's text, to be written when all files are there.
    pub manifest: String,
    /// The uploads of the files that were not there.
    pub uploads: BTreeMap<Sha256, PendingUpload>,
    /// Until when it is kept.
    pub until: Timestamp,
}

/// An upload that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingUpload {
    /// The store's name for it.
    pub id: UploadId,
    /// Bytes a part; the last may be smaller.
    pub part_bytes: u64,
    /// The checksum of each part, in order; empty where nobody said them.
    pub parts: Vec<Crc64>,
}

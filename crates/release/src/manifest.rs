use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Asset, DeliveryId, Release, Sha256, Track, TrackId};

/// A delivery, as it is written to the store when all its assets are there.
///
/// It names assets by content and holds no keys: the cloud derives them from the label in the manifest's own key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: String,
    version: u32,
    /// This delivery.
    pub delivery: DeliveryId,
    /// The delivery that this one takes the place of; always of a smaller id.
    pub supersedes: Option<DeliveryId>,
    /// Follows the delivery through all logs.
    pub trace: String,
    /// When it was queued.
    pub created: Timestamp,
    /// The release, as it was checked.
    pub release: Release,
}

/// Why bytes are not a manifest that this version reads.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// Not JSON, or not of the manifest's shape.
    #[error("not a delivery manifest: {0}")]
    Shape(#[from] serde_json::Error),
    /// JSON of another kind.
    #[error("the format is \"{0}\", and \"{FORMAT}\" was expected")]
    Format(String),
    /// Of a version that this program does not know.
    #[error("version {0} of the manifest is not known here; version {VERSION} is")]
    Version(u32),
    /// Names itself or a later delivery as its predecessor.
    #[error("delivery {delivery} cannot supersede {supersedes}, which is not older")]
    Order {
        /// The manifest's own id.
        delivery: DeliveryId,
        /// The id that it claims to supersede.
        supersedes: DeliveryId,
    },
    /// Names two tracks by one id.
    #[error("two tracks have the id {0}")]
    TrackTwice(TrackId),
}

const FORMAT: &str = "lacquer.delivery";
const VERSION: u32 = 1;

impl Manifest {
    /// The manifest of a delivery.
    #[must_use]
    pub fn new(delivery: DeliveryId, supersedes: Option<DeliveryId>, created: Timestamp, release: Release) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            delivery,
            supersedes,
            trace: delivery.to_string(),
            created,
            release,
        }
    }

    /// The bytes to store: JSON that people can read, the same for the same manifest.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("a manifest always serialises");
        json.push(b'\n');
        json
    }

    /// Reads a stored manifest.
    ///
    /// # Errors
    /// Where the bytes are not a manifest, or one of a version that is not known, or one that supersedes a later one.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        // The head first: a later version may have fields that this one would call unknown.
        let head: Head = serde_json::from_slice(bytes)?;
        if head.format != FORMAT {
            return Err(ManifestError::Format(head.format));
        }
        if head.version != VERSION {
            return Err(ManifestError::Version(head.version));
        }
        let manifest: Self = serde_json::from_slice(bytes)?;
        match (manifest.supersedes, first_repeated(&manifest.release.tracks)) {
            (Some(supersedes), _) if supersedes >= manifest.delivery => {
                Err(ManifestError::Order { delivery: manifest.delivery, supersedes })
            }
            (_, Some(track)) => Err(ManifestError::TrackTwice(track)),
            _ => Ok(manifest),
        }
    }

    /// Every file that must be in the store before this manifest.
    #[must_use]
    pub fn assets(&self) -> Vec<&Asset> {
        self.release.assets()
    }

    /// A hash over the release's metadata and assets: what a decision on this delivery is about.
    #[must_use]
    pub fn metadata_hash(&self) -> Sha256 {
        self.release.metadata_hash()
    }
}

impl Release {
    /// A hash over all that the release says, and its assets.
    #[must_use]
    pub fn metadata_hash(&self) -> Sha256 {
        Sha256::of(&serde_json::to_vec(self).expect("a release always serialises"))
    }
}

fn first_repeated(tracks: &[Track]) -> Option<TrackId> {
    let mut seen = HashSet::new();
    tracks.iter().map(|track| track.id).find(|id| !seen.insert(*id))
}

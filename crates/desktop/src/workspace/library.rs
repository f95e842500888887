//! What was delivered and what was made of it: to be heard, seen and read.

use std::path::PathBuf;

use bytes::Bytes;
use release::{Asset, DeliveryId, LabelId, Manifest, ReleaseId, keys};
use thiserror::Error;

use super::aws::{ApiError, Cloud};
use super::{ReleaseView, RenditionView};
use crate::blocking::blocking;
use crate::player::Sound;

/// What a workspace holds of releases.
#[derive(Debug, Clone)]
pub(crate) enum Library {
    /// In folders of this machine.
    Here { label: LabelId, masters: PathBuf, renditions: PathBuf },
    /// In the label's own cloud.
    Cloud(Cloud),
}

/// A picture, wherever it is.
#[derive(Debug, Clone)]
pub(crate) enum Picture {
    File(PathBuf),
    Bytes(Bytes),
}

/// Why something that was delivered cannot be read.
#[derive(Debug, Error)]
pub(crate) enum LibraryError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error("{0}")]
    Disk(std::io::Error),
    #[error("{0}")]
    Manifest(String),
}

impl Library {
    /// The file of a master or picture that was delivered, where it is on this machine.
    pub(crate) fn file(&self, asset: &Asset) -> Option<PathBuf> {
        match self {
            Self::Here { label, masters, .. } => Some(masters.join(keys::asset(label, asset))),
            Self::Cloud(_) => None,
        }
    }

    /// A rendition as something to hear; none until it is made.
    pub(crate) fn rendition(&self, release: ReleaseId, rendition: &RenditionView) -> Option<Sound> {
        rendition.facts.as_ref()?;
        match self {
            Self::Here { renditions, .. } => Some(Sound::File(renditions.join(&rendition.key))),
            Self::Cloud(cloud) => cloud.rendition(release, rendition),
        }
    }

    /// The manifest of a release's current delivery.
    pub(crate) async fn manifest(&self, view: &ReleaseView) -> Result<Manifest, LibraryError> {
        let (release, delivery): (ReleaseId, DeliveryId) = (view.key.release, view.delivery);
        let bytes: Bytes = match self {
            Self::Here { label, masters, .. } => {
                let path = masters.join(keys::manifest(label, release, delivery));
                blocking(move || std::fs::read(path)).await.map_err(LibraryError::Disk)?.into()
            }
            Self::Cloud(cloud) => cloud.manifest(release, delivery).await?,
        };
        Manifest::from_json(&bytes).map_err(|error| LibraryError::Manifest(error.to_string()))
    }

    /// The picture of a release's current delivery.
    pub(crate) async fn artwork(&self, release: ReleaseId, asset: &Asset) -> Result<Picture, LibraryError> {
        match self {
            Self::Here { label, masters, .. } => Ok(Picture::File(masters.join(keys::asset(label, asset)))),
            Self::Cloud(cloud) => Ok(Picture::Bytes(cloud.artwork(release).await?)),
        }
    }
}

//! The layout of objects in a store. Every key starts with its label, and is derived from it: a manifest holds none.

use crate::{Asset, DeliveryId, LabelId, Profile, Recipe, ReleaseId, Sha256};

/// The suffix of manifests: what the cloud reacts to.
pub const MANIFEST_SUFFIX: &str = ".delivery.json";

/// Where the bytes of an asset lie: `{label}/assets/{sha256}.{ext}`, written once.
#[must_use]
pub fn asset(label: &LabelId, asset: &Asset) -> String {
    asset_of(label, asset.sha256, &asset.extension)
}

/// As [`asset`], of the parts.
#[must_use]
pub fn asset_of(label: &LabelId, sha256: Sha256, extension: &str) -> String {
    format!("{label}/assets/{sha256}.{extension}")
}

/// Where a delivery's manifest lies: `{label}/releases/{release}/deliveries/{delivery}.delivery.json`, written last.
#[must_use]
pub fn manifest(label: &LabelId, release: ReleaseId, delivery: DeliveryId) -> String {
    format!("{label}/releases/{release}/deliveries/{delivery}{MANIFEST_SUFFIX}")
}

/// Where a rendition lies: `{label}/renditions/{recipe}.{ext}`.
#[must_use]
pub fn rendition(label: &LabelId, recipe: Recipe, profile: &Profile) -> String {
    format!("{label}/renditions/{recipe}.{}", profile.extension)
}

/// What a manifest's key says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestKey {
    /// Whose it is.
    pub label: LabelId,
    /// Which release it delivers.
    pub release: ReleaseId,
    /// Which delivery it is.
    pub delivery: DeliveryId,
}

impl ManifestKey {
    /// Reads a manifest's key; none for any other key, in whatever way it differs.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        let mut parts = key.split('/');
        let (label, releases, release) = (parts.next()?, parts.next()?, parts.next()?);
        let (deliveries, file) = (parts.next()?, parts.next()?);
        if releases != "releases" || deliveries != "deliveries" || parts.next().is_some() {
            return None;
        }
        Some(Self {
            label: label.parse().ok()?,
            release: release.parse().ok()?,
            delivery: file.strip_suffix(MANIFEST_SUFFIX)?.parse().ok()?,
        })
    }
}

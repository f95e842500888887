//! What was delivered, and what was made of it, read from the cloud.

use std::sync::Arc;

use bytes::Bytes;
use cloud::RenditionView;
use release::{DeliveryId, ReleaseId};

use super::links::Linked;
use super::{ApiError, Cloud};
use crate::player::{Elsewhere, Sound};

/// No picture is larger.
const PICTURE: u64 = 64 * 1024 * 1024;

impl Cloud {
    /// A rendition as something to hear, once it is made.
    pub(crate) fn rendition(&self, release: ReleaseId, rendition: &RenditionView) -> Option<Sound> {
        let bytes = rendition.facts.as_ref()?.sound.bytes;
        let (recipe, profile) = (rendition.recipe.to_string(), rendition.profile.clone());
        let name = format!("{recipe}/{profile}");
        let path = vec!["renditions".to_owned(), recipe, profile];
        let linked = self.linked(path, vec![("release", release.to_string())]);
        Some(Sound::Elsewhere(Elsewhere::new(name, bytes, Arc::new(linked), self.0.read_ahead.clone())))
    }

    /// The manifest of a delivery, as it was written.
    pub(crate) async fn manifest(&self, release: ReleaseId, delivery: DeliveryId) -> Result<Bytes, ApiError> {
        let (name, cache) = (delivery.to_string(), &self.0.cache);
        if let Some(known) = cache.manifest(release, &name).await {
            return Ok(known.into());
        }
        let read = self.0.api.get_bytes(&["releases", &release.to_string(), "manifest"]).await?;
        // A newer one may have come meanwhile.
        if release::Manifest::from_json(&read).is_ok_and(|manifest| manifest.delivery == delivery) {
            cache.save_manifest(release, &name, &read).await;
        }
        Ok(read)
    }

    /// The picture of a release's current delivery.
    pub(crate) async fn artwork(&self, release: ReleaseId) -> Result<Bytes, ApiError> {
        let path = vec!["releases".to_owned(), release.to_string(), "artwork".to_owned()];
        self.linked(path, Vec::new()).whole(PICTURE).await
    }

    fn linked(&self, path: Vec<String>, query: Vec<(&'static str, String)>) -> Linked {
        Linked::new(self.0.api.clone(), Arc::clone(&self.0.carrier), Arc::clone(&self.0.clock), path, query)
    }
}

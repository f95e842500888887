//! Where masters and manifests go: the label's bucket, with the account's own credentials.

use std::sync::Arc;

use async_trait::async_trait;
use cloud::api::wire::ObjectThere;
use release::LabelId;
use upload::{Confirm, ObjectStore, S3Settings, S3Store, StoreError, Stored};

use super::api::ApiClient;
use crate::account::{Account, Deployment};

/// The store of a deployment's masters.
pub(super) fn masters(account: &Account, api: &ApiClient, label: &LabelId) -> Arc<dyn ObjectStore> {
    let api = ApiConfirm { api: api.clone(), label: label.clone() };
    Arc::new(S3Store::new(settings(account.deployment()), account.credentials()).confirmed_by(Arc::new(api)))
}

fn settings(deployment: &Deployment) -> S3Settings {
    S3Settings {
        bucket: deployment.masters.clone(),
        region: deployment.region.clone(),
        endpoint: deployment.endpoints.s3.clone(),
        // A service elsewhere has no names for buckets.
        path_style: deployment.endpoints.s3.is_some(),
        full_object_checksums: deployment.object_checksums,
    }
}

/// Has the API tell what is there: an account may write masters, and not read them.
#[derive(Debug)]
struct ApiConfirm {
    api: ApiClient,
    label: LabelId,
}

#[async_trait]
impl Confirm for ApiConfirm {
    async fn confirm(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let own = format!("{}/", self.label);
        let Some(rest) = key.strip_prefix(&own) else { return Ok(None) };
        let path: Vec<&str> = std::iter::once("objects").chain(rest.split('/')).collect();
        match self.api.get::<ObjectThere>(&path, &[]).await {
            Ok(there) => Ok(Some(Stored { bytes: there.bytes, crc64: there.crc64.map(|crc64| crc64.0) })),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.of_store(key)),
        }
    }
}

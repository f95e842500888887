//! A workspace on this machine: folders and SQLite in its home, and the cloud's stages in this process.

use std::path::PathBuf;
use std::sync::Arc;

use cloud::catalogue::Decision;
use cloud::local::{LocalCloud, Settings, Worker};
use cloud::ports::Clock;
use release::{LabelId, ReleaseId};
use thiserror::Error;
use tokio::sync::watch;
use upload::ObjectStore;

use super::{CloudView, WorkspaceFile};
use crate::blocking::blocking;
use crate::home::Home;

/// A workspace in a folder.
#[derive(Debug)]
pub(crate) struct Local {
    label: LabelId,
    renditions: PathBuf,
    cloud: LocalCloud,
    worker: Worker,
}

/// Why a workspace's cloud does not do what it is asked.
#[derive(Debug, Error)]
pub enum CloudError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] cloud::local::OpenError),
    /// It refuses, or fails.
    #[error(transparent)]
    Local(#[from] cloud::local::CloudError),
}

impl Local {
    pub(super) async fn open(home: &Home, file: &WorkspaceFile, clock: Arc<dyn Clock>) -> Result<Self, CloudError> {
        let root = home.root().to_owned();
        let settings = Settings { label: file.label.clone(), review: file.review };
        let cloud = blocking(move || LocalCloud::open(&root, settings, clock)).await?;
        let worker = cloud.spawn();
        Ok(Self { label: file.label.clone(), renditions: home.renditions(), cloud, worker })
    }

    pub(super) fn label(&self) -> &LabelId {
        &self.label
    }

    pub(super) fn store(&self) -> Arc<dyn ObjectStore> {
        self.cloud.masters()
    }

    pub(super) fn notice(&self) {
        self.cloud.notice();
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.cloud.changes()
    }

    pub(super) async fn read(&self) -> Result<CloudView, CloudError> {
        Ok(CloudView {
            releases: self.cloud.releases().await?,
            transcodes: self.cloud.progress(),
            subscriptions: self.cloud.subscriptions().await?,
            mails: self.cloud.mails().await?,
        })
    }

    pub(super) fn renditions(&self) -> PathBuf {
        self.renditions.clone()
    }

    pub(super) async fn subscribe(&self, artist: &str, email: &str) -> Result<bool, CloudError> {
        Ok(self.cloud.subscribe(artist, email).await?)
    }

    pub(super) async fn unsubscribe(&self, artist: &str, email: &str) -> Result<bool, CloudError> {
        Ok(self.cloud.unsubscribe(artist, email).await?)
    }

    pub(super) async fn decide(&self, decision: Decision) -> Result<(), CloudError> {
        Ok(self.cloud.decide(decision).await?)
    }

    pub(super) async fn withdraw(&self, release: ReleaseId, reason: &str) -> Result<(), CloudError> {
        Ok(self.cloud.withdraw(release, reason).await?)
    }

    pub(super) async fn try_again(&self, release: ReleaseId) -> Result<(), CloudError> {
        Ok(self.cloud.try_again(release).await?)
    }

    pub(super) async fn stop(self) {
        self.worker.stop().await;
    }
}

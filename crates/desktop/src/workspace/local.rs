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
    home: Home,
    label: LabelId,
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
        let label = file.label.clone();
        let settings = Settings { label: label.clone(), review: file.review, artists_mail: file.artists_mail };
        let root = home.root().to_owned();
        let cloud = blocking(move || LocalCloud::open(&root, settings, clock)).await?;
        let worker = cloud.spawn();
        Ok(Self { home: home.clone(), label, cloud, worker })
    }

    /// Takes what was changed of the workspace. What runs goes on.
    pub(super) fn set(&self, file: &WorkspaceFile) {
        self.cloud.set_review(file.review);
        self.cloud.set_artists_mail(file.artists_mail);
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

    pub(super) fn read(&self) -> impl Future<Output = Result<CloudView, CloudError>> + Send + 'static {
        let cloud = self.cloud.clone();
        async move {
            Ok(CloudView {
                releases: cloud.releases().await?,
                // Asked for after the releases: one that is live then has its news in the outbox, or told.
                telling: cloud.telling().await?,
                transcodes: cloud.progress(),
                subscriptions: cloud.subscriptions().await?,
                mails: cloud.mails().await?,
                trouble: cloud.trouble(),
            })
        }
    }

    pub(super) fn masters(&self) -> PathBuf {
        self.home.masters()
    }

    pub(super) fn renditions(&self) -> PathBuf {
        self.home.renditions()
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

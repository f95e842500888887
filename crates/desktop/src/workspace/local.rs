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
    settings: Settings,
    clock: Arc<dyn Clock>,
    cloud: LocalCloud,
    /// None only while the cloud takes new settings.
    worker: Option<Worker>,
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
        let settings = settings(file);
        let cloud = open(home, settings.clone(), Arc::clone(&clock)).await?;
        let worker = Some(cloud.spawn());
        Ok(Self { home: home.clone(), settings, clock, cloud, worker })
    }

    /// Takes what was changed of the workspace. The stages are given it when they start: they are stopped, and go on
    /// where they were.
    pub(super) async fn set(&mut self, file: &WorkspaceFile) -> Result<(), CloudError> {
        let settings = settings(file);
        if settings == self.settings {
            return Ok(());
        }
        if let Some(worker) = self.worker.take() {
            worker.stop().await;
        }
        let opened = open(&self.home, settings.clone(), Arc::clone(&self.clock)).await;
        if let Ok(cloud) = &opened {
            (self.cloud, self.settings) = (cloud.clone(), settings);
        }
        self.worker = Some(self.cloud.spawn());
        opened.map(drop)
    }

    pub(super) fn label(&self) -> &LabelId {
        &self.settings.label
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
        if let Some(worker) = self.worker {
            worker.stop().await;
        }
    }
}

fn settings(file: &WorkspaceFile) -> Settings {
    Settings { label: file.label.clone(), review: file.review }
}

async fn open(home: &Home, settings: Settings, clock: Arc<dyn Clock>) -> Result<LocalCloud, CloudError> {
    let root = home.root().to_owned();
    Ok(blocking(move || LocalCloud::open(&root, settings, clock)).await?)
}

//! Where a label's releases go. The session asks a workspace, and does not know which kind it is.

mod file;
mod local;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use cloud::catalogue::Decision;
use cloud::ports::Clock;
use release::{LabelId, ReleaseId};
use tokio::sync::watch;
use upload::ObjectStore;

pub use cloud::catalogue::{Reason, State};
pub use cloud::local::{JobProgress as Transcode, MailView as Mail};
pub use cloud::ports::Subscription;
pub use cloud::{ReleaseView, RenditionView, TrackView, Waiting};
pub use file::{WorkspaceError, WorkspaceFile};
pub use local::CloudError;

use crate::home::Home;
use local::Local;

/// A workspace of some kind.
#[derive(Debug)]
pub(crate) enum Workspace {
    /// A folder on this machine, with its cloud in this process.
    Local(Local),
}

/// All that a workspace's cloud shows.
#[derive(Debug)]
pub(crate) struct CloudView {
    pub(crate) releases: Vec<Arc<ReleaseView>>,
    pub(crate) telling: BTreeSet<ReleaseId>,
    pub(crate) transcodes: Vec<Transcode>,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) mails: Vec<Mail>,
    /// What keeps the cloud from working at this moment, in words.
    pub(crate) trouble: Option<String>,
}

impl Workspace {
    /// Opens the workspace of a folder, and starts its cloud.
    pub(crate) async fn open(home: &Home, file: &WorkspaceFile, clock: Arc<dyn Clock>) -> Result<Self, CloudError> {
        Local::open(home, file, clock).await.map(Self::Local)
    }

    /// The first part of every key.
    pub(crate) fn label(&self) -> &LabelId {
        let Self::Local(local) = self;
        local.label()
    }

    /// Where masters and manifests go.
    pub(crate) fn store(&self) -> Arc<dyn ObjectStore> {
        let Self::Local(local) = self;
        local.store()
    }

    /// Tells the cloud that a manifest may have arrived. AWS tells itself.
    pub(crate) fn notice(&self) {
        let Self::Local(local) = self;
        local.notice();
    }

    /// Changes whenever there is something new to read.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        let Self::Local(local) = self;
        local.changes()
    }

    /// Reads all that the cloud shows.
    pub(crate) fn read(&self) -> impl Future<Output = Result<CloudView, CloudError>> + Send + 'static {
        let Self::Local(local) = self;
        local.read()
    }

    /// Takes what was changed of the workspace.
    pub(crate) fn set(&self, file: &WorkspaceFile) {
        let Self::Local(local) = self;
        local.set(file);
    }

    /// Where what was delivered lies, where that is a folder on this machine.
    pub(crate) fn masters(&self) -> Option<PathBuf> {
        let Self::Local(local) = self;
        Some(local.masters())
    }

    /// Where renditions lie, where that is a folder on this machine.
    pub(crate) fn renditions(&self) -> Option<PathBuf> {
        let Self::Local(local) = self;
        Some(local.renditions())
    }

    pub(crate) async fn subscribe(&self, artist: &str, email: &str) -> Result<bool, CloudError> {
        let Self::Local(local) = self;
        local.subscribe(artist, email).await
    }

    pub(crate) async fn unsubscribe(&self, artist: &str, email: &str) -> Result<bool, CloudError> {
        let Self::Local(local) = self;
        local.unsubscribe(artist, email).await
    }

    pub(crate) async fn decide(&self, decision: Decision) -> Result<(), CloudError> {
        let Self::Local(local) = self;
        local.decide(decision).await
    }

    pub(crate) async fn withdraw(&self, release: ReleaseId, reason: &str) -> Result<(), CloudError> {
        let Self::Local(local) = self;
        local.withdraw(release, reason).await
    }

    pub(crate) async fn try_again(&self, release: ReleaseId) -> Result<(), CloudError> {
        let Self::Local(local) = self;
        local.try_again(release).await
    }

    /// Ends its cloud's work where it is.
    pub(crate) async fn stop(self) {
        let Self::Local(local) = self;
        local.stop().await;
    }
}

//! A workspace on this machine: folders and SQLite in its home, and the cloud's stages in this process.

use std::sync::Arc;

use cloud::local::{LocalCloud, Settings, Worker};
use cloud::ports::Clock;
use release::LabelId;
use tokio::sync::watch;
use upload::ObjectStore;

use super::{CloudError, CloudView, Library, Mail, Order, Subscription, WorkspaceFile};
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
                subscriptions: cloud.subscriptions().await?.into_iter().map(Subscription::of_local).collect(),
                mails: cloud.mails().await?.into_iter().map(Mail::of_letter).collect(),
                trouble: cloud.trouble(),
                settings: None,
                cloud: None,
            })
        }
    }

    pub(super) fn library(&self) -> Library {
        Library::Here { label: self.label.clone(), masters: self.home.masters(), renditions: self.home.renditions() }
    }

    pub(super) fn order(&self, order: Order) -> impl Future<Output = Result<bool, CloudError>> + Send + 'static {
        let cloud = self.cloud.clone();
        async move {
            match order {
                Order::Decide(decision) => cloud.decide(*decision).await?,
                Order::Withdraw { release, reason } => cloud.withdraw(release, &reason).await?,
                Order::TryAgain(release) => cloud.try_again(release).await?,
                Order::Subscribe { artist, email } => return Ok(cloud.subscribe(&artist, &email).await?),
                Order::Unsubscribe { artist, email } => return Ok(cloud.unsubscribe(&artist, &email).await?),
                Order::Confirm { .. } | Order::Resend { .. } => return Err(CloudError::NothingToConfirm),
                // What is set is in the workspace's file, which is taken by `set`.
                Order::SetLabel(_) => {}
                // All of it is seen as it happens.
                Order::SeeNews => {}
                Order::MapArtists { .. } => return Err(CloudError::NoAccounts),
            }
            Ok(true)
        }
    }

    pub(super) async fn stop(self) {
        self.worker.stop().await;
    }
}

//! Where a label's releases go. The session asks a workspace, and does not know which kind it is.

mod aws;
mod error;
mod file;
mod library;
mod local;
mod mail;
mod status;

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::api::wire::{ArtistAccount, LabelSettings};
use cloud::catalogue::Decision;
use cloud::ports::Clock;
use futures::future::BoxFuture;
use release::{LabelId, ReleaseId};
use tokio::sync::watch;
use upload::ObjectStore;

pub use aws::{ApiError, SignInNeeded};
pub use cloud::api::wire::{FollowState, Role};
pub use cloud::catalogue::{Reason, State};
pub use cloud::local::JobProgress as Transcode;
pub use cloud::{ReleaseView, RenditionView, TrackView, Waiting};
pub use error::CloudError;
pub use file::{WorkspaceError, WorkspaceFile, WorkspacePlace};
pub(crate) use library::{Library, LibraryError, Picture};
pub use mail::{Mail, Subscription};
pub use status::{CloudStatus, CloudTrouble};

use crate::account::Account;
use crate::home::Home;
use aws::Aws;
use local::Local;

/// A workspace of some kind.
#[derive(Debug)]
pub(crate) enum Workspace {
    /// A folder on this machine, with its cloud in this process.
    Local(Local),
    /// The label's own cloud.
    Aws(Aws),
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
    /// How the label works, where the cloud says so.
    pub(crate) settings: Option<LabelSettings>,
    /// How it stands with the cloud, where it is not in this process.
    pub(crate) cloud: Option<CloudStatus>,
}

/// What somebody has a workspace's cloud do.
#[derive(Debug)]
pub(crate) enum Order {
    Decide(Box<Decision>),
    Withdraw {
        release: ReleaseId,
        reason: String,
    },
    TryAgain(ReleaseId),
    /// True where it is new.
    Subscribe {
        artist: String,
        email: String,
    },
    /// True where there was one.
    Unsubscribe {
        artist: String,
        email: String,
    },
    Confirm {
        artist: String,
        email: String,
        pasted: String,
    },
    Resend {
        artist: String,
        email: String,
    },
    SetLabel(LabelSettings),
    MapArtists {
        email: String,
        artists: Vec<String>,
    },
    /// Ask what is new, where the cloud is not in this process.
    SeeNews,
}

impl Workspace {
    /// Opens the workspace of a folder, and starts its cloud. A cloud that is not in this process needs an account.
    pub(crate) async fn open(
        home: &Home,
        file: &WorkspaceFile,
        account: Option<Account>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CloudError> {
        match account {
            Some(account) => Aws::open(home, &file.label, account, clock).await.map(Self::Aws),
            None => Local::open(home, file, clock).await.map(Self::Local),
        }
    }

    /// The first part of every key.
    pub(crate) fn label(&self) -> &LabelId {
        match self {
            Self::Local(local) => local.label(),
            Self::Aws(aws) => aws.cloud().label(),
        }
    }

    /// Where masters and manifests go.
    pub(crate) fn store(&self) -> Arc<dyn ObjectStore> {
        match self {
            Self::Local(local) => local.store(),
            Self::Aws(aws) => aws.cloud().store(),
        }
    }

    /// Tells the cloud that a manifest may have arrived, or that somebody wants to see what is new.
    pub(crate) fn notice(&self) {
        match self {
            Self::Local(local) => local.notice(),
            Self::Aws(aws) => aws.cloud().nudge(),
        }
    }

    /// Changes whenever there is something new to read.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        match self {
            Self::Local(local) => local.changes(),
            Self::Aws(aws) => aws.cloud().changes(),
        }
    }

    /// Reads all that the cloud shows. It is at hand: no network is asked.
    pub(crate) fn read(&self) -> BoxFuture<'static, Result<CloudView, CloudError>> {
        match self {
            Self::Local(local) => Box::pin(local.read()),
            Self::Aws(aws) => {
                let cloud = aws.cloud().clone();
                Box::pin(async move { Ok(cloud.view()) })
            }
        }
    }

    /// Takes what was changed of the workspace on this machine.
    pub(crate) fn set(&self, file: &WorkspaceFile) {
        match self {
            Self::Local(local) => local.set(file),
            // Its settings are the cloud's.
            Self::Aws(_) => {}
        }
    }

    /// What was delivered, and what was made of it.
    pub(crate) fn library(&self) -> Library {
        match self {
            Self::Local(local) => local.library(),
            Self::Aws(aws) => Library::Cloud(aws.cloud().clone()),
        }
    }

    /// Has something done. It may take as long as the network does.
    pub(crate) fn order(&self, order: Order) -> BoxFuture<'static, Result<bool, CloudError>> {
        match self {
            Self::Local(local) => Box::pin(local.order(order)),
            Self::Aws(aws) => Box::pin(obey(aws.cloud().clone(), order)),
        }
    }

    /// The artists of each artist's account.
    pub(crate) fn artist_accounts(&self) -> BoxFuture<'static, Result<Vec<ArtistAccount>, CloudError>> {
        match self {
            Self::Local(_) => Box::pin(async { Err(CloudError::NoAccounts) }),
            Self::Aws(aws) => {
                let cloud = aws.cloud().clone();
                Box::pin(async move { cloud.artist_accounts().await })
            }
        }
    }

    /// Ends its cloud's work where it is.
    pub(crate) async fn stop(self) {
        match self {
            Self::Local(local) => local.stop().await,
            Self::Aws(aws) => aws.stop().await,
        }
    }
}

async fn obey(cloud: aws::Cloud, order: Order) -> Result<bool, CloudError> {
    match order {
        Order::Decide(decision) => cloud.decide(*decision).await?,
        Order::Withdraw { release, reason } => cloud.withdraw(release, &reason).await?,
        Order::TryAgain(release) => cloud.try_again(release).await?,
        Order::Subscribe { artist, email } => return cloud.subscribe(&artist, &email).await,
        Order::Unsubscribe { artist, email } => return cloud.unsubscribe(&artist, &email).await,
        Order::Confirm { artist, email, pasted } => cloud.confirm(&artist, &email, &pasted).await?,
        Order::Resend { artist, email } => cloud.resend(&artist, &email).await?,
        Order::SetLabel(settings) => cloud.set_label(&settings).await?,
        Order::MapArtists { email, artists } => cloud.map_artists(&email, artists).await?,
        Order::SeeNews => cloud.see_news().await,
    }
    Ok(true)
}

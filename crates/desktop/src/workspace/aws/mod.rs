//! A workspace in a label's own cloud: masters go to its bucket, and everything else is asked of its API. What was last
//! heard is kept on disk, so that a start without a network shows it.

mod api;
mod asking;
mod cache;
mod error;
mod links;
mod orders;
mod polling;
mod reading;
mod store;
mod telling;

#[cfg(test)]
mod carried;
#[cfg(test)]
pub(super) mod sample;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use cloud::ReleaseView;
use cloud::api::wire::{LabelSettings, Role};
use cloud::ports::Clock;
use jiff::Timestamp;
use release::{LabelId, ReleaseId};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use upload::ObjectStore;

use super::{CloudError, CloudStatus, CloudTrouble, CloudView, Mail, Subscription};
use crate::account::{Account, AccountError, AccountView, Secret};
use crate::blocking::blocking;
use crate::home::Home;
use crate::player::ReadAhead;
use api::{ApiClient, Carry, Tokens};
use cache::{Cache, Heard};
pub use error::{ApiError, SignInNeeded};

/// A workspace in a cloud.
#[derive(Debug)]
pub(crate) struct Aws {
    cloud: Cloud,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// The cloud of a workspace. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Cloud(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    label: LabelId,
    account: Account,
    api: ApiClient,
    /// Brings what is asked by links, which need no sign-in.
    carrier: Arc<dyn Carry>,
    store: Arc<dyn ObjectStore>,
    clock: Arc<dyn Clock>,
    cache: Cache,
    known: Mutex<Known>,
    changed: watch::Sender<u64>,
    /// Rung when it is worth asking at once.
    nudge: Notify,
    /// Whether somebody did something whose effect is to be seen soon.
    is_eager: AtomicBool,
    /// Held by whoever asks what is new.
    asking: tokio::sync::Mutex<asking::Tags>,
    read_ahead: ReadAhead,
}

/// What is known of the cloud.
#[derive(Debug, Default)]
struct Known {
    heard: Heard,
    releases: BTreeMap<ReleaseId, Arc<ReleaseView>>,
    /// Those whose followers are being told.
    telling: BTreeSet<ReleaseId>,
    /// Why it is not followed at the moment.
    trouble: Option<ApiError>,
}

impl Aws {
    /// Opens a workspace of a deployment with its account. The network is not asked: what was last heard is shown, until
    /// the cloud answers.
    pub(super) async fn open(
        home: &Home,
        label: &LabelId,
        account: Account,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CloudError> {
        let base = account.deployment().api.clone();
        let path = home.cloud_cache();
        let tokens: Arc<dyn Tokens> = Arc::new(account.clone());
        // Building clients reads the system's certificates, and the cache is on a disk.
        let (clients, (cache, heard, releases)) = blocking(move || {
            let carrier = api::http().map(|http| Arc::new(http) as Arc<dyn Carry>);
            let clients =
                carrier.and_then(|carrier| Ok((ApiClient::new(&base, tokens, Arc::clone(&carrier))?, carrier)));
            (clients, Cache::open(&path))
        })
        .await;
        let (api, carrier) = clients?;
        let store = store::masters(&account, &api, label);
        let releases = releases.into_iter().map(|view| (view.key.release, Arc::new(view))).collect();
        let known = Mutex::new(Known { heard, releases, ..Known::default() });
        let inside = Inside {
            label: label.clone(),
            account,
            api,
            carrier,
            store,
            clock,
            cache,
            known,
            changed: watch::Sender::new(0),
            nudge: Notify::new(),
            is_eager: AtomicBool::new(true),
            asking: tokio::sync::Mutex::default(),
            read_ahead: ReadAhead::default(),
        };
        let (cloud, stop, tasks) = (Cloud(Arc::new(inside)), CancellationToken::new(), TaskTracker::new());
        let (following, until) = (cloud.clone(), stop.clone());
        tasks.spawn(async move {
            let both = async { tokio::join!(following.follow(), following.show_account()) };
            until.run_until_cancelled(both).await
        });
        Ok(Self { cloud, stop, tasks })
    }

    pub(super) fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    pub(super) async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Cloud {
    pub(super) fn label(&self) -> &LabelId {
        &self.0.label
    }

    pub(super) fn store(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.0.store)
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Asks soon what is new, and then often for a while: somebody did something, or came back to look.
    pub(super) fn nudge(&self) {
        self.0.is_eager.store(true, Ordering::Relaxed);
        self.0.nudge.notify_one();
    }

    /// What is known, without asking.
    pub(super) fn view(&self) -> CloudView {
        let known = self.known();
        let mut releases: Vec<Arc<ReleaseView>> = known.releases.values().cloned().collect();
        releases.sort_by_key(|view| std::cmp::Reverse((last_change(view), view.key.release)));
        CloudView {
            releases,
            telling: known.telling.clone(),
            transcodes: Vec::new(),
            subscriptions: known.heard.follows.iter().map(Subscription::of_cloud).collect(),
            mails: known.heard.announcements.iter().map(Mail::of_announcement).collect(),
            trouble: None,
            settings: known.heard.me.as_ref().map(|me| me.settings.clone()),
            cloud: Some(self.status(&known)),
        }
    }

    fn status(&self, known: &Known) -> CloudStatus {
        let deployment = self.0.account.deployment();
        let account = self.0.account.view();
        let me = known.heard.me.as_ref();
        // The token is younger than what was last heard.
        let roles: BTreeSet<Role> = match &account {
            AccountView::SignedIn(signed_in) => signed_in.roles.clone(),
            _ => me.map(|me| me.roles.clone()).unwrap_or_default(),
        };
        let trouble = known.trouble.as_ref().map(|error| CloudTrouble {
            code: error.code(),
            message: error.to_string(),
            help: error.help(),
            since: known.heard.at,
        });
        let current = match &account {
            AccountView::SignedIn(signed_in) => Some(signed_in.subject.as_str()),
            _ => None,
        };
        let others = self.0.account.accounts().into_iter();
        let others =
            others.filter(|one| one.kept && one.label == self.0.label && Some(one.subject.as_str()) != current);
        CloudStatus {
            others: others.map(|one| (one.subject, one.email)).collect(),
            name: deployment.name.clone(),
            region: deployment.region.clone(),
            api: self.0.api.host(),
            account,
            roles,
            artists: me.map(|me| me.artists.clone()).unwrap_or_default(),
            answered: known.heard.at.is_some(),
            trouble,
        }
    }

    /// How the label works, as far as is known.
    fn settings(&self) -> Option<LabelSettings> {
        self.known().heard.me.as_ref().map(|me| me.settings.clone())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        self.0.changed.send_modify(|count| *count = count.wrapping_add(1));
    }
}

/// When a release last changed.
fn last_change(view: &ReleaseView) -> Timestamp {
    view.timeline.last().map_or(view.since, |moment| moment.at)
}

#[async_trait]
impl Tokens for Account {
    async fn id_token(&self, refused: Option<&Secret>) -> Result<Secret, SignInNeeded> {
        let token = Self::id_token(self).await.map_err(|error| needed(&error))?;
        if Some(&token) == refused {
            return Err(SignInNeeded {
                code: "sign-in-refused",
                message: "The cloud refused your sign-in.".to_owned(),
                help: "See that this computer's clock is right, and sign in again.".to_owned(),
                passing: false,
            });
        }
        Ok(token)
    }
}

fn needed(error: &AccountError) -> SignInNeeded {
    let (code, message, help) = match error {
        AccountError::SignedOut => {
            ("signed-out", "Nobody is signed in.".to_owned(), "Sign in; what you queued waits for it.".to_owned())
        }
        AccountError::Ended(ending) => (ending.code(), ending.to_string(), ending.help()),
        AccountError::Vault(error) => ("keyring", error.to_string(), "Unlock it, or sign in again.".to_owned()),
        AccountError::Provider(_) | AccountError::Credentials(_) => {
            ("sign-in-unreachable", error.to_string(), String::new())
        }
    };
    let passing = matches!(error, AccountError::Provider(_) | AccountError::Credentials(_));
    SignInNeeded { code, message, help, passing }
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloud::ports::{Clock, SystemClock};
use tokio::sync::{mpsc, watch};
use upload::ObjectStore;

use super::controller::Controller;
use super::drafting::Histories;
use super::{OpenError, Session};
use crate::account::{Account, AccountOptions, Browser, Keyring, SystemBrowser, Vault};
use crate::blocking::blocking;
use crate::desk::{Desk, SetAside};
use crate::home::Home;
use crate::lock::Lock;
use crate::player::Player;
use crate::view::{DeliveryView, Notice, View};
use crate::workspace::{Workspace, WorkspaceFile, WorkspacePlace};

/// How a session is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The program's name, for the message that another process shows.
    pub program: String,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What plays sound; it ends with the session.
    pub player: Player,
    /// Where what keeps people signed in is kept.
    pub vault: Arc<dyn Vault>,
    /// Where the page that asks for the password is opened.
    pub browser: Arc<dyn Browser>,
    /// What stands before the workspace's store.
    #[cfg(test)]
    pub(super) gate: Option<Arc<super::tests::Gate>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            program: "lacquer".to_owned(),
            clock: Arc::new(SystemClock),
            player: Player::none(),
            vault: Arc::new(Keyring::of_the_system()),
            browser: Arc::new(SystemBrowser),
            #[cfg(test)]
            gate: None,
        }
    }
}

impl Options {
    #[cfg(not(test))]
    pub(super) fn store(&self, store: Arc<dyn ObjectStore>) -> Arc<dyn ObjectStore> {
        store
    }

    #[cfg(test)]
    pub(super) fn store(&self, store: Arc<dyn ObjectStore>) -> Arc<dyn ObjectStore> {
        match &self.gate {
            Some(gate) => Arc::clone(gate).before(store),
            None => store,
        }
    }
}

/// More commands than this wait with their senders.
const COMMANDS: usize = 64;

/// What an opening finds on disk.
pub(super) struct Found {
    pub(super) home: Home,
    pub(super) lock: Lock,
    pub(super) desk: Desk,
    pub(super) view: View,
    pub(super) histories: Histories,
}

pub(super) async fn open(root: &Path, options: Options) -> Result<Session, OpenError> {
    let root = root.to_owned();
    let (found, options) = blocking(move || read(&root, &options).map(|found| (found, options))).await?;
    let account = account_of(Arc::clone(&found.view.workspace), found.home.accounts(), &options).await?;
    let clock = Arc::clone(&options.clock);
    let workspace = Workspace::open(&found.home, &found.view.workspace, account.clone(), clock).await?;
    let (commands, inbox) = mpsc::channel(COMMANDS);
    let (outlet, views) = watch::channel(Arc::new(found.view.clone()));
    let player = options.player.clone();
    let mut controller = Controller::new(found, workspace, &options, outlet);
    controller.start().await?;
    tokio::spawn(controller.run(inbox));
    Ok(Session { commands, views, player, account })
}

/// The account that works in a workspace, where it takes one.
async fn account_of(
    workspace: Arc<WorkspaceFile>,
    accounts: PathBuf,
    options: &Options,
) -> Result<Option<Account>, OpenError> {
    let WorkspacePlace::Cloud { deployment, .. } = &workspace.place else { return Ok(None) };
    let options = AccountOptions {
        label: Some(workspace.label.clone()),
        accounts,
        vault: Arc::clone(&options.vault),
        browser: Arc::clone(&options.browser),
        clock: Arc::clone(&options.clock),
    };
    Ok(Some(Account::open(Arc::clone(deployment), options).await?))
}

fn read(root: &Path, options: &Options) -> Result<Found, OpenError> {
    let now = options.clock.now();
    let home = Home::prepare(root)?;
    let lock = Lock::take(&home.lock(), &options.program)?;
    let workspace = WorkspaceFile::open(&home, now)?;
    home.create_folders()?;
    let (mut desk, mut set_aside) = Desk::open(&home.desk(), now)?;
    let (drafts, more) = desk.drafts()?;
    set_aside.extend(more);
    let (deliveries, more) = desk.deliveries()?;
    set_aside.extend(more);
    let (settings, more) = desk.settings()?;
    set_aside.extend(more);
    let mut histories = Histories::default();
    let drafts: BTreeMap<_, _> = drafts.into_iter().map(|draft| (draft.release.id, draft)).collect();
    let view = View {
        home: Arc::new(home.root().to_owned()),
        renditions: None,
        workspace: Arc::new(workspace),
        cloud: None,
        settings: Arc::new(settings),
        drafts: Arc::new(drafts.into_values().map(|draft| Arc::new(histories.view(Arc::new(draft), now))).collect()),
        imports: Arc::default(),
        queue: Arc::new(deliveries.into_iter().map(DeliveryView::new).collect()),
        releases: Arc::default(),
        telling: Arc::default(),
        transcodes: Arc::default(),
        subscriptions: Arc::default(),
        mails: Arc::default(),
        notices: Arc::new(set_aside.iter().map(notice).collect()),
    };
    Ok(Found { home, lock, desk, view, histories })
}

fn notice(set_aside: &SetAside) -> Notice {
    let SetAside { what, place, reason } = set_aside;
    Notice {
        code: "set-aside",
        message: format!("Could not read {what} ({reason}). It was moved aside ({place}), and the rest is in use."),
        help: "Deliver the affected release from its folder again. Keep what was moved aside if you want it looked at."
            .to_owned(),
    }
}

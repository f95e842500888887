//! Joining a label's cloud, and which workspaces there are on this computer.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use release::{LabelId, Sha256};
use thiserror::Error;

use crate::account::{Account, AccountOptions, AccountsError, Browser, Deployment, SignInError, SignedIn, Vault};
use crate::blocking::blocking;
use crate::home::{Home, HomeError};
use crate::private;
use crate::workspace::{WorkspaceError, WorkspaceFile, WorkspacePlace};

/// A cloud that is being joined: somebody signs in, and then the workspace's folder is made.
#[derive(Debug, Clone)]
pub struct Joining {
    deployment: Arc<Deployment>,
    account: Account,
    /// The list of accounts, until there is a workspace to put it into.
    accounts: PathBuf,
    /// Where workspaces lie.
    root: PathBuf,
}

/// A workspace on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownWorkspace {
    /// Its folder.
    pub path: PathBuf,
    /// Its label.
    pub label: LabelId,
    /// The label's name.
    pub label_name: String,
    /// What its cloud is called, and the account that joined; none of a workspace on this computer alone.
    pub cloud: Option<(String, String)>,
}

/// Why a cloud was not joined. Each text says what to do.
#[derive(Debug, Error)]
pub enum JoinError {
    /// The folder cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The workspace's description cannot be written.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The list of accounts cannot be read.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// Nobody signed in.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The folder holds another workspace.
    #[error("{} holds another workspace, of \"{label}\". Give another folder.", path.display())]
    Another {
        /// The folder.
        path: PathBuf,
        /// Whose workspace it holds.
        label: LabelId,
    },
}

impl Joining {
    /// Begins to join. Nothing is asked of the cloud, and nothing made but a folder for a list of accounts.
    ///
    /// # Errors
    /// Where that folder cannot be made.
    pub async fn begin(
        root: PathBuf,
        deployment: Deployment,
        vault: Arc<dyn Vault>,
        browser: Arc<dyn Browser>,
        clock: Arc<dyn cloud::ports::Clock>,
    ) -> Result<Self, JoinError> {
        let folder = root.join(JOINING);
        let accounts = folder.join(format!("{}.json", short(&deployment)));
        let made = folder.clone();
        blocking(move || private::create_dir_all(&made)).await.map_err(|source| HomeError::of(&folder, source))?;
        let deployment = Arc::new(deployment);
        let options = AccountOptions { label: None, accounts: accounts.clone(), vault, browser, clock };
        let account = Account::open(Arc::clone(&deployment), options).await?;
        Ok(Self { deployment, account, accounts, root })
    }

    /// The account that signs in.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Makes the workspace of whoever signed in, and answers with its folder, to be opened. One that is there already is
    /// brought up to date.
    ///
    /// # Errors
    /// Where the folder cannot be made or holds something else.
    pub async fn finish(&self, signed_in: SignedIn, now: Timestamp) -> Result<PathBuf, JoinError> {
        let place = self.root.join(format!("{}-{}", signed_in.label, short(&self.deployment)));
        self.finish_in(&place, signed_in, now).await
    }

    /// As [`finish`](Self::finish), in a folder of the person's choice.
    ///
    /// # Errors
    /// Where the folder cannot be made or holds something else.
    pub async fn finish_in(&self, place: &Path, signed_in: SignedIn, now: Timestamp) -> Result<PathBuf, JoinError> {
        let (place, deployment, accounts) = (place.to_owned(), Arc::clone(&self.deployment), self.accounts.clone());
        blocking(move || {
            let home = join(&place, deployment, &signed_in, now)?;
            // Copied, since it may be on another disk. Without it, one has to sign in once more.
            let moved = fs::read(&accounts).and_then(|list| private::replace(&home.accounts(), &list));
            if let Err(error) = moved.and_then(|()| fs::remove_file(&accounts)) {
                tracing::warn!(%error, "the list of accounts could not be put into the workspace");
            }
            Ok(home.root().to_owned())
        })
        .await
    }
}

/// Makes a folder the workspace of a label in a cloud, or brings it up to date. Waits for the disk.
///
/// # Errors
/// Where the folder cannot be made, or holds something else.
pub fn join(root: &Path, deployment: Arc<Deployment>, signed_in: &SignedIn, now: Timestamp) -> Result<Home, JoinError> {
    let home = Home::prepare(root)?;
    let account = signed_in.email.clone();
    let file = match home.workspace_file().exists() {
        false => WorkspaceFile::of_cloud(signed_in.label.clone(), deployment, account, now),
        true => {
            let known = WorkspaceFile::open(&home, now)?;
            if !known.is_cloud() || known.label != signed_in.label {
                return Err(JoinError::Another { path: home.root().to_owned(), label: known.label });
            }
            let mut file = known;
            file.place = WorkspacePlace::Cloud { deployment, account };
            file
        }
    };
    file.save(&home)?;
    Ok(home)
}

/// The workspaces of this computer: those that were joined, in the folder for them, and others by their folders. Those
/// that cannot be read are left out. Waits for the disk.
#[must_use]
pub fn known_workspaces(clouds: &Path, others: &[PathBuf]) -> Vec<KnownWorkspace> {
    let joined = fs::read_dir(clouds).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = others.iter().cloned().chain(joined).collect();
    for path in &mut paths {
        if let Ok(canonical) = path.canonicalize() {
            *path = canonical;
        }
    }
    let mut known: Vec<KnownWorkspace> = Vec::new();
    for path in paths {
        if known.iter().all(|other| other.path != path)
            && let Some(one) = look_at(path)
        {
            known.push(one);
        }
    }
    known
}

fn look_at(path: PathBuf) -> Option<KnownWorkspace> {
    let home = Home::of_open(&path);
    if !home.workspace_file().is_file() {
        return None;
    }
    let file = WorkspaceFile::open(&home, Timestamp::UNIX_EPOCH)
        .inspect_err(|error| tracing::info!(%error, "a workspace is not listed"))
        .ok()?;
    let cloud = match &file.place {
        WorkspacePlace::Local => None,
        WorkspacePlace::Cloud { deployment, account } => Some((deployment.name.clone(), account.clone())),
    };
    Some(KnownWorkspace { path, label: file.label, label_name: file.label_name, cloud })
}

/// Where lists of accounts lie until there is a workspace.
const JOINING: &str = ".joining";

/// A name that goes with a deployment.
fn short(deployment: &Deployment) -> String {
    let hash = Sha256::of(format!("{} {}", deployment.issuer, deployment.client).as_bytes());
    hash.to_string()[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn deployment() -> Arc<Deployment> {
        Arc::new(Deployment::read(include_bytes!("../tests/fixtures/cloud-workspace-1.json")).unwrap())
    }

    fn signed_in(label: &str, email: &str) -> SignedIn {
        SignedIn {
            subject: "s-1".to_owned(),
            email: email.to_owned(),
            label: label.parse().unwrap(),
            roles: BTreeSet::new(),
            expires: None,
            kept: true,
            not_kept: None,
        }
    }

    #[test]
    fn a_cloud_is_joined_once_for_each_label_and_its_workspace_listed() {
        let folder = tempfile::tempdir().unwrap();
        let (clouds, local) = (folder.path().join("workspaces"), folder.path().join("workspace"));
        WorkspaceFile::open(&Home::prepare(&local).unwrap(), Timestamp::UNIX_EPOCH).unwrap();
        let place = clouds.join("low-tide-1");
        let home = join(&place, deployment(), &signed_in("low-tide", "mira@low-tide.example"), Timestamp::UNIX_EPOCH);
        let home = home.unwrap();
        // Another account of the same label: what was set stays.
        let mut file = WorkspaceFile::open(&home, Timestamp::UNIX_EPOCH).unwrap();
        file.review = true;
        file.save(&home).unwrap();
        join(&place, deployment(), &signed_in("low-tide", "ada@low-tide.example"), Timestamp::UNIX_EPOCH).unwrap();
        assert!(WorkspaceFile::open(&home, Timestamp::UNIX_EPOCH).unwrap().review);
        let refusal = join(&place, deployment(), &signed_in("other", "x@other.example"), Timestamp::UNIX_EPOCH);
        assert!(
            refusal
                .unwrap_err()
                .to_string()
                .ends_with("holds another workspace, of \"low-tide\". Give another folder.")
        );
        fs::create_dir(clouds.join("empty")).unwrap();
        let others = [local.clone(), folder.path().join("gone"), place];
        let known = known_workspaces(&clouds, &others);
        let listed: Vec<_> = known
            .iter()
            .map(|one| (one.label.as_str(), one.cloud.as_ref().map(|(_, account)| account.as_str())))
            .collect();
        assert_eq!(listed, [("local", None), ("low-tide", Some("ada@low-tide.example"))]);
    }
}

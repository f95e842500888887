//! Joining a label's cloud.

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
use crate::workspaces;

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
        let root = self.root.clone();
        blocking(move || {
            let home = join(&place, deployment, &signed_in, now)?;
            // Copied, since it may be on another disk. Without it, one has to sign in once more.
            let moved = fs::read(&accounts).and_then(|list| private::replace(&home.accounts(), &list));
            if let Err(error) = moved.and_then(|()| fs::remove_file(&accounts)) {
                tracing::warn!(%error, "the list of accounts could not be put into the workspace");
            }
            if let Err(error) = workspaces::remember(&root, home.root()) {
                tracing::warn!(%error, "the workspace is not listed");
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
    use crate::workspaces::Workspaces;

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
        let known = Workspaces::at(&clouds, &local).known(None);
        let listed: Vec<_> = known
            .iter()
            .map(|one| (one.label.as_str(), one.cloud.as_ref().map(|(_, account)| account.as_str())))
            .collect();
        assert_eq!(listed, [("local", None), ("low-tide", Some("ada@low-tide.example"))]);
    }
}

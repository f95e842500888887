use std::path::Path;

use desktop::account::{AccountView, Deployment};
use desktop::{CloudStatus, KnownWorkspace};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::written_path;

/// How it stands with the label's own cloud.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cloud {
    /// What people call it.
    pub(crate) name: String,
    /// The AWS region.
    pub(crate) region: String,
    /// The host of its API.
    pub(crate) api: String,
    pub(crate) account: Account,
    /// Other accounts that were signed in here, and can be turned to.
    pub(crate) accounts: Vec<OtherAccount>,
    pub(crate) may: MayInCloud,
    /// The artists whose releases an artist's account sees.
    pub(crate) artists: Vec<String>,
    /// The cloud was heard of: if not, there may be more than what is shown.
    pub(crate) answered: bool,
    /// Why what is shown may be out of date; null while the cloud is followed.
    pub(crate) trouble: Option<CloudTrouble>,
}

/// What the account may do. An account that may do none of it is an artist's: it sees its releases and its subscriptions,
/// and neither desk nor queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MayInCloud {
    /// Staff: delivers releases, looks after subscriptions and artists' accounts.
    pub(crate) deliver: bool,
    /// Managers: decide about releases, take them back, and set how the label works.
    pub(crate) manage: bool,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Account {
    SignedOut,
    SigningIn {
        /// What the browser was opened with, to be opened by hand where `opened` is false.
        page: String,
        opened: bool,
    },
    SignedIn {
        email: String,
        /// Whether it stays so after the program ends. If not, there is no keyring, and `notKept` says why.
        kept: bool,
        not_kept: Option<String>,
    },
    /// Somebody was signed in, and is so no longer.
    Ended {
        email: String,
        message: String,
        help: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct OtherAccount {
    /// Names it.
    pub(crate) subject: String,
    pub(crate) email: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct CloudTrouble {
    /// A stable name, such as `cloud-offline`, `signed-out`, `sign-in-expired`.
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) help: String,
    /// When the cloud last answered; null where it never did.
    pub(crate) since: Option<String>,
}

/// The page that a person signs in on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct SignInPage {
    /// What the browser was opened with, to be opened by hand where `opened` is false.
    pub(crate) page: String,
    pub(crate) opened: bool,
}

/// What joining a cloud means: every host that the app would talk to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JoinOffer {
    /// What people call the cloud.
    pub(crate) name: String,
    /// The host of the API.
    pub(crate) endpoint: String,
    /// The host of whom the tokens come from.
    pub(crate) issuer: String,
    /// The host of the page that asks for the password.
    pub(crate) sign_in: String,
    /// The bucket that masters are sent to.
    pub(crate) masters: String,
    pub(crate) region: String,
    /// Hosts besides those.
    pub(crate) others: Vec<String>,
    /// It is a cloud on this computer, asked without encryption.
    pub(crate) is_of_this_machine: bool,
}

/// A workspace of this computer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkspaceRow {
    /// Its folder, for `open_workspace`.
    pub(crate) path: String,
    pub(crate) label: String,
    pub(crate) label_name: String,
    /// What its cloud is called; null of a workspace on this computer alone.
    pub(crate) cloud: Option<String>,
    /// The account that joined.
    pub(crate) account: Option<String>,
    /// Whether this window shows it.
    pub(crate) is_this: bool,
}

/// The artists that an account may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct ArtistAccount {
    pub(crate) email: String,
    pub(crate) artists: Vec<String>,
}

impl Cloud {
    pub(super) fn of(status: &CloudStatus) -> Self {
        let CloudStatus { name, region, api, account, artists, trouble, .. } = status;
        Self {
            name: name.clone(),
            region: region.clone(),
            api: api.clone(),
            account: Account::of(account),
            accounts: status
                .others
                .iter()
                .map(|(subject, email)| OtherAccount { subject: subject.clone(), email: email.clone() })
                .collect(),
            may: MayInCloud { deliver: status.is_staff(), manage: status.is_manager() },
            artists: artists.clone(),
            answered: status.answered,
            trouble: trouble.as_ref().map(|trouble| CloudTrouble {
                code: trouble.code.to_owned(),
                message: trouble.message.clone(),
                help: trouble.help.clone(),
                since: trouble.since.map(|since| since.to_string()),
            }),
        }
    }
}

impl Account {
    fn of(view: &AccountView) -> Self {
        match view {
            AccountView::SignedOut => Self::SignedOut,
            AccountView::SigningIn { page, opened } => {
                Self::SigningIn { page: page.address().to_owned(), opened: *opened }
            }
            AccountView::SignedIn(signed_in) => Self::SignedIn {
                email: signed_in.email.clone(),
                kept: signed_in.kept,
                not_kept: signed_in.not_kept.as_ref().map(ToString::to_string),
            },
            AccountView::Ended { email, why } => {
                Self::Ended { email: email.clone(), message: why.to_string(), help: why.help() }
            }
        }
    }
}

impl SignInPage {
    /// While the browser is waited for.
    pub(crate) fn of(view: &AccountView) -> Option<Self> {
        match view {
            AccountView::SigningIn { page, opened } => Some(Self { page: page.address().to_owned(), opened: *opened }),
            _ => None,
        }
    }
}

impl JoinOffer {
    pub(crate) fn of(deployment: &Deployment) -> Self {
        let around = deployment.surroundings();
        Self {
            name: around.name,
            endpoint: around.endpoint,
            issuer: around.issuer,
            sign_in: around.sign_in,
            masters: around.masters,
            region: deployment.region.clone(),
            others: around.others,
            is_of_this_machine: deployment.is_of_this_machine(),
        }
    }
}

impl WorkspaceRow {
    pub(crate) fn of(known: &KnownWorkspace, open: Option<&Path>) -> Self {
        let KnownWorkspace { path, label, label_name, cloud } = known.clone();
        let (cloud, account) = cloud.unzip();
        let is_this = open == Some(&path);
        Self { path: written_path::write(&path), label: label.to_string(), label_name, cloud, account, is_this }
    }
}

impl ArtistAccount {
    pub(crate) fn of(account: desktop::ArtistAccount) -> Self {
        Self { email: account.email.to_string(), artists: account.artists }
    }
}

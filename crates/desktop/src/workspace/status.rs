use std::collections::BTreeSet;

use cloud::api::wire::Role;
use jiff::Timestamp;

use crate::account::AccountView;

/// How it stands with a cloud that is not in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudStatus {
    /// What people call it.
    pub name: String,
    /// The AWS region.
    pub region: String,
    /// The host of its API.
    pub api: String,
    /// Who is signed in.
    pub account: AccountView,
    /// Other accounts of the label that were signed in here and can be turned to: subject and address.
    pub others: Vec<(String, String)>,
    /// What the account may do, as far as is known.
    pub roles: BTreeSet<Role>,
    /// The artists whose releases an artist's account sees.
    pub artists: Vec<String>,
    /// Whether the cloud was heard of at all: if not, there may be more than what is shown.
    pub answered: bool,
    /// Why what is shown may be out of date; none while the cloud is followed.
    pub trouble: Option<CloudTrouble>,
}

/// Why a cloud is not followed at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudTrouble {
    /// A stable name.
    pub code: &'static str,
    /// What is so.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// When the cloud last answered; never, where there is none.
    pub since: Option<Timestamp>,
}

impl CloudStatus {
    /// Whether somebody is signed in, as far as is known.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        matches!(self.account, AccountView::SignedIn(_))
    }

    /// Whether the account delivers releases, decides about the cloud being another matter.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.roles.contains(&Role::Staff) || self.roles.contains(&Role::Manager)
    }

    /// Whether the account decides about releases, and sets how the label works.
    #[must_use]
    pub fn is_manager(&self) -> bool {
        self.roles.contains(&Role::Manager)
    }
}

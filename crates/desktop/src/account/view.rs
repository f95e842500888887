use std::collections::BTreeSet;

use cloud::api::wire::Role;
use jiff::Timestamp;
use release::LabelId;

use super::ending::Ending;
use super::sign_in::SignInPage;
use super::vault::VaultError;

/// What is shown of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountView {
    /// Nobody is signed in.
    SignedOut,
    /// The browser is open.
    SigningIn {
        /// What it shows, for a person who has to open it by hand.
        page: SignInPage,
        /// Whether a browser could be started.
        opened: bool,
    },
    /// Somebody is, as far as is known: an account that was disabled meanwhile is noticed when it is used.
    SignedIn(SignedIn),
    /// Somebody was.
    Ended {
        /// Who.
        email: String,
        /// Why no longer; with its text, and what to do.
        why: Ending,
    },
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The issuer's name of the account.
    pub subject: String,
    /// The account's address.
    pub email: String,
    /// The label that it belongs to.
    pub label: LabelId,
    /// What it may do.
    pub roles: BTreeSet<Role>,
    /// Until when what is at hand is good; it is renewed before. None until the cloud was asked for the first time.
    pub expires: Option<Timestamp>,
    /// Whether the keyring keeps the person signed in; if not, it is for as long as the program runs.
    pub kept: bool,
    /// Why the keyring does not, where it should.
    pub not_kept: Option<VaultError>,
}

use jiff::{SignedDuration, Timestamp};
use release::LabelId;

use super::credentials::Borrowed;
use super::ending::Ending;
use super::id_token::{IdToken, Identity};
use super::known::KnownAccount;
use super::secret::Secret;
use super::vault::VaultError;
use super::view::SignedIn;

/// An account that is signed in, and all that was got for it. None of it outlives the program.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) identity: Identity,
    pub(super) label: LabelId,
    /// What the keyring did not take, or has not been asked for yet.
    pub(super) refresh: Option<Secret>,
    pub(super) kept: bool,
    pub(super) not_kept: Option<VaultError>,
    pub(super) tokens: Option<Tokens>,
    /// The identity pool's name of the account: asked for once.
    pub(super) pool_identity: Option<String>,
    pub(super) borrowed: Option<Borrowed>,
}

/// What the cloud gave last.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    pub(super) id: IdToken,
    pub(super) access: Secret,
}

/// How long before its end something is renewed: longer than any request takes. Of a token that lasts for minutes only,
/// a third of its time.
pub(super) const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// Whether something need not be renewed yet.
pub(super) fn is_fresh(expires: Timestamp, now: Timestamp) -> bool {
    expires.duration_since(now) > EARLY
}

impl Session {
    /// As the list has it, before the cloud was asked.
    pub(super) fn of_known(known: &KnownAccount) -> Self {
        let KnownAccount { subject, email, label, roles, kept } = known.clone();
        let identity = Identity { subject, email, label: Some(label.clone()), roles };
        Self { identity, label, refresh: None, kept, not_kept: None, tokens: None, pool_identity: None, borrowed: None }
    }

    /// As a token tells of it.
    pub(super) fn of_token(id: &IdToken) -> Result<Self, Ending> {
        let identity = id.identity.clone();
        let label = identity.label.clone().ok_or(Ending::NoLabel)?;
        Ok(Self {
            identity,
            label,
            refresh: None,
            kept: false,
            not_kept: None,
            tokens: None,
            pool_identity: None,
            borrowed: None,
        })
    }

    /// As the list is to have it.
    pub(super) fn to_known(&self) -> KnownAccount {
        let Identity { subject, email, roles, .. } = self.identity.clone();
        KnownAccount { subject, email, label: self.label.clone(), roles, kept: self.kept }
    }

    pub(super) fn view(&self) -> SignedIn {
        let Identity { subject, email, roles, .. } = self.identity.clone();
        SignedIn {
            subject,
            email,
            label: self.label.clone(),
            roles,
            expires: self.tokens.as_ref().map(|tokens| tokens.id.expires),
            kept: self.kept,
            not_kept: self.not_kept.clone(),
        }
    }
}

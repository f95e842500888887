use std::collections::BTreeMap;

use ::http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::OpenIdSettings;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its address, by which it is known here.
    pub email: String,
    /// Its label, `custom:label_id`.
    pub label: Option<String>,
    /// Its groups: `staff`, `manager`, `artist`.
    pub groups: Vec<String>,
    /// Whether it may do anything.
    pub enabled: bool,
}

/// What becomes of who opens the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A page to choose an account on, by following a link.
    Page,
    /// The account of this address is signed in at once.
    Approve(String),
    /// `access_denied`.
    Deny,
}

/// What refresh tokens are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshTokens {
    /// They are taken.
    Good,
    /// They are too old.
    Expired,
    /// Somebody signed out.
    Revoked,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// The page was opened, with these parameters.
    Authorize(BTreeMap<String, String>),
    /// A code was exchanged.
    Token,
    /// A token was revoked.
    Revoke,
    /// The browser's session was ended.
    Logout,
    /// One of Cognito's own calls, by its name.
    Cognito(String),
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) base: String,
    pub(super) settings: OpenIdSettings,
    pub(super) users: BTreeMap<String, User>,
    pub(super) answer: Answer,
    pub(super) codes: BTreeMap<String, Code>,
    pub(super) refresh: BTreeMap<String, Refresh>,
    /// Access tokens that were not revoked: whose, and what for.
    pub(super) access: BTreeMap<String, Access>,
    pub(super) key: usize,
    pub(super) stands_at: Option<Timestamp>,
    pub(super) failing: Option<StatusCode>,
    pub(super) intercepted: bool,
    pub(super) spoilt: BTreeMap<String, Value>,
    pub(super) calls: Vec<Call>,
    pub(super) secrets: Vec<String>,
    made: u64,
}

/// A code that the browser was sent back with.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) email: String,
    pub(super) redirect: String,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
}

#[derive(Debug, Clone)]
pub(super) struct Refresh {
    pub(super) email: String,
    pub(super) scope: String,
    pub(super) condition: RefreshTokens,
    /// When it was exchanged for another.
    pub(super) used: Option<Timestamp>,
    /// All tokens that came of one sign-in.
    pub(super) family: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) email: String,
    pub(super) scope: String,
    pub(super) family: u64,
}

/// What a sign-in or a renewal brings.
pub(super) struct Issued {
    pub(super) id: String,
    pub(super) access: String,
    pub(super) refresh: String,
}

impl State {
    pub(super) fn new(base: String, settings: OpenIdSettings) -> Self {
        Self {
            base,
            settings,
            users: BTreeMap::new(),
            answer: Answer::Page,
            codes: BTreeMap::new(),
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            key: 0,
            stands_at: None,
            failing: None,
            intercepted: false,
            spoilt: BTreeMap::new(),
            calls: Vec::new(),
            secrets: Vec::new(),
            made: 0,
        }
    }

    pub(super) fn issuer(&self) -> String {
        format!("{}/{}", self.base, self.settings.pool)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.stands_at.unwrap_or_else(Timestamp::now)
    }

    pub(super) fn put_user(&mut self, user: User) {
        self.users.insert(user.email.clone(), user);
    }

    pub(super) fn put_refresh_tokens(&mut self, email: &str, condition: RefreshTokens) {
        for refresh in self.refresh.values_mut().filter(|refresh| refresh.email == email) {
            refresh.condition = condition;
        }
    }

    /// Something that nobody has, and that looks random.
    pub(super) fn secret(&mut self, what: &str) -> String {
        let number = self.number();
        let hash = Sha256::digest(format!("{} {number}", self.base));
        let secret = format!("{what}-{}", hex::encode(&hash[..20]));
        self.secrets.push(secret.clone());
        secret
    }

    pub(super) fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Tokens for an account: a new refresh token, too.
    pub(super) fn issue(&mut self, user: &User, scope: &str, nonce: Option<&str>, family: u64) -> Issued {
        let id = self.sign(&self.id_claims(user, scope, nonce));
        let jti = self.number().to_string();
        let access = self.sign(&self.access_claims(user, scope, &jti));
        let refresh = self.secret("refresh");
        self.secrets.extend([id.clone(), access.clone()]);
        let (email, scope) = (user.email.clone(), scope.to_owned());
        self.access.insert(access.clone(), Access { email: email.clone(), scope: scope.clone(), family });
        let condition = RefreshTokens::Good;
        self.refresh.insert(refresh.clone(), Refresh { email, scope, condition, used: None, family });
        Issued { id, access, refresh }
    }

    /// Makes all useless that came of a sign-in.
    pub(super) fn revoke_family(&mut self, family: u64) {
        self.access.retain(|_, access| access.family != family);
        for refresh in self.refresh.values_mut().filter(|refresh| refresh.family == family) {
            refresh.condition = RefreshTokens::Revoked;
        }
    }
}

impl User {
    /// An account that may do anything that its groups may.
    #[must_use]
    pub fn new(email: &str, label: &str, groups: &[&str]) -> Self {
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        Self { email: email.to_owned(), label: Some(label.to_owned()), groups, enabled: true }
    }

    /// The provider's name of it, which looks as Cognito's do.
    #[must_use]
    pub fn subject(&self) -> String {
        let hash = hex::encode(&Sha256::digest(self.email.as_bytes())[..16]);
        format!("{}-{}-{}-{}-{}", &hash[..8], &hash[8..12], &hash[12..16], &hash[16..20], &hash[20..])
    }
}

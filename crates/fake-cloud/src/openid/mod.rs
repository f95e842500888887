//! An OpenID provider that does what a label's user pool does for the app: managed login's endpoints, the keys that
//! tokens are signed with, Cognito's calls for renewing and signing out, and an identity pool that lends credentials.
//!
//! Tokens are real: signed with RS256, by keys that everybody knows. What Cognito checks is checked: registered
//! addresses, PKCE, codes and refresh tokens that are good once.

mod claims;
mod cognito;
mod http;
mod identity_pool;
mod keys;
mod login;
mod state;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use claims::Forgery;
pub use identity_pool::LentCredentials;
pub use state::{Answer, Call, RefreshTokens, User};

use http::{Asked, Reply};
use state::State;

/// What a provider is set up with.
#[derive(Debug, Clone)]
pub struct OpenIdSettings {
    /// The app client's id.
    pub client: String,
    /// The user pool's id: the last part of the issuer.
    pub pool: String,
    /// The identity pool's id.
    pub identity_pool: String,
    /// Addresses that the browser may be sent back to.
    pub redirects: Vec<String>,
    /// Scopes that the client may ask for.
    pub scopes: Vec<String>,
    /// Whether a refresh token is good once.
    pub rotation: bool,
    /// For how many seconds a refresh token that was used is taken again, where tokens rotate.
    pub grace_seconds: i64,
    /// What the identity pool lends.
    pub credentials: LentCredentials,
}

impl Default for OpenIdSettings {
    fn default() -> Self {
        Self {
            client: "1example23456789abcdefghij".to_owned(),
            pool: "eu-west-1_AbCdEfGhI".to_owned(),
            identity_pool: "eu-west-1:12345678-90ab-cdef-1234-567890abcdef".to_owned(),
            redirects: [49317, 49318, 49319].map(|port| format!("http://localhost:{port}/")).to_vec(),
            scopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"].map(ToOwned::to_owned).to_vec(),
            rotation: true,
            grace_seconds: 0,
            credentials: LentCredentials::default(),
        }
    }
}

/// The provider, on a port of its own of 127.0.0.1. It stops when this is dropped.
#[derive(Debug)]
pub struct OpenId {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    accepting: JoinHandle<()>,
}

impl OpenId {
    /// Starts one that nobody has an account at.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start(settings: OpenIdSettings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::new(format!("http://{address}"), settings)));
        let accepting = tokio::spawn(http::serve(listener, {
            let state = Arc::clone(&state);
            move |asked| answer(&mut locked(&state), &asked)
        }));
        Ok(Self { address, state, accepting })
    }

    /// Where its endpoints are: managed login's, and those of Cognito's own calls, of both pools.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Who its tokens say issued them.
    #[must_use]
    pub fn issuer(&self) -> String {
        locked(&self.state).issuer()
    }

    /// The app client's id: the audience of its ID tokens.
    #[must_use]
    pub fn client(&self) -> String {
        locked(&self.state).settings.client.clone()
    }

    /// Adds an account, or changes the one of that address.
    pub fn put_user(&self, user: User) {
        locked(&self.state).put_user(user);
    }

    /// Takes an account away.
    pub fn remove_user(&self, email: &str) {
        locked(&self.state).users.remove(email);
    }

    /// What becomes of who opens the page from now on.
    pub fn answer(&self, answer: Answer) {
        locked(&self.state).answer = answer;
    }

    /// What becomes of the refresh tokens that were given to an account.
    pub fn put_refresh_tokens(&self, email: &str, condition: RefreshTokens) {
        locked(&self.state).put_refresh_tokens(email, condition);
    }

    /// Signs with the second key from now on, and publishes both.
    pub fn rotate_key(&self) {
        locked(&self.state).key = 1;
    }

    /// Stands still at an instant, instead of going with the machine's clock.
    pub fn stand_at(&self, now: Timestamp) {
        locked(&self.state).stands_at = Some(now);
    }

    /// Answers everything with a status and no word, until it is told otherwise with none.
    pub fn fail_with(&self, status: Option<u16>) {
        locked(&self.state).failing = status.and_then(|status| StatusCode::from_u16(status).ok());
    }

    /// Has a network on the way answer everything in its place, with a page where somebody is to sign in to it, until it is
    /// told otherwise.
    pub fn intercept(&self, is_intercepted: bool) {
        locked(&self.state).intercepted = is_intercepted;
    }

    /// Has ID tokens come with another claim than they should.
    pub fn spoil_claim(&self, claim: &str, value: Value) {
        locked(&self.state).spoilt.insert(claim.to_owned(), value);
    }

    /// An ID token of an account, as signing in would bring it; none where there is no such account.
    #[must_use]
    pub fn id_token(&self, email: &str) -> Option<String> {
        let state = locked(&self.state);
        let user = state.users.get(email)?;
        Some(state.sign(&state.id_claims(user, claims::ALL, None)))
    }

    /// A token that is not what it should be; none where there is no such account.
    #[must_use]
    pub fn forge(&self, email: &str, forgery: Forgery) -> Option<String> {
        let state = locked(&self.state);
        let user = state.users.get(email)?;
        Some(state.forge(user, forgery))
    }

    /// What it was asked since the last time, which is forgotten.
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut locked(&self.state).calls)
    }

    /// All that it handed out and nobody may see: tokens, codes, secret keys.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        locked(&self.state).secrets.clone()
    }
}

impl Drop for OpenId {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(state: &mut State, asked: &Asked) -> Reply {
    if state.intercepted {
        return Reply::page("<!DOCTYPE html><title>Welcome to our Wi-Fi</title>".to_owned());
    }
    if let Some(status) = state.failing {
        return Reply::status(status);
    }
    let pool = format!("/{}", state.settings.pool);
    let path = asked.path();
    match (asked.method.as_str(), path.strip_prefix(&pool).unwrap_or(&path)) {
        ("GET", "/.well-known/openid-configuration") => Reply::json(&discovery(state)),
        ("GET", "/.well-known/jwks.json") => Reply::json(&keys::published(state.key)),
        ("GET", "/oauth2/authorize") => login::authorize(state, asked),
        ("POST", "/oauth2/token") => login::token(state, asked),
        ("POST", "/oauth2/revoke") => login::revoke(state, asked),
        ("GET", "/logout") => login::logout(state, asked),
        ("POST", "/") => match asked.header("x-amz-target").and_then(|target| target.split_once('.')) {
            Some(("AWSCognitoIdentityProviderService", action)) => cognito::call(state, action, asked),
            Some(("AWSCognitoIdentityService", action)) => identity_pool::call(state, action, asked),
            _ => Reply::refusal("UnknownOperationException", "no such service"),
        },
        _ => Reply::status(StatusCode::NOT_FOUND),
    }
}

fn discovery(state: &State) -> Value {
    let (issuer, base) = (state.issuer(), &state.base);
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/oauth2/authorize"),
        "token_endpoint": format!("{base}/oauth2/token"),
        "revocation_endpoint": format!("{base}/oauth2/revoke"),
        "end_session_endpoint": format!("{base}/logout"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "scopes_supported": state.settings.scopes,
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    })
}

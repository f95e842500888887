//! Signing in: authorization code with PKCE (RFC 7636), by the system's browser (RFC 8252).

use std::fmt;
use std::io;
use std::time::Duration;

use jiff::Timestamp;
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use thiserror::Error;

use super::ending::Ending;
use super::id_token::{Expected, IdToken};
use super::loopback::{Callback, Loopback};
use super::provider::{Granted, OAuth, Provider, ProviderError, visible};
use super::secret::Secret;

/// Whom the page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The account that was signed in last, where its sign-in merely ended: a browser that is signed in still answers by
    /// itself. After a sign-out, and where there was none, whoever types a name and a password.
    Usual,
    /// Whoever types a name and a password: for a second account.
    Another,
}

/// What is known of who was signed in last.
#[derive(Debug)]
pub(super) struct Last {
    pub(super) email: Option<String>,
    /// Somebody ended that, or nobody was.
    pub(super) signed_out: bool,
}

/// Why nobody was signed in. Each text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignInError {
    /// Every registered port is taken.
    #[error(
        "The browser cannot come back to Lacquer: the ports {} of this computer are all in use by other programs. \
         Close the program that uses one of them, such as another Lacquer that is signing in, and try again.",
        in_words(ports)
    )]
    PortsTaken {
        /// Those that are registered.
        ports: Vec<u16>,
    },
    /// The system refuses to listen.
    #[error("The browser cannot come back to Lacquer: the system refuses to listen on port {port} ({reason}).")]
    System {
        /// The first of the registered ports.
        port: u16,
        /// What it says.
        reason: String,
    },
    /// Nobody answered.
    #[error(
        "The browser did not come back within {minutes} minutes. Sign in again; if its page did not open, copy the address that Lacquer shows."
    )]
    TimedOut {
        /// How long it was waited for.
        minutes: u64,
    },
    /// Somebody chose not to.
    #[error("Signing in was cancelled.")]
    Cancelled,
    /// The page, or whoever sat before it, said no.
    #[error("You were not signed in: {reason}. Sign in again, or ask whoever runs your label's cloud.")]
    Denied {
        /// As the cloud says it.
        reason: String,
    },
    /// The cloud gave no tokens.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// What it gave is of no use here.
    #[error("{0} {help}", help = .0.help())]
    Unfit(Ending),
}

/// The address that the browser opens. What is in it is this sign-in's own, so debug output shows the host alone.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInPage {
    address: String,
    port: u16,
}

impl SignInPage {
    /// The address, for a person who opens it by hand.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The port of this computer that the browser comes back to. A browser on another computer has to be led to it.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A page that nobody waits for.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self { address: "https://sign-in.example/oauth2/authorize".to_owned(), port: 49317 }
    }
}

impl fmt::Debug for SignInPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignInPage({})", super::deployment::host(&self.address))
    }
}

/// How long a person has: the code of a second factor may have to come by mail.
pub(super) const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// What tells the account's address; its label, since Cognito keeps attributes of a pool's own to `profile` where any such
/// scope is asked for; and what lets it end its own sign-ins everywhere: Cognito asks for the last one in GlobalSignOut.
const SCOPES: [&str; 4] = ["openid", "email", "profile", "aws.cognito.signin.user.admin"];

/// A sign-in that waits for the browser.
#[derive(Debug)]
pub(super) struct SignIn {
    page: SignInPage,
    loopback: Loopback,
    oauth: OAuth,
    nonce: Secret,
    verifier: PkceCodeVerifier,
}

/// What it brought.
#[derive(Debug)]
pub(super) struct SignedInBy {
    pub(super) id: IdToken,
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
}

impl SignIn {
    /// Listens, and makes the address that the browser is to open.
    pub(super) async fn begin(provider: &Provider, ask: Ask, last: &Last) -> Result<Self, SignInError> {
        let ports = &provider.deployment().ports;
        let state = CsrfToken::new_random();
        let nonce = CsrfToken::new_random().into_secret();
        let system = |error: io::Error| SignInError::System { port: ports[0], reason: upload::said_by_system(&error) };
        let loopback = Loopback::bind(ports, &Secret::new(state.secret().clone())).await.map_err(system)?;
        let loopback = loopback.ok_or_else(|| SignInError::PortsTaken { ports: ports.clone() })?;
        let oauth = provider.oauth(loopback.redirect())?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut asked = oauth
            .authorize_url(|| state)
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("nonce", nonce.clone())
            .set_pkce_challenge(challenge);
        if let Some(email) = last.email.as_deref().filter(|_| ask == Ask::Usual) {
            asked = asked.add_extra_param("login_hint", email.to_owned());
        }
        // The sign-in pages remember a browser for an hour, also after the account was signed out everywhere: whoever sits
        // there would be in.
        if ask == Ask::Another || last.signed_out {
            asked = asked.add_extra_param("prompt", "login");
        }
        let (address, _) = asked.url();
        let page = SignInPage { address: address.into(), port: loopback.port() };
        Ok(Self { page, loopback, oauth, nonce: Secret::new(nonce), verifier })
    }

    pub(super) fn page(&self) -> &SignInPage {
        &self.page
    }

    /// Waits for the browser, and exchanges what it brings.
    pub(super) async fn finish(
        self,
        provider: &Provider,
        now: impl Fn() -> Timestamp,
    ) -> Result<SignedInBy, SignInError> {
        let Self { mut loopback, oauth, nonce, verifier, .. } = self;
        // Until then a page that is loaded again is told that it was answered.
        let granted = granted(&mut loopback, provider, &oauth, verifier).await;
        // The port is free when this returns, for the next sign-in.
        loopback.close().await;
        let granted = granted?;
        let deployment = provider.deployment();
        let expected = Expected {
            issuer: &deployment.issuer,
            audience: &deployment.client,
            nonce: Some(nonce.expose()),
            subject: None,
            now: now(),
        };
        match IdToken::read(granted.id, expected) {
            Ok(id) => Ok(SignedInBy { id, access: granted.access, refresh: granted.refresh }),
            Err(error) => {
                if let Some(refresh) = &granted.refresh {
                    // Of no use to anybody; where the cloud does not hear it, it ends by itself.
                    let _ = provider.revoke(refresh).await;
                }
                Err(SignInError::Unfit(error.into()))
            }
        }
    }
}

async fn granted(
    loopback: &mut Loopback,
    provider: &Provider,
    oauth: &OAuth,
    verifier: PkceCodeVerifier,
) -> Result<Granted, SignInError> {
    match tokio::time::timeout(PATIENCE, loopback.answer()).await {
        Ok(Callback::Code(code)) => Ok(provider.exchange(oauth, code, verifier).await?),
        // As the user pool says it, in words alone.
        Ok(Callback::Refused { description, .. }) if description.to_lowercase().contains("disabled") => {
            Err(SignInError::Unfit(Ending::Disabled))
        }
        Ok(Callback::Refused { error, description }) => {
            let reason = if description.is_empty() { error } else { description };
            Err(SignInError::Denied { reason: visible(reason.trim_end_matches('.')) })
        }
        Err(_) => Err(SignInError::TimedOut { minutes: PATIENCE.as_secs() / 60 }),
    }
}

/// `49317, 49318 and 49319`.
fn in_words(ports: &[u16]) -> String {
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    match ports.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => ports.concat(),
    }
}

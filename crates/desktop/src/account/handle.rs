use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::credentials::IdentityPool;
use super::deployment::Deployment;
use super::error::AccountError;
use super::known::{AccountsError, Known, KnownAccount};
use super::lending::AccountCredentials;
use super::options::AccountOptions;
use super::provider::Provider;
use super::secret::Secret;
use super::session::Session;
use super::shared_work::SharedWork;
use super::sign_in::{Ask, SignInError};
use super::sign_out::SignOutError;
use super::signing_in::ShownAgain;
use super::standing::{Inner, SigningIn, Standing, finished, locked};
use super::view::{AccountView, SignedIn};
use crate::blocking::blocking;

/// The account that works in a label's cloud. Cheap to clone: all clones are the same account.
#[derive(Clone)]
pub struct Account(pub(super) Arc<Inner>);

impl Account {
    /// The account of a deployment, as it was left. The network is not asked, so that it works offline; whether the
    /// sign-in is still good is found out when it is used.
    ///
    /// # Errors
    /// Where the list of accounts cannot be read.
    pub async fn open(deployment: Arc<Deployment>, options: AccountOptions) -> Result<Self, AccountsError> {
        let path = options.accounts.clone();
        let known = blocking(move || Known::read(&path)).await?;
        let (provider, pool) = {
            let deployment = Arc::clone(&deployment);
            // Building clients reads the system's certificates.
            blocking(move || (Provider::new(Arc::clone(&deployment)), IdentityPool::new(&deployment))).await
        };
        let session = known.current.as_deref().and_then(|current| known.find(current));
        let session = session.filter(|account| account.kept).map(Session::of_known);
        let inner = Inner {
            provider,
            pool,
            service: format!("Lacquer {} {}", deployment.issuer, deployment.client),
            options,
            view: watch::Sender::new(AccountView::SignedOut),
            known: Mutex::new(known),
            standing: Mutex::new(session.map_or(Standing::Nobody, |session| Standing::In(Box::new(session)))),
            acting: tokio::sync::Mutex::new(()),
            renewing: SharedWork::new(),
            borrowing: SharedWork::new(),
            signing_in: Mutex::new(SigningIn::default()),
        };
        inner.show();
        Ok(Self(Arc::new(inner)))
    }

    /// The cloud that it belongs to.
    #[must_use]
    pub fn deployment(&self) -> &Deployment {
        self.0.provider.deployment()
    }

    /// What is shown of it.
    #[must_use]
    pub fn view(&self) -> AccountView {
        self.0.view.borrow().clone()
    }

    /// What is shown of it, from now on.
    #[must_use]
    pub fn views(&self) -> watch::Receiver<AccountView> {
        self.0.view.subscribe()
    }

    /// The accounts that were signed in on this computer.
    #[must_use]
    pub fn accounts(&self) -> Vec<KnownAccount> {
        locked(&self.0.known).accounts.clone()
    }

    /// Opens the browser and waits until somebody is signed in, or nobody will be. A sign-in that waits already is
    /// cancelled by a second one. Whoever was signed in stays so until then.
    ///
    /// # Errors
    /// Where nobody was signed in: why, and what to do.
    pub async fn sign_in(&self, ask: Ask) -> Result<SignedIn, SignInError> {
        let cancelled = CancellationToken::new();
        let number = {
            let mut signing_in = locked(&self.0.signing_in);
            signing_in.cancelled.cancel();
            *signing_in = SigningIn { number: signing_in.number + 1, cancelled: cancelled.clone(), shown: None };
            signing_in.number
        };
        let _shown = ShownAgain(&self.0, number);
        tokio::select! {
            biased;
            () = cancelled.cancelled() => Err(SignInError::Cancelled),
            signed_in = self.0.sign_in(ask, number) => signed_in,
        }
    }

    /// Has a sign-in that waits for the browser wait no longer.
    pub fn cancel_sign_in(&self) {
        locked(&self.0.signing_in).cancelled.cancel();
    }

    /// The ID token, for the API; renewed before it ends, once for all who ask.
    ///
    /// # Errors
    /// Where nobody is signed in any more, or the cloud cannot be reached.
    pub async fn id_token(&self) -> Result<Secret, AccountError> {
        Ok(self.0.tokens().await?.id.raw().clone())
    }

    /// AWS credentials of the account, for all clients of the SDK; they follow whoever is signed in.
    #[must_use]
    pub fn credentials(&self) -> AccountCredentials {
        AccountCredentials::new(Arc::clone(&self.0))
    }

    /// Has another of the [`accounts`](Self::accounts) work, without the browser.
    ///
    /// # Errors
    /// Where that one has to sign in.
    pub async fn switch_to(&self, subject: &str) -> Result<SignedIn, AccountError> {
        let _acting = self.0.acting.lock().await;
        let known = locked(&self.0.known).find(subject).filter(|account| account.kept).cloned();
        let session = Session::of_known(&known.ok_or(AccountError::SignedOut)?);
        if let Some(ending) = self.0.unfit(&session) {
            return Err(AccountError::Ended(ending));
        }
        let view = session.view();
        self.0.begin(session).await;
        Ok(view)
    }

    /// Signs out here, or on all computers. Whatever becomes of it, nobody is signed in here any more.
    ///
    /// # Errors
    /// Where the cloud could not be told, or the keyring not be cleared.
    pub async fn sign_out(&self, everywhere: bool) -> Result<(), SignOutError> {
        // Of its own, so that it is done whole even if whoever asked goes away.
        let inner = Arc::clone(&self.0);
        self.cancel_sign_in();
        finished(tokio::spawn(async move { inner.sign_out(everywhere).await })).await
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("client", &self.deployment().client).field("view", &self.view()).finish()
    }
}

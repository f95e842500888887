use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cloud::ports::Clock;
use release::LabelId;
use thiserror::Error;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::browser::Browser;
use super::credentials::{Borrowed, CredentialsError, IdentityPool};
use super::deployment::Deployment;
use super::ending::Ending;
use super::id_token::IdToken;
use super::known::{AccountsError, Known, KnownAccount};
use super::lending::AccountCredentials;
use super::provider::{Provider, ProviderError};
use super::secret::Secret;
use super::session::{Session, Tokens, is_fresh};
use super::shared_work::SharedWork;
use super::sign_in::{Ask, SignIn, SignInError, SignedInBy};
use super::vault::{Vault, VaultError};
use super::view::{AccountView, SignedIn};
use crate::blocking::blocking;

/// The account that works in a label's cloud. Cheap to clone: all clones are the same account.
#[derive(Clone)]
pub struct Account(pub(super) Arc<Inner>);

/// What an account needs of its surroundings.
#[derive(Debug, Clone)]
pub struct AccountOptions {
    /// The label of the workspace; an account of another one is refused. None where a workspace is being joined.
    pub label: Option<LabelId>,
    /// The list of this deployment's accounts: a file without secrets, made when somebody signs in.
    pub accounts: PathBuf,
    /// Where the refresh token is kept.
    pub vault: Arc<dyn Vault>,
    /// Where the page that asks for the password is opened.
    pub browser: Arc<dyn Browser>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Why the cloud cannot be worked in at the moment. Each text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AccountError {
    /// Nobody is signed in.
    #[error("Nobody is signed in. Sign in first.")]
    SignedOut,
    /// Whoever was is so no longer.
    #[error("{0} {help}", help = .0.help())]
    Ended(Ending),
    /// The keyring, which has what would help, does not hand it out for now.
    #[error("{0} Unlock it, or sign in again.")]
    Vault(VaultError),
    /// Whoever issues tokens does not answer as it should.
    #[error(transparent)]
    Provider(ProviderError),
    /// The identity pool does not.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
}

/// What could not be done when somebody signed out. On this computer nobody is signed in any more in any case.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignOutError {
    /// The cloud was not told.
    #[error(
        "You are signed out on this computer, but the cloud could not be told, so what was copied before may still be used: {0} \
         To be sure, sign in and sign out again."
    )]
    NotTold(ProviderError),
    /// The keyring still holds it.
    #[error("You are signed out, but the entry stays in the keyring. {error} Remove \"{service}\" there.")]
    NotForgotten {
        /// What it says.
        error: VaultError,
        /// The entry's name in it.
        service: String,
    },
}

pub(super) struct Inner {
    pub(super) provider: Provider,
    pub(super) pool: IdentityPool,
    pub(super) options: AccountOptions,
    /// The keyring's name for this deployment.
    pub(super) service: String,
    view: watch::Sender<AccountView>,
    known: Mutex<Known>,
    standing: Mutex<Standing>,
    /// Held by whoever changes who is signed in, or by what: one at a time.
    pub(super) acting: tokio::sync::Mutex<()>,
    pub(super) renewing: SharedWork<Result<Tokens, AccountError>>,
    pub(super) borrowing: SharedWork<Result<Borrowed, AccountError>>,
    signing_in: Mutex<SigningIn>,
}

/// Who is signed in.
enum Standing {
    Nobody,
    /// Nobody any more.
    Ended {
        email: String,
        why: Ending,
    },
    In(Box<Session>),
}

/// The sign-in that waits for the browser, and those before it.
#[derive(Default)]
struct SigningIn {
    number: u64,
    cancelled: CancellationToken,
    /// What is shown while it waits.
    shown: Option<AccountView>,
}

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

    /// The ID token, for the API; renewed five minutes before it ends, once for all who ask.
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

impl Inner {
    pub(super) fn deployment(&self) -> &Deployment {
        self.provider.deployment()
    }

    pub(super) fn now(&self) -> jiff::Timestamp {
        self.options.clock.now()
    }

    /// A copy of who is signed in.
    pub(super) fn session(&self) -> Option<Session> {
        match &*locked(&self.standing) {
            Standing::In(session) => Some(Session::clone(session)),
            Standing::Nobody | Standing::Ended { .. } => None,
        }
    }

    /// Notes something of the session, if it is still that of the account; true where it is.
    pub(super) fn note(&self, subject: &str, change: impl FnOnce(&mut Session)) -> bool {
        match &mut *locked(&self.standing) {
            Standing::In(session) if session.identity.subject == subject => {
                change(session);
                true
            }
            _ => false,
        }
    }

    /// Why an account cannot work in this workspace.
    pub(super) fn unfit(&self, session: &Session) -> Option<Ending> {
        let workspace = self.options.label.as_ref().filter(|label| **label != session.label)?;
        Some(Ending::OtherLabel { workspace: workspace.clone(), account: session.label.clone() })
    }

    /// Shows who is signed in, or the page of a sign-in that waits.
    pub(super) fn show(&self) {
        self.view.send_if_modified(|shown| {
            // Looked at in here, so that what is shown last is what was noted last.
            let page = locked(&self.signing_in).shown.clone();
            let view = page.unwrap_or_else(|| match &*locked(&self.standing) {
                Standing::Nobody => AccountView::SignedOut,
                Standing::Ended { email, why } => AccountView::Ended { email: email.clone(), why: why.clone() },
                Standing::In(session) => AccountView::SignedIn(session.view()),
            });
            let changed = *shown != view;
            *shown = view;
            changed
        });
    }

    fn show_page(&self, number: u64, page: AccountView) {
        {
            let mut signing_in = locked(&self.signing_in);
            if signing_in.number == number {
                signing_in.shown = Some(page);
            }
        }
        self.show();
    }

    /// Makes a session the one that works, and notes it on disk.
    pub(super) async fn begin(&self, session: Session) {
        *locked(&self.standing) = Standing::In(Box::new(session));
        self.note_known().await;
        self.show();
    }

    /// Notes on disk who is signed in, where that is news.
    pub(super) async fn note_known(&self) {
        let Some(account) = self.session().as_ref().map(Session::to_known) else { return };
        let news = {
            let mut known = locked(&self.known);
            let before = known.clone();
            known.note(account);
            *known != before
        };
        if news {
            self.save_known().await;
        }
    }

    /// Ends the session of an account, because the cloud did.
    pub(super) async fn end(&self, session: &Session, why: Ending) {
        let subject = &session.identity.subject;
        tracing::info!(why = why.code(), "the account's sign-in ended");
        {
            let mut standing = locked(&self.standing);
            if matches!(&*standing, Standing::In(current) if current.identity.subject == *subject) {
                *standing = Standing::Ended { email: session.identity.email.clone(), why: why.clone() };
            }
        }
        if why.is_final() {
            // It is of no use any more; where the keyring keeps it nonetheless, it is refused again.
            let _ = self.options.vault.forget(&self.service, subject).await;
            let known = KnownAccount { kept: false, ..session.to_known() };
            locked(&self.known).note(known);
            self.save_known().await;
        }
        self.show();
    }

    /// Writes the list. It only helps to start with: what cannot be written is said in the log, and costs a sign-in.
    pub(super) async fn save_known(&self) {
        let (known, path) = (locked(&self.known).clone(), self.options.accounts.clone());
        if let Err(error) = blocking(move || known.save(&path)).await {
            tracing::warn!(%error, "the list of accounts could not be written");
        }
    }

    /// What the cloud gave last, or gives now.
    pub(super) async fn tokens(self: &Arc<Self>) -> Result<Tokens, AccountError> {
        let now = self.now();
        match self.session() {
            None => return Err(self.nobody()),
            Some(Session { tokens: Some(tokens), .. }) if is_fresh(tokens.id.expires, now) => return Ok(tokens),
            Some(_) => {}
        }
        let inner = Arc::clone(self);
        self.renewing.join(|| async move { inner.renew().await }).await
    }

    /// What to say where nobody is signed in.
    pub(super) fn nobody(&self) -> AccountError {
        match &*locked(&self.standing) {
            Standing::Ended { why, .. } => AccountError::Ended(why.clone()),
            Standing::Nobody | Standing::In(_) => AccountError::SignedOut,
        }
    }

    async fn sign_in(self: &Arc<Self>, ask: Ask, number: u64) -> Result<SignedIn, SignInError> {
        let sign_in = SignIn::begin(&self.provider, ask, self.last_email().as_deref()).await?;
        let page = sign_in.page().clone();
        self.show_page(number, AccountView::SigningIn { page: page.clone(), opened: true });
        let browser = Arc::clone(&self.options.browser);
        let address = page.address().to_owned();
        if let Err(error) = blocking(move || browser.open(&address)).await {
            tracing::warn!(%error, "no browser could be started");
            self.show_page(number, AccountView::SigningIn { page, opened: false });
        }
        let clock = Arc::clone(&self.options.clock);
        let brought = sign_in.finish(&self.provider, || clock.now()).await?;
        // Of its own: a token that was handed out is kept or revoked, even if whoever asked goes away.
        let inner = Arc::clone(self);
        finished(tokio::spawn(async move { inner.take(brought).await })).await
    }

    /// Keeps what a sign-in brought, or revokes it where it is of no use.
    async fn take(&self, brought: SignedInBy) -> Result<SignedIn, SignInError> {
        let _acting = self.acting.lock().await;
        let SignedInBy { id, access, refresh } = brought;
        let unfit = match self.session_of(&id) {
            Ok(session) => self.unfit(&session).map_or(Ok(session), Err),
            Err(ending) => Err(ending),
        };
        let mut session = match unfit {
            Ok(session) => session,
            Err(ending) => {
                if let Some(refresh) = refresh {
                    let _ = self.provider.revoke(&refresh).await;
                }
                return Err(SignInError::Unfit(ending));
            }
        };
        if let Some(refresh) = refresh {
            self.keep(&mut session, refresh).await;
        }
        session.tokens = Some(Tokens { id, access });
        let view = session.view();
        self.begin(session).await;
        Ok(view)
    }

    /// Puts a refresh token into the keyring, or, where that does not work, keeps it for as long as the program runs.
    pub(super) async fn keep(&self, session: &mut Session, refresh: Secret) {
        let saved = self.options.vault.save(&self.service, &session.identity.subject, &refresh).await;
        session.kept = saved.is_ok();
        session.refresh = saved.is_err().then_some(refresh);
        session.not_kept = saved.err();
        if let Some(error) = &session.not_kept {
            tracing::warn!(%error, "the keyring does not keep the sign-in");
        }
    }

    /// What a token says of an account, as a session.
    pub(super) fn session_of(&self, id: &IdToken) -> Result<Session, Ending> {
        let identity = id.identity.clone();
        let label = identity.label.clone().ok_or(Ending::NoLabel)?;
        Ok(Session {
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

    async fn sign_out(&self, everywhere: bool) -> Result<(), SignOutError> {
        let _acting = self.acting.lock().await;
        let Some(session) = self.session() else {
            // Why nobody is signed in has been read by then.
            *locked(&self.standing) = Standing::Nobody;
            self.show();
            return Ok(());
        };
        let refresh = match &session.refresh {
            Some(refresh) => Ok(Some(refresh.clone())),
            None => self.options.vault.load(&self.service, &session.identity.subject).await,
        };
        let told = self.tell_sign_out(&session, refresh.ok().flatten(), everywhere).await;
        let forgotten = self.options.vault.forget(&self.service, &session.identity.subject).await;
        locked(&self.known).forget(&session.identity.subject);
        *locked(&self.standing) = Standing::Nobody;
        self.save_known().await;
        self.show();
        told.map_err(SignOutError::NotTold)?;
        // A keyring that never took it has nothing to forget.
        let stays = forgotten.err().filter(|_| session.kept);
        stays.map_or(Ok(()), |error| Err(SignOutError::NotForgotten { error, service: self.service.clone() }))
    }

    /// The one that ends everything first: the other makes the access token useless, too.
    async fn tell_sign_out(
        &self,
        session: &Session,
        refresh: Option<Secret>,
        everywhere: bool,
    ) -> Result<(), ProviderError> {
        let mut refresh = refresh;
        if everywhere {
            let fresh = session.tokens.clone().filter(|tokens| is_fresh(tokens.id.expires, self.now()));
            let access = match (fresh, &refresh) {
                (Some(tokens), _) => Some(tokens.access),
                (None, Some(old)) => match self.provider.renew(old).await {
                    Ok(granted) => {
                        refresh = granted.refresh.or(refresh);
                        Some(granted.access)
                    }
                    // It has ended already.
                    Err(ProviderError::Ended(_)) => None,
                    Err(error) => return Err(error),
                },
                (None, None) => None,
            };
            if let Some(access) = access {
                match self.provider.end_everywhere(&access).await {
                    Ok(()) | Err(ProviderError::Ended(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        match refresh {
            Some(refresh) => self.provider.revoke(&refresh).await,
            None => Ok(()),
        }
    }

    /// Whom the page may ask for.
    fn last_email(&self) -> Option<String> {
        match &*locked(&self.standing) {
            Standing::Nobody => None,
            Standing::Ended { email, .. } => Some(email.clone()),
            Standing::In(session) => Some(session.identity.email.clone()),
        }
    }
}

/// Shows who is signed in again, once a sign-in ended; where the next one began, its page.
struct ShownAgain<'a>(&'a Inner, u64);

impl Drop for ShownAgain<'_> {
    fn drop(&mut self) {
        {
            let mut signing_in = locked(&self.0.signing_in);
            if signing_in.number == self.1 {
                signing_in.shown = None;
            }
        }
        self.0.show();
    }
}

/// Waits for a task that nobody aborts.
async fn finished<T>(task: tokio::task::JoinHandle<T>) -> T {
    match task.await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is ending, and with it whoever waits here.
            Err(_) => std::future::pending().await,
        },
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("client", &self.deployment().client).field("view", &self.view()).finish()
    }
}

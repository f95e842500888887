//! Who is signed in, and what is noted and shown when that changes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::credentials::{Borrowed, IdentityPool};
use super::deployment::Deployment;
use super::ending::Ending;
use super::error::AccountError;
use super::known::{Known, KnownAccount};
use super::options::AccountOptions;
use super::provider::Provider;
use super::session::{Session, Tokens};
use super::shared_work::SharedWork;
use super::view::AccountView;
use crate::blocking::blocking;

pub(super) struct Inner {
    pub(super) provider: Provider,
    pub(super) pool: IdentityPool,
    pub(super) options: AccountOptions,
    /// The keyring's name for this deployment.
    pub(super) service: String,
    pub(super) view: watch::Sender<AccountView>,
    pub(super) known: Mutex<Known>,
    pub(super) standing: Mutex<Standing>,
    /// Held by whoever changes who is signed in, or by what: one at a time.
    pub(super) acting: tokio::sync::Mutex<()>,
    pub(super) renewing: SharedWork<Result<Tokens, AccountError>>,
    pub(super) borrowing: SharedWork<Result<Borrowed, AccountError>>,
    pub(super) signing_in: Mutex<SigningIn>,
}

/// Who is signed in.
pub(super) enum Standing {
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
pub(super) struct SigningIn {
    pub(super) number: u64,
    pub(super) cancelled: CancellationToken,
    /// What is shown while it waits.
    pub(super) shown: Option<AccountView>,
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
            Some(Session { tokens: Some(tokens), .. }) if tokens.id.is_fresh(now) => return Ok(tokens),
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
}

/// Waits for a task that nobody aborts.
pub(super) async fn finished<T>(task: tokio::task::JoinHandle<T>) -> T {
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

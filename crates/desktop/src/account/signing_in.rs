//! From the browser's page to somebody who is signed in.

use std::sync::Arc;

use super::ending::Ending;
use super::secret::Secret;
use super::session::{Session, Tokens};
use super::sign_in::{Ask, Last, SignIn, SignInError, SignedInBy};
use super::standing::{Inner, Standing, finished, locked};
use super::view::{AccountView, SignedIn};
use crate::blocking::blocking;

impl Inner {
    pub(super) async fn sign_in(self: &Arc<Self>, ask: Ask, number: u64) -> Result<SignedIn, SignInError> {
        let sign_in = SignIn::begin(&self.provider, ask, &self.last()).await?;
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
        let unfit = match Session::of_token(&id) {
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

    fn show_page(&self, number: u64, page: AccountView) {
        {
            let mut signing_in = locked(&self.signing_in);
            if signing_in.number == number {
                signing_in.shown = Some(page);
            }
        }
        self.show();
    }

    /// Whom the page may ask for.
    fn last(&self) -> Last {
        match &*locked(&self.standing) {
            Standing::Nobody => Last { email: None, signed_out: true },
            Standing::Ended { email, why } => Last {
                email: Some(email.clone()),
                signed_out: matches!(why, Ending::Revoked | Ending::Reused | Ending::NotKept),
            },
            Standing::In(session) => Last { email: Some(session.identity.email.clone()), signed_out: false },
        }
    }
}

/// Shows who is signed in again, once a sign-in ended; where the next one began, its page.
pub(super) struct ShownAgain<'a>(pub(super) &'a Inner, pub(super) u64);

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

use std::fmt;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError as SdkError;
use aws_credential_types::provider::{self, ProvideCredentials, future};

use super::credentials::{Borrowed, CredentialsError};
use super::error::AccountError;
use super::secret::Secret;
use super::session::{Session, is_fresh};
use super::standing::Inner;

/// AWS credentials of whoever is signed in: one request for all who wait, renewed five minutes before they end.
///
/// A client of the SDK keeps what it gets until it ends. To have it notice at once that somebody signed out, give it
/// `IdentityCache::no_cache()`: what is kept here answers without a request.
#[derive(Clone)]
pub struct AccountCredentials(Arc<Inner>);

impl AccountCredentials {
    pub(super) fn new(account: Arc<Inner>) -> Self {
        Self(account)
    }

    /// The credentials, with an error that says what a person can do.
    ///
    /// # Errors
    /// Where nobody is signed in any more, the cloud cannot be reached, or it gives this account none.
    pub async fn get(&self) -> Result<Credentials, AccountError> {
        let inner = &self.0;
        let session = inner.session().ok_or_else(|| inner.nobody())?;
        if let Some(borrowed) = session.borrowed.filter(|borrowed| is_fresh(borrowed.expires, inner.now())) {
            return Ok(borrowed.to_sdk());
        }
        let working = Arc::clone(inner);
        let borrowed = inner.borrowing.join(|| async move { working.borrow().await }).await?;
        Ok(borrowed.to_sdk())
    }
}

impl ProvideCredentials for AccountCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async move { self.get().await.map_err(sdk_error) as provider::Result })
    }
}

impl fmt::Debug for AccountCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountCredentials")
    }
}

impl Inner {
    async fn borrow(self: Arc<Self>) -> Result<Borrowed, AccountError> {
        let session = self.session().ok_or_else(|| self.nobody())?;
        let old = session.borrowed.clone();
        match self.borrow_anew(&session).await {
            Ok(borrowed) => Ok(borrowed),
            // Those at hand do until they end, unless whoever had them is signed out.
            Err(error) => match old.filter(|old| old.expires > self.now() && self.session().is_some()) {
                Some(old) => Ok(old),
                None => Err(error),
            },
        }
    }

    async fn borrow_anew(self: &Arc<Self>, session: &Session) -> Result<Borrowed, AccountError> {
        let subject = &session.identity.subject;
        let id_token = self.tokens().await?.id.raw().clone();
        let identity = match &session.pool_identity {
            Some(identity) => identity.clone(),
            None => {
                let identity = self.pool.identity(&id_token).await;
                let identity = match identity {
                    Ok(identity) => identity,
                    Err(error) => return Err(self.asked_again(session, &id_token, error).await),
                };
                self.note(subject, |session| session.pool_identity = Some(identity.clone()));
                identity
            }
        };
        let borrowed = match self.pool.borrow(&identity, &id_token).await {
            Ok(borrowed) => borrowed,
            Err(error) => return Err(self.asked_again(session, &id_token, error).await),
        };
        if self.note(subject, |session| session.borrowed = Some(borrowed.clone())) {
            Ok(borrowed)
        } else {
            // Somebody signed out, or another account in, while it was asked for.
            Err(self.nobody())
        }
    }

    /// A pool that refuses a token has no better name for an account that was disabled or signed out everywhere: the
    /// user pool has.
    async fn asked_again(
        self: &Arc<Self>,
        session: &Session,
        refused: &Secret,
        error: CredentialsError,
    ) -> AccountError {
        if !matches!(error, CredentialsError::Refused { .. }) {
            return error.into();
        }
        let same = |current: &Session| current.tokens.as_ref().is_some_and(|tokens| tokens.id.raw() == refused);
        if self.session().as_ref().is_some_and(same) {
            self.note(&session.identity.subject, |session| session.tokens = None);
        }
        match self.tokens().await {
            Ok(_) => error.into(),
            Err(ended) => ended,
        }
    }
}

fn sdk_error(error: AccountError) -> SdkError {
    match error {
        AccountError::SignedOut | AccountError::Ended(_) => SdkError::not_loaded(error),
        error => SdkError::provider_error(error),
    }
}

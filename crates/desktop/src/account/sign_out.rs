//! The end of a sign-in, as somebody wants it.

use thiserror::Error;

use super::ending::Ending;
use super::provider::ProviderError;
use super::secret::Secret;
use super::session::Session;
use super::standing::{Inner, Standing, locked};
use super::vault::VaultError;

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

impl Inner {
    pub(super) async fn sign_out(&self, everywhere: bool) -> Result<(), SignOutError> {
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
            let fresh = session.tokens.clone().filter(|tokens| tokens.id.is_fresh(self.now()));
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
                // Nobody else's sign-ins can be ended without a token of one's own.
                (None, None) => return Err(ProviderError::Ended(Ending::NotKept)),
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
}

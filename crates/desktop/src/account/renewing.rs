//! New tokens for old ones.

use super::ending::Ending;
use super::error::AccountError;
use super::id_token::{Expected, IdToken};
use super::provider::{Granted, ProviderError};
use super::secret::Secret;
use super::session::{Session, Tokens};
use super::standing::Inner;

impl Inner {
    /// Renews the tokens of whoever is signed in. Where the cloud cannot be reached, those at hand do until they end.
    pub(super) async fn renew(&self) -> Result<Tokens, AccountError> {
        let _acting = self.acting.lock().await;
        let session = self.session().ok_or_else(|| self.nobody())?;
        if let Some(tokens) = session.tokens.clone().filter(|tokens| tokens.id.is_fresh(self.now())) {
            return Ok(tokens);
        }
        match self.renew_session(session.clone()).await {
            Ok(tokens) => Ok(tokens),
            Err(AccountError::Provider(ProviderError::Ended(ending)) | AccountError::Ended(ending)) => {
                self.end(&session, ending.clone()).await;
                Err(AccountError::Ended(ending))
            }
            Err(error) => match session.tokens.filter(|tokens| tokens.id.expires > self.now()) {
                Some(tokens) => Ok(tokens),
                None => Err(error),
            },
        }
    }

    async fn renew_session(&self, mut session: Session) -> Result<Tokens, AccountError> {
        let refresh = self.refresh_token(&session).await?;
        let (refresh, granted) = self.exchange(&session, refresh).await?;
        // What replaces the old one is kept before anything of it is used: the old one is used up.
        if let Some(new) = granted.refresh {
            self.keep(&mut session, new).await;
            fail::fail_point!("account.refresh-token-saved");
        } else if session.refresh.is_some() {
            session.refresh = Some(refresh);
        }
        let now = self.now();
        let deployment = self.deployment();
        let expected = Expected {
            issuer: &deployment.issuer,
            audience: &deployment.client,
            nonce: None,
            subject: Some(&session.identity.subject),
            now,
        };
        // Noted whatever the token says: the refresh token is the good one.
        let subject = session.identity.subject.clone();
        let (held, kept, not_kept) = (session.refresh.clone(), session.kept, session.not_kept.clone());
        self.note(&subject, |current| (current.refresh, current.kept, current.not_kept) = (held, kept, not_kept));
        let id = IdToken::read(granted.id, expected).map_err(|error| AccountError::Ended(error.into()))?;
        let told = Session::of_token(&id).map_err(AccountError::Ended)?;
        if let Some(ending) = self.unfit(&told).or_else(|| moved(&session, &told)) {
            return Err(AccountError::Ended(ending));
        }
        let tokens = Tokens { id, access: granted.access };
        self.note(&subject, |current| (current.identity, current.tokens) = (told.identity, Some(tokens.clone())));
        self.note_known().await;
        self.show();
        Ok(tokens)
    }

    /// From the keyring each time, since another program may have renewed what is in it.
    async fn refresh_token(&self, session: &Session) -> Result<Secret, AccountError> {
        if let Some(refresh) = &session.refresh {
            return Ok(refresh.clone());
        }
        match self.options.vault.load(&self.service, &session.identity.subject).await {
            Ok(Some(refresh)) => Ok(refresh),
            Ok(None) => Err(AccountError::Ended(Ending::NotKept)),
            Err(error) => Err(AccountError::Vault(error)),
        }
    }

    /// Where the cloud refuses a token because another program was quicker, there is a newer one in the keyring.
    async fn exchange(&self, session: &Session, refresh: Secret) -> Result<(Secret, Granted), AccountError> {
        let refused = match self.provider.renew(&refresh).await {
            Ok(granted) => return Ok((refresh, granted)),
            Err(error) => error,
        };
        if matches!(&refused, ProviderError::Ended(ending) if ending.is_final())
            && let Ok(Some(newer)) = self.options.vault.load(&self.service, &session.identity.subject).await
            && newer != refresh
        {
            return match self.provider.renew(&newer).await {
                Ok(granted) => Ok((newer, granted)),
                Err(error) => Err(AccountError::Provider(error)),
            };
        }
        Err(AccountError::Provider(refused))
    }
}

/// An account that was put into another label: what this workspace holds is not that label's.
fn moved(before: &Session, now: &Session) -> Option<Ending> {
    (before.label != now.label)
        .then(|| Ending::OtherLabel { workspace: before.label.clone(), account: now.label.clone() })
}

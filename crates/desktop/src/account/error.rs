use thiserror::Error;

use super::credentials::CredentialsError;
use super::ending::Ending;
use super::provider::ProviderError;
use super::vault::VaultError;

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

use std::fmt::Debug;

use async_trait::async_trait;
use thiserror::Error;

use super::secret::Secret;

/// Where what keeps a person signed in is kept: the system's keyring, and nothing else. An entry is named by the
/// deployment's service and the account.
#[async_trait]
pub trait Vault: Send + Sync + Debug {
    /// Keeps a secret in the place of the one that is there. When this returns, it outlives the program.
    async fn save(&self, service: &str, account: &str, secret: &Secret) -> Result<(), VaultError>;

    /// What is kept; none where there is nothing.
    async fn load(&self, service: &str, account: &str) -> Result<Option<Secret>, VaultError>;

    /// Forgets it; nothing to forget is success.
    async fn forget(&self, service: &str, account: &str) -> Result<(), VaultError>;
}

/// Why the keyring does not do what it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VaultError {
    /// There is none on this system, or in this session.
    #[error("This computer has no keyring that Lacquer can use ({reason}).")]
    None {
        /// What the system says.
        reason: String,
    },
    /// It did not answer in time.
    #[error("This computer's keyring did not answer within {seconds} seconds.")]
    Stuck {
        /// How long it was waited for.
        seconds: u64,
    },
    /// It is locked, or refuses.
    #[error("This computer's keyring refused ({reason}).")]
    Refused {
        /// What the system says.
        reason: String,
    },
}

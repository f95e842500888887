//! Who works in a label's cloud: joining it, signing in, and what opens its doors from then on.

mod browser;
mod credentials;
mod deployment;
mod ending;
mod handle;
mod id_token;
mod join_field;
mod keyring;
mod known;
mod lending;
mod loopback;
mod provider;
mod renewing;
mod secret;
mod session;
mod shared_work;
mod sign_in;
mod vault;
mod view;

pub use browser::{Browser, SystemBrowser};
pub use credentials::CredentialsError;
pub use deployment::{Deployment, DeploymentError, Endpoints, FieldFault, Surroundings};
pub use ending::Ending;
pub use handle::{Account, AccountError, AccountOptions, SignOutError};
pub use id_token::IdTokenError;
pub use keyring::Keyring;
pub use known::{AccountsError, KnownAccount};
pub use lending::AccountCredentials;
pub use provider::ProviderError;
pub use secret::Secret;
pub use sign_in::{Ask, SignInError, SignInPage};
pub use vault::{Vault, VaultError};
pub use view::{AccountView, SignedIn};

use std::path::PathBuf;
use std::sync::Arc;

use cloud::ports::Clock;
use release::LabelId;

use super::browser::Browser;
use super::vault::Vault;

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

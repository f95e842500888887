use thiserror::Error;

use super::aws::ApiError;

/// Why a workspace's cloud does not do what it is asked.
#[derive(Debug, Error)]
pub enum CloudError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] cloud::local::OpenError),
    /// It refuses, or fails.
    #[error(transparent)]
    Local(#[from] cloud::local::CloudError),
    /// The label's own cloud refuses, or cannot be asked.
    #[error(transparent)]
    Api(ApiError),
    /// Nobody confirms subscriptions where the label writes to whom it entered.
    #[error("In a workspace on this computer nobody has to confirm: whoever is entered is written to.")]
    NothingToConfirm,
    /// A workspace on this computer knows no accounts.
    #[error("A workspace on this computer has no accounts. Join your label's cloud first.")]
    NoAccounts,
    /// An artist's account delivers nothing.
    #[error("Your account sees releases and delivers none. Ask whoever runs your label's cloud for the role of staff.")]
    NotStaff,
}

impl CloudError {
    /// What the person can do, where the text does not say it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Api(error) => error.help(),
            _ => String::new(),
        }
    }

    /// A stable name, where something reacts to it.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Api(error) => Some(error.code()),
            _ => None,
        }
    }
}

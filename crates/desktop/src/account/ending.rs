use release::LabelId;
use thiserror::Error;

use super::id_token::IdTokenError;

/// Why an account that was signed in is so no longer. Each text says what happened; [`help`](Self::help) what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Ending {
    /// Nobody used it for longer than the cloud keeps people signed in.
    #[error("Your sign-in has expired.")]
    Expired,
    /// Signed out everywhere, by the person or by whoever runs the cloud.
    #[error("You were signed out of all devices.")]
    Revoked,
    /// The refresh token had been exchanged before: two programs had the same, or somebody copied it.
    #[error("Your sign-in was used by another copy of Lacquer, so the cloud ended it.")]
    Reused,
    /// The account was disabled.
    #[error("Your account was disabled.")]
    Disabled,
    /// The account is gone.
    #[error("Your account does not exist any more.")]
    Deleted,
    /// The cloud wants a new password before anything else.
    #[error("Your account needs a new password.")]
    NewPassword,
    /// The account belongs to another label than the workspace.
    #[error("Your account belongs to the label \"{account}\", and this workspace to \"{workspace}\".")]
    OtherLabel {
        /// The workspace's.
        workspace: LabelId,
        /// The account's.
        account: LabelId,
    },
    /// The account belongs to no label, or to one whose name is none.
    #[error("Your account belongs to no label.")]
    NoLabel,
    /// What would keep the person signed in is not in the keyring, though it was put there.
    #[error("Your sign-in is not in this computer's keyring any more.")]
    NotKept,
    /// The cloud knows this app no longer.
    #[error("The cloud does not know this app any more: it was set up anew, or taken down.")]
    ClientGone,
    /// The tokens that came are not what was asked for.
    #[error("What the cloud answered cannot be trusted: {0}.")]
    Untrusted(#[from] IdTokenError),
}

impl Ending {
    /// A stable name, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Expired => "sign-in-expired",
            Self::Revoked => "sign-in-revoked",
            Self::Reused => "sign-in-reused",
            Self::Disabled => "account-disabled",
            Self::Deleted => "account-deleted",
            Self::NewPassword => "new-password",
            Self::OtherLabel { .. } => "other-label",
            Self::NoLabel => "no-label",
            Self::NotKept => "sign-in-not-kept",
            Self::ClientGone => "client-gone",
            Self::Untrusted(_) => "untrusted-token",
        }
    }

    /// What the person can do.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Expired | Self::NotKept => "Sign in again; what you queued waits for it.".to_owned(),
            Self::Revoked => "Sign in again. If it was not you, tell whoever runs your label's cloud.".to_owned(),
            Self::Reused => {
                "Sign in again. If you use Lacquer on one computer only and restored no backup, tell whoever runs your \
                             label's cloud."
                    .to_owned()
            }
            Self::Disabled => "Ask whoever runs your label's cloud to enable it, then sign in again.".to_owned(),
            Self::Deleted => "Ask whoever runs your label's cloud to invite you again.".to_owned(),
            Self::NewPassword => "Sign in again: the page asks for it.".to_owned(),
            Self::OtherLabel { workspace, account } => format!(
                "Sign in with an account of \"{workspace}\", or open the workspace of \"{account}\". \
                 If your account is in the wrong label, ask whoever runs the cloud."
            ),
            Self::NoLabel => {
                "Ask whoever runs your label's cloud to put your account into the label, then sign in again.".to_owned()
            }
            Self::ClientGone => {
                "Ask whoever runs your label's cloud for its workspace.json, and join again.".to_owned()
            }
            Self::Untrusted(error) => error.help().to_owned(),
        }
    }

    /// Whether the refresh token is of no use to anybody any more. A disabled account's is again, once it is enabled,
    /// and one of another label is good for that label's workspace.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Expired | Self::Revoked | Self::Reused | Self::Deleted | Self::NewPassword)
    }
}

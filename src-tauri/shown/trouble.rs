use desktop::account::{AccountError, SignInError, SignOutError};
use desktop::{JoinError, OpenError, SessionError};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Why something was not done, for people. Every command that fails rejects with one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Trouble {
    /// What failed, on what.
    pub(crate) message: String,
    /// What to do about it; empty where the message says it.
    pub(crate) help: String,
}

impl Trouble {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }

    /// The session ends, or has ended.
    pub(crate) fn closing() -> Self {
        Self::new("Lacquer is closing.", "")
    }

    /// The page asked for something that no person can have meant.
    pub(crate) fn of_page(message: impl Into<String>) -> Self {
        Self::new(message, "This is a mistake in the program: please report it.")
    }
}

impl From<SessionError> for Trouble {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotReady { ref problems, .. } => {
                let first = problems.first().map(|first| {
                    let problem = &first.problem;
                    format!("{}: {} {}", first.place, problem.message, problem.help)
                });
                Self::new(error.to_string(), first.unwrap_or_default())
            }
            SessionError::Cloud(ref cloud) => Self::new(sentence(&error.to_string()), cloud.help()),
            error => Self::new(sentence(&error.to_string()), ""),
        }
    }
}

impl From<OpenError> for Trouble {
    fn from(error: OpenError) -> Self {
        Self::new(error.to_string(), "")
    }
}

impl From<JoinError> for Trouble {
    fn from(error: JoinError) -> Self {
        Self::new(error.to_string(), "")
    }
}

impl From<SignInError> for Trouble {
    fn from(error: SignInError) -> Self {
        Self::new(error.to_string(), "")
    }
}

impl From<SignOutError> for Trouble {
    fn from(error: SignOutError) -> Self {
        Self::new(error.to_string(), "")
    }
}

impl From<AccountError> for Trouble {
    fn from(error: AccountError) -> Self {
        Self::new(error.to_string(), "")
    }
}

impl From<desktop::Trouble> for Trouble {
    fn from(trouble: desktop::Trouble) -> Self {
        Self::new(trouble.message, trouble.help)
    }
}

/// With a capital and a full stop: what was wrong with an edit is said as part of a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_a_sentence() {
        for (said, shown) in [
            ("\"x\" is not a disc: a whole number from 1 on", "\"x\" is not a disc: a whole number from 1 on."),
            ("a track has no UPC of its own", "A track has no UPC of its own."),
            ("Lacquer is closing.", "Lacquer is closing."),
            ("", ""),
        ] {
            assert_eq!(sentence(said), shown);
        }
    }
}

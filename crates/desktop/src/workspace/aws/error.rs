use std::time::Duration;

use cloud::api::wire::Problem;
use thiserror::Error;
use upload::{ON_THE_WAY, StoreError};

/// Why the cloud's API did not do what it was asked. Each text says what happened; [`help`](Self::help) what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ApiError {
    /// Nobody is signed in who may ask.
    #[error(transparent)]
    SignIn(#[from] SignInNeeded),
    /// It cannot be reached.
    #[error("The label's cloud cannot be reached: {reason}.")]
    Offline {
        /// Why, in words that people know.
        reason: String,
    },
    /// A network on the way answers in its place: a page where somebody is to sign in, or a filter's.
    #[error("The label's cloud cannot be reached: {ON_THE_WAY}.")]
    Intercepted,
    /// It has too much to do, or something of it is broken.
    #[error("The cloud is busy ({status}).")]
    Busy {
        /// HTTP's status.
        status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// It says no, and why.
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// It answered in a way that this program does not know.
    #[error("The cloud gave an answer that this Lacquer does not understand: {reason}.")]
    Strange {
        /// What is wrong with it.
        reason: String,
    },
    /// It could not be asked.
    #[error("The cloud cannot be asked: {reason}.")]
    Unusable {
        /// Why.
        reason: String,
    },
}

/// Nobody is signed in, or nobody who may ask.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SignInNeeded {
    /// A stable name of the reason.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// What the person can do.
    pub help: String,
    /// Whether it passes by itself: the one who signs people in cannot be reached.
    pub passing: bool,
}

impl ApiError {
    pub(super) fn refused(status: u16, problem: Option<Problem>, retry_after: Option<Duration>) -> Self {
        match (status, problem) {
            (401, problem) => Self::SignIn(SignInNeeded {
                code: "sign-in-refused",
                message: problem.map_or_else(|| "The cloud refused your sign-in.".to_owned(), |problem| problem.detail),
                help: "Sign in again.".to_owned(),
                passing: false,
            }),
            // Its own limits have reasons; a gateway's have none.
            (429, Some(problem)) => Self::Refused(Box::new(problem)),
            (408 | 425 | 429 | 500 | 502 | 503 | 504, _) => Self::Busy { status, retry_after },
            (_, Some(problem)) => Self::Refused(Box::new(problem)),
            (status, None) => Self::Strange { reason: format!("status {status}") },
        }
    }

    /// What the person can do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::SignIn(needed) => needed.help.clone(),
            Self::Offline { .. } => "Check the connection, and try again.".to_owned(),
            Self::Intercepted => {
                "Open any web page in your browser to see what the network wants, and try again.".to_owned()
            }
            Self::Busy { .. } => "Try again in a minute.".to_owned(),
            // The details of problems say it themselves.
            Self::Refused(_) => String::new(),
            Self::Strange { .. } => {
                "Update Lacquer. If it is the latest, tell whoever runs your label's cloud.".to_owned()
            }
            Self::Unusable { .. } => {
                "Ask whoever runs your label's cloud for its workspace.json, and join again.".to_owned()
            }
        }
    }

    /// A stable name, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignIn(needed) => needed.code,
            Self::Offline { .. } | Self::Intercepted => "cloud-offline",
            Self::Busy { .. } => "cloud-busy",
            Self::Refused(_) => "cloud-refused",
            Self::Strange { .. } => "cloud-strange",
            Self::Unusable { .. } => "cloud-unusable",
        }
    }

    /// Whether the same may succeed later without anyone doing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::SignIn(needed) => needed.passing,
            Self::Offline { .. } | Self::Intercepted | Self::Busy { .. } => true,
            Self::Refused(_) | Self::Strange { .. } | Self::Unusable { .. } => false,
        }
    }

    /// How long it asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// As an answer of a store, which knows no sign-in.
    pub(super) fn without_sign_in(self) -> Self {
        match self {
            Self::SignIn(_) => Self::Strange { reason: "a link was refused".to_owned() },
            other => other,
        }
    }

    /// Whether there is no such thing.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.status == 404)
    }

    /// As an error of the store that asks what is there.
    pub(super) fn of_store(self, key: &str) -> StoreError {
        let (operation, key) = ("a look", key.to_owned());
        match self {
            Self::SignIn(needed) if !needed.passing => StoreError::Unasked { operation, key, reason: needed.message },
            Self::Offline { reason } => StoreError::Unreachable { operation, key, reason },
            Self::Intercepted => StoreError::Unreachable { operation, key, reason: ON_THE_WAY.to_owned() },
            Self::Busy { .. } => StoreError::Unreachable { operation, key, reason: "the cloud is busy".to_owned() },
            Self::SignIn(needed) => {
                tracing::info!(needed.message, "nobody renews the sign-in at the moment");
                let reason = "your sign-in cannot be renewed, as when this computer is offline".to_owned();
                StoreError::Unreachable { operation, key, reason }
            }
            error => StoreError::Unasked { operation, key, reason: error.to_string() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(status: u16, detail: &str) -> Problem {
        Problem {
            kind: "/problems/void".to_owned(),
            title: "Void".to_owned(),
            status,
            detail: detail.to_owned(),
            errors: Vec::new(),
        }
    }

    #[test]
    fn what_the_api_answers_is_said_with_what_to_do() {
        let all = [
            ApiError::refused(401, Some(problem(401, "The token has expired.")), None),
            ApiError::refused(401, None, None),
            ApiError::refused(409, Some(problem(409, "A newer delivery came since. Hear that one.")), None),
            ApiError::refused(429, None, Some(Duration::from_secs(7))),
            ApiError::refused(503, Some(problem(503, "The table is busy.")), None),
            ApiError::refused(418, None, None),
            ApiError::Offline { reason: "nothing answers there".to_owned() },
            ApiError::Intercepted,
            ApiError::Strange { reason: "expected value at line 1 column 1".to_owned() },
        ];
        let said: Vec<String> = all
            .iter()
            .map(|error| format!("{} | {error} | {} | passing: {}", error.code(), error.help(), error.is_passing()))
            .collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        sign-in-refused | The token has expired. | Sign in again. | passing: false
        sign-in-refused | The cloud refused your sign-in. | Sign in again. | passing: false
        cloud-refused | A newer delivery came since. Hear that one. |  | passing: false
        cloud-busy | The cloud is busy (429). | Try again in a minute. | passing: true
        cloud-busy | The cloud is busy (503). | Try again in a minute. | passing: true
        cloud-strange | The cloud gave an answer that this Lacquer does not understand: status 418. | Update Lacquer. If it is the latest, tell whoever runs your label's cloud. | passing: false
        cloud-offline | The label's cloud cannot be reached: nothing answers there. | Check the connection, and try again. | passing: true
        cloud-offline | The label's cloud cannot be reached: the network answers in its place, as one does that wants you to sign in to it first. | Open any web page in your browser to see what the network wants, and try again. | passing: true
        cloud-strange | The cloud gave an answer that this Lacquer does not understand: expected value at line 1 column 1. | Update Lacquer. If it is the latest, tell whoever runs your label's cloud. | passing: false
        ");
        assert_eq!(all[3].retry_after(), Some(Duration::from_secs(7)));
    }
}

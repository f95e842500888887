use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::Field;

/// Something that is missing, wrong or unwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// Where it is.
    pub field: Field,
    /// A stable name of the rule, such as `isrc-twice`.
    pub code: Cow<'static, str>,
    /// What is wrong, with the facts: "Artwork is 1,400 × 1,400. Stores need 3,000 × 3,000."
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Advice.
    Hint,
    /// Shown, and may be accepted.
    Warning,
    /// Stops the release from being queued.
    Error,
}

impl Problem {
    pub(super) fn error(field: Field, code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Severity::Error, field, code, message.into(), help.into())
    }

    pub(super) fn warning(
        field: Field,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Warning, field, code, message.into(), help.into())
    }

    pub(super) fn hint(field: Field, code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Severity::Hint, field, code, message.into(), help.into())
    }

    fn new(severity: Severity, field: Field, code: &'static str, message: String, help: String) -> Self {
        Self { severity, field, code: Cow::Borrowed(code), message, help }
    }
}

//! What stands between a release and its delivery.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Field, Release};

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

/// Something that is missing, wrong or unwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// Where it is.
    pub field: Field,
    /// A stable name of the rule, such as `isrc-duplicate`.
    pub code: Cow<'static, str>,
    /// What is wrong, with the facts: "Artwork is 1,400 × 1,400. Stores need 3,000 × 3,000."
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// What a check must know beside the release.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Today, in the label's time zone.
    pub today: Date,
}

/// All that is missing, wrong or unwise, in the order of the fields on the screen: the release, then its tracks.
#[must_use]
pub fn check(release: &Release, context: &Context) -> Vec<Problem> {
    let _ = (release, context);
    Vec::new()
}

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Parental advisory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advisory {
    /// Strong language or worse.
    Explicit,
    /// An edited form of something explicit.
    Clean,
    /// Nothing to warn of.
    None,
}

/// A text that is no parental advisory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{0}\" is not a parental advisory: explicit, clean or none")]
pub struct AdvisoryError(pub String);

impl FromStr for Advisory {
    type Err = AdvisoryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "explicit" => Ok(Self::Explicit),
            "clean" => Ok(Self::Clean),
            "none" => Ok(Self::None),
            _ => Err(AdvisoryError(text.to_owned())),
        }
    }
}

impl fmt::Display for Advisory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Explicit => "explicit",
            Self::Clean => "clean",
            Self::None => "none",
        })
    }
}

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An International Standard Recording Code (ISO 3901): prefix, registrant, year of assignment, designation.
///
/// Always twelve characters without hyphens; a value of this type satisfies the standard's form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Isrc([u8; 12]);

/// Why a text is not an ISRC.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IsrcError {
    /// Not twelve characters once hyphens and spaces are dropped.
    #[error("an ISRC has 12 characters, and this has {0}")]
    Length(usize),
    /// The first two are not letters.
    #[error("an ISRC starts with two letters")]
    Prefix,
    /// The first two letters are assigned to no country and no agency.
    #[error("no ISRC agency has the prefix {0}")]
    UnknownPrefix(String),
    /// Characters three to five are not letters or digits.
    #[error("characters 3 to 5 of an ISRC are letters or digits")]
    Registrant,
    /// The last seven are not digits.
    #[error("an ISRC ends in seven digits")]
    Digits,
}

impl Isrc {
    /// The code without hyphens.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("an ISRC is built from ASCII only")
    }
}

impl FromStr for Isrc {
    type Err = IsrcError;

    /// Accepts a leading `ISRC`, spaces, hyphens and lower case. Never truncates.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let compact = compact(text).to_ascii_uppercase();
        let length = compact.chars().count();
        // Iceland's prefix is IS, so that a code of the right length may begin with these letters itself.
        let code = match compact.strip_prefix("ISRC") {
            Some(rest) if length != LENGTH => rest.trim_start_matches(':'),
            _ => compact.as_str(),
        };
        let length = code.chars().count();
        let bytes: [u8; 12] = match code.as_bytes().try_into() {
            Ok(bytes) if length == LENGTH => bytes,
            _ => return Err(IsrcError::Length(length)),
        };
        if !bytes[..2].iter().all(u8::is_ascii_uppercase) {
            return Err(IsrcError::Prefix);
        }
        if !is_assigned_prefix(&bytes[..2]) {
            return Err(IsrcError::UnknownPrefix(code[..2].to_owned()));
        }
        if !bytes[2..5].iter().all(u8::is_ascii_alphanumeric) {
            return Err(IsrcError::Registrant);
        }
        if !bytes[5..].iter().all(u8::is_ascii_digit) {
            return Err(IsrcError::Digits);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Isrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Isrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Isrc({})", self.as_str())
    }
}

const LENGTH: usize = 12;

/// A code without what people write between its parts: white space, and hyphens as word processors make them.
pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2013}')).collect()
}

/// Prefixes beyond ISO 3166-1 alpha-2: agencies that were given more than one, and retired countries.
const EXTRA_PREFIXES: &str = "BC BK BP BX CB CP DG FX GX KS QM QN QT QZ UK XK YU ZB ZZ";

fn is_assigned_prefix(prefix: &[u8]) -> bool {
    crate::territory::is_iso_3166(prefix) || EXTRA_PREFIXES.split(' ').any(|extra| extra.as_bytes() == prefix)
}

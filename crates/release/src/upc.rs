use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A release's bar code: UPC-A, EAN-13 or GTIN-14, with its check digit right and its leading zeros kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Upc(String);

/// Why a text is not a UPC or EAN.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UpcError {
    /// Something other than digits, spaces and hyphens.
    #[error("a UPC or EAN has digits only")]
    NotDigits,
    /// Not 12, 13 or 14 digits.
    #[error("a UPC has 12 digits, an EAN 13, a GTIN 14, and this has {0}")]
    Length(usize),
    /// The last digit does not follow from the others.
    #[error("the last digit is {found}, and the others call for {expected}")]
    CheckDigit {
        /// The digit that would be right.
        expected: u8,
        /// The digit that stands there.
        found: u8,
    },
}

impl Upc {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Upc {
    type Err = UpcError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let compact = crate::isrc::compact(text);
        if compact.is_empty() || !compact.bytes().all(|b| b.is_ascii_digit()) {
            return Err(UpcError::NotDigits);
        }
        if !(12..=14).contains(&compact.len()) {
            return Err(UpcError::Length(compact.len()));
        }
        let (body, check) = compact.split_at(compact.len() - 1);
        let found = check.as_bytes()[0] - b'0';
        let expected = check_digit(body);
        if found != expected {
            return Err(UpcError::CheckDigit { expected, found });
        }
        Ok(Self(compact))
    }
}

impl fmt::Display for Upc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// GS1's check digit: from the right, weights 3, 1, 3, …
fn check_digit(body: &str) -> u8 {
    let sum: u32 =
        body.bytes().rev().enumerate().map(|(i, digit)| u32::from(digit - b'0') * if i % 2 == 0 { 3 } else { 1 }).sum();
    u8::try_from((10 - sum % 10) % 10).expect("below 10")
}

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The year and owner of a ℗ or © line, kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RightsLine {
    /// The year of first publication.
    pub year: u16,
    /// Who holds the right.
    pub owner: String,
}

/// Why a text is not a rights line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RightsLineError {
    /// No four-digit year from 1850 on at the start.
    #[error("a rights line starts with a year, as in \"1994 Owner\"")]
    Year,
    /// A year and nothing after it.
    #[error("a rights line names its owner after the year")]
    Owner,
}

impl FromStr for RightsLine {
    type Err = RightsLineError;

    /// Accepts `(P) 1994 Owner`, `℗ 1994 Owner`, `© 1994 Owner`, `Copyright 1994 Owner` and `1994 Owner`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = strip_sign(text.trim());
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let year: u16 = match rest.get(..digits) {
            Some(year) if digits == 4 => year.parse().map_err(|_| RightsLineError::Year)?,
            _ => return Err(RightsLineError::Year),
        };
        if year < 1850 {
            return Err(RightsLineError::Year);
        }
        let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '-' | '–');
        let owner = rest[digits..].trim_start_matches(is_between).trim_end();
        if owner.is_empty() {
            return Err(RightsLineError::Owner);
        }
        Ok(Self { year, owner: owner.to_owned() })
    }
}

fn strip_sign(text: &str) -> &str {
    const SIGNS: [&str; 6] = ["(p)", "(c)", "℗", "©", "copyright", "ⓟ"];
    let mut rest = text;
    // "Copyright © 1994 Owner" and "℗ & © 1994 Owner" carry two.
    while let Some(sign) =
        SIGNS.iter().find(|sign| rest.get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign)))
    {
        rest = rest[sign.len()..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '&' | '/' | ':'));
    }
    rest
}

impl fmt::Display for RightsLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.year, self.owner)
    }
}

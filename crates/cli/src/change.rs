use std::str::FromStr;

use release::{AddressError, Field, FieldAddress, Release};
use thiserror::Error;

/// Fields that are to be set, as `--set FIELD=VALUE` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    address: FieldAddress,
    value: String,
}

/// Why a text is no change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum ChangeError {
    #[error("give FIELD=VALUE, such as title=\"Night Bus\"")]
    NoValue,
    #[error(transparent)]
    Address(#[from] AddressError),
}

impl Change {
    /// The fields of a release that are meant, each with the text that it is set to.
    pub(crate) fn of(&self, release: &Release) -> Result<Vec<(Field, String)>, AddressError> {
        let fields = self.address.fields(release)?;
        Ok(fields.into_iter().map(|field| (field, self.value.clone())).collect())
    }
}

impl FromStr for Change {
    type Err = ChangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, value) = text.split_once('=').ok_or(ChangeError::NoValue)?;
        Ok(Self { address: address.parse()?, value: value.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_anything_and_may_be_empty() {
        for (text, address, value) in [
            ("title=1 + 1 = 2.0", "title", "1 + 1 = 2.0"),
            ("version=", "version", ""),
            ("2-3.isrc=a", "2-3.isrc", "a"),
        ] {
            let expected = Change { address: address.parse().unwrap(), value: value.to_owned() };
            assert_eq!(text.parse(), Ok(expected));
        }
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        assert_eq!("title".parse::<Change>(), Err(ChangeError::NoValue));
        assert!(matches!("titel=a".parse::<Change>(), Err(ChangeError::Address(AddressError::Name(_)))));
    }
}

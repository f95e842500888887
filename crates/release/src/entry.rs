use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands in a field whose values have a form: nothing, a good value, or text that is not one.
///
/// Text that does not parse is kept as it was entered, so that a typing error loses nothing and a check can name
/// it. Serialised as a string or null; text is parsed anew when it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Entry<T> {
    /// Nothing was entered.
    #[default]
    Missing,
    /// A value that satisfies its type's rules.
    Valid(T),
    /// What was entered, and cannot be a `T`.
    Invalid(String),
}

impl<T: FromStr> Entry<T> {
    /// Reads what a person or a file says; white space alone is nothing.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Missing;
        }
        match text.parse() {
            Ok(value) => Self::Valid(value),
            Err(_) => Self::Invalid(text.to_owned()),
        }
    }
}

impl<T> Entry<T> {
    /// The value, where it is a good one.
    #[must_use]
    pub fn valid(&self) -> Option<&T> {
        match self {
            Self::Valid(value) => Some(value),
            Self::Missing | Self::Invalid(_) => None,
        }
    }

    /// Whether nothing was entered.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl<T: Display> Entry<T> {
    /// What a field shows: the value in its usual form, or the text as entered, or nothing.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Missing => String::new(),
            Self::Valid(value) => value.to_string(),
            Self::Invalid(text) => text.clone(),
        }
    }
}

impl<T> From<T> for Entry<T> {
    fn from(value: T) -> Self {
        Self::Valid(value)
    }
}

impl<T: Display> Serialize for Entry<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing => serializer.serialize_none(),
            Self::Valid(value) => serializer.collect_str(value),
            Self::Invalid(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Entry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.as_deref().map_or(Self::Missing, Self::read))
    }
}

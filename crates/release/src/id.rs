use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use ulid::Ulid;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// Not a ULID in its one spelling (26 upper-case characters).
    #[error("\"{0}\" is not a ULID of 26 characters")]
    Ulid(String),
    /// Not a label's id.
    #[error("\"{0}\" is not a label's id: 1 to 63 of a-z, 0-9 and hyphens, not at an end")]
    Label(String),
    /// What a store keeps apart lies under this name.
    #[error("\"{0}\" cannot be a label's id: files that were moved aside lie under this name")]
    Reserved(String),
}

macro_rules! ulid_id {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name(Ulid);

        impl $name {
            /// A new id, of a given instant (milliseconds since 1970) and 80 random bits.
            #[must_use]
            pub fn new(now: Timestamp, random: u128) -> Self {
                Self(Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap_or(0), random))
            }

            /// The instant that the id carries.
            #[must_use]
            pub fn instant(self) -> Timestamp {
                let millis = i64::try_from(self.0.timestamp_ms()).unwrap_or(i64::MAX);
                Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Only the canonical spelling is an id: these stand in keys, and a key has one spelling.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match Ulid::from_string(text) {
                    Ok(ulid) if ulid.to_string() == text => Ok(Self(ulid)),
                    _ => Err(IdError::Ulid(text.to_owned())),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ulid_id!(
    /// A release, through all its deliveries.
    ReleaseId,
    /// A track of a release, wherever it moves.
    TrackId,
    /// One attempt to hand a release over. Later deliveries of a release have greater ids.
    DeliveryId
);

impl DeliveryId {
    /// A new id that is greater than the one it supersedes, even where this machine's clock is behind. (Only beyond the
    /// very last ULID there is none.)
    ///
    /// The cloud tells which of two deliveries is newer by their ids alone, in whatever order they arrive.
    #[must_use]
    pub fn after(superseded: Option<Self>, now: Timestamp, random: u128) -> Self {
        let id = Self::new(now, random);
        match superseded {
            Some(old) if id <= old => {
                let next = old.0.timestamp_ms() + 1;
                // A ULID has 48 bits of time, which reach further than a timestamp.
                let later = Ulid::from_parts(next, random);
                Self(if later > old.0 { later } else { old.0.increment().unwrap_or(old.0) })
            }
            _ => id,
        }
    }
}

/// A label: the first part of every key of its objects.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(String);

impl LabelId {
    /// The id as it stands in keys.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LabelId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let good = (1..=63).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        match text {
            // As `upload` has it: no key may begin with it, and the cloud's buckets let it be written over.
            "set-aside" => Err(IdError::Reserved(text.to_owned())),
            _ if good => Ok(Self(text.to_owned())),
            _ => Err(IdError::Label(text.to_owned())),
        }
    }
}

impl fmt::Display for LabelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for LabelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LabelId({})", self.0)
    }
}

impl Serialize for LabelId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LabelId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

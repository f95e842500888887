use std::fmt::{self, Debug};
use std::str::FromStr;

use async_trait::async_trait;
use jiff::Timestamp;
use release::Sha256;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::PortError;
use crate::catalogue::folded_name;

/// Who follows which artist.
#[async_trait]
pub trait Subscriptions: Send + Sync + Debug {
    /// Adds a subscription. True where it is new.
    async fn subscribe(&self, subscription: &Subscription) -> Result<bool, PortError>;

    /// Removes one. True where there was one.
    async fn unsubscribe(&self, artist: &str, email: &EmailAddress) -> Result<bool, PortError>;

    /// Those who follow an artist, by [`folded_name`].
    async fn of(&self, artist: &str) -> Result<Vec<Subscription>, PortError>;

    /// All, by artist and address.
    async fn all(&self) -> Result<Vec<Subscription>, PortError>;
}

/// That an address is to hear of an artist's releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The artist's name as it was entered.
    pub artist: String,
    /// Where news goes.
    pub email: EmailAddress,
    /// Since when.
    pub since: Timestamp,
}

impl Subscription {
    /// A short name that can stand in a file's name: the same for the same artist and address.
    #[must_use]
    pub fn id(&self) -> String {
        let who = format!("{}\n{}", folded_name(&self.artist), self.email.folded());
        Sha256::of(who.as_bytes()).to_string()[..16].to_owned()
    }
}

/// An e-mail address that can stand in a header as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{}\" is not an e-mail address. One looks like name@example.org.", .0.escape_debug())]
pub struct AddressError(pub String);

impl EmailAddress {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as it is compared: hosts have no case, and no service in use tells names by theirs.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;

    /// Takes what mail services take: a dot-atom, an at sign, a host name (RFC 5321), letters of any script (RFC 6531).
    /// Quoted names and comments, which nobody uses, are not addresses here.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let good = match text.rsplit_once('@') {
            Some((name, host)) => is_dot_atom(name) && name.len() <= 64 && is_host(host) && text.len() <= 254,
            None => false,
        };
        if good { Ok(Self(text.to_owned())) } else { Err(AddressError(text.to_owned())) }
    }
}

fn is_dot_atom(name: &str) -> bool {
    name.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)))
}

fn is_host(host: &str) -> bool {
    host.split('.').all(|label| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_address() {
        let good = [
            "name@example.org",
            " name@example.org\n",
            "first.last+music@mail.example.co.uk",
            "o'neil@example.org",
            "用户@例え.jp",
            "name@localhost",
        ];
        for text in good {
            assert_eq!(text.parse::<EmailAddress>().unwrap().as_str(), text.trim());
        }
        let long_name = format!("{}@example.org", "n".repeat(65));
        let bad = [
            "",
            "name",
            "@example.org",
            "name@",
            "name@.org",
            "name@example..org",
            "name@-example.org",
            ".name@example.org",
            "na me@example.org",
            "name@example.org, other@example.org",
            "Name <name@example.org>",
            "name@example.org>",
            "\"name\"@example.org",
            "name\r\nBcc:x@example.org",
            "name\u{0}@example.org",
            &long_name,
        ];
        for text in bad {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
            let json = serde_json::to_string(text).unwrap();
            assert!(serde_json::from_str::<EmailAddress>(&json).is_err(), "{text:?}");
        }
    }
}

use std::collections::HashMap;
use std::io::{Read as _, Write as _};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::ports::PortError;

/// An item of the table: its attributes by name.
pub type Item = HashMap<String, AttributeValue>;

/// Why an item cannot be read.
#[derive(Debug, Error)]
#[error("the item {item} of the table cannot be read: {flaw}")]
pub struct ItemError {
    /// Its key, as `pk/sk`.
    pub item: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong with an item.
#[derive(Debug, Error)]
pub enum Flaw {
    /// An attribute is not there, or of another type.
    #[error("its attribute {0} is missing, or of another type")]
    Attribute(&'static str),
    /// A key that does not say what it should.
    #[error("its key is none of this kind")]
    Key,
    /// A version that this program does not know.
    #[error("its format {0} is not known here; format {FORMAT} is")]
    Format(u64),
    /// Its content does not unpack.
    #[error("its content is damaged: {0}")]
    Packing(#[from] std::io::Error),
    /// It unpacks to more than anything that was packed.
    #[error("its content unpacks to more than {} MB", UNPACKED / 1_000_000)]
    Large,
    /// Its content is of another shape.
    #[error("its content is of another shape: {0}")]
    Shape(#[from] serde_json::Error),
}

impl From<ItemError> for PortError {
    fn from(error: ItemError) -> Self {
        Self::new("reading the table", false, error)
    }
}

/// The format of packed content: JSON, compressed as zlib does (RFC 1950).
pub(super) const FORMAT: u64 = 1;

/// An item has 400 KB at most, names of attributes and keys included (DynamoDB).
const PACKED: usize = 390_000;
/// Nothing that fits into an item is anywhere near.
const UNPACKED: u64 = 64_000_000;

/// Adds a value to an item, packed.
pub(super) fn pack<T: Serialize>(item: &mut Item, name: &'static str, value: &T) -> Result<(), PortError> {
    let packed = packed(value).map_err(|error| PortError::new(format!("packing a {name}"), false, error))?;
    if packed.len() > PACKED {
        let cause =
            format!("it has {} KB when compressed, and {} KB fit into an item", packed.len() / 1000, PACKED / 1000);
        return Err(PortError::new(format!("packing a {name}"), false, cause));
    }
    item.insert("format".to_owned(), number(FORMAT));
    item.insert(name.to_owned(), AttributeValue::B(Blob::new(packed)));
    Ok(())
}

fn packed<T: Serialize>(value: &T) -> std::io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&serde_json::to_vec(value)?)?;
    encoder.finish()
}

/// An item as it came, with its key for messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a Item);

impl Reader<'_> {
    /// A value that was packed.
    pub(super) fn unpack<T: DeserializeOwned>(self, name: &'static str) -> Result<T, ItemError> {
        let format = self.number("format")?;
        if format != FORMAT {
            return Err(self.bad(Flaw::Format(format)));
        }
        let packed = self.0.get(name).and_then(|value| value.as_b().ok());
        let packed = packed.ok_or_else(|| self.bad(Flaw::Attribute(name)))?;
        let mut json = Vec::new();
        // One byte more than may be, so that more is seen.
        let mut unpacked = ZlibDecoder::new(packed.as_ref()).take(UNPACKED + 1);
        unpacked.read_to_end(&mut json).map_err(|error| self.bad(error.into()))?;
        if json.len() as u64 > UNPACKED {
            return Err(self.bad(Flaw::Large));
        }
        serde_json::from_slice(&json).map_err(|error| self.bad(error.into()))
    }

    pub(super) fn number(self, name: &'static str) -> Result<u64, ItemError> {
        let number = self.0.get(name).and_then(|value| value.as_n().ok()).and_then(|digits| digits.parse().ok());
        number.ok_or_else(|| self.bad(Flaw::Attribute(name)))
    }

    /// An instant of whole milliseconds.
    pub(super) fn instant(self, name: &'static str) -> Result<Timestamp, ItemError> {
        let millis = self.0.get(name).and_then(|value| value.as_n().ok()).and_then(|digits| digits.parse().ok());
        let instant = millis.and_then(|millis| Timestamp::from_millisecond(millis).ok());
        instant.ok_or_else(|| self.bad(Flaw::Attribute(name)))
    }

    /// An error about this item.
    pub(super) fn bad(self, flaw: Flaw) -> ItemError {
        let part = |name: &str| self.0.get(name).and_then(|value| value.as_s().ok()).map_or("?", String::as_str);
        ItemError { item: format!("{}/{}", part("pk"), part("sk")), flaw }
    }
}

/// A text attribute.
pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
pub(super) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// An instant as a number attribute, in milliseconds since 1970.
pub(super) fn millis(instant: Timestamp) -> AttributeValue {
    AttributeValue::N(instant.as_millisecond().to_string())
}

/// An instant as the table's time to live wants it, in seconds since 1970.
pub(super) fn expiry(instant: Timestamp) -> AttributeValue {
    AttributeValue::N(instant.as_second().to_string())
}

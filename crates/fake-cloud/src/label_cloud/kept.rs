//! What the cloud keeps, read as it lies there and not by the code that put it there.

use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::ZlibDecoder;
use serde_json::{Value, json};

use super::LabelCloud;
use super::asking::{dynamodb, get};
use crate::emulator::EmulatorError;

/// An item of the table (docs/table.md).
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its partition's key, which says what it is of: `R#label#release`.
    pub pk: String,
    /// Whether it is among what waits for something.
    pub waits: bool,
    /// What it holds; null where that is nothing but its key.
    pub content: Value,
}

impl LabelCloud {
    /// All items of the table.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn items(&self) -> Result<Vec<Item>, EmulatorError> {
        let mut items = Vec::new();
        let mut asked = json!({ "TableName": self.deployed.table, "ConsistentRead": true });
        loop {
            let page = dynamodb(&self.deployed, "Scan", &asked).await?;
            items.extend(page["Items"].as_array().into_iter().flatten().map(item));
            match page.get("LastEvaluatedKey") {
                Some(last) if !last.is_null() => asked["ExclusiveStartKey"] = last.clone(),
                _ => return Ok(items),
            }
        }
    }

    /// The keys of a bucket's objects.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn keys(&self, bucket: &str) -> Result<Vec<String>, EmulatorError> {
        let listed = get(&self.deployed, &format!("{bucket}?list-type=2&max-keys=1000")).await?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let keys = listed.split("<Key>").skip(1).filter_map(|rest| rest.split_once("</Key>"));
        Ok(keys.map(|(key, _)| key.to_owned()).collect())
    }

    /// An object's bytes.
    ///
    /// # Errors
    /// If there is none, or the emulator does not answer.
    pub async fn object(&self, bucket: &str, key: &str) -> Result<Vec<u8>, EmulatorError> {
        get(&self.deployed, &format!("{bucket}/{key}")).await
    }
}

fn item(attributes: &Value) -> Item {
    let packed = attributes.as_object().into_iter().flatten().find_map(|(_, value)| value["B"].as_str());
    let content = packed.and_then(|packed| {
        let mut json = Vec::new();
        ZlibDecoder::new(BASE64_STANDARD.decode(packed).ok()?.as_slice()).read_to_end(&mut json).ok()?;
        serde_json::from_slice(&json).ok()
    });
    Item {
        pk: attributes["pk"]["S"].as_str().unwrap_or_default().to_owned(),
        waits: attributes.get("gsi2pk").is_some(),
        content: content.unwrap_or_default(),
    }
}

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::UnreadableBatch;

/// A change of the table, as its stream hands it to a function.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::functions) struct Streamed {
    /// Names it in the answer; grows along the stream.
    pub(in crate::functions) sequence: String,
    /// The new item; none where one was changed or removed, or where it cannot be read.
    pub(in crate::functions) inserted: Option<HashMap<String, AttributeValue>>,
}

/// Reads the changes of an invocation by a table's stream.
///
/// # Errors
/// Where there is no list of records, or one cannot be named.
pub(in crate::functions) fn streamed(payload: &Value) -> Result<Vec<Streamed>, UnreadableBatch> {
    let records = payload.get("Records").and_then(Value::as_array).ok_or(UnreadableBatch::NoRecords)?;
    let read = |(number, record): (usize, &Value)| {
        let change = record.get("dynamodb");
        let sequence = change.and_then(|change| change.get("SequenceNumber")).and_then(Value::as_str);
        let image = change.and_then(|change| change.get("NewImage")).and_then(Value::as_object);
        let is_insert = record.get("eventName").and_then(Value::as_str) == Some("INSERT");
        Ok(Streamed {
            sequence: sequence.ok_or(UnreadableBatch::NoId(number))?.to_owned(),
            inserted: image
                .filter(|_| is_insert)
                .and_then(|image| image.iter().map(|(name, value)| Some((name.clone(), attribute(value)?))).collect()),
        })
    };
    (1..).zip(records).map(read).collect()
}

/// A value as DynamoDB writes it into JSON: `{"S":"text"}`, numbers as text, bytes in Base64.
fn attribute(value: &Value) -> Option<AttributeValue> {
    let (kind, value) = value.as_object()?.iter().next()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let bytes = |value: &Value| Some(Blob::new(STANDARD.decode(value.as_str()?).ok()?));
    Some(match kind.as_str() {
        "S" => AttributeValue::S(text(value)?),
        "N" => AttributeValue::N(text(value)?),
        "B" => AttributeValue::B(bytes(value)?),
        "BOOL" => AttributeValue::Bool(value.as_bool()?),
        "NULL" => AttributeValue::Null(value.as_bool()?),
        "SS" => AttributeValue::Ss(value.as_array()?.iter().map(text).collect::<Option<_>>()?),
        "NS" => AttributeValue::Ns(value.as_array()?.iter().map(text).collect::<Option<_>>()?),
        "BS" => AttributeValue::Bs(value.as_array()?.iter().map(bytes).collect::<Option<_>>()?),
        "L" => AttributeValue::L(value.as_array()?.iter().map(attribute).collect::<Option<_>>()?),
        "M" => {
            let fields = value.as_object()?.iter();
            AttributeValue::M(
                fields.map(|(name, value)| Some((name.clone(), attribute(value)?))).collect::<Option<_>>()?,
            )
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As the Lambda developer guide has it ("Using AWS Lambda with Amazon DynamoDB"), with every type of value.
    #[test]
    fn a_documented_batch_is_read() {
        let payload = json!({ "Records": [
            {
                "eventID": "1",
                "eventVersion": "1.0",
                "dynamodb": {
                    "Keys": { "Id": { "N": "101" } },
                    "NewImage": {
                        "Message": { "S": "New item!" },
                        "Id": { "N": "101" },
                        "Bytes": { "B": "AAEqQQ==" },
                        "Yes": { "BOOL": true },
                        "Nothing": { "NULL": true },
                        "Names": { "SS": ["Giraffe", "Zebra"] },
                        "Numbers": { "NS": ["1234", "567.8"] },
                        "Blobs": { "BS": ["AAEqQQ=="] },
                        "List": { "L": [{ "S": "Cookies" }, { "N": "3.14159" }] },
                        "Map": { "M": { "Name": { "S": "Joe" } } },
                    },
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                    "SequenceNumber": "111",
                    "SizeBytes": 26
                },
                "awsRegion": "us-west-2",
                "eventName": "INSERT",
                "eventSourceARN": "arn:aws:dynamodb:us-west-2:account-id:table/ExampleTable/stream/2016-12-01T00:00:00.000",
                "eventSource": "aws:dynamodb"
            },
            {
                "eventName": "REMOVE",
                "dynamodb": { "OldImage": { "Id": { "N": "101" } }, "SequenceNumber": "222" }
            },
            {
                "eventName": "INSERT",
                "dynamodb": { "NewImage": { "Id": { "Q": "101" } }, "SequenceNumber": "333" }
            },
        ]});
        let read = streamed(&payload).unwrap();
        let sequences: Vec<_> = read.iter().map(|change| change.sequence.as_str()).collect();
        assert_eq!(sequences, ["111", "222", "333"]);
        let (s, n) = (|text: &str| AttributeValue::S(text.to_owned()), |text: &str| AttributeValue::N(text.to_owned()));
        let blob = || Blob::new([0, 1, 42, 65]);
        let expected = [
            ("Message", s("New item!")),
            ("Id", n("101")),
            ("Bytes", AttributeValue::B(blob())),
            ("Yes", AttributeValue::Bool(true)),
            ("Nothing", AttributeValue::Null(true)),
            ("Names", AttributeValue::Ss(vec!["Giraffe".to_owned(), "Zebra".to_owned()])),
            ("Numbers", AttributeValue::Ns(vec!["1234".to_owned(), "567.8".to_owned()])),
            ("Blobs", AttributeValue::Bs(vec![blob()])),
            ("List", AttributeValue::L(vec![s("Cookies"), n("3.14159")])),
            ("Map", AttributeValue::M(HashMap::from([("Name".to_owned(), s("Joe"))]))),
        ];
        let expected: HashMap<String, AttributeValue> =
            expected.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(read[0].inserted, Some(expected));
        assert_eq!(read[1].inserted, None);
        assert_eq!(read[2].inserted, None);
    }

    #[test]
    fn what_cannot_be_named_fails_the_batch() {
        assert!(streamed(&json!({})).is_err());
        let error = streamed(&json!({ "Records": [{ "eventName": "INSERT" }] })).unwrap_err();
        assert_eq!(error.to_string(), "record 1 has no id");
    }
}

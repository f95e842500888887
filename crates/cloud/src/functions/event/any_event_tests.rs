//! Whatever a function is called with, it is understood or refused.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::Value;

use super::{Notification, Wake, received, streamed};

/// JSON that looks like what AWS sends, here and there.
fn json() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        Just("Records".to_owned()),
        Just("version".to_owned()),
        Just("message".to_owned()),
        Just("manifest".to_owned()),
        Just("dynamodb".to_owned()),
        Just("NewImage".to_owned()),
        Just("SequenceNumber".to_owned()),
        Just("eventName".to_owned()),
        Just("messageId".to_owned()),
        Just("attributes".to_owned()),
        Just("s3".to_owned()),
        Just("object".to_owned()),
        Just("S".to_owned()),
        Just("B".to_owned()),
        "\\PC{0,4}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::from(1)),
        Just(Value::from("INSERT")),
        Just(Value::from("ObjectCreated:Put")),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(names.clone(), inner, 0..5).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_event_is_a_panic(payload in json(), text in "\\PC{0,40}", key in "[%+a-f0-9/\u{e9}]{0,12}") {
        let _ = Wake::read(&payload);
        let _ = received(&payload);
        let _ = streamed(&payload);
        let _ = streamed(&serde_json::json!({ "Records": [payload.clone()] }));
        let _ = Notification::read(&payload.to_string(), "masters");
        let _ = Notification::read(&text, "masters");
        let record = serde_json::json!({
            "eventTime": "2026-11-22T12:00:00Z", "eventName": "ObjectCreated:Put", "userIdentity": {},
            "requestParameters": {}, "s3": { "bucket": { "name": "masters" }, "object": { "key": key } },
        });
        let read = Notification::read(&serde_json::json!({ "Records": [record, payload] }).to_string(), "masters");
        drop(read);
    }
}

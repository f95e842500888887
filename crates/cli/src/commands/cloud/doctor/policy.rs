//! What a bucket's policy refuses to everybody.

use serde_json::Value;

/// Whether it refuses all that comes without TLS.
pub(super) fn asks_for_tls(policy: &Value) -> bool {
    denials(policy).any(|statement| {
        let condition = &statement["Condition"]["Bool"]["aws:SecureTransport"];
        is_false(condition) && one_of(&statement["Action"], |action| action == "s3:*" || action == "*")
    })
}

/// Whether it refuses to put an object without asking that there be none.
pub(super) fn writes_once(policy: &Value) -> bool {
    denials(policy).any(|statement| {
        let condition = &statement["Condition"]["Null"]["s3:if-none-match"];
        is_true(condition) && one_of(&statement["Action"], |action| ["s3:PutObject", "s3:*", "*"].contains(&action))
    })
}

/// The statements that refuse something to everybody.
fn denials(policy: &Value) -> impl Iterator<Item = &Value> {
    let statements = match &policy["Statement"] {
        Value::Array(all) => all.as_slice(),
        one @ Value::Object(_) => std::slice::from_ref(one),
        _ => &[],
    };
    statements.iter().filter(|statement| {
        let principal = &statement["Principal"];
        let everybody = principal == "*" || one_of(&principal["AWS"], |who| who == "*");
        statement["Effect"] == "Deny" && everybody
    })
}

fn one_of(value: &Value, is_it: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(one) => is_it(one),
        Value::Array(all) => all.iter().filter_map(Value::as_str).any(is_it),
        _ => false,
    }
}

fn is_false(value: &Value) -> bool {
    value == false || one_of(value, |text| text == "false")
}

fn is_true(value: &Value) -> bool {
    value == true || one_of(value, |text| text == "true")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tls_is_asked_for_by_a_denial_to_everybody() {
        let statement = |effect: &str, principal: &str, action: Value, value: Value| {
            json!({"Statement": [{
                "Effect": effect, "Principal": principal, "Action": action,
                "Condition": {"Bool": {"aws:SecureTransport": value}}
            }]})
        };
        for (policy, expected) in [
            (statement("Deny", "*", json!("s3:*"), json!("false")), true),
            (statement("Deny", "*", json!(["s3:*"]), json!(["false"])), true),
            (statement("Deny", "*", json!("s3:GetObject"), json!("false")), false),
            (statement("Allow", "*", json!("s3:*"), json!("false")), false),
            (statement("Deny", "arn:aws:iam::1:root", json!("s3:*"), json!("false")), false),
            (statement("Deny", "*", json!("s3:*"), json!("true")), false),
            (json!({}), false),
            (Value::Null, false),
        ] {
            assert_eq!(asks_for_tls(&policy), expected, "{policy}");
        }
    }

    #[test]
    fn writing_once_is_asked_for_by_a_denial_of_puts_without_the_header() {
        let policy = |value: &str| {
            json!({"Statement": {
                "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:PutObject",
                "Condition": {"Null": {"s3:if-none-match": value}, "Bool": {"s3:ObjectCreationOperation": "true"}}
            }})
        };
        assert!(writes_once(&policy("true")));
        assert!(!writes_once(&policy("false")));
        assert!(!asks_for_tls(&policy("true")));
    }
}

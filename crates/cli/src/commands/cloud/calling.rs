//! Calling a deployment's functions.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::LogType;
use base64::Engine as _;
use serde_json::Value;

use super::deployment::Deployment;
use super::refusal::refusal;
use crate::arguments::FunctionArgument;
use crate::failure::Failure;

/// What came of a call.
pub(super) struct Called {
    /// The function, as AWS names it.
    pub(super) function: String,
    /// Whether it failed; the answer is an error's then.
    pub(super) failed: bool,
    /// What it answered.
    pub(super) answer: Value,
    /// The last 4 KB that it logged.
    pub(super) log: Vec<String>,
}

/// Calls a function with JSON, and waits for its answer.
pub(super) async fn call(
    deployment: &Deployment,
    function: FunctionArgument,
    payload: String,
) -> Result<Called, Failure> {
    let Some(name) = deployment.resource(function.resource()) else {
        let message = format!("The stack {} has no {}.", deployment.stack, function.resource());
        return Err(Failure::new("cloud-no-function", message)
            .with_help("It is no deployment of Lacquer, or one of another version: deploy the template again."));
    };
    let answered = Client::new(&deployment.config)
        .invoke()
        .function_name(name)
        .log_type(LogType::Tail)
        .payload(Blob::new(payload))
        .send()
        .await
        .map_err(|error| refusal(&format!("{name} was not called"), &error))?;
    Ok(Called {
        function: name.to_owned(),
        failed: answered.function_error().is_some(),
        answer: answered.payload().map_or(Value::Null, |payload| json_of(payload.as_ref())),
        log: answered.log_result().map(lines).unwrap_or_default(),
    })
}

impl Called {
    /// What the function's runtime says of its failure, without a full stop.
    pub(super) fn reason(&self) -> &str {
        self.answer["errorMessage"].as_str().unwrap_or("it says no reason").trim_end_matches('.')
    }
}

fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned().into())
}

fn lines(log: &str) -> Vec<String> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(log).unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_and_a_reason_found() {
        assert_eq!(lines("U1RBUlQKRU5E"), ["START", "END"]);
        assert!(lines("%%%").is_empty());
        let called = |answer| Called { function: String::new(), failed: true, answer, log: Vec::new() };
        assert_eq!(called(serde_json::json!({"errorMessage": "no table."})).reason(), "no table");
        assert_eq!(called(Value::Null).reason(), "it says no reason");
    }
}

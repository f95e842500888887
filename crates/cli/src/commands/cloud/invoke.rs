use std::io::Read as _;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::LogType;
use base64::Engine as _;
use serde::Serialize;
use serde_json::Value;

use super::deployment::Deployment;
use super::refusal::refusal;
use crate::arguments::Invoke;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `cloud invoke --json`.
#[derive(Debug, Serialize)]
struct Invoked {
    function: String,
    failed: bool,
    answer: Value,
    log: Vec<String>,
}

pub(super) async fn run(arguments: Invoke, terminal: &Terminal) -> Result<Ended, Failure> {
    let Invoke { function, payload, stack } = arguments;
    let payload = read(payload)?;
    let deployment = Deployment::find(&stack).await?;
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
    let answer = answered.payload().map_or(Value::Null, |payload| json_of(payload.as_ref()));
    let log = answered.log_result().map(lines).unwrap_or_default();
    let failed = answered.function_error().is_some();

    for line in &log {
        terminal.remark(line);
    }
    terminal.say(serde_json::to_string_pretty(&answer).expect("an answer serialises"));
    if failed {
        terminal.remark(format_args!("{name} failed: {}.", reason(&answer)));
    }
    let exit = if failed { Exit::Failed } else { Exit::Done };
    Ok(Ended::with(exit, &Invoked { function: name.to_owned(), failed, answer, log }))
}

/// What the function is called with: what was said, what standard input holds, or an empty object.
fn read(payload: Option<String>) -> Result<String, Failure> {
    let text = match payload.as_deref() {
        None => "{}".to_owned(),
        Some("-") => {
            let mut text = String::new();
            let read = std::io::stdin().read_to_string(&mut text);
            read.map_err(|error| Failure::of_system("standard input cannot be read", &error))?;
            text
        }
        Some(text) => text.to_owned(),
    };
    match serde_json::from_str::<Value>(&text) {
        Ok(_) => Ok(text),
        Err(error) => {
            Err(Failure::new("invoke-payload", format!("What the function is called with is not JSON: {error}."))
                .with_help("For example: lacquer-cli cloud invoke catalogue '{\"sweep\":true}'."))
        }
    }
}

fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned().into())
}

/// The last 4 KB that the call logged.
fn lines(log: &str) -> Vec<String> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(log).unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().map(ToOwned::to_owned).collect()
}

/// What a runtime says of an error.
fn reason(answer: &Value) -> &str {
    answer["errorMessage"].as_str().unwrap_or("it says no reason").trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_json_or_an_error_that_says_where() {
        assert_eq!(read(None).unwrap(), "{}");
        assert_eq!(read(Some("{\"sweep\":true}".to_owned())).unwrap(), "{\"sweep\":true}");
        let failure = read(Some("{sweep}".to_owned())).unwrap_err();
        assert_eq!(failure.code, "invoke-payload");
        assert!(failure.message.contains("line 1 column 2"), "{}", failure.message);
    }

    #[test]
    fn a_log_is_read_and_a_reason_found() {
        assert_eq!(lines("U1RBUlQKRU5E"), ["START", "END"]);
        assert!(lines("%%%").is_empty());
        assert_eq!(reason(&serde_json::json!({"errorMessage": "no table."})), "no table");
        assert_eq!(reason(&Value::Null), "it says no reason");
    }
}

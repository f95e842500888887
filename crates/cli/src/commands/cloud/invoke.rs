use std::io::Read as _;

use serde::Serialize;
use serde_json::Value;

use super::calling::{Called, call};
use super::deployment::Deployment;
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
    let called = call(&deployment, function, payload).await?;
    let reason = called.failed.then(|| format!("{} failed: {}.", called.function, called.reason()));
    let Called { function, failed, answer, log } = called;
    for line in &log {
        terminal.remark(line);
    }
    terminal.say(serde_json::to_string_pretty(&answer).expect("an answer serialises"));
    if let Some(reason) = reason {
        terminal.remark(reason);
    }
    let exit = if failed { Exit::Failed } else { Exit::Done };
    Ok(Ended::with(exit, &Invoked { function, failed, answer, log }))
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
}

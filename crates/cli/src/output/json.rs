use std::fmt;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::exit::Exit;
use crate::failure::Failure;

/// The version of the shape; it grows when something that was there goes or changes its meaning.
const VERSION: u32 = 1;

/// What `--json` writes: one document a command, whatever became of it. Documented in `docs/cli-json.md`.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'a> {
    format: &'static str,
    version: u32,
    command: &'a str,
    exit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Error<'a>>,
}

#[derive(Debug, Serialize)]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
    help: &'a str,
}

impl<'a> Document<'a> {
    pub(super) fn new(command: &'a str, exit: Exit, ended: Result<&'a RawValue, &'a Failure>) -> Self {
        let error = ended.err().map(|f| Error { code: f.code, message: &f.message, help: &f.help });
        Self { format: "lacquer-cli", version: VERSION, command, exit: exit.code(), result: ended.ok(), error }
    }
}

impl fmt::Display for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?)
    }
}

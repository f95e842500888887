use std::fmt::Display;

use crate::exit::Exit;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What other programs see.
    pub(crate) exit: Exit,
    /// A stable name.
    pub(crate) code: &'static str,
    /// What failed, on what.
    pub(crate) message: String,
    /// What to do; empty where the message says it.
    pub(crate) help: String,
}

impl Failure {
    /// Something failed.
    pub(crate) fn new(code: &'static str, message: impl Display) -> Self {
        Self { exit: Exit::Failed, code, message: message.to_string(), help: String::new() }
    }

    /// With what a person can do about it.
    pub(crate) fn with_help(mut self, help: impl Display) -> Self {
        self.help = help.to_string();
        self
    }

    /// With another exit code than that of a failure.
    pub(crate) fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// The system refused something that it never should.
    pub(crate) fn of_system(what: &str, error: &dyn Display) -> Self {
        Self::new("system", format!("The system refuses: {what} ({error})."))
    }

    /// Ctrl-C.
    pub(crate) fn interrupted(goes_on: &str) -> Self {
        Self::new("interrupted", format!("Stopped. {goes_on}")).with_exit(Exit::Interrupted)
    }
}

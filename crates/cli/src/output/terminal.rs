use std::fmt::Display;
use std::io::{self, IsTerminal as _};

use serde::Serialize;
use serde_json::value::RawValue;

use super::Progress;
use super::json::Document;
use crate::exit::Exit;
use crate::failure::Failure;

/// Where a command's results and progress go.
pub(crate) struct Terminal {
    json: bool,
    command: &'static str,
    progress: Progress,
}

/// How a command ended, and what `--json` says of it.
pub(crate) struct Ended {
    exit: Exit,
    result: Box<RawValue>,
}

impl Ended {
    /// With what `--json` says.
    pub(crate) fn with(exit: Exit, result: &impl Serialize) -> Self {
        let text = serde_json::to_string_pretty(result).expect("results have text keys and no failing parts");
        // It stands one level inside the document. Text in JSON holds no line feeds of its own.
        let result = RawValue::from_string(text.replace('\n', "\n  ")).expect("it is JSON still");
        Self { exit, result }
    }
}

impl Terminal {
    /// A terminal for one command.
    pub(crate) fn new(json: bool, command: &'static str) -> Self {
        let progress = match (io::stderr().is_terminal(), json) {
            (true, _) => Progress::bars(),
            (false, false) => Progress::lines(),
            (false, true) => Progress::none(),
        };
        Self { json, command, progress }
    }

    /// A line of the result, for people; `--json` has its own.
    pub(crate) fn say(&self, line: impl Display) {
        if !self.json {
            self.progress.beside(|| write_line(io::stdout(), &harmless(&line)));
        }
    }

    /// A text of the program's own that is the result, for other programs to read as it is.
    pub(crate) fn print(&self, text: &str) {
        if !self.json {
            write_line(io::stdout(), &text.trim_end_matches('\n'));
        }
    }

    /// A line about the way to the result: a warning, a file that is not used.
    pub(crate) fn remark(&self, line: impl Display) {
        if !self.json {
            self.progress.beside(|| write_line(io::stderr(), &harmless(&line)));
        }
    }

    /// What a person must read to go on: also beside `--json`, where somebody sits at the terminal.
    pub(crate) fn tell(&self, line: impl Display) {
        if !self.json || io::stderr().is_terminal() {
            self.progress.beside(|| write_line(io::stderr(), &harmless(&line)));
        }
    }

    /// How far long work is.
    pub(crate) fn progress(&mut self) -> &mut Progress {
        &mut self.progress
    }

    /// Says how the command ended.
    pub(crate) fn finish(&mut self, ended: Result<Ended, Failure>) -> Exit {
        self.progress.clear();
        let exit = match &ended {
            Ok(ended) => ended.exit,
            Err(failure) => failure.exit,
        };
        if self.json {
            let document = Document::new(self.command, exit, ended.as_ref().map(|ended| &*ended.result));
            write_line(io::stdout(), &document);
        } else if let Err(failure) = &ended {
            write_line(io::stderr(), &harmless(&format_args!("{}: {}", self.command, failure.message)));
            if !failure.help.is_empty() {
                write_line(io::stderr(), &harmless(&failure.help));
            }
        }
        exit
    }
}

/// Without what a terminal would obey: names and tags of files come from anywhere.
pub(super) fn harmless(text: &dyn Display) -> String {
    let shown = |c: char| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c };
    text.to_string().chars().map(shown).collect()
}

/// Nobody may be reading any more, as behind `| head`; that is no reason to stop a delivery.
fn write_line(mut to: impl io::Write, line: &dyn Display) {
    let _ = writeln!(to, "{line}").and_then(|()| to.flush());
}

use clap::CommandFactory as _;
use serde::Serialize;

use crate::arguments::{Arguments, Completions};
use crate::exit::Exit;
use crate::output::{Ended, Terminal};

/// `completions --json`.
#[derive(Debug, Serialize)]
struct Script {
    shell: String,
    text: String,
}

pub(super) fn run(arguments: &Completions, terminal: &Terminal) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "lacquer-cli", &mut script);
    let text = String::from_utf8(script).expect("names and descriptions of options are text");
    terminal.print(&text);
    Ended::with(Exit::Done, &Script { shell: arguments.shell.to_string(), text })
}

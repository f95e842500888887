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
    // For bash, clap_complete 4.6 spells a name with a hyphen in two ways, so that nothing is completed behind a command:
    // https://github.com/clap-rs/clap/issues/6421
    let text = text.replace("lacquer__subcmd__cli__", "lacquer__cli__");
    terminal.print(&text);
    Ended::with(Exit::Done, &Script { shell: arguments.shell.to_string(), text })
}

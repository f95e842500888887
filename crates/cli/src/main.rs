//! The app from a shell: `lacquer-cli`.

mod arguments;
mod change;
mod commands;
mod exit;
mod failure;
mod interrupt;
mod output;
mod work;

use std::process::ExitCode;

use desktop::witness;

use crate::arguments::Arguments;
use crate::output::Terminal;

fn main() -> ExitCode {
    let arguments = Arguments::read();
    let mut terminal = Terminal::new(arguments.json, arguments.command.name());
    if let Err(error) = witness::start() {
        return terminal.finish(Err(failure::Failure::new("witness", error))).into();
    }
    let ended = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(commands::run(arguments.command, &mut terminal)),
        Err(error) => Err(failure::Failure::of_system("threads cannot be started", &error)),
    };
    terminal.finish(ended).into()
}

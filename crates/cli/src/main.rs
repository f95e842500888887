//! The app from a shell: `lacquer-cli`.

mod arguments;
mod change;
mod commands;
mod exit;
mod failure;
mod interrupt;
#[cfg(feature = "failpoints")]
mod kill_at;
mod ledger;
mod logging;
mod output;
mod work;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::output::Terminal;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut terminal = Terminal::new(arguments.json, arguments.command.name());
    if let Err(failure) = logging::start() {
        return terminal.finish(Err(failure)).into();
    }
    #[cfg(feature = "failpoints")]
    kill_at::arm();
    let ended = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(commands::run(arguments.command, &mut terminal)),
        Err(error) => Err(failure::Failure::of_system("threads cannot be started", &error)),
    };
    terminal.finish(ended).into()
}

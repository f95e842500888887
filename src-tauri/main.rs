//! The app with a window.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = lacquer::Arguments::parse();
    if let Err(error) = desktop::witness::start() {
        eprintln!("lacquer: {error}");
        return ExitCode::FAILURE;
    }
    match lacquer::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lacquer: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

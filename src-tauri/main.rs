//! The app with a window.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Delivers record labels' releases.
#[derive(Parser)]
#[command(name = "lacquer", version)]
struct Arguments {
    /// The workspace to open; without it, the one of this account.
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = desktop::witness::start() {
        eprintln!("lacquer: {error}");
        return ExitCode::FAILURE;
    }
    match lacquer::run(arguments.workspace) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lacquer: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

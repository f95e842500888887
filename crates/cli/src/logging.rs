use std::path::Path;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::failure::Failure;
use crate::ledger::{self, Ledger};

/// Which of the program's own events are written to standard error, in the form of `tracing`'s directives. None
/// without it: what a person should know is said by the commands themselves.
const VARIABLE: &str = "LACQUER_LOG";

/// Sets up the log and the ledger, where somebody asks for them.
pub(crate) fn start() -> Result<(), Failure> {
    let ledger = match std::env::var_os(ledger::VARIABLE) {
        None => None,
        Some(path) => Some(Ledger::open(Path::new(&path)).map_err(|error| {
            let path = Path::new(&path).display();
            Failure::new(
                "ledger",
                format!("The file {path}, which {} names, cannot be written: {error}.", ledger::VARIABLE),
            )
        })?),
    };
    let log = match std::env::var(VARIABLE) {
        Err(_) => None,
        Ok(directives) => {
            let filter = EnvFilter::try_new(&directives).map_err(|error| {
                Failure::new("log", format!("{VARIABLE} is \"{directives}\", which is no log filter: {error}."))
                    .with_help("Use a level such as info, or crate=level pairs.")
            })?;
            Some(tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(filter))
        }
    };
    tracing_subscriber::registry().with(ledger).with(log).init();
    Ok(())
}

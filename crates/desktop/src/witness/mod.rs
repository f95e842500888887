//! The program as a witness of itself: its log, the ledger of what was begun and finished, and the crash points that
//! tests end it at. Each is off but where an environment variable asks for it.

mod ledger;

use std::io;
use std::path::PathBuf;

use thiserror::Error;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::witness::ledger::Ledger;

/// Which of the program's own events are written to standard error, in the form of `tracing`'s directives. None
/// without it: what a person should know is said in other ways.
const LOG: &str = "LACQUER_LOG";

/// Names the file that the ledger is appended to.
const LEDGER: &str = "LACQUER_LEDGER";

/// Why the program cannot be the witness that it was asked to be.
#[derive(Debug, Error)]
pub enum WitnessError {
    /// The ledger's file cannot be opened.
    #[error("The file {path}, which {LEDGER} names, cannot be written: {said}.", path = .path.display(), said = upload::said_by_system(source))]
    Ledger {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The log's directives are none.
    #[error(
        "{LOG} is \"{directives}\", which is no log filter: {source}. Use a level such as info, or crate=level pairs."
    )]
    Log {
        /// What the variable says.
        directives: String,
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
}

/// Sets up what the environment asks for. Called once, before anything else happens.
///
/// # Errors
/// Where it asks for what cannot be.
pub fn start() -> Result<(), WitnessError> {
    let ledger = match std::env::var_os(LEDGER).map(PathBuf::from) {
        None => None,
        Some(path) => Some(Ledger::open(&path).map_err(|source| WitnessError::Ledger { path, source })?),
    };
    let log = match std::env::var(LOG) {
        Err(_) => None,
        Ok(directives) => {
            let filter = EnvFilter::try_new(&directives).map_err(|source| WitnessError::Log { directives, source })?;
            Some(tracing_subscriber::fmt::layer().with_writer(io::stderr).with_filter(filter))
        }
    };
    tracing_subscriber::registry().with(ledger).with(log).init();
    #[cfg(feature = "failpoints")]
    cloud::kill_at::arm();
    Ok(())
}

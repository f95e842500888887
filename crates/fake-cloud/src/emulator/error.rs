use std::path::PathBuf;

use thiserror::Error;

/// Why there is no emulator, or nothing deployed on it.
#[derive(Debug, Error)]
pub enum EmulatorError {
    /// The project's Python environment is not there.
    #[error("{} is not there: `make setup-test` makes it", .0.display())]
    NoPython(PathBuf),
    /// The user has no home folder, and `LACQUER_VENV` does not say where the Python environment is.
    #[error("there is no home folder: set LACQUER_VENV to the Python environment that `make setup-test` makes")]
    NoHome,
    /// Files could not be read or programs started.
    #[error("{doing}: {cause}")]
    Io {
        /// What was being done.
        doing: String,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The emulator ended before it took connections.
    #[error("the emulator ended at once. It wrote:\n{0}")]
    Ended(String),
    /// It does not answer.
    #[error("the emulator does not answer at {endpoint}: {cause}")]
    Silent {
        /// Where it was asked.
        endpoint: String,
        /// What went wrong.
        #[source]
        cause: reqwest::Error,
    },
    /// It answered with an error.
    #[error("the emulator refused to {doing}: {answer}")]
    Refused {
        /// What was asked of it.
        doing: String,
        /// Its status and answer.
        answer: String,
    },
    /// The template could not be deployed.
    #[error("the template was not deployed:\n{0}")]
    NotDeployed(String),
    /// An output that is asked for is not among the template's.
    #[error("the template has no output \"{0}\"")]
    NoOutput(&'static str),
    /// The functions' programs do not build.
    #[error("the functions' programs do not build: see what cargo wrote above")]
    NotBuilt,
}

impl EmulatorError {
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let doing = doing.into();
        move |cause| Self::Io { doing, cause }
    }
}

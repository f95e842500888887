//! AWS on this machine: ministack, started from the project's Python environment, with the template deployed on it and
//! the functions' real programs.
//!
//! ```no_run
//! # async fn example() -> Result<(), fake_cloud::emulator::EmulatorError> {
//! use fake_cloud::emulator::{Emulator, Stack, bootstraps};
//!
//! let emulator = Emulator::start().await?;
//! let cloud = emulator.deploy(&bootstraps()?, &Stack::default()).await?;
//! println!("deliver to {} and ask {}", cloud.masters, cloud.api);
//! # Ok(())
//! # }
//! ```
//!
//! Credentials are anything (`test`, `test`): ministack takes them as an administrator's. docs/testing.md says what it
//! cannot show.

mod bootstraps;
mod deployment;
mod error;
mod process;

pub use bootstraps::bootstraps;
pub use deployment::{Deployment, Function, Stack};
pub use error::EmulatorError;
pub(crate) use process::root as project;
pub use process::{Delivery, Emulator, Settings};

//! A session bus with an unlocked keyring on it, for tests: GNOME's, with its files in a folder of the test's own.

mod bus;
mod keyring;
mod session;

pub use bus::Bus;
pub use keyring::Keyring;
pub use session::Session;

use std::fs;
use std::path::Path;

use crate::{Bus, Keyring};

/// A bus of the test's own with an unlocked keyring on it.
#[derive(Debug)]
pub struct Session {
    _keyring: Keyring,
    bus: Bus,
}

impl Session {
    /// Starts both, with their files in a folder, which is made where it is not there.
    ///
    /// # Panics
    /// Where one of them cannot be started.
    #[must_use]
    pub fn start(home: &Path) -> Self {
        fs::create_dir_all(home).unwrap_or_else(|error| panic!("{}: {error}", home.display()));
        let bus = Bus::start(home);
        Self { _keyring: Keyring::start(bus.address(), home), bus }
    }

    /// Where it is reached: the value of `DBUS_SESSION_BUS_ADDRESS`.
    #[must_use]
    pub fn address(&self) -> &str {
        self.bus.address()
    }
}

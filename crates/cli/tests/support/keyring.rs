//! A Secret Service of the test's own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A bus with an unlocked Secret Service on it, for as long as this is held.
pub(crate) struct Keyring {
    /// Its address.
    pub(crate) bus: String,
    session: Child,
}

impl Keyring {
    /// Starts one, with its files in a folder that is there.
    pub(crate) fn start(home: &Path) -> Self {
        const SCRIPT: &str = "command -v gnome-keyring-daemon >/dev/null || { echo 'gnome-keyring is not installed: scripts/setup test' >&2; exit 1; }\n\
            mkdir -p \"$XDG_DATA_HOME\"\n\
            printf open-sesame | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n\
            echo \"$DBUS_SESSION_BUS_ADDRESS\"\n\
            exec cat";
        let mut session = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", SCRIPT])
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_RUNTIME_DIR", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started; scripts/setup test installs dbus-run-session");
        let mut bus = String::new();
        BufReader::new(session.stdout.take().unwrap()).read_line(&mut bus).unwrap();
        assert!(!bus.trim().is_empty(), "the bus has an address");
        Self { bus: bus.trim().to_owned(), session }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        // `cat` ends with its input, and the session with it.
        drop(self.session.stdin.take());
        let _ = self.session.wait();
    }
}

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A bus that starts nothing by itself: where a keyring is asked for that is not there yet, the system's would be
/// started, which nobody unlocked.
const CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"#;

/// A session bus of the test's own. It ends with the value, or with the test's process.
#[derive(Debug)]
pub struct Bus {
    address: String,
    session: Child,
}

impl Bus {
    /// Starts one, with its socket in a folder that is there.
    ///
    /// # Panics
    /// Where it cannot be started.
    #[must_use]
    pub fn start(home: &Path) -> Self {
        let (configuration, socket) = (home.join("bus.conf"), home.join("bus"));
        let written = fs::write(&configuration, CONFIGURATION.replace("SOCKET", &socket.to_string_lossy()));
        written.unwrap_or_else(|error| panic!("{}: {error}", configuration.display()));
        // `cat` ends with its input, and the bus with it.
        let mut session = Command::new("dbus-run-session")
            .arg("--config-file")
            .arg(&configuration)
            .args(["--", "sh", "-c", "echo \"$DBUS_SESSION_BUS_ADDRESS\"; exec cat"])
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("dbus-run-session cannot be started ({error}): run `make setup-test`"));
        let mut address = String::new();
        let told = session.stdout.take().map(|told| BufReader::new(told).read_line(&mut address));
        assert!(matches!(told, Some(Ok(1..))), "the bus ended before it said its address");
        Self { address: address.trim().to_owned(), session }
    }

    /// Where it is reached: the value of `DBUS_SESSION_BUS_ADDRESS`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        drop(self.session.stdin.take());
        let _ = self.session.wait();
    }
}

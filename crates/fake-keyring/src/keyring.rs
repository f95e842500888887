use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, Proxy, connection};
use zbus::zvariant::OwnedObjectPath;

/// How long it may take until it answers, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The session's keyring, unlocked, as signing in to a desktop leaves it. It ends with the value, or with its bus.
#[derive(Debug)]
pub struct Keyring(Child);

impl Keyring {
    /// Starts one on a bus, with its files in a folder that is there, and waits until it can keep something.
    ///
    /// # Panics
    /// Where it cannot be started, or does not come to that.
    #[must_use]
    pub fn start(bus: &str, home: &Path) -> Self {
        // In the foreground: the daemon that it would make of itself returns before its name is on the bus.
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_RUNTIME_DIR", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("gnome-keyring-daemon cannot be started ({error}): run `make setup-test`"));
        let mut input = daemon.stdin.take().expect("it is piped");
        input.write_all(b"open-sesame").expect("it reads its password");
        // The password is at its end with the input.
        drop(input);
        let mut keyring = Self(daemon);
        keyring.wait_until_unlocked(bus);
        keyring
    }

    fn wait_until_unlocked(&mut self, bus: &str) {
        let connected = connection::Builder::address(bus).and_then(connection::Builder::build);
        let bus = connected.unwrap_or_else(|error| panic!("nobody answers at {bus}: {error}"));
        let began = Instant::now();
        loop {
            match is_unlocked(&bus) {
                Ok(true) => return,
                answer => {
                    let ended = self.0.try_wait().ok().flatten();
                    assert!(ended.is_none(), "the keyring ended by itself: {ended:?}");
                    assert!(began.elapsed() < PATIENCE, "the keyring is not there: {answer:?}");
                }
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether what is put into the keyring by default is open.
fn is_unlocked(bus: &Connection) -> zbus::Result<bool> {
    const NAME: &str = "org.freedesktop.secrets";
    let service = Proxy::new(bus, NAME, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service")?;
    let collection: OwnedObjectPath = service.call("ReadAlias", &"default")?;
    let collection = Proxy::new(bus, NAME, collection, "org.freedesktop.Secret.Collection")?;
    Ok(!collection.get_property::<bool>("Locked")?)
}

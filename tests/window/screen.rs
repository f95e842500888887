//! A display of its own with the built app in it, driven as a person would. All of it ends with the value.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;

/// How long a window may take on a busy machine before the test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// A screen without a monitor, and the driver that opens the app on it.
pub(crate) struct Screen {
    _driver: Group,
    _screen: Group,
    port: u16,
}

impl Screen {
    /// Starts a screen and a driver; `home` takes all that the web view writes.
    pub(crate) fn start(home: &Path, theme: &str) -> Self {
        let mut screen = Command::new("Xvfb");
        screen.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        let (screen, display) = Group::start_and_hear(&mut screen);

        let port = free_port();
        let mut driver = Command::new("dbus-run-session");
        driver
            .args(["--", "WebKitWebDriver", "--host=127.0.0.1", &format!("--port={port}")])
            .env("DISPLAY", format!(":{}", display.trim()))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("GTK_THEME", theme)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY");
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            fs::create_dir_all(home.join(folder)).unwrap();
            driver.env(name, home.join(folder));
        }
        let driver = Group::start(driver.stdout(Stdio::null()).stderr(Stdio::null()));
        wait_until_it_answers(port);
        Self { _driver: driver, _screen: screen, port }
    }

    /// Opens the app's window.
    pub(crate) async fn open(&self, app: &str, arguments: &[&str]) -> Client {
        let capabilities = json!({ "webkitgtk:browserOptions": { "binary": app, "args": arguments } });
        let opening = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await;
        opening.expect("the driver opens the app")
    }
}

/// A process and all that it starts, ended together.
struct Group(Child);

impl Group {
    fn start(command: &mut Command) -> Self {
        let program = command.get_program().to_owned();
        let started = command.stdin(Stdio::null()).process_group(0).spawn();
        Self(started.unwrap_or_else(|error| panic!("{program:?} cannot be started ({error}): run `make setup-test`")))
    }

    /// Starts it and returns the first line it says.
    fn start_and_hear(command: &mut Command) -> (Self, String) {
        let mut group = Self::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut line = String::new();
        let stdout = group.0.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "{:?} ended before it said anything", group.0);
        (group, line)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.0);
        // It may have ended by itself; either way it is waited for.
        let _ = kill_process_group(group, Signal::TERM);
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn wait_until_it_answers(port: u16) {
    let start = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(start.elapsed() < PATIENCE, "the driver does not answer on port {port}");
        // The driver tells nobody when it is ready.
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

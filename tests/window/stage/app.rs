use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};

use fake_cloud::FreePorts;
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::net::TcpStream;

use super::page::Page;
use super::process::Group;
use super::{PATIENCE, Stage, program, until, within};

/// The app, open on its workspace, and the driver that looks into its window. Dropped, it is ended as by a power cut.
pub(crate) struct App<'a> {
    pub(crate) page: Page,
    stage: &'a Stage,
    process: u32,
    _driver: Group,
    /// Where the driver listens.
    _ports: FreePorts,
}

impl<'a> App<'a> {
    pub(crate) async fn open(stage: &'a Stage, workspace: &Path) -> Self {
        let ports = FreePorts::take(1);
        let port = ports.numbers()[0];
        let mut driver = command(stage, Path::new("WebKitWebDriver"));
        driver.args(["--host=127.0.0.1", &format!("--port={port}")]).env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Group::start(&mut driver);
        until("the driver answers", async || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.ok()).await;
        let capabilities = json!({
            "webkitgtk:browserOptions": { "binary": program(), "args": ["--workspace", workspace] },
            "timeouts": { "script": PATIENCE.as_millis() as u64 },
        });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().unwrap().clone());
        let address = format!("http://127.0.0.1:{port}");
        let client =
            within("the app opens its window", builder.connect(&address)).await.expect("the driver opens the app");
        let process = child_of(driver.id());
        Self { page: Page::new(client), stage, process, _driver: driver, _ports: ports }
    }

    /// Starts the app once more, as a second click on its icon does, and returns when that process has ended.
    pub(crate) async fn start_again(&self, arguments: &[&str]) {
        let mut command = tokio::process::Command::from(command(self.stage, &program()));
        let ended = within("the second start ends", command.args(arguments).kill_on_drop(true).status()).await;
        assert!(ended.unwrap().success(), "the second start ends well");
    }

    pub(crate) fn process(&self) -> u32 {
        self.process
    }

    /// Waits until another window that this one opened on a workspace can be seen, and ends it, as signing out of a
    /// desktop does.
    pub(crate) async fn end_other(&self, workspace: &Path) {
        let process = until("another window opens", async || other(self.process, workspace)).await;
        until("it is shown", async || self.stage.display.visible_window(process)).await;
        kill_process(Pid::from_raw(process.cast_signed()).expect("a process has a number"), Signal::TERM)
            .expect("it runs");
        until("it ends", async || other(self.process, workspace).is_none().then_some(())).await;
    }

    /// The app's window, where it can be seen.
    pub(crate) fn window(&self) -> Option<String> {
        self.stage.display.visible_window(self.process())
    }

    /// The app's window, as soon as it can be seen.
    pub(crate) async fn shown_window(&self) -> String {
        until("the window is shown", async || self.window()).await
    }

    /// A point of the page on the screen.
    pub(crate) async fn point(&self, (x, y): (i32, i32)) -> (i32, i32) {
        let (left, top) = self.stage.display.place(&self.shown_window().await);
        (left + x, top + y)
    }

    /// Presses a key, or keys together (`ctrl+z`), on the keyboard.
    pub(crate) fn press(&self, keys: &str) {
        self.stage.display.xdotool(&["key", "--clearmodifiers", keys]);
    }

    /// Presses keys as soon as the window can be seen, and has the keyboard.
    pub(crate) async fn press_in_window(&self, keys: &str) {
        let window = self.shown_window().await;
        let active = async || self.stage.display.active_window().filter(|active| *active == window);
        until("the window has the keyboard", active).await;
        self.press(keys);
    }

    /// Puts a text into a field in place of what is there, as a person does, and leaves it.
    pub(crate) async fn fill(&self, field: &str, text: &str) {
        self.page.click("textbox", field).await;
        self.press("ctrl+a");
        if text.is_empty() {
            self.press("BackSpace");
        } else {
            self.type_text(text);
        }
        self.page.holds("textbox", field, text).await;
        self.press("Tab");
    }

    /// Waits until what is shown in the room is in a state.
    pub(crate) async fn wait_for_state(&self, state: &str) {
        let shown = "document.querySelector(`main [data-state=\"${a}\"]`)";
        if self.page.wait(shown, json!([state])).await.is_none() {
            self.page.give_up(&format!("nothing here is {state}")).await;
        }
    }

    /// Types a text on the keyboard.
    pub(crate) fn type_text(&self, text: &str) {
        self.stage.display.xdotool(&["type", "--clearmodifiers", "--delay", "1", text]);
    }

    /// Ends it as a power cut would, in the midst of whatever it does.
    pub(crate) async fn kill(self) {
        kill_process(self.pid(), Signal::KILL).expect("the app runs");
        self.ended().await;
    }

    /// Clicks on the button that ends it, and waits until it has ended.
    pub(crate) async fn quit(self) {
        let button = self.page.find("button", "Quit").await;
        // It may end before it answers.
        let _ = within("a click", button.click()).await;
        self.ended().await;
    }

    /// Waits until it has ended by itself.
    pub(crate) async fn ended(self) {
        until("the app ends", async || (!self.runs()).then_some(())).await;
    }

    pub(crate) fn runs(&self) -> bool {
        // A process that nobody waited for yet has ended too, but not while one of its threads still writes: what it held
        // open, it holds until then.
        let state = fs::read_to_string(format!("/proc/{}/stat", self.process)).unwrap_or_default();
        let is_over = state.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('Z'));
        !is_over || fs::read_dir(format!("/proc/{}/task", self.process)).is_ok_and(|threads| threads.count() > 1)
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.process.cast_signed()).expect("a process has a number")
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        if self.runs() {
            // It may end at this moment.
            let _ = kill_process(self.pid(), Signal::KILL);
        }
    }
}

/// A program with what the app finds in its environment.
fn command(stage: &Stage, program: &Path) -> Command {
    let mut command = stage.display.command(program.to_str().unwrap());
    let mut sound = std::ffi::OsString::from("quick-file:");
    sound.push(stage.heard());
    command.env("LACQUER_SOUND", sound).env("LACQUER_LEDGER", stage.path("ledger.jsonl"));
    command.env("BROWSER", stage.path("browser"));
    let log = fs::File::options().create(true).append(true).open(stage.path("log")).unwrap();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command
}

/// The process that the app started on a workspace, while it runs.
fn other(app: u32, workspace: &Path) -> Option<u32> {
    let tasks = fs::read_dir(format!("/proc/{app}/task")).ok()?.flatten();
    let children = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let children: Vec<u32> =
        children.flat_map(|line| line.split_whitespace().map(str::parse).collect::<Vec<_>>()).flatten().collect();
    let is_it = |child: &u32| {
        let line = fs::read(format!("/proc/{child}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|word| word == workspace.as_os_str().as_encoded_bytes())
    };
    children.into_iter().find(is_it)
}

/// The one process that another one started.
fn child_of(parent: u32) -> u32 {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap();
    let mut children = children.split_whitespace();
    let (Some(child), None) = (children.next(), children.next()) else { panic!("the driver started the app alone") };
    child.parse().unwrap()
}

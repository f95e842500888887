//! The command line beside another process that has the workspace open.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use desktop::{Options, Session};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::album::{BY_HAND, night_bus};
use crate::shell::{Ran, Shell};

/// The commands that work in a workspace.
const IN_A_WORKSPACE: [(&str, &[&str]); 3] = [
    ("deliver", &["deliver", "Night Bus", "--workspace", "workspace"]),
    ("subscribe", &["subscribe", "Ann Ash", "ann@example.com", "--workspace", "workspace"]),
    ("status", &["status", "--workspace", "workspace"]),
];

/// The commands that need none.
const ELSEWHERE: [&[&str]; 3] = [
    &["check", "Night Bus"],
    &["analyse", "Night Bus/01 Terminus.flac"],
    &["transcode", "Night Bus/01 Terminus.flac", "--out", "renditions", "--formats", "flac"],
];

#[test]
fn while_the_window_has_the_workspace_open_commands_say_what_to_do_there() {
    let shell = Shell::new();
    let window = Window::open_with_a_live_release(&shell);
    let before = tree(&shell.path("workspace"));
    for (name, arguments) in IN_A_WORKSPACE {
        let ran = shell.run(arguments);
        assert_eq!(ran.exit, 5, "{}", ran.text());
        insta::assert_snapshot!(format!("in_the_window_{name}"), ran.text());
    }
    let ran = shell.run(&["status", "--workspace", "workspace", "--json"]);
    let json = ran.json();
    assert_eq!((&json["exit"], &json["error"]["code"]), (&json!(5), &json!("in-use")), "{}", ran.text());
    assert_eq!(tree(&shell.path("workspace")), before, "a refused command changed the window's files");
    window.close();
    assert_eq!(shell.run(IN_A_WORKSPACE[2].1).exit, 0, "the window is closed");
}

#[test]
fn while_the_window_has_the_workspace_open_commands_that_need_none_go_on() {
    let shell = Shell::new();
    let window = Window::open_with_a_live_release(&shell);
    let before = tree(&shell.path("workspace"));
    for arguments in ELSEWHERE {
        let ran = shell.run(arguments);
        // The album lacks what tags cannot say, so that `check` has something to say of it.
        assert_eq!(ran.exit, if arguments[0] == "check" { 3 } else { 0 }, "{}", ran.text());
    }
    assert_eq!(tree(&shell.path("workspace")), before, "a command changed the window's files");
    window.close();
}

#[test]
fn a_workspace_in_use_is_exit_5_and_names_the_process() {
    let shell = Shell::new();
    night_bus(&shell);
    let mut first = stopped_while_it_delivers(&shell);
    let before = tree(&shell.path("workspace"));
    let refused: Vec<Ran> = IN_A_WORKSPACE.iter().map(|(_, arguments)| shell.run(arguments)).collect();
    let after = tree(&shell.path("workspace"));
    kill_process(Pid::from_child(&first), Signal::KILL).unwrap();
    first.wait().unwrap();
    assert_eq!(after, before, "a refused command changed the other's files");
    for ran in &refused {
        assert_eq!(ran.exit, 5, "{}", ran.text());
        assert_eq!(ran.process, Some(first.id()), "{}", ran.text());
    }
    insta::assert_snapshot!(refused[0].text());
}

#[test]
fn a_holder_that_cannot_be_known_is_said_so() {
    let shell = Shell::new();
    night_bus(&shell);
    let mut first = stopped_while_it_delivers(&shell);
    let lock = shell.path("workspace/lock");
    let told = [&b"7 another\x1b[31m-program\n"[..], b"\xff\xfe", b""].map(|text| {
        fs::write(&lock, text).unwrap();
        shell.run(IN_A_WORKSPACE[2].1).text()
    });
    kill_process(Pid::from_child(&first), Signal::KILL).unwrap();
    first.wait().unwrap();
    insta::assert_snapshot!(told.join("\n"));
}

/// A `lacquer-cli` in the midst of a delivery, that has a workspace open and does nothing.
fn stopped_while_it_delivers(shell: &Shell) -> Child {
    // What the process writes into its ledger, a pipe, says when it has the workspace open.
    let pipe = shell.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut command = shell.command();
    command.args(["deliver", "Night Bus", "--workspace", "workspace"]).args(BY_HAND);
    command.env("LACQUER_LEDGER", &pipe).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().unwrap();
    let mut ledger = BufReader::new(fs::File::open(&pipe).unwrap());
    ledger.read_line(&mut String::new()).unwrap();
    let pid = Pid::from_child(&child);
    kill_process(pid, Signal::STOP).unwrap();
    // A stop takes hold a moment later; a process that is waited for has stopped.
    rustix::process::waitpid(Some(pid), rustix::process::WaitOptions::UNTRACED).unwrap();
    child
}

/// A session as the window holds one, in this process: for the command line it is another.
struct Window {
    session: Session,
    runtime: tokio::runtime::Runtime,
}

impl Window {
    fn open_with_a_live_release(shell: &Shell) -> Self {
        night_bus(shell);
        let ran = shell.run(&[&["deliver", "Night Bus", "--workspace", "workspace"], &BY_HAND[..]].concat());
        assert_eq!(ran.exit, 0, "{}", ran.text());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let session = runtime.block_on(Session::open(&shell.path("workspace"), Options::default())).unwrap();
        Self { session, runtime }
    }

    fn close(self) {
        self.runtime.block_on(self.session.close());
    }
}

/// A file's content and when it was changed last.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    bytes: Vec<u8>,
    modified: SystemTime,
}

/// Every file and folder below a folder.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Entry> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let facts = fs::metadata(&path).unwrap();
            let bytes = if facts.is_dir() { Vec::new() } else { fs::read(&path).unwrap() };
            if facts.is_dir() {
                folders.push(path.clone());
            }
            found.insert(path, Entry { bytes, modified: facts.modified().unwrap() });
        }
    }
    found
}

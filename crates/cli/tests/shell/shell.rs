use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own, and the program run in it. No user's folder is touched.
pub(crate) struct Shell {
    folder: TempDir,
}

/// What a run of the program did.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The process that a message names.
    pub(crate) process: Option<u32>,
}

impl Shell {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::Builder::new().prefix("lacquer-").tempdir().unwrap() }
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The program, about to be run in the folder.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lacquer-cli"));
        command
            .current_dir(self.folder.path())
            .env("HOME", self.path("home"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env_remove("LACQUER_LEDGER")
            .env_remove("LACQUER_KILL_AT")
            .env_remove("LACQUER_LOG")
            .env_remove("COLUMNS")
            .env_remove("SSH_CONNECTION")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.ran(&self.command().args(arguments).output().unwrap())
    }

    /// What a run did; names that differ from run to run are taken out.
    pub(crate) fn ran(&self, output: &Output) -> Ran {
        Ran {
            exit: output.status.code().expect("the program ends by itself"),
            stdout: self.settled(&output.stdout),
            stderr: self.settled(&output.stderr),
            process: named_process(&String::from_utf8_lossy(&output.stderr)),
        }
    }

    fn settled(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        let real = self.folder.path().canonicalize().unwrap();
        let text = text.replace(path_text(&real), "TMP").replace(path_text(self.folder.path()), "TMP");
        without_names(&text)
    }
}

impl Ran {
    /// All that a person reads, but progress: whether quick work shows any is a matter of chance.
    pub(crate) fn text(&self) -> String {
        let is_progress =
            |line: &str| ["Reading", "Sending", "Making", "Analysing"].iter().any(|word| line.starts_with(word));
        let remarks: Vec<&str> = self.stderr.split_inclusive('\n').filter(|line| !is_progress(line)).collect();
        format!("exit {}\n── stdout\n{}── stderr\n{}", self.exit, self.stdout, remarks.concat())
    }

    /// The document of `--json`.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{}", self.text()))
    }
}

fn path_text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn named_process(text: &str) -> Option<u32> {
    text.split_once("(process ")?.1.split_once(')')?.0.parse().ok()
}

/// Replaces hashes, ids and numbers of processes.
fn without_names(text: &str) -> String {
    let mut settled = String::new();
    let mut word = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_ascii_alphanumeric() {
            word.push(character);
            continue;
        }
        settled.push_str(match word.as_str() {
            number if settled.ends_with("(process ") && number.parse::<u32>().is_ok() => "N",
            name if name.len() == 26 && name.starts_with("01") => "ULID",
            name if name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()) => "SHA256",
            name if name.len() == 16 && name.bytes().all(|b| b.is_ascii_hexdigit()) => "HASH",
            other => other,
        });
        word.clear();
        settled.push(character);
    }
    settled.pop();
    settled
}

//! What the end-to-end tests share: a workspace in a temporary folder, the command line run on it as a process, and
//! what other programs say of the files that come out.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A workspace that goes when the test ends.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.path("workspace")
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path("ledger.jsonl")
    }

    /// The command line, ready for arguments, with its home and ledger inside this folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lacquer-cli"));
        command
            .args(arguments)
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("LACQUER_LEDGER", self.ledger())
            .env_remove("LACQUER_KILL_AT")
            .stdin(Stdio::null());
        command
    }

    /// `deliver` of a folder into this workspace.
    pub(crate) fn deliver(&self, album: &Path, more: &[&str]) -> Command {
        let mut command = self.command(&["deliver"]);
        command.arg(album).arg("--workspace").arg(self.workspace()).args(more);
        command
    }

    /// Subscribes an address to an artist.
    pub(crate) fn subscribe(&self, artist: &str, email: &str) {
        let mut command = self.command(&["subscribe", artist, email, "--workspace"]);
        succeeded(command.arg(self.workspace()).output().expect("the command line starts"));
    }

    /// Every file below a folder of the workspace, in order.
    pub(crate) fn files(&self, below: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        collect(&self.workspace().join(below), &mut files);
        files.sort();
        files
    }

    /// Every rendition in the workspace.
    pub(crate) fn renditions(&self) -> Vec<PathBuf> {
        let mut renditions = self.files("renditions");
        renditions.retain(|path| matches!(extension(path), "flac" | "wav" | "mp3"));
        renditions
    }

    /// Every message in the outbox.
    pub(crate) fn mails(&self) -> Vec<PathBuf> {
        let mut mails = self.files("outbox");
        mails.retain(|path| extension(path) == "eml");
        mails
    }

    /// What was done, in order: (act, item, step).
    pub(crate) fn acts(&self) -> Vec<(String, String, String)> {
        let text = fs::read_to_string(self.ledger()).unwrap_or_default();
        let field = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        text.lines()
            // A line that the kill cut off is no line.
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .map(|line| (field(&line, "act"), field(&line, "item"), field(&line, "step")))
            .collect()
    }

    /// Asserts that nothing was begun again after it had been finished.
    pub(crate) fn assert_nothing_done_twice(&self, context: &str) {
        let mut finished = std::collections::HashSet::new();
        let acts = self.acts();
        assert!(!acts.is_empty(), "{context}: the ledger is empty");
        for (act, item, step) in acts {
            match step.as_str() {
                "begin" => assert!(
                    !finished.contains(&(act.clone(), item.clone())),
                    "{context}: {act} {item} was begun again after it was finished"
                ),
                "end" => {
                    finished.insert((act, item));
                }
                other => panic!("{context}: the ledger has an unknown step {other:?}"),
            }
        }
    }
}

/// Asserts that a command ended well; shows what it said where it did not.
pub(crate) fn succeeded(output: Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "ended with {}\n--- stdout\n{stdout}\n--- stderr\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    stdout
}

/// Runs another program and returns what it printed.
pub(crate) fn tool(program: &str, arguments: &[&str], file: &Path, after: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .arg(file)
        .args(after)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{program} is needed by this test (make setup installs it): {error}"));
    succeeded(output)
}

/// What ffprobe says of a file: its format and streams.
pub(crate) fn ffprobe(file: &Path) -> Value {
    let json = tool("ffprobe", &["-v", "error", "-show_format", "-show_streams", "-of", "json"], file, &[]);
    serde_json::from_str(&json).expect("ffprobe prints JSON")
}

/// The first stream of a kind.
pub(crate) fn stream<'a>(probe: &'a Value, kind: &str) -> Option<&'a Value> {
    probe["streams"].as_array()?.iter().find(|stream| stream["codec_type"] == kind)
}

/// A tag of a file, wherever its format keeps tags, by name in any case.
pub(crate) fn tag(probe: &Value, name: &str) -> Option<String> {
    let tags = probe["format"]["tags"].as_object()?;
    tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_str()).map(str::to_owned)
}

/// The MD5 of a file's decoded samples at 24 bit, as ffmpeg decodes it.
pub(crate) fn pcm_md5(file: &Path) -> String {
    tool("ffmpeg", &["-v", "error", "-i"], file, &["-map", "0:a:0", "-c:a", "pcm_s24le", "-f", "md5", "-"])
}

/// A path's extension in lower case as it is written.
pub(crate) fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if path.is_dir() && !hidden {
            collect(&path, files);
        } else if path.is_file() && !hidden {
            files.push(path);
        }
    }
}

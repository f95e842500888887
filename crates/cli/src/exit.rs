use std::process::ExitCode;

/// How a command ended, as other programs see it. Documented in `docs/cli-json.md` and in `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// Something failed.
    Failed = 1,
    /// The release needs a person: it has errors, was rejected or was withdrawn.
    NeedsPerson = 3,
    /// All is well, and it waits: for a review, or for its release date.
    Waits = 4,
    /// Another process has the workspace open.
    InUse = 5,
    /// Stopped by Ctrl-C; running it again goes on.
    Interrupted = 130,
}

/// What each code means, in words. 2 is clap's.
pub(crate) const MEANINGS: [(u8, &str); 7] = [
    (0, "done"),
    (1, "something failed"),
    (2, "the arguments make no sense"),
    (3, "the release needs a person: it has errors, or was rejected or withdrawn"),
    (4, "it waits: for a review, or for its release date"),
    (5, "another process has the workspace open"),
    (130, "stopped by Ctrl-C; running the same command again goes on"),
];

/// What `--help` says of exit codes.
pub(crate) fn help() -> String {
    let lines = MEANINGS.map(|(code, meaning)| format!("\n  {code:<3}  {meaning}"));
    format!("Exit codes:{}", lines.concat())
}

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

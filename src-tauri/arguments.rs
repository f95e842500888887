use std::path::{Path, PathBuf};

use clap::Parser;

use crate::written_path;

/// Delivers record labels' releases.
#[derive(Debug, Clone, Parser)]
#[command(name = "lacquer", version)]
pub struct Arguments {
    /// The workspace to open; without it, the one that was opened last from the window, at first that of your account.
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Sign in to the workspace's cloud at once: no keyring kept the sign-in that it was joined by.
    #[arg(long, hide = true)]
    sign_in: bool,
    /// Folders and files to make a draft of.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Arguments {
    /// The workspace that was asked for.
    pub(crate) fn workspace(&self) -> Option<&Path> {
        self.workspace.as_deref()
    }

    /// Whether the person signed in a moment ago, in a process that took that along.
    pub(crate) fn signs_in(&self) -> bool {
        self.sign_in
    }

    /// What to make a draft of, seen from the folder that the program was started in.
    pub(crate) fn absolute_paths(&self, folder: &Path) -> Vec<PathBuf> {
        self.paths.iter().map(|path| written_path::resolved(&folder.join(path))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_where_the_program_was_started() {
        let arguments = Arguments::try_parse_from(["lacquer", "--workspace", "w", "album", "/music/b.wav"]).unwrap();
        assert_eq!(arguments.workspace(), Some(Path::new("w")));
        assert_eq!(
            arguments.absolute_paths(Path::new("/home/ann")),
            [Path::new("/home/ann/album"), Path::new("/music/b.wav")]
        );
    }
}

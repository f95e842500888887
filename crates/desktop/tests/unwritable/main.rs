//! Folders that may not be written to, for a person who has no special rights.

#![cfg(test)]
#![cfg(unix)]

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use desktop::{Options, Session};

/// Somebody who owns nothing.
const NOBODY: u32 = 65_534;

#[test]
fn a_workspace_that_may_not_be_written_is_refused_with_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let is_root = rustix::process::geteuid().is_root();
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
    // In a folder that nobody else may enter, the test itself could not be run.
    let program = place.path().join("test");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();

    let closed = place.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    if is_root {
        chown(&own, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    // A workspace, made by them and then closed; and a new one in a folder that is not theirs.
    assert_eq!(open(&program, &own, is_root), "");
    for folder in [&closed, &own] {
        fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
    }
    let database = own.join("desk.db");
    fs::set_permissions(&database, Permissions::from_mode(0o400)).unwrap();

    let new = closed.join("workspace");
    for (home, why) in
        [(&new, "cannot be written to: Permission denied"), (&own, "attempt to write a readonly database")]
    {
        let told = open(&program, home, is_root);
        assert!(told.contains(&*home.to_string_lossy()), "{told}");
        assert!(told.contains(why), "{told}");
        assert!(told.contains("folder writable for you, or give another --workspace."), "{told}");
    }
    for folder in [&closed, &own] {
        fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    }
}

/// Opens a workspace as somebody without rights; what is said where it cannot be.
fn open(program: &Path, home: &Path, is_root: bool) -> String {
    let mut child = Command::new(program);
    child.args(["--exact", "child", "--nocapture"]).env("UNWRITABLE_HOME", home);
    if is_root {
        child.uid(NOBODY).gid(NOBODY);
    }
    let output = child.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stderr).unwrap();
    text.lines().find_map(|line| line.strip_prefix("refused: ")).unwrap_or_default().to_owned()
}

/// What runs in the process of its own; nothing in any other.
#[test]
fn child() {
    let Some(home) = env::var_os("UNWRITABLE_HOME").map(PathBuf::from) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match Session::open(&home, Options::default()).await {
            Ok(session) => session.close().await,
            Err(error) => eprintln!("refused: {error}"),
        }
    });
}

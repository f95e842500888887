//! What these tests need of the machine: ffmpeg, ffprobe, flac, and the music of Debian's wesnoth-1.16-music.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder that is gone after the test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A piece of real music, Ogg Vorbis at 44.1 kHz.
pub(crate) fn music(name: &str) -> PathBuf {
    let listed = Command::new("dpkg").args(["-L", "wesnoth-1.16-music"]).output();
    let listed = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let usual = format!("/usr/share/games/wesnoth/1.16/data/core/music/{name}");
    let path = listed.lines().find(|line| line.ends_with(&format!("/{name}"))).unwrap_or(&usual);
    let path = PathBuf::from(path);
    assert!(path.is_file(), "{} is missing: install wesnoth-1.16-music (make test does)", path.display());
    path
}

/// Runs a program and gives back what it wrote to its standard output.
pub(crate) fn run(program: &str, arguments: &[&dyn AsRef<OsStr>]) -> Vec<u8> {
    let output = Command::new(program).args(arguments.iter().map(|argument| argument.as_ref())).output();
    let output = output.unwrap_or_else(|error| panic!("{program} cannot be run ({error}): make test installs it"));
    assert!(output.status.success(), "{program} failed: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Runs ffmpeg over one input.
pub(crate) fn ffmpeg(before: &str, input: &Path, arguments: &str, output: &Path) {
    let before: Vec<&str> = before.split_whitespace().collect();
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let mut all: Vec<&dyn AsRef<OsStr>> = vec![&"-nostdin", &"-v", &"error", &"-y"];
    all.extend(before.iter().map(|argument| argument as &dyn AsRef<OsStr>));
    all.extend([&"-i" as &dyn AsRef<OsStr>, &input]);
    all.extend(arguments.iter().map(|argument| argument as &dyn AsRef<OsStr>));
    all.push(&output);
    run("ffmpeg", &all);
}

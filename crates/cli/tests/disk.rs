//! A workspace on a disk that fills up while it is delivered to: the message names the folder and says what to do, and
//! once that is done the same command goes on.
//!
//! The disk is a small one in memory, in a mount namespace of its own (`unshare`, of util-linux).

mod support;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::Bench;

const FIELDS: &str = "--set title=Small --set artist=Someone --set label=L --set p_line='2026 L' \
                      --set c_line='2026 L' --set advisory=none";

/// Two tracks of 5 MB and a picture.
fn album(folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    let tone = |seconds: &str| format!("sine=frequency=220:sample_rate=48000:duration={seconds}");
    let picture = "testsrc2=size=3000x3000".to_owned();
    for (source, more, name) in [
        (tone("17"), ["-ac", "2", "-c:a", "pcm_s24le"], "01 One.wav"),
        (tone("18"), ["-ac", "2", "-c:a", "pcm_s24le"], "02 Two.wav"),
        (picture, ["-frames:v", "1", "-pix_fmt", "rgb24"], "cover.png"),
    ] {
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-v", "error", "-f", "lavfi", "-i", &source]).args(more).arg(folder.join(name));
        support::succeeded(ffmpeg.output().expect("ffmpeg (make setup installs it)"));
    }
}

/// Runs a script of the shell in which `disk` is a disk of 8 MB, `deliver` delivers the album to it, and `room` makes
/// it a large one.
fn with_small_disk(bench: &Bench, script: &str) -> Output {
    let setting = format!(
        "set -u; mkdir -p disk; mount -t tmpfs -o size=8m tmpfs disk
         deliver() {{ \"$CLI\" deliver album --workspace disk/workspace {FIELDS}; echo \"exit $?\"; }}
         room() {{ mount -o remount,rw,size=200m disk; }}
         {script}"
    );
    Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", &setting])
        .current_dir(bench.path(""))
        .env("CLI", env!("CARGO_BIN_EXE_lacquer-cli"))
        .stdin(Stdio::null())
        .output()
        .expect("unshare, of util-linux")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_disk_that_fills_up_is_named_and_with_room_it_goes_on() {
    let bench = Bench::new();
    album(&bench.path("album"));
    let said = said(&with_small_disk(&bench, "deliver; echo MORE ROOM; room; deliver"));
    let (full, roomy) = said.split_once("MORE ROOM").expect("both were run");
    assert!(full.contains("exit 1"), "{said}");
    assert!(roomy.contains("exit 0") && roomy.contains("is live"), "{said}");
    assert!(said.contains("There is no room left at ") && said.contains("disk/workspace/masters"), "{said}");
    assert!(said.contains("Free at least "), "{said}");
}

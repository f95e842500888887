//! Delivering, waiting, and what the exit codes say.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use desktop::{Options, Session};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::album::{BY_HAND, night_bus};
use crate::json::is_example;
use crate::shell::{Ran, Shell};

fn deliver(shell: &Shell, more: &[&str]) -> Ran {
    let arguments = [&["deliver", "Night Bus", "--workspace", "workspace"], more].concat();
    shell.run(&arguments)
}

#[test]
fn a_release_goes_live_and_says_so_state_by_state() {
    let shell = Shell::new();
    night_bus(&shell);
    assert_eq!(shell.run(&["subscribe", "Ann Ash", "ann@example.com", "--workspace", "workspace"]).exit, 0);
    let ran = deliver(&shell, &BY_HAND);
    assert_eq!(ran.exit, 0, "{}", ran.text());
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn delivering_it_again_says_that_nothing_has_changed() {
    let shell = Shell::new();
    night_bus(&shell);
    assert_eq!(deliver(&shell, &BY_HAND).exit, 0);
    let again = deliver(&shell, &[]);
    assert_eq!(again.exit, 0, "{}", again.text());
    assert!(again.stdout.ends_with("\"Night Bus\" is live already, and nothing has changed.\n"), "{}", again.text());
    assert!(!again.stdout.contains("received"), "what happened before is no news: {}", again.text());
}

#[test]
fn a_corrected_title_says_of_no_file_that_it_is_sent() {
    let shell = Shell::new();
    night_bus(&shell);
    assert_eq!(deliver(&shell, &BY_HAND).exit, 0);
    let again = deliver(&shell, &["--set", "1.title=Terminus Road"]);
    assert_eq!(again.exit, 0, "{}", again.text());
    assert!(!again.stderr.contains("Sending"), "{}", again.stderr);
}

#[test]
fn errors_stop_it_with_exit_3_and_every_one_is_said() {
    let shell = Shell::new();
    night_bus(&shell);
    let ran = deliver(&shell, &["--set", "upc=190295810727"]);
    assert_eq!(ran.exit, 3, "{}", ran.text());
    insta::assert_snapshot!(ran.text());
}

#[test]
fn a_release_date_in_the_future_is_waited_for_with_exit_4() {
    let shell = Shell::new();
    night_bus(&shell);
    let more = [&BY_HAND[..], &["--set", "release_date=2126-06-19"]].concat();
    let ran = deliver(&shell, &more);
    assert_eq!(ran.exit, 4, "{}", ran.text());
    assert!(ran.stdout.ends_with("\"Night Bus\" waits for its release date, 2126-06-19 in UTC.\n"), "{}", ran.text());
    let status = shell.run(&["status", "night bus", "--workspace", "workspace"]);
    assert_eq!(status.exit, 4, "{}", status.text());
}

#[test]
fn a_label_that_reviews_is_waited_for_with_exit_4() {
    let shell = Shell::new();
    night_bus(&shell);
    assert_eq!(shell.run(&["subscribe", "Ann Ash", "ann@example.com", "--workspace", "workspace"]).exit, 0);
    let file = shell.path("workspace/workspace.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"review\": false", "\"review\": true")).unwrap();
    let ran = deliver(&shell, &BY_HAND);
    assert_eq!(ran.exit, 4, "{}", ran.text());
    assert!(ran.stdout.ends_with("\"Night Bus\" waits for a release manager to hear it.\n"), "{}", ran.text());
}

#[test]
fn what_is_held_back_in_the_window_is_in_the_queue_and_says_where_to_let_it_go_on() {
    let shell = Shell::new();
    night_bus(&shell);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let window = Session::open(&shell.path("workspace"), Options::default()).await.unwrap();
        window.pause_queue(true).await.unwrap();
        window.close().await;
    });
    let ran = deliver(&shell, &BY_HAND);
    assert_eq!(ran.exit, 4, "{}", ran.text());
    insta::assert_snapshot!("held_back", ran.stdout.lines().last().unwrap());
    for arguments in [&["status", "--workspace", "workspace"][..], &["status", "Night Bus", "--workspace", "workspace"]]
    {
        let status = shell.run(arguments);
        assert_eq!(status.exit, if arguments.len() > 3 { 4 } else { 0 }, "{}", status.text());
        insta::assert_snapshot!("held_back_status", status.text().split_once('\n').unwrap().1);
    }
    is_example("status-queue", &shell.run(&["status", "--workspace", "workspace", "--json"]));
}

#[test]
fn a_track_that_is_not_there_cannot_be_set() {
    let shell = Shell::new();
    night_bus(&shell);
    insta::assert_snapshot!(deliver(&shell, &["--set", "3.title=Depot"]).text());
}

#[test]
fn a_desk_that_cannot_be_read_is_moved_aside_and_said() {
    let shell = Shell::new();
    night_bus(&shell);
    assert_eq!(deliver(&shell, &BY_HAND).exit, 0);
    for ending in ["", "-wal", "-shm"] {
        let file = shell.path(&format!("workspace/desk.db{ending}"));
        if ending.is_empty() || file.exists() {
            fs::write(file, "not a database, and long enough to be looked at as one ".repeat(20)).unwrap();
        }
    }
    let ran = shell.run(&["status", "--workspace", "workspace"]);
    assert_eq!(ran.exit, 0, "{}", ran.text());
    assert!(ran.stderr.contains("moved aside") && ran.stderr.contains("desk.db"), "{}", ran.text());
    assert!(ran.stdout.contains("Night Bus"), "what is live is listed still: {}", ran.text());
}

#[test]
fn ctrl_c_stops_it_with_exit_130_and_running_it_again_goes_on() {
    let shell = Shell::new();
    night_bus(&shell);
    let pipe = shell.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut first = shell.command();
    first.args(["deliver", "Night Bus", "--workspace", "workspace"]).args(BY_HAND);
    first.env("LACQUER_LEDGER", &pipe).stdout(Stdio::piped()).stderr(Stdio::piped());
    let first = first.spawn().unwrap();
    let mut ledger = BufReader::new(fs::File::open(&pipe).unwrap());
    ledger.read_line(&mut String::new()).unwrap();
    kill_process(Pid::from_child(&first), Signal::INT).unwrap();
    // Read to its end, so that the process is never held up by a full pipe.
    let reading = std::thread::spawn(move || ledger.lines().for_each(drop));
    let stopped = shell.ran(&first.wait_with_output().unwrap());
    reading.join().unwrap();
    // It may have been too quick for the signal; then it is live, and that is as good.
    if stopped.exit != 0 {
        assert_eq!(stopped.exit, 130, "{}", stopped.text());
        assert!(stopped.stderr.ends_with("run the same command again to go on.\n"), "{}", stopped.text());
    }
    let again = deliver(&shell, &BY_HAND);
    assert_eq!(again.exit, 0, "{}", again.text());
}

#[test]
fn status_finds_a_release_by_id_upc_and_title() {
    let shell = Shell::new();
    night_bus(&shell);
    let delivered = deliver(&shell, &[&BY_HAND[..], &["--json"]].concat());
    assert_eq!(delivered.json()["result"]["outcome"], json!("live"), "{}", delivered.text());
    for name in ["190295810726", "1 90295 81072 6", "NIGHT BUS"] {
        let status = shell.run(&["status", name, "--workspace", "workspace"]);
        assert_eq!(status.exit, 0, "{}", status.text());
        assert!(status.stdout.contains("Terminus"), "{}", status.text());
    }
    let status = shell.run(&["status", "Day Bus", "--workspace", "workspace"]);
    insta::assert_snapshot!(status.text());
}

#[test]
fn looking_makes_no_workspace() {
    let shell = Shell::new();
    let status = shell.run(&["status", "--workspace", "workspace"]);
    assert!(!shell.path("workspace").exists());
    insta::assert_snapshot!(status.text());
}

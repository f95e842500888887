//! What an operator reads where there is no cloud.

use std::io::Write as _;
use std::process::{Command, Stdio};

use fake_cloud::FreePorts;

use crate::json::is_example;
use crate::shell::{Ran, Shell};

/// The program with an operator's surroundings and nothing of this machine's.
fn command(shell: &Shell) -> Command {
    let mut command = shell.command();
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", shell.path("no-config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", shell.path("no-credentials"));
    command
}

fn run(shell: &Shell, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = command(shell);
    command.arg("cloud").args(arguments).envs(variables.iter().copied());
    shell.ran(&command.output().unwrap())
}

const KEYS: [(&str, &str); 3] =
    [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"), ("AWS_REGION", "eu-west-1")];

#[test]
fn without_a_region_it_says_how_to_name_one() {
    let shell = Shell::new();
    let ran = run(&shell, &["doctor"], &[]);
    assert_eq!(ran.exit, 1);
    insta::assert_snapshot!(ran.text());
}

#[test]
fn without_credentials_it_says_how_to_give_them() {
    let shell = Shell::new();
    // Nobody listens there, and nobody is asked.
    let ran = run(&shell, &["doctor", "--region", "eu-west-1", "--endpoint", "http://127.0.0.1:9"], &[]);
    assert_eq!(ran.exit, 1);
    assert!(ran.stderr.contains("Give AWS credentials"), "{}", ran.text());
}

#[test]
fn where_nobody_answers_it_says_so_and_no_secret() {
    let shell = Shell::new();
    let ports = FreePorts::take(1);
    let endpoint = format!("http://127.0.0.1:{}", ports.numbers()[0]);
    for arguments in [
        &["doctor"][..],
        &["redrive"],
        &["invoke", "catalogue"],
        &["invite", "kim@example.org", "--label", "nightbus", "--role", "staff"],
    ] {
        let ran = run(&shell, &[arguments, &["--endpoint", &endpoint]].concat(), &KEYS);
        assert_eq!(ran.exit, 1, "{}", ran.text());
        assert!(ran.stderr.contains("The stack lacquer in eu-west-1 cannot be looked up"), "{}", ran.text());
        assert!(ran.stderr.contains("See whether AWS can be reached from here"), "{}", ran.text());
        assert!(!ran.text().contains(KEYS[1].1), "{}", ran.text());
    }
}

#[test]
fn what_is_no_json_is_not_sent() {
    let shell = Shell::new();
    let ran = run(&shell, &["invoke", "catalogue", "{sweep}"], &KEYS);
    assert_eq!(ran.exit, 1);
    insta::assert_snapshot!(ran.text());

    let mut child = command(&shell)
        .args(["cloud", "invoke", "catalogue", "-", "--json"])
        .envs(KEYS)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"sweep").unwrap();
    let ran = shell.ran(&child.wait_with_output().unwrap());
    is_example("cloud-error", &ran);
}

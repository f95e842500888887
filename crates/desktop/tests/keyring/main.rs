//! The system's keyring: a real Secret Service, on a session bus of the test's own, in a home of its own.

#![cfg(test)]

use std::env;
use std::process::Command;

use desktop::account::{Keyring, Secret, Vault as _, VaultError};

/// Starts a bus and an unlocked keyring on it, and runs a test of this program there.
fn with_a_keyring(test: &str) {
    let script = "command -v gnome-keyring-daemon || { echo 'gnome-keyring is not installed: scripts/setup test'; exit 1; }\n\
        mkdir -p \"$XDG_DATA_HOME\"\n\
        printf open-sesame | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n\
        exec \"$TEST_PROGRAM\" --exact \"$TEST\" --nocapture";
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", script]).env_remove("DBUS_SESSION_BUS_ADDRESS");
    run(command, test);
}

/// Runs a test of this program with what a command sets up, in a home of its own.
fn run(mut command: Command, test: &str) {
    let home = tempfile::tempdir().unwrap();
    let output = command
        .env("TEST_PROGRAM", env::current_exe().unwrap())
        .env("TEST", test)
        .env("KEYRING_TEST", "1")
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .expect("it can be started; scripts/setup test installs dbus-run-session");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

fn is_child() -> bool {
    env::var_os("KEYRING_TEST").is_some()
}

#[test]
fn a_secret_service_keeps_a_secret() {
    with_a_keyring("child_keeps_a_secret");
}

#[test]
fn a_session_without_a_keyring_is_said() {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "child_finds_no_keyring", "--nocapture"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nobody/listens/here");
    run(command, "child_finds_no_keyring");
}

#[tokio::test]
async fn child_keeps_a_secret() {
    if !is_child() {
        return;
    }
    let keyring = Keyring::of_the_system();
    let service = "Lacquer https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI";
    assert_eq!(keyring.load(service, "mira").await, Ok(None));
    assert_eq!(keyring.forget(service, "mira").await, Ok(()));
    // As long as Cognito's are.
    let token = |letter: &str| Secret::new(letter.repeat(1900));
    keyring.save(service, "mira", &token("a")).await.unwrap();
    keyring.save(service, "mira", &token("b")).await.unwrap();
    keyring.save(service, "tom", &token("c")).await.unwrap();
    assert_eq!(keyring.load(service, "mira").await, Ok(Some(token("b"))));
    assert_eq!(keyring.load("Lacquer https://elsewhere.example", "mira").await, Ok(None));
    // Another program of the same person finds it.
    assert_eq!(Keyring::of_the_system().load(service, "tom").await, Ok(Some(token("c"))));
    keyring.forget(service, "mira").await.unwrap();
    assert_eq!(keyring.load(service, "mira").await, Ok(None));
    assert_eq!(keyring.load(service, "tom").await, Ok(Some(token("c"))));
}

#[tokio::test]
async fn child_finds_no_keyring() {
    if !is_child() {
        return;
    }
    let found = Keyring::of_the_system().load("Lacquer", "mira").await;
    assert!(matches!(found, Err(VaultError::None { .. })), "{found:?}");
}

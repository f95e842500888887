//! The system's keyring: a real Secret Service, on a session bus of the test's own, in a home of its own.

#![cfg(test)]

use std::env;
use std::path::Path;
use std::process::Command;

use desktop::account::{Keyring, Secret, Vault as _, VaultError};
use fake_keyring::Session;

/// Runs a test of this program on a session bus, with `home` as its home.
fn run(test: &str, bus: &str, home: &Path) {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("KEYRING_TEST", "1")
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_RUNTIME_DIR", home)
        .output()
        .unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

fn is_child() -> bool {
    env::var_os("KEYRING_TEST").is_some()
}

#[test]
fn a_secret_service_keeps_a_secret() {
    let home = tempfile::tempdir().unwrap();
    let session = Session::start(home.path());
    run("child_keeps_a_secret", session.address(), home.path());
}

#[test]
fn a_session_without_a_keyring_is_said() {
    let home = tempfile::tempdir().unwrap();
    run("child_finds_no_keyring", "unix:path=/nobody/listens/here", home.path());
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

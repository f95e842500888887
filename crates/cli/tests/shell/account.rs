//! Joining a cloud, signing in and out, and who is signed in.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use fake_cloud::openid::{Answer, Call, RefreshTokens, User};
use insta::assert_snapshot;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::provider::{Cloud, MIRA};
use crate::shell::{Ran, Shell};

const ANN: &str = "ann@low-tide.example";

/// What a person reads, and how it ended.
fn read(ran: &Ran, exit: i32) -> String {
    assert_eq!(ran.exit, exit, "{}", ran.text());
    ran.text()
}

#[test]
fn a_cloud_is_joined_and_the_sign_in_stays_from_command_to_command() {
    let cloud = Cloud::new();
    assert_snapshot!("joined", read(&cloud.join(), 0));
    assert_snapshot!("account", read(&cloud.at(&["account"]), 0));
    let known = cloud.at(&["account", "--json"]).json();
    let who = json!({"email": MIRA, "label": "low-tide", "roles": ["staff", "manager"], "kept": true});
    assert_eq!(known["result"]["signed_in"], who, "{known}");
    // Each command renews, and the token that it was given replaces the one before.
    let renewed = cloud.openid.calls().iter().filter(|call| matches!(call, Call::Cognito(_))).count();
    assert_eq!(renewed, 2, "each of two commands asked once");
    assert_eq!(cloud.secrets_on_disk(), [""; 0].map(std::path::PathBuf::from), "secrets are in the keyring alone");

    assert_snapshot!("signed_out", read(&cloud.at(&["sign-out"]), 0));
    assert!(cloud.openid.calls().contains(&Call::Revoke), "the cloud was told");
    assert_snapshot!("account_of_nobody", read(&cloud.at(&["account"]), 0));
    assert_snapshot!("signed_out_already", read(&cloud.at(&["sign-out"]), 0));
}

#[test]
fn where_it_is_joined_without_a_folder_one_is_made_and_named() {
    let cloud = Cloud::new();
    let ran = cloud.run(&["join", "workspace.json", "--yes", "--json"]);
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let joined = ran.json()["result"].clone();
    let folder = joined["workspace"].as_str().unwrap();
    assert!(folder.starts_with("TMP/data/lacquer/workspaces/low-tide-"), "{joined}");
    let expected = ("Low Tide Records", "low-tide", MIRA, true);
    let told = |name: &str| joined[name].as_str().unwrap().to_owned();
    assert_eq!((&*told("name"), &*told("label"), &*told("email"), joined["kept"] == true), expected);
}

#[test]
fn without_a_keyring_a_sign_in_is_for_one_command_and_it_says_so() {
    let cloud = Cloud::without_keyring();
    assert_snapshot!("joined_without_keyring", read(&cloud.join(), 0));
    assert_snapshot!("account_without_keyring", read(&cloud.at(&["account"]), 0));
    assert_snapshot!("signed_in_without_keyring", read(&cloud.at(&["sign-in"]), 0));
    assert_eq!(cloud.at(&["sign-in", "--json"]).json()["result"]["kept"], false);
    // What needs somebody says how, at once, and asks where it is told to.
    assert_snapshot!("deliver_without_sign_in", read(&cloud.at(&["deliver", "Night Bus"]), 1));
    assert_snapshot!("status_without_sign_in", read(&cloud.at(&["status"]), 1));
    assert_snapshot!("everywhere_without_sign_in", read(&cloud.at(&["sign-out", "--everywhere"]), 1));
    assert_snapshot!("everywhere_by_signing_in", read(&cloud.at(&["sign-out", "--everywhere", "--sign-in"]), 0));
    assert!(cloud.openid.calls().contains(&Call::Cognito("GlobalSignOut".to_owned())), "the cloud was told");
    assert_eq!(cloud.secrets_on_disk(), [""; 0].map(std::path::PathBuf::from), "no secret is ever on the disk");
}

#[test]
fn signing_in_again_another_account_and_signing_out_everywhere() {
    let cloud = Cloud::new();
    cloud.join();
    cloud.openid.put_user(User::new(ANN, "low-tide", &["artist"]));
    cloud.openid.answer(Answer::Approve(ANN.to_owned()));
    cloud.openid.calls();
    assert_snapshot!("signed_in_another", read(&cloud.at(&["sign-in", "--another"]), 0));
    let asked = cloud.openid.calls();
    let wants_a_name = |call: &Call| matches!(call, Call::Authorize(query) if query.get("prompt").is_some_and(|prompt| prompt == "login"));
    assert!(asked.iter().any(wants_a_name), "{asked:?}");
    let accounts = cloud.at(&["account", "--json"]).json()["result"]["accounts"].clone();
    assert_eq!(accounts.as_array().unwrap().len(), 2, "{accounts}");
    assert_snapshot!("signed_out_everywhere", read(&cloud.at(&["sign-out", "--everywhere"]), 0));
    assert!(cloud.openid.calls().contains(&Call::Cognito("GlobalSignOut".to_owned())));
}

#[test]
fn whoever_is_not_let_in_reads_why() {
    let cloud = Cloud::new();
    cloud.openid.answer(Answer::Deny);
    assert_snapshot!("join_denied", read(&cloud.join(), 1));
    assert!(!cloud.shell.path("workspace").exists(), "nothing is made before somebody is signed in");
    cloud.openid.answer(Answer::Approve(MIRA.to_owned()));
    read(&cloud.join(), 0);

    cloud.openid.put_user(User { enabled: false, ..User::new(ANN, "low-tide", &["staff"]) });
    cloud.openid.answer(Answer::Approve(ANN.to_owned()));
    assert_snapshot!("sign_in_disabled", read(&cloud.at(&["sign-in", "--another"]), 1));
    cloud.openid.put_user(User::new(ANN, "high-tide", &["staff"]));
    assert_snapshot!("sign_in_other_label", read(&cloud.at(&["sign-in", "--another"]), 1));
    cloud.openid.put_user(User { label: None, ..User::new(ANN, "", &["staff"]) });
    assert_snapshot!("sign_in_no_label", read(&cloud.at(&["sign-in", "--another"]), 1));
    // Who was signed in still is.
    let still = cloud.at(&["account"]);
    assert!(still.stdout.starts_with(MIRA), "{}", still.text());
}

#[test]
fn whoever_is_let_in_no_longer_reads_why_wherever_it_matters() {
    let mira = || User::new(MIRA, "low-tide", &["staff", "manager"]);
    type Change = fn(&Cloud);
    let cases: [(&str, Change); 5] = [
        ("expired", |cloud| cloud.openid.put_refresh_tokens(MIRA, RefreshTokens::Expired)),
        ("revoked", |cloud| cloud.openid.put_refresh_tokens(MIRA, RefreshTokens::Revoked)),
        ("disabled", |cloud| {
            cloud.openid.put_user(User { enabled: false, ..User::new(MIRA, "low-tide", &["staff"]) });
        }),
        ("deleted", |cloud| cloud.openid.remove_user(MIRA)),
        ("other_label", |cloud| cloud.openid.put_user(User::new(MIRA, "high-tide", &["staff"]))),
    ];
    let cloud = Cloud::new();
    for (name, change) in cases {
        cloud.openid.put_user(mira());
        assert_eq!(cloud.join().exit, 0);
        change(&cloud);
        assert_snapshot!(format!("ended_{name}"), read(&cloud.at(&["account"]), 1));
        // A delivery ends at once instead of waiting for somebody who cannot come.
        cloud.openid.put_user(mira());
        assert_eq!(cloud.join().exit, 0);
        change(&cloud);
        let delivering = cloud.at(&["deliver", "Night Bus"]);
        assert_eq!(delivering.exit, 1, "{}", delivering.text());
        let account = cloud.at(&["account"]);
        assert!(delivering.stderr.contains("is not signed in to Low Tide Records any more."), "{}", account.text());
    }
}

#[test]
fn a_browser_that_never_comes_back_is_given_up_by_ctrl_c() {
    let cloud = Cloud::without_keyring();
    cloud.join();
    cloud.openid.answer(Answer::Page);
    assert_snapshot!("browser_closed", read(&stopped(&cloud, &["sign-in"]), 130));
}

#[test]
fn where_no_browser_can_be_started_it_says_how_to_use_another_computer_s() {
    let cloud = Cloud::without_keyring();
    cloud.join();
    // Neither the one that is named nor any that the system would look for.
    let mut command = cloud.command(&["sign-in", "--workspace", "workspace"]);
    command.env("BROWSER", "/no/such/browser").env("PATH", "");
    assert_snapshot!("no_browser", read(&interrupted(&cloud, command, "ssh -L"), 130));

    // There may be one, and the person be elsewhere.
    cloud.openid.answer(Answer::Page);
    let mut command = cloud.command(&["sign-in", "--workspace", "workspace"]);
    command.env("SSH_CONNECTION", "192.0.2.7 50022 192.0.2.1 22");
    assert_snapshot!("by_ssh", read(&interrupted(&cloud, command, "ssh -L"), 130));
}

#[test]
fn what_is_no_workspace_file_and_whoever_is_not_asked_join_nothing() {
    let cloud = Cloud::without_keyring();
    assert_snapshot!("join_not_asked", read(&cloud.run(&["join", "workspace.json"]), 1));
    cloud.shell.write("other.json", b"{\"format\":\"lacquer.workspace\",\"version\":1}");
    assert_snapshot!("join_other_file", read(&cloud.run(&["join", "other.json", "--yes"]), 1));
    assert_snapshot!("join_no_file", read(&cloud.run(&["join", "gone.json", "--yes"]), 1));
    assert_eq!(cloud.openid.calls(), [], "nobody was asked anything");
}

#[test]
fn a_workspace_on_this_computer_takes_no_account() {
    let shell = Shell::new();
    assert_snapshot!("no_cloud", read(&shell.run(&["account", "--workspace", "workspace"]), 1));
}

/// Runs a command on the workspace, and stops it once the browser was asked to open the page.
fn stopped(cloud: &Cloud, arguments: &[&str]) -> Ran {
    let command = cloud.command(&[arguments, &["--workspace", "workspace"]].concat());
    interrupted(cloud, command, "/oauth2/authorize?")
}

/// Runs a command, and interrupts it once it said something.
fn interrupted(cloud: &Cloud, mut command: std::process::Command, once_it_said: &str) -> Ran {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(once_it_said) {
        assert_ne!(told.read_line(&mut said).unwrap(), 0, "it ended by itself: {said}");
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    told.read_to_string(&mut said).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stderr = said.into_bytes();
    cloud.settled(cloud.shell.ran(&output))
}

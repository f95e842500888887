//! What `make test-aws` tries in a real account, tried on the emulator: that the script works, though nobody here has one.

use std::process::Command;

use fake_cloud::emulator::{Emulator, Stack, bootstraps};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What the emulator does as AWS.
const SHOWN: [&str; 3] = ["check_gateway", "check_own_label", "check_pipeline"];
/// What it lets through, or does otherwise: docs/testing.md.
const BLIND: [&str; 11] = [
    "check_artists",
    "check_full_object_checksum",
    "check_key",
    "check_label_of_ones_own",
    "check_other_label",
    // As far as the checksum of the whole object, at its end.
    "check_partner_part",
    "check_read_list_delete",
    "check_redrive",
    "check_self_sign_up",
    "check_tls",
    "check_written_once",
];

#[tokio::test]
async fn what_is_tried_in_an_account_fails_on_the_emulator_only_where_that_is_blind() {
    let emulator = Emulator::start().await.unwrap();
    let cloud = emulator.deploy(&bootstraps().unwrap(), &Stack::default()).await.unwrap();
    let venv = Command::new(format!("{ROOT}/scripts/venv")).output().unwrap();
    let mut script = Command::new(format!("{}/bin/python", String::from_utf8(venv.stdout).unwrap().trim()));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        script.env_remove(name);
    }
    script
        .args(["-B", "infra/aws_test.py", "try", "--stack", "lacquer", "--region", &cloud.region])
        .current_dir(ROOT)
        .env("AWS_ENDPOINT_URL", &cloud.endpoint)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("LACQUER_CLI", env!("CARGO_BIN_EXE_lacquer-cli"));
    let output = tokio::task::spawn_blocking(move || script.output().unwrap()).await.unwrap();
    let (said, complained) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let all = || format!("{said}\n{complained}\n{}", emulator.log());

    let names = |outcome: &str| -> Vec<String> {
        let lines = said.lines().filter_map(|line| line.strip_prefix(outcome));
        lines.filter_map(|line| Some(line.trim().split_once(':')?.0.to_owned())).collect()
    };
    assert_eq!(names("ok"), SHOWN, "{}", all());
    assert_eq!(names("FAILED"), BLIND, "{}", all());
    // Each since something was done or answered that AWS would not: none by a slip of the script's own.
    for line in said.lines().filter(|line| line.starts_with("FAILED")) {
        assert!(line.contains("expected") || line.contains("(BadDigest)"), "{line}");
    }
    assert!(complained.trim_end().ends_with(&format!("{} checks failed", BLIND.len())), "{complained}");
}

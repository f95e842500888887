//! What an operator does to a deployment, with stand-ins for the functions' programs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use aws_sdk_sqs::types::QueueAttributeName;
use fake_cloud::emulator::{Deployment, Emulator, Function, Stack};
use serde_json::{Value, json};

use crate::operator;
use crate::shell::{Ran, Shell};

/// A deployment on an emulator of its own.
struct Place {
    cloud: Deployment,
    sqs: aws_sdk_sqs::Client,
    shell: Shell,
    // Ends last.
    _emulator: Emulator,
}

impl Place {
    async fn new() -> Self {
        let shell = Shell::new();
        let emulator = Emulator::start().await.unwrap();
        let cloud = emulator.deploy(&stand_ins(&shell.path("")), &Stack::default()).await.unwrap();
        Self { sqs: operator::sqs(&cloud), cloud, shell, _emulator: emulator }
    }

    async fn run(&self, arguments: &[&str]) -> Ran {
        operator::run(&self.shell, &self.cloud, arguments).await
    }

    async fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).await.json()
    }

    async fn waiting(&self, queue: &str) -> String {
        let count = QueueAttributeName::ApproximateNumberOfMessages;
        let asked = self.sqs.get_queue_attributes().queue_url(queue).attribute_names(count.clone());
        asked.send().await.unwrap().attributes.unwrap()[&count].clone()
    }
}

#[tokio::test]
async fn an_account_is_made_once_and_keeps_its_label() {
    let place = Place::new().await;
    let invite = async |email: &str, label: &str, role: &str| {
        place.json(&["invite", email, "--label", label, "--role", role]).await
    };
    let first = invite("Kim@example.org", "nightbus", "staff").await;
    assert_eq!(
        first["result"],
        json!({"email": "kim@example.org", "label": "nightbus", "role": "staff", "new": true, "mailed": true, "artists": null}),
        "{first}"
    );
    let again = invite("kim@example.org", "nightbus", "manager").await;
    assert_eq!((&again["exit"], &again["result"]["new"]), (&json!(0), &json!(false)), "{again}");
    assert_eq!(again["result"]["mailed"], true, "who has not signed in yet is written to again");
    let other = invite("kim@example.org", "others", "staff").await;
    assert_eq!(other["error"]["code"], "invite-other-label", "{other}");
    assert_eq!(other["exit"], 1);

    let artist = place.run(&["invite", "vesper@example.org", "--label", "nightbus", "--role", "artist"]).await;
    assert_eq!(artist.exit, 0, "{}", artist.stderr);
    assert!(artist.stdout.contains("is invited to nightbus as an artist"), "{}", artist.stdout);
}

#[tokio::test]
async fn a_function_is_called_and_its_answer_shown() {
    let place = Place::new().await;
    let called = place.json(&["invoke", "catalogue", "{\"sweep\":true}"]).await;
    assert_eq!(called["result"]["answer"]["event"], json!({"sweep": true}), "{called}");
    assert_eq!((&called["exit"], &called["result"]["failed"]), (&json!(0), &json!(false)));

    place.cloud.kill_at(Function::Catalogue, "here").await.unwrap();
    let killed = place.run(&["invoke", "catalogue"]).await;
    assert_eq!(killed.exit, 1, "{}{}", killed.stdout, killed.stderr);
}

#[tokio::test]
async fn what_was_set_aside_is_sent_again() {
    let place = Place::new().await;
    let cloud = &place.cloud;
    let nothing = place.run(&["redrive"]).await;
    assert_eq!(nothing.exit, 0, "{}", nothing.stderr);
    assert_eq!(nothing.stdout.matches("nothing was set aside").count(), 4, "{}", nothing.stdout);

    for body in ["one", "two"] {
        place.sqs.send_message().queue_url(&cloud.transcode_dead_letters).message_body(body).send().await.unwrap();
        let send = place.sqs.send_message().queue_url(&cloud.catalogue_dead_letters).message_body(body);
        send.message_group_id("release").message_deduplication_id(body).send().await.unwrap();
    }
    let first = place.json(&["redrive", "--queue", "transcode"]).await;
    let expected = json!([{"queue": "transcode", "dead": 2, "sent": 2, "under_way": false}]);
    assert_eq!(first["result"]["queues"], expected, "{first}");
    assert_eq!(place.waiting(&cloud.transcode_dead_letters).await, "0");
    assert_eq!(place.waiting(&cloud.catalogue_dead_letters).await, "2", "the others were not asked for");
    let rest = place.run(&["redrive"]).await;
    assert!(rest.stdout.contains("2 messages were set aside: 2 sent again"), "{}{}", rest.stdout, rest.stderr);
    assert!(rest.stdout.contains("goes on by itself"), "{}", rest.stdout);
    assert_eq!(place.waiting(&cloud.catalogue_dead_letters).await, "0");
}

#[tokio::test]
async fn a_deployment_is_looked_at_and_what_went_wrong_is_found() {
    let place = Place::new().await;
    let codes = |report: &Value| -> Vec<String> {
        let findings = report["result"]["findings"].as_array().unwrap_or_else(|| panic!("{report}"));
        findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    };
    let at_first = place.json(&["doctor"]).await;
    // What the emulator leaves out of the template, and the protection that a trial does without. All else is as it should be.
    const LEFT_OUT: [&str; 7] = [
        "bucket-uploads",
        "bucket-encryption",
        "bucket-uploads",
        "bucket-encryption",
        "table-protection",
        "table-recovery",
        "table-ttl",
    ];
    assert_eq!(codes(&at_first), LEFT_OUT, "{at_first:#}");

    place.sqs.send_message().queue_url(&place.cloud.intake_dead_letters).message_body("one").send().await.unwrap();
    let ill = place.json(&["doctor"]).await;
    assert_eq!(codes(&ill), [&["dead-letters"], &LEFT_OUT[..]].concat(), "{ill:#}");
    assert_eq!((&ill["exit"], &ill["result"]["healthy"]), (&json!(1), &json!(false)));

    let nowhere = place.json(&["doctor", "--stack", "elsewhere"]).await;
    assert_eq!(nowhere["error"]["code"], "cloud-no-stack", "{nowhere}");
}

/// Programs that answer with what they were asked.
fn stand_ins(folder: &Path) -> std::path::PathBuf {
    const STAND_IN: &str = include_str!("../../../fake-cloud/tests/bootstrap.py");
    let programs = folder.join("programs");
    fs::create_dir(&programs).unwrap();
    for function in Function::ALL {
        let program = programs.join(function.program());
        fs::write(&program, STAND_IN).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    programs
}

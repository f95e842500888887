//! What an operator mends in a deployment with the functions' own programs.

use std::fs;
use std::time::Duration;

use fake_cloud::emulator::Function;
use fake_cloud::label_cloud::{ARTIST, LABEL, LabelCloud, MANAGER, STAFF};
use insta::assert_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::album::{BY_HAND, night_bus};
use crate::desk::{Desk, ask};
use crate::operator;
use crate::shell::Shell;

#[tokio::test(flavor = "multi_thread")]
async fn what_died_is_found_and_sent_again_once_it_is_mended() {
    let cloud = LabelCloud::start().await.unwrap();
    let desk = Desk::joined(&cloud, STAFF).await;
    night_bus(&desk.shell);
    let operate = async |arguments: &[&str]| operator::run(&desk.shell, &cloud.deployed, arguments).await;
    // What the emulator leaves out of the template is said, and nothing else.
    let at_first = operate(&["doctor"]).await;
    assert_snapshot!("doctor_at_first", at_first.text());

    let table = cloud.deployed.table.clone();
    cloud.deployed.set_variable(Function::Intake, "LACQUER_TABLE", Some("gone")).await.unwrap();
    let delivering = desk.begin(&[&["deliver", "Night Bus"], &BY_HAND[..]].concat());
    while cloud.dead_letters().await.unwrap() == 0 {
        // Asked again after a while, so that there is time for what is waited for.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let ill = operate(&["doctor"]).await;
    assert_snapshot!(
        "doctor_with_dead_letters",
        ill.text().lines().filter(|line| !at_first.text().contains(*line)).collect::<Vec<_>>().join("\n")
    );

    cloud.deployed.set_variable(Function::Intake, "LACQUER_TABLE", Some(&table)).await.unwrap();
    let again = operate(&["redrive"]).await;
    assert_eq!(again.exit, 0, "{}", again.text());
    assert_snapshot!("redriven", again.text());
    // It was waited for all the while.
    let delivered = desk.shell.ran(&delivering.await.unwrap());
    assert_eq!(delivered.exit, 4, "{}\n{}", delivered.text(), cloud.emulator.log());
    assert!(delivered.stdout.ends_with("waits for a release manager to hear it.\n"), "{}", delivered.text());
    assert_eq!(cloud.dead_letters().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_made_fails_with_a_reason_and_waits_for_its_review_once_it_is_mended() {
    let cloud = LabelCloud::start().await.unwrap();
    let desk = Desk::joined(&cloud, STAFF).await;
    fs::remove_file(night_bus(&desk.shell).join("02 Last Stop.flac")).unwrap();
    let operate = async |arguments: &[&str]| operator::run(&desk.shell, &cloud.deployed, arguments).await;
    let renditions = cloud.deployed.renditions.clone();
    cloud.deployed.set_variable(Function::Transcode, "LACQUER_RENDITIONS", Some("no-such-bucket")).await.unwrap();
    let failed = desk.run(&[&["deliver", "Night Bus"], &BY_HAND[..6]].concat()).await;
    assert_eq!(failed.exit, 1, "{}\n{}", failed.text(), cloud.emulator.log());
    assert_snapshot!("failed_in_the_cloud", without_requests(&failed.stdout));

    while cloud.dead_letters().await.unwrap() == 0 || cloud.under_way().await.unwrap() > 0 {
        // Asked again after a while, so that there is time for what is waited for.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(cloud.dead_letters().await.unwrap(), 1);
    assert_eq!(receives_of_what_was_given_up(&cloud), [1, 2, 3, 4, 5]);

    cloud.deployed.set_variable(Function::Transcode, "LACQUER_RENDITIONS", Some(&renditions)).await.unwrap();
    let again = operate(&["redrive"]).await;
    assert_eq!(again.exit, 0, "{}", again.text());
    assert_snapshot!("jobs_redriven", again.text());
    let waits = loop {
        let status = desk.run(&["status", "Night Bus"]).await;
        if status.exit == 4 {
            break status;
        }
        assert_eq!(status.exit, 1, "{}", status.text());
    };
    assert!(waits.stdout.contains("in review"), "{}", waits.text());
    assert_eq!(cloud.dead_letters().await.unwrap(), 0);
}

/// How often a job had been received each time that it was given up.
fn receives_of_what_was_given_up(cloud: &LabelCloud) -> Vec<Value> {
    let (log, name) = (cloud.emulator.log(), format!("{}: ", cloud.deployed.name_of(Function::Transcode)));
    let entries = log.lines().filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix(&name)?).ok());
    let given_up = entries.filter(|entry| entry["message"] == "work on a message is given up");
    given_up.map(|entry| entry["receives"].clone()).collect()
}

/// Without the names that the emulator gives requests.
fn without_requests(text: &str) -> String {
    let mut parts = text.split(", request ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '-');
        format!("{text}, request ID{rest}")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn news_that_the_stream_gave_up_on_is_left_to_the_sweep() {
    let cloud = LabelCloud::start().await.unwrap();
    let shell = Shell::new();
    let operate = async |arguments: &[&str]| operator::run(&shell, &cloud.deployed, arguments).await;
    // As Lambda writes it: where in the stream it was, and none of what stood there.
    let place = json!({ "requestContext": {}, "DDBStreamBatchInfo": { "batchSize": 1 } }).to_string();
    let queue = &cloud.deployed.notify_dead_letters;
    operator::sqs(&cloud.deployed).send_message().queue_url(queue).message_body(place).send().await.unwrap();
    cloud.deployed.set_variable(Function::Catalogue, "LACQUER_TABLE", Some("gone")).await.unwrap();
    let failed = operate(&["redrive", "--queue", "notify"]).await;
    assert_eq!(failed.exit, 1, "{}", failed.text());
    assert_snapshot!("news_not_swept", failed.text());
    assert_eq!(cloud.dead_letters().await.unwrap(), 1, "nothing is taken away before it is told");

    let table = cloud.deployed.table.clone();
    cloud.deployed.set_variable(Function::Catalogue, "LACQUER_TABLE", Some(&table)).await.unwrap();
    let swept = operate(&["redrive"]).await;
    assert_eq!(swept.exit, 0, "{}", swept.text());
    assert_snapshot!("news_swept", swept.text());
    assert_eq!(cloud.dead_letters().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_are_called_and_say_what_they_did() {
    let cloud = LabelCloud::start().await.unwrap();
    let shell = Shell::new();
    let operate = async |arguments: &[&str]| operator::run(&shell, &cloud.deployed, arguments).await;
    let swept = operate(&["invoke", "catalogue", "{\"sweep\":true}", "--json"]).await.json();
    let answer = json!({ "dates": 0, "errands": 0, "stuck": 0, "failures": 0 });
    assert_eq!((&swept["exit"], &swept["result"]["answer"]), (&json!(0), &answer), "{swept}");
    let log = swept["result"]["log"].as_array().unwrap();
    assert!(log.iter().any(|line| line.as_str().unwrap().contains("StuckReleases")), "its figures: {swept}");
    let refused = operate(&["invoke", "catalogue"]).await;
    assert_eq!(refused.exit, 1, "{}", refused.text());
    assert_snapshot!("refused_call", refused.stderr.lines().last().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_is_invited_with_the_artists_they_are() {
    let cloud = LabelCloud::start().await.unwrap();
    let shell = Shell::new();
    let invite = async |more: &[&str]| {
        let arguments = [&["invite", ARTIST, "--label", LABEL, "--role", "artist"], more].concat();
        operator::run(&shell, &cloud.deployed, &arguments).await
    };
    // A name that cannot be taken: nobody gets a mail.
    let refused = invite(&["--artist", "Ann Ash", "--artist", " "]).await;
    assert_eq!(refused.exit, 1, "{}", refused.text());
    assert_snapshot!("invite_without_a_name", refused.text());
    let invited = invite(&["--artist", "Ann Ash", "--artist", " ANN  ASH", "--artist", "Vesper Bloom"]).await;
    assert_eq!(invited.exit, 0, "{}", invited.text());
    assert_snapshot!("invite_artist", invited.text());
    let me = ask(&cloud, ARTIST, Method::GET, "me", None).await;
    assert_eq!(me["artists"], json!(["Ann Ash", "Vesper Bloom"]));

    // Said again without them, they stay; with others, those take their place.
    assert_eq!(invite(&[]).await.exit, 0);
    assert_eq!(ask(&cloud, ARTIST, Method::GET, "me", None).await["artists"], json!(["Ann Ash", "Vesper Bloom"]));
    let changed = invite(&["--artist", "Vesper Bloom", "--json"]).await.json();
    assert_eq!(changed["result"]["artists"], json!(["Vesper Bloom"]), "{changed}");
    let accounts = ask(&cloud, MANAGER, Method::GET, "artist-accounts", None).await;
    assert_eq!(accounts["accounts"], json!([{ "email": ARTIST, "artists": ["Vesper Bloom"] }]));
}

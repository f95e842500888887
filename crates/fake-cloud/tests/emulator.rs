//! The emulator runs what it is given, and ends.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use fake_cloud::emulator::{Delivery, Deployment, Emulator, Function, Settings, Stack};
use serde_json::json;
use tempfile::TempDir;

/// Polled things are asked again after this.
const ASK_AGAIN: Duration = Duration::from_millis(50);

#[tokio::test]
async fn functions_run_with_what_the_template_gives_them_and_end_with_the_emulator() {
    let programs = stand_ins();
    let emulator = Emulator::start().await.unwrap();
    let stack = Stack::default().parameter("TokenIssuer", "http://127.0.0.1:1/issuer").variable("LACQUER_LOG", "debug");
    let cloud = emulator.deploy(programs.path(), &stack).await.unwrap();
    assert_eq!(cloud.masters, "lacquer-masters-000000000000-eu-west-1");
    assert_eq!(cloud.issuer, "http://127.0.0.1:1/issuer");

    for function in Function::ALL {
        let answer = cloud.invoke(function, &json!({"said": function.program()})).await.unwrap();
        assert_eq!(answer["event"]["said"], function.program(), "{}", emulator.log());
        let surroundings = &answer["surroundings"];
        assert_eq!(surroundings["LACQUER_TABLE"], cloud.table);
        assert_eq!(surroundings["LACQUER_CATALOGUE_QUEUE"], cloud.catalogue_queue);
        assert_eq!(surroundings["LACQUER_TOPIC_PREFIX"], cloud.topic_prefix);
        assert_eq!(surroundings["LACQUER_PATH_STYLE"], "true");
        assert_eq!(surroundings["LACQUER_LOG"], "debug");
        assert_eq!(surroundings["AWS_ENDPOINT_URL"], cloud.endpoint);
    }
    assert_eq!(cloud.surroundings().await.unwrap()["LACQUER_MASTERS"], cloud.masters);

    let pid = emulator.pid();
    let group = of_group(pid);
    assert!(group.len() > Function::ALL.len(), "the emulator and a process a function: {group:?}");
    drop(emulator);
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
    assert_eq!(of_group(pid), Vec::<u32>::new(), "what it started ended with it");
}

#[tokio::test]
async fn manifests_reach_the_intake_and_requests_the_api() {
    let programs = stand_ins();
    let emulator = Emulator::start().await.unwrap();
    let cloud = emulator.deploy(programs.path(), &Stack::default()).await.unwrap();
    let http = reqwest::Client::new();

    let object = format!("{}/{}/nocturne", cloud.endpoint, cloud.masters);
    for name in ["assets/0a1b.wav", "releases/01J/deliveries/01K.delivery.json"] {
        let sent =
            http.put(format!("{object}/{name}")).header("if-none-match", "*").body("sound").send().await.unwrap();
        assert!(sent.status().is_success(), "{sent:?}");
    }
    let received = |name: &str| {
        let log = emulator.log();
        let of_intake = format!("{}: received", cloud.name_of(Function::Intake));
        log.lines().any(|line| line.starts_with(&of_intake) && line.contains(name))
    };
    // S3 says first that it may; the two may be dealt with beside each other.
    while !received("s3:TestEvent") || !received("01K.delivery.json") {
        tokio::time::sleep(ASK_AGAIN).await;
    }
    assert!(!received("0a1b.wav"), "an asset starts nothing");

    let open = http.get(format!("{}/v1/health", cloud.api)).send().await.unwrap();
    assert_eq!(open.status(), 200);
    let answer: serde_json::Value = serde_json::from_str(&open.text().await.unwrap()).unwrap();
    assert_eq!(answer["event"]["rawPath"], "/v1/health", "{answer}");
    let closed = http.get(format!("{}/v1/me", cloud.api)).send().await.unwrap();
    assert_eq!(closed.status(), 401, "without a token");
}

#[tokio::test]
async fn a_function_is_killed_once_at_a_passage_of_a_crash_point() {
    let programs = stand_ins();
    let emulator = Emulator::start().await.unwrap();
    let cloud = emulator.deploy(programs.path(), &Stack::default()).await.unwrap();
    let dies = async || {
        let answer = cloud.invoke(Function::Notify, &json!({"said": "again"})).await.unwrap();
        let died = answer["errorType"].as_str().is_some_and(|kind| kind.starts_with("Runtime."));
        assert!(died || answer["event"]["said"] == "again", "{answer}");
        died
    };
    // The last two are the same, and count anew.
    for (at, deaths) in [
        ("here", &[true, false, false][..]),
        ("here:3", &[false, false, true, false, false, false]),
        ("here:2,there,here:2", &[false, true, true, false, true, false, false]),
        ("there", &[true, false]),
        ("there", &[true, false]),
    ] {
        let before = cloud.deaths(Function::Notify, &emulator.log());
        cloud.kill_at(Function::Notify, at).await.unwrap();
        for (call, death) in (1..).zip(deaths) {
            assert_eq!(dies().await, *death, "{at}: call {call}\n{}", emulator.log());
        }
        let died = cloud.deaths(Function::Notify, &emulator.log()) - before;
        assert_eq!(died, deaths.iter().filter(|died| **died).count(), "{at}");
    }
}

#[tokio::test]
async fn messages_come_as_often_as_asked() {
    let programs = stand_ins();
    for (delivery, times) in [(Delivery::Once, 1), (Delivery::Again, 2), (Delivery::TwiceAtOnce, 2)] {
        let emulator =
            Emulator::start_with(Settings { delivery, patience: Some(0.1), ..Settings::default() }).await.unwrap();
        let cloud = emulator.deploy(programs.path(), &Stack::default()).await.unwrap();
        let message = send(&cloud, &cloud.transcode_queue).await;
        let received =
            || emulator.log().matches(&format!("{}: received {message}", cloud.name_of(Function::Transcode))).count();
        while received() < times || waiting(&cloud, &cloud.transcode_queue).await > 0 {
            tokio::time::sleep(ASK_AGAIN).await;
        }
        assert_eq!(received(), times, "{delivery:?}");
    }
}

/// Sends a message, and says what it is called.
async fn send(cloud: &Deployment, queue: &str) -> String {
    let answer = sqs(cloud, "SendMessage", &json!({"QueueUrl": queue, "MessageBody": "{}"})).await;
    answer["MessageId"].as_str().unwrap().to_owned()
}

/// How many messages a queue holds, received or not.
async fn waiting(cloud: &Deployment, queue: &str) -> u64 {
    let answer = sqs(cloud, "GetQueueAttributes", &json!({"QueueUrl": queue, "AttributeNames": ["All"]})).await;
    let number = |name: &str| answer["Attributes"][name].as_str().unwrap().parse::<u64>().unwrap();
    number("ApproximateNumberOfMessages") + number("ApproximateNumberOfMessagesNotVisible")
}

async fn sqs(cloud: &Deployment, action: &str, body: &serde_json::Value) -> serde_json::Value {
    let request = reqwest::Client::new()
        .post(&cloud.endpoint)
        .header("x-amz-target", format!("AmazonSQS.{action}"))
        .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/sqs/aws4_request")
        .header("content-type", "application/x-amz-json-1.0")
        .body(body.to_string());
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
}

/// A folder with programs that stand in for the functions'.
fn stand_ins() -> TempDir {
    let folder = TempDir::new().unwrap();
    for function in Function::ALL {
        let program = folder.path().join(function.program());
        fs::write(&program, include_str!("bootstrap.py")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// The processes of a process group that have not ended.
fn of_group(group: u32) -> Vec<u32> {
    let pids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let in_group = |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The fields after the program's name, which may hold anything but ends with the last bracket: state, parent, group.
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let state = fields.next().unwrap_or("Z");
        state != "Z" && fields.nth(1).and_then(|field| field.parse().ok()) == Some(group)
    };
    pids.filter(in_group).collect()
}

//! SQS sends dead letters again by itself, which the emulator does not: in its place stands what answers as the services'
//! documentation says they do.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::operator;
use crate::shell::Shell;

const REGION: &str = "eu-west-1";
/// What begins every queue's ARN.
const ARN: &str = "arn:aws:sqs:eu-west-1:123456789012:";

/// A stack with queues of dead letters, at an address of this machine.
struct Aws {
    endpoint: String,
    /// What was asked of SQS, and for which queue, without being counted.
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Aws {
    /// With an answer to who asks it to send dead letters again.
    fn start(answer: (u16, Value)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<_>>>::default();
        let noted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(&stream.unwrap(), &noted, &answer);
            }
        });
        Self { endpoint, asked }
    }

    fn asked(&self) -> Vec<(String, Value)> {
        self.asked.lock().unwrap().clone()
    }
}

/// Answers one request.
fn serve(stream: &TcpStream, asked: &Mutex<Vec<(String, Value)>>, answer: &(u16, Value)) {
    let mut reader = BufReader::new(stream);
    let (mut length, mut target) = (0, None);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            // The first line is no header, and the last one is empty.
            if line.trim_end().is_empty() { break } else { continue }
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "x-amz-target" => target = value.strip_prefix("AmazonSQS.").map(str::to_owned),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, kind, text) = match target {
        None => (200, "text/xml", stack(&String::from_utf8(body).unwrap())),
        Some(action) => {
            let (status, answer) = queue(&action, serde_json::from_slice(&body).unwrap(), asked, answer);
            (status, "application/x-amz-json-1.0", answer.to_string())
        }
    };
    let head = format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n", text.len());
    let mut stream = stream;
    stream.write_all(format!("{head}connection: close\r\n\r\n{text}").as_bytes()).unwrap();
}

/// CloudFormation.
fn stack(asked: &str) -> String {
    if asked.contains("Action=ListStackResources") {
        return "<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries/></ListStackResourcesResult>\
                </ListStackResourcesResponse>"
            .to_owned();
    }
    let outputs: String = ["Intake", "Transcode", "Catalogue", "Notify"]
        .iter()
        .flat_map(|name| [format!("{name}Queue"), format!("{name}DeadLetters")])
        .map(|name| {
            let url = format!("https://sqs.{REGION}.amazonaws.com/123456789012/{name}");
            format!("<member><OutputKey>{name}</OutputKey><OutputValue>{url}</OutputValue></member>")
        })
        .collect();
    format!(
        "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>lacquer</StackName>\
         <StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-23T12:00:00Z</CreationTime>\
         <Outputs>{outputs}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
    )
}

/// SQS.
fn queue(action: &str, body: Value, asked: &Mutex<Vec<(String, Value)>>, answer: &(u16, Value)) -> (u16, Value) {
    if action == "GetQueueAttributes" {
        let name = body["QueueUrl"].as_str().unwrap().rsplit('/').next().unwrap();
        let count = if name == "NotifyDeadLetters" { "0" } else { "3" };
        let attributes = json!({ "ApproximateNumberOfMessages": count, "QueueArn": format!("{ARN}{name}") });
        return (200, json!({ "Attributes": attributes }));
    }
    asked.lock().unwrap().push((action.to_owned(), body));
    answer.clone()
}

#[tokio::test]
async fn where_sqs_sends_dead_letters_again_by_itself_it_is_asked_to_and_they_are_let_alone() {
    let aws = Aws::start((200, json!({ "TaskHandle": "eyJ0YXNrSWQiOiJkYzE2" })));
    let shell = Shell::new();
    let redriven = operator::run_at(&shell, REGION, &aws.endpoint, &["redrive"]).await;
    assert_eq!(redriven.exit, 0, "{}", redriven.text());
    assert_snapshot!("redriven_by_aws", redriven.text());
    let tasks = ["IntakeDeadLetters", "TranscodeDeadLetters", "CatalogueDeadLetters"]
        .map(|name| ("StartMessageMoveTask".to_owned(), json!({ "SourceArn": format!("{ARN}{name}") })));
    assert_eq!(aws.asked(), tasks, "each message goes back to where it came from, and nothing is received or deleted");

    let arguments = ["redrive", "--queue", "transcode", "--json"];
    let told = operator::run_at(&shell, REGION, &aws.endpoint, &arguments).await.json();
    let expected = json!([{ "queue": "transcode", "dead": 3, "sent": 0, "under_way": true }]);
    assert_eq!(told["result"]["queues"], expected, "{told}");
}

#[tokio::test]
async fn what_sqs_refuses_to_send_again_is_not_moved_by_hand() {
    let message = "User: arn:aws:iam::123456789012:user/kim is not authorized to perform: sqs:startmessagemovetask";
    let refusal = json!({ "__type": "com.amazonaws.sqs#AccessDeniedException", "message": message });
    let aws = Aws::start((400, refusal));
    let shell = Shell::new();
    let refused = operator::run_at(&shell, REGION, &aws.endpoint, &["redrive", "--queue", "intake"]).await;
    assert_eq!(refused.exit, 1, "{}", refused.text());
    assert_snapshot!("redrive_refused_by_aws", refused.text());
    let asked: Vec<String> = aws.asked().into_iter().map(|(action, _)| action).collect();
    assert_eq!(asked, ["StartMessageMoveTask"]);
}

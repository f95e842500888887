//! How long a function's process takes from its start until it asks for its first event, and until it has dealt with it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use cloud::catalogue::{Event, Fact, State};
use cloud::{Message, TranscodeJob};
use fake_cloud::emulator::Function;
use fake_cloud::openid::{OpenId, OpenIdSettings, User};
use serde_json::{Value, json};

use crate::album::Album;
use crate::instance::Instance;
use crate::world::{LABEL, World, key};
use crate::{least, median, milliseconds};

const EMAIL: &str = "anna@night-office.example";

/// Starts every function so many times, in turn, and prints what it took.
pub(crate) async fn measure(world: &World, programs: &Path, starts: usize) {
    let album = Album::new(LABEL, 1, 1);
    album.deliver(&world.masters).await;
    world.stands(&album, State::InReview).await;
    let openid = OpenId::start(OpenIdSettings::default()).await.unwrap();
    openid.put_user(User::new(EMAIL, LABEL, &["manager"]));

    let mut variables = world.cloud.surroundings().await.unwrap();
    variables.extend([
        ("LACQUER_ISSUER".to_owned(), openid.issuer()),
        ("LACQUER_AUDIENCE".to_owned(), openid.client()),
        ("LACQUER_TAKE_OVER_SECONDS".to_owned(), "120".to_owned()),
    ]);
    let events = [
        (Function::Intake, "a manifest that is known", manifest(world, &album)),
        (Function::Transcode, "a track whose renditions are there", transcode(&album)),
        (Function::Catalogue, "a track that is known to be ready", ready(&album)),
        (Function::Notify, "a job of the outbox", outbox(world).await),
        (Function::Api, "`GET /v1/releases`, with the issuer's keys", releases(&openid.id_token(EMAIL).unwrap())),
    ];

    let mut taken: BTreeMap<&str, Vec<Start>> = BTreeMap::new();
    for _ in 0..starts {
        for (function, _, event) in &events {
            taken.entry(function.program()).or_default().push(start(programs, *function, &variables, event).await);
        }
    }
    println!(
        "\n| function | ready after | CPU until then | first event | dealt with after | CPU until then | memory at most |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (function, what, _) in &events {
        let starts = &taken[function.program()];
        let of = |what: &dyn Fn(&Start) -> Duration| {
            let all: Vec<Duration> = starts.iter().map(what).collect();
            format!("{} ({})", milliseconds(median(&all)), milliseconds(least(&all)))
        };
        let memory = starts.iter().map(|start| start.memory).max().unwrap_or_default();
        println!(
            "| `{}` | {} | {} | {what} | {} | {} | {} MB |",
            function.program(),
            of(&|start| start.ready),
            of(&|start| start.ready_cpu),
            of(&|start| start.ready + start.first),
            of(&|start| start.first_cpu),
            memory / 1_000_000,
        );
    }
    println!("\nMedians of {starts} starts, and the least in brackets.");
}

/// What a start took.
struct Start {
    ready: Duration,
    ready_cpu: Duration,
    /// From the event to the answer.
    first: Duration,
    first_cpu: Duration,
    memory: u64,
}

async fn start(programs: &Path, function: Function, variables: &BTreeMap<String, String>, event: &Value) -> Start {
    let mut instance = Instance::start(programs, function, variables, None).await;
    let ready = instance.ready().await;
    let ready_cpu = instance.used().cpu;
    let (answer, first) = instance.deal_with(event.clone()).await;
    let is_well = match function {
        Function::Api => answer["statusCode"] == 200,
        _ => answer["batchItemFailures"] == json!([]),
    };
    assert!(is_well, "{answer}\n{}", instance.log());
    let used = instance.used();
    Start { ready, ready_cpu, first, first_cpu: used.cpu, memory: used.memory }
}

/// An event of a queue, with one message.
pub(crate) fn batch(body: &str, queue: &str) -> Value {
    json!({ "Records": [{
        "messageId": "11d6ee51-4cc7-4302-9e22-7cd8afdaadf5",
        "receiptHandle": "AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw",
        "body": body,
        "attributes": { "ApproximateReceiveCount": "1", "SentTimestamp": "1795348800000", "MessageGroupId": "1" },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": format!("arn:aws:sqs:eu-west-1:123456789012:{queue}"),
        "awsRegion": "eu-west-1",
    }]})
}

fn manifest(world: &World, album: &Album) -> Value {
    let told = json!({ "Records": [{
        "eventVersion": "2.2", "eventSource": "aws:s3", "awsRegion": "eu-west-1", "eventTime": "2026-11-22T12:00:00.123Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": { "principalId": "AWS:AROAEXAMPLE:session" },
        "requestParameters": { "sourceIPAddress": "203.0.113.7" },
        "responseElements": { "x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8=" },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "manifests",
            "bucket": {
                "name": world.cloud.masters,
                "ownerIdentity": { "principalId": "A3NL1KOZZKExample" },
                "arn": format!("arn:aws:s3:::{}", world.cloud.masters),
            },
            "object": { "key": album.manifest_key(), "size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "sequencer": "0055AED6DCD90281E5" },
        },
    }]});
    batch(&told.to_string(), "intake")
}

/// The job of an album's only track.
pub(crate) fn transcode(album: &Album) -> Value {
    let manifest = &album.manifest;
    let job = TranscodeJob {
        key: key(album),
        delivery: manifest.delivery,
        manifest_version: None,
        track: manifest.release.tracks[0].id,
        attempt: 1,
        trace: manifest.trace.clone(),
    };
    batch(&Message::Transcode(job).to_json(), "transcode")
}

fn ready(album: &Album) -> Value {
    let fact = Fact::TrackReady { track: album.manifest.release.tracks[0].id };
    let event = Event { key: key(album), delivery: album.manifest.delivery, fact };
    batch(&Message::Happened(Box::new(event)).to_json(), "catalogue.fifo")
}

/// An entry of the outbox as the table's stream told of it.
async fn outbox(world: &World) -> Value {
    let asked = json!({
        "TableName": world.cloud.table,
        "FilterExpression": "begins_with(pk, :outbox)",
        "ExpressionAttributeValues": { ":outbox": { "S": "O#" } },
    });
    let answer = reqwest::Client::new()
        .post(&world.cloud.endpoint)
        .header("x-amz-target", "DynamoDB_20120810.Scan")
        .header("content-type", "application/x-amz-json-1.0")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        )
        .body(asked.to_string());
    let answer: Value = serde_json::from_str(&answer.send().await.unwrap().text().await.unwrap()).unwrap();
    let item = answer["Items"].get(0).unwrap_or_else(|| panic!("the outbox is empty: {answer}"));
    json!({ "Records": [{
        "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "Keys": { "pk": item["pk"], "sk": item["sk"] }, "NewImage": item, "SequenceNumber": "111",
            "SizeBytes": 26, "StreamViewType": "NEW_IMAGE",
        },
    }]})
}

fn releases(token: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "ANY /v1/{proxy+}", "rawPath": "/v1/releases", "rawQueryString": "",
        "headers": { "authorization": format!("Bearer {token}") },
        "requestContext": {
            "accountId": "123456789012", "apiId": "api", "stage": "$default", "requestId": "id",
            "http": { "method": "GET", "path": "/v1/releases", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "x" },
            "time": "22/Nov/2026:12:00:00 +0000", "timeEpoch": 1_795_348_800_000_i64,
        },
        "isBase64Encoded": false,
    })
}

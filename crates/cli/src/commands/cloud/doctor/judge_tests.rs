use std::collections::BTreeMap;

use super::facts::{Alarm, Bucket, Facts, Function, IdentityPool, Pool, Queue, Source, Table};
use super::judge::{FUNCTIONS, judge};
use super::lines;

/// A deployment that is as the template makes it.
fn well() -> Facts {
    let function = |resource: &str| Function {
        name: format!("lacquer-{}", resource.trim_end_matches("Function").to_lowercase()),
        state: "Active".to_owned(),
        last_update: "Successful".to_owned(),
        variables: [
            "LACQUER_TABLE",
            "LACQUER_MASTERS",
            "LACQUER_RENDITIONS",
            "LACQUER_INTAKE_QUEUE",
            "LACQUER_TRANSCODE_QUEUE",
            "LACQUER_CATALOGUE_QUEUE",
            "LACQUER_TOPIC_PREFIX",
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        reserved: None,
        errors: Ok(0),
        throttles: Ok(0),
        sources: match resource {
            "ApiFunction" => Vec::new(),
            _ => vec![Source {
                arn: "arn:aws:sqs:eu-west-1:000000000000:lacquer-queue".to_owned(),
                state: "Enabled".to_owned(),
                partial: true,
            }],
        },
    };
    let queue = |name: &str| Queue {
        waiting: 0,
        dead_letters: (!name.ends_with("DeadLetters")).then(|| "arn:aws:sqs:eu-west-1:000000000000:dead".to_owned()),
        is_dead_letters: name.ends_with("DeadLetters"),
        kept: 1_209_600,
    };
    let bucket = |name: &str| Bucket {
        name: format!("lacquer-{}", name.to_lowercase()),
        asks_for_tls: Ok(true),
        writes_once: Ok(true),
        blocks_public: Ok(true),
        encryption: Ok(Some("aws:kms".to_owned())),
        bucket_key: Ok(true),
        versioned: Ok(true),
        ends_uploads: Ok(true),
        tells: (name == "Masters").then(|| Ok(vec!["arn:aws:sqs:eu-west-1:000000000000:intake".to_owned()])),
    };
    let queues = ["IntakeQueue", "IntakeDeadLetters", "CatalogueQueue", "CatalogueDeadLetters", "NotifyDeadLetters"];
    Facts {
        status: "UPDATE_COMPLETE".to_owned(),
        functions: FUNCTIONS.map(|name| (name.to_owned(), Ok(function(name)))).into_iter().collect(),
        queues: queues.map(|name| (name.to_owned(), Ok(queue(name)))).into_iter().collect(),
        buckets: ["Masters", "Renditions"].map(|name| (name.to_owned(), Ok(bucket(name)))).into_iter().collect(),
        table: Ok(Table {
            status: "ACTIVE".to_owned(),
            indexes: vec!["gsi1".to_owned(), "gsi2".to_owned()],
            stream: Some("NEW_IMAGE".to_owned()),
            protected: true,
            recovers: Ok(true),
            expires: Ok(Some("expires".to_owned())),
        }),
        api: Ok(200),
        pool: Ok(Pool {
            by_invitation: true,
            groups: ["artist", "manager", "staff"].map(ToOwned::to_owned).to_vec(),
            writable: vec!["email".to_owned()],
            has_secret: false,
            callbacks: vec!["http://localhost:49317/".to_owned()],
        }),
        identity_pool: Ok(IdentityPool {
            classic_flow: false,
            unauthenticated: false,
            tags: Ok(BTreeMap::from([("label".to_owned(), "custom:label_id".to_owned())])),
        }),
        topics: Ok(12),
        alarms: Ok(vec![Alarm { name: "lacquer-dead".to_owned(), state: "OK".to_owned(), reason: String::new() }]),
        wanted_alarms: vec!["lacquer-dead".to_owned()],
    }
}

/// A fault: what it is called, and how a deployment comes to have it.
type Fault = (&'static str, fn(&mut Facts));

fn transcode(facts: &mut Facts) -> &mut Function {
    facts.functions.get_mut("TranscodeFunction").unwrap().as_mut().unwrap()
}

fn queue<'a>(facts: &'a mut Facts, name: &str) -> &'a mut Queue {
    facts.queues.get_mut(name).unwrap().as_mut().unwrap()
}

fn masters(facts: &mut Facts) -> &mut Bucket {
    facts.buckets.get_mut("Masters").unwrap().as_mut().unwrap()
}

fn table(facts: &mut Facts) -> &mut Table {
    facts.table.as_mut().unwrap()
}

fn pool(facts: &mut Facts) -> &mut Pool {
    facts.pool.as_mut().unwrap()
}

fn identities(facts: &mut Facts) -> &mut IdentityPool {
    facts.identity_pool.as_mut().unwrap()
}

const FAULTS: &[Fault] = &[
    ("stack-changing", |facts| facts.status = "UPDATE_IN_PROGRESS".to_owned()),
    ("stack-failed", |facts| facts.status = "UPDATE_ROLLBACK_COMPLETE".to_owned()),
    ("unknown", |facts| facts.functions.get_mut("ApiFunction").unwrap().clone_from(&Err("AccessDenied".to_owned()))),
    ("function-failed", |facts| transcode(facts).state = "Failed".to_owned()),
    ("function-variable", |facts| transcode(facts).variables.retain(|name| name != "LACQUER_TABLE")),
    ("function-stopped", |facts| transcode(facts).reserved = Some(0)),
    ("source-missing", |facts| transcode(facts).sources.clear()),
    ("source-off", |facts| transcode(facts).sources[0].state = "Disabled".to_owned()),
    ("source-whole-batches", |facts| transcode(facts).sources[0].partial = false),
    ("function-errors", |facts| transcode(facts).errors = Ok(1)),
    ("unknown", |facts| transcode(facts).errors = Err("AccessDenied".to_owned())),
    ("function-throttled", |facts| transcode(facts).throttles = Ok(12)),
    ("queue-no-dead-letters", |facts| queue(facts, "IntakeQueue").dead_letters = None),
    ("dead-letters", |facts| queue(facts, "IntakeDeadLetters").waiting = 3),
    ("dead-letters-kept", |facts| queue(facts, "IntakeDeadLetters").kept = 4 * 86_400),
    ("bucket-tls", |facts| masters(facts).asks_for_tls = Ok(false)),
    ("bucket-write-once", |facts| masters(facts).writes_once = Ok(false)),
    ("unknown", |facts| {
        masters(facts).asks_for_tls = Err("AccessDenied".to_owned());
        masters(facts).writes_once = Err("AccessDenied".to_owned());
    }),
    ("bucket-public", |facts| masters(facts).blocks_public = Ok(false)),
    ("bucket-encryption", |facts| masters(facts).encryption = Ok(Some("AES256".to_owned()))),
    ("bucket-encryption", |facts| masters(facts).encryption = Ok(None)),
    ("bucket-key", |facts| masters(facts).bucket_key = Ok(false)),
    ("bucket-versions", |facts| masters(facts).versioned = Ok(false)),
    ("bucket-uploads", |facts| masters(facts).ends_uploads = Ok(false)),
    ("bucket-silent", |facts| masters(facts).tells = Some(Ok(Vec::new()))),
    ("table-status", |facts| table(facts).status = "ARCHIVED".to_owned()),
    ("table-index", |facts| table(facts).indexes.retain(|name| name != "gsi2")),
    ("table-stream", |facts| table(facts).stream = None),
    ("table-stream", |facts| table(facts).stream = Some("KEYS_ONLY".to_owned())),
    ("table-protection", |facts| table(facts).protected = false),
    ("table-recovery", |facts| table(facts).recovers = Ok(false)),
    ("table-ttl", |facts| table(facts).expires = Ok(None)),
    ("api", |facts| facts.api = Ok(503)),
    ("api", |facts| facts.api = Err("connection refused".to_owned())),
    ("self-sign-up", |facts| pool(facts).by_invitation = false),
    ("label-writable", |facts| pool(facts).writable.push("custom:label_id".to_owned())),
    ("label-writable", |facts| pool(facts).writable.clear()),
    ("group-missing", |facts| pool(facts).groups.retain(|name| name != "manager")),
    ("client-secret", |facts| pool(facts).has_secret = true),
    ("client-callbacks", |facts| pool(facts).callbacks.clear()),
    ("classic-flow", |facts| identities(facts).classic_flow = true),
    ("unauthenticated", |facts| identities(facts).unauthenticated = true),
    ("label-tag", |facts| identities(facts).tags = Ok(BTreeMap::new())),
    ("topics", |facts| facts.topics = Ok(80_000)),
    ("alarms-none", |facts| facts.wanted_alarms.clear()),
    ("alarm-missing", |facts| facts.wanted_alarms.push("lacquer-errors".to_owned())),
    ("alarm", |facts| {
        let alarm = &mut facts.alarms.as_mut().unwrap()[0];
        (alarm.state, alarm.reason) = ("ALARM".to_owned(), "Threshold Crossed: 3 > 0.".to_owned());
    }),
];

#[test]
fn nothing_is_found_where_all_is_well() {
    assert_eq!(judge(&well()), []);
}

#[test]
fn each_fault_is_found_and_nothing_else() {
    for (code, happens) in FAULTS {
        let mut facts = well();
        happens(&mut facts);
        let found: Vec<&str> = judge(&facts).iter().map(|finding| finding.code).collect();
        assert_eq!(found, [*code]);
    }
}

#[test]
fn what_is_said_of_each_fault_is_as_it_was() {
    let said: Vec<String> = FAULTS
        .iter()
        .map(|(code, happens)| {
            let mut facts = well();
            happens(&mut facts);
            let lines: Vec<String> =
                lines(&judge(&facts)).into_iter().filter(|line| !line.ends_with("all well")).collect();
            format!("── {code}\n{}", lines.join("\n"))
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn what_is_said_where_all_is_well_is_as_it_was() {
    insta::assert_snapshot!(lines(&judge(&well())).join("\n"));
}

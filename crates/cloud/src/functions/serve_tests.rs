use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::batch::Order;
use super::event::Received;
use super::serve::{Inbox, Server, Stage, Unreadable};
use crate::Message;
use crate::catalogue::sample;
use crate::ports::{Clock as _, ManualClock, PortError};
use crate::stages::{Refused, StageError};

/// What a test's stage does with a message, by its body.
#[derive(Debug)]
struct Script {
    clock: Arc<ManualClock>,
    given_up: Mutex<Vec<String>>,
    worked: Mutex<Vec<String>>,
}

fn named(message: &Message) -> &str {
    let Message::Manifest { key, .. } = message else { panic!("{message:?}") };
    key
}

#[async_trait]
impl Stage for Script {
    fn read(&self, body: &str) -> Result<Vec<Message>, Unreadable> {
        if body == "unreadable" {
            return Err("no message".into());
        }
        let messages =
            body.split_whitespace().map(|key| Message::Manifest { key: key.to_owned(), version: None, trace: None });
        Ok(messages.collect())
    }

    async fn work(&self, message: &Message, stop: &CancellationToken) -> Result<(), StageError> {
        self.worked.lock().unwrap().push(named(message).to_owned());
        match named(message) {
            "good" => Ok(()),
            "slow" => {
                self.clock.until(sample::start() + SignedDuration::from_secs(295)).await;
                Ok(())
            }
            "stopped" => {
                stop.cancelled().await;
                Err(StageError::Stopped)
            }
            "busy" => Err(StageError::Busy { until: sample::start() + SignedDuration::from_secs(60) }),
            "passing" => Err(PortError::new("reading", true, "busy").into()),
            "refused" => Err(Refused::NotAManifest("x".to_owned()).into()),
            "panic" => panic!("told to"),
            other => panic!("{other}"),
        }
    }

    async fn give_up(&self, message: &Message, error: &StageError) -> Result<(), PortError> {
        self.given_up.lock().unwrap().push(format!("{}: {error}", named(message)));
        Ok(())
    }
}

/// What was asked of the queue, by receipt, in seconds.
#[derive(Debug, Default)]
struct Asked {
    hidden: Mutex<BTreeMap<String, Vec<u64>>>,
    put_off: Mutex<Vec<(String, u64)>>,
}

#[async_trait]
impl Inbox for Asked {
    async fn hide(&self, receipt: &str, period: Duration) -> Result<(), PortError> {
        self.hidden.lock().unwrap().entry(receipt.to_owned()).or_default().push(period.as_secs());
        Ok(())
    }

    async fn put_off(&self, message: &Message, wait: Duration) -> Result<(), PortError> {
        self.put_off.lock().unwrap().push((named(message).to_owned(), wait.as_secs()));
        Ok(())
    }
}

#[derive(Debug)]
struct World {
    stage: Script,
    inbox: Asked,
}

/// A message whose id and receipt are its place in the batch.
fn batch(bodies: &[(&str, u32, Option<&str>)]) -> Vec<Received> {
    let message = |(at, (body, receives, group)): (usize, &(&str, u32, Option<&str>))| Received {
        id: at.to_string(),
        receipt: at.to_string(),
        body: (*body).to_owned(),
        receives: *receives,
        sent: Some(sample::start()),
        group: group.map(str::to_owned),
    };
    bodies.iter().enumerate().map(message).collect()
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(sample::start()));
        let stage = Script { clock, given_up: Mutex::default(), worked: Mutex::default() };
        Self { stage, inbox: Asked::default() }
    }

    async fn serve(&self, order: Order, batch: &[Received], stop: &CancellationToken) -> Value {
        let server = Server {
            stage: &self.stage,
            inbox: &self.inbox,
            order,
            at_once: 4,
            max_receives: 5,
            take_over: Duration::from_secs(120),
            clock: Arc::clone(&self.stage.clock) as _,
        };
        server.serve(batch, stop).await.answer()
    }

    fn hidden(&self, receipt: &str) -> Vec<u64> {
        self.inbox.hidden.lock().unwrap()[receipt].clone()
    }
}

fn failed(ids: &[&str]) -> Value {
    let failures: Vec<Value> = ids.iter().map(|id| json!({ "itemIdentifier": id })).collect();
    json!({ "batchItemFailures": failures })
}

fn sorted(mut answer: Value) -> Value {
    answer["batchItemFailures"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
    answer
}

#[tokio::test]
async fn what_fails_comes_again_and_nothing_else_does() {
    let world = World::new();
    let batch = batch(&[
        ("good", 1, None),
        ("passing", 2, None),
        ("good good", 1, None),
        ("good passing", 1, None),
        ("panic", 1, None),
        ("unreadable", 1, None),
        ("", 1, None),
    ]);
    let answer = world.serve(Order::Free, &batch, &CancellationToken::new()).await;
    assert_eq!(sorted(answer), failed(&["1", "3", "4", "5"]));
    assert!(world.stage.given_up.lock().unwrap().is_empty());
    // Hidden while it is worked on, and then for as long as it is to wait.
    assert_eq!(world.hidden("0"), [120]);
    assert_eq!(world.hidden("1"), [120, 16]);
    assert_eq!(world.hidden("4"), [120, 4]);
    assert_eq!(world.hidden("5"), [120, 0]);
}

#[tokio::test]
async fn what_is_given_up_is_told_and_still_goes_to_the_dead_letters() {
    let world = World::new();
    let batch = batch(&[("passing", 5, None), ("refused", 1, None), ("panic", 5, None)]);
    let answer = world.serve(Order::Free, &batch, &CancellationToken::new()).await;
    assert_eq!(sorted(answer), failed(&["0", "1", "2"]));
    let mut told = world.stage.given_up.lock().unwrap().clone();
    told.sort();
    let expected = [
        "panic: working on a message: the program failed",
        "passing: reading: busy",
        "refused: \"x\" is not the key of a delivery's manifest",
    ];
    assert_eq!(told, expected);
    assert_eq!(world.hidden("1"), [120, 0]);
}

#[tokio::test]
async fn who_meets_a_live_lease_is_put_off_and_does_not_fail() {
    let world = World::new();
    let answer = world.serve(Order::Free, &batch(&[("busy", 5, None)]), &CancellationToken::new()).await;
    assert_eq!(answer, failed(&[]));
    assert_eq!(*world.inbox.put_off.lock().unwrap(), [("busy".to_owned(), 30)]);
}

#[tokio::test]
async fn a_message_stays_hidden_while_it_is_worked_on_and_no_longer() {
    let world = World::new();
    let batch = batch(&[("slow", 1, None), ("good", 1, None)]);
    let stop = CancellationToken::new();
    let serving = world.serve(Order::Free, &batch, &stop);
    let time = async {
        for beat in 1..=10 {
            // Only when the last beat was heard: what is slow is hidden once more each time.
            while world.inbox.hidden.lock().unwrap().get("0").is_none_or(|hidden| hidden.len() < beat) {
                tokio::task::yield_now().await;
            }
            // The work ends between two beats.
            world.stage.clock.advance(SignedDuration::from_secs(if beat < 10 { 30 } else { 25 }));
        }
    };
    let (answer, ()) = tokio::join!(serving, time);
    assert_eq!(answer, failed(&[]));
    // At once, and every thirty seconds of the work.
    assert_eq!(world.hidden("0"), [120; 10]);
    assert_eq!(world.hidden("1"), [120]);
}

#[tokio::test]
async fn a_message_that_time_ran_out_for_comes_again_at_once() {
    let world = World::new();
    let stop = CancellationToken::new();
    stop.cancel();
    let answer = world.serve(Order::Free, &batch(&[("stopped", 1, None)]), &stop).await;
    assert_eq!(answer, failed(&["0"]));
    assert_eq!(world.hidden("0"), [120, 0]);
}

#[tokio::test]
async fn in_a_group_nothing_overtakes_what_failed() {
    let world = World::new();
    let batch = batch(&[
        ("good", 1, Some("a")),
        ("passing", 1, Some("a")),
        ("good", 1, Some("b")),
        ("refused", 1, Some("a")),
        ("good", 1, Some("b")),
    ]);
    let answer = world.serve(Order::Groups, &batch, &CancellationToken::new()).await;
    assert_eq!(answer, failed(&["1", "3"]));
    assert_eq!(*world.stage.worked.lock().unwrap(), ["good", "passing", "good", "good"]);
    assert!(world.stage.given_up.lock().unwrap().is_empty());
}

//! What follows a delivery through the log, by which all of its lines are found.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use http::{Method, StatusCode};
use release::keys;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tracing::subscriber::NoSubscriber;

use super::batch::Order;
use super::catalogue::Catalogued;
use super::errands::Errands;
use super::event::{Received, Streamed};
use super::intake::TakeIn;
use super::notify::Outgoing;
use super::serve::{Inbox, Server, Stage};
use super::sweep::Sweep;
use super::sweep_tests::Left;
use super::telemetry;
use super::transcode::MakeRenditions;
use crate::api::tests::{Cloud, MANAGER, STAFF};
use crate::api::wire::DecisionOrder;
use crate::catalogue::{OutboxEntry, State, Verdict, sample};
use crate::ports::PortError;
use crate::testing::{Album, put};
use crate::{Message, QueueName};

/// Another than the delivery's id.
const TRACE: &str = "a partner's order 4711";

/// What was said.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A queue that nobody else receives from.
#[derive(Debug)]
struct Alone;

#[async_trait]
impl Inbox for Alone {
    async fn hide(&self, _: &str, _: Duration) -> Result<(), PortError> {
        Ok(())
    }

    async fn put_off(&self, message: &Message, _: Duration) -> Result<(), PortError> {
        panic!("{message:?} is put off")
    }
}

/// All functions over one cloud in memory, and what each of them said.
struct Functions {
    cloud: Cloud,
    scratch: TempDir,
    log: Log,
    said: BTreeMap<&'static str, Vec<Value>>,
}

impl Functions {
    async fn new(log: &Log) -> Self {
        let (cloud, scratch) = (Cloud::new().await, TempDir::new().unwrap());
        Self { cloud, scratch, log: log.clone(), said: BTreeMap::new() }
    }

    /// Notes what was said since the last time.
    fn note(&mut self, function: &'static str) {
        let bytes = std::mem::take(&mut *self.log.0.lock().unwrap());
        let lines = std::str::from_utf8(&bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap());
        self.said.entry(function).or_default().extend(lines);
    }

    async fn serve(&mut self, message: &Message) {
        let memory = &self.cloud.memory;
        let (function, stage): (_, Box<dyn Stage>) = match message.queue() {
            QueueName::Intake => {
                let (ports, labels) = (memory.intake(), Arc::clone(&self.cloud.labels) as _);
                ("intake", Box::new(TakeIn { ports, labels, bucket: "masters".to_owned() }))
            }
            QueueName::Transcode => {
                ("transcode", Box::new(MakeRenditions { ports: memory.transcode(self.scratch.path()) }))
            }
            QueueName::Catalogue => ("catalogue", Box::new(Catalogued { recorder: memory.recorder() })),
        };
        let server = Server {
            stage: stage.as_ref(),
            inbox: &Alone,
            order: Order::Free,
            at_once: 1,
            max_receives: 5,
            take_over: Duration::from_secs(60),
            clock: Arc::clone(&memory.clock) as _,
        };
        let received = Received { body: message.to_json(), ..Received::by_an_operator() };
        let failed = server.serve(&[received], &CancellationToken::new()).await.answer();
        assert_eq!(failed, json!({ "batchItemFailures": [] }), "{message:?}");
        self.note(function);
    }

    fn errands(&self) -> Errands {
        let memory = &self.cloud.memory;
        Errands {
            dispatch: memory.dispatch(),
            labels: Arc::clone(&self.cloud.labels) as _,
            leases: Arc::clone(memory) as _,
            clock: Arc::clone(&memory.clock) as _,
            lease: Errands::LEASE,
        }
    }

    async fn stream(&mut self, entry: OutboxEntry) {
        let outgoing = Outgoing {
            errands: self.errands(),
            read: Box::new(move |_| Ok(Some(entry.clone()))),
            clock: Arc::clone(&self.cloud.memory.clock) as _,
        };
        let change = Streamed { sequence: "1".to_owned(), inserted: Some(std::collections::HashMap::new()) };
        assert_eq!(outgoing.serve(vec![change], &CancellationToken::new()).await, None);
        self.note("notify");
    }

    /// Does all that there is to be done.
    async fn settle(&mut self) -> State {
        loop {
            let (errands, messages) = (self.cloud.memory.errands(), self.cloud.memory.waiting());
            if errands.is_empty() && messages.is_empty() {
                return self.cloud.memory.record(&sample::key()).unwrap().state;
            }
            for entry in errands {
                self.stream(entry).await;
            }
            for (message, dedup) in messages {
                self.serve(&message).await;
                self.cloud.memory.handled(&dedup);
            }
        }
    }

    /// Takes a manifest in that a partner wrote.
    async fn take_in(&mut self, album: &Album) -> State {
        let mut manifest = album.manifest(1);
        TRACE.clone_into(&mut manifest.trace);
        assert_ne!(manifest.trace, manifest.delivery.to_string());
        let key = keys::manifest(&sample::key().label, album.release.id, manifest.delivery);
        put(self.cloud.memory.masters.as_ref(), &key, &manifest.to_json()).await;
        self.serve(&Message::Manifest { key, version: None, trace: None }).await;
        self.settle().await
    }

    async fn order(&mut self, what: &str, body: Option<Value>) {
        let (who, path) = (if body.is_some() { MANAGER } else { STAFF }, sample::key().release);
        let answered =
            self.cloud.ask(Some(who), Method::POST, &format!("/v1/releases/{path}/{what}"), body.as_ref()).await;
        assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
        self.note("api");
    }

    /// Each function said something, and nothing that is not found by the trace.
    fn all_is_found(&self, functions: &[&str]) {
        assert_eq!(self.said.keys().copied().collect::<Vec<_>>(), functions);
        for (function, lines) in &self.said {
            assert!(!lines.is_empty(), "{function} says nothing");
            for line in lines {
                assert_eq!(line["span"]["trace"], TRACE, "{function}: {line}");
            }
        }
    }
}

/// Hears all that this thread says. Where there is one who listens alone, what another test's thread says first is taken
/// for what nobody listens to.
fn listening(log: &Log) -> (tracing::subscriber::DefaultGuard, tracing::Dispatch) {
    let writer = log.clone();
    let guard = tracing::subscriber::set_default(telemetry::heard(move || writer.clone()));
    (guard, tracing::Dispatch::new(NoSubscriber::default()))
}

#[tokio::test]
async fn every_line_about_a_delivery_has_its_manifest_s_trace() {
    let log = Log::default();
    let _listening = listening(&log);
    let mut functions = Functions::new(&log).await;
    let mut album = Album::new(2);
    album.release.release_date = jiff::civil::date(2027, 3, 1).into();
    album.send_files(functions.cloud.memory.masters.as_ref()).await;
    assert_eq!(functions.take_in(&album).await, State::InReview);

    let record = functions.cloud.memory.record(&sample::key()).unwrap();
    let accepted = record.current.accepted().unwrap();
    let order = DecisionOrder {
        delivery: record.current.id,
        heard: accepted.recipes().collect(),
        metadata: accepted.metadata,
        verdict: Verdict::Approve,
    };
    functions.order("decision", Some(json!(order))).await;
    assert_eq!(functions.settle().await, State::Ready);

    // Its date comes.
    let memory = Arc::clone(&functions.cloud.memory);
    memory.clock.set(accepted.due.unwrap());
    let sweep = Sweep {
        recorder: memory.recorder(),
        overdue: Arc::new(Left(Arc::clone(&memory))),
        errands: functions.errands(),
    };
    assert_eq!(sweep.run(&CancellationToken::new()).await.dates, 1);
    functions.note("sweep");
    assert_eq!(functions.settle().await, State::Live);

    functions.order("withdrawal", Some(json!({ "reason": "A wrong mix." }))).await;
    assert_eq!(functions.settle().await, State::Withdrawn);
    functions.all_is_found(&["api", "catalogue", "intake", "notify", "sweep", "transcode"]);
}

#[tokio::test]
async fn a_delivery_that_is_refused_and_tried_again_keeps_its_trace() {
    let log = Log::default();
    let _listening = listening(&log);
    let mut functions = Functions::new(&log).await;
    let album = Album::new(1);
    assert_eq!(functions.take_in(&album).await, State::Failed, "its files are not there");
    functions.order("retry", None).await;
    assert_eq!(functions.settle().await, State::Failed);
    album.send_files(functions.cloud.memory.masters.as_ref()).await;
    functions.order("retry", None).await;
    assert_eq!(functions.settle().await, State::InReview);
    functions.all_is_found(&["api", "catalogue", "intake", "notify", "transcode"]);
}

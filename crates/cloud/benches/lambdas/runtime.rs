//! Lambda's side of a function's process: an HTTP server that hands out events and takes answers, as the runtime API is
//! documented ("Using the Lambda runtime API for custom runtimes").

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// What a function did, and when.
#[derive(Debug)]
pub(crate) enum Seen {
    /// It asks for an event: it is ready.
    Asks(Instant),
    /// It answered one, or says why it could not.
    Answers(Instant, Result<Value, Value>),
}

/// The server, for one process. It stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Runtime {
    /// For `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) address: SocketAddr,
    events: UnboundedSender<Value>,
    seen: UnboundedReceiver<Seen>,
    accepting: JoinHandle<()>,
}

impl Runtime {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (events, waiting) = unbounded_channel();
        let (noting, seen) = unbounded_channel();
        let inside = Arc::new(Inside { waiting: Mutex::new(waiting), noting });
        let accepting = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let inside = Arc::clone(&inside);
                connections.spawn(async move { inside.serve(stream).await });
            }
        });
        Self { address, events, seen, accepting }
    }

    /// Hands out an event, to who asks or will ask.
    pub(crate) fn give(&self, event: Value) {
        self.events.send(event).unwrap();
    }

    /// What the function does next; fails where it does nothing for minutes.
    pub(crate) async fn next(&mut self) -> Seen {
        tokio::time::timeout(Duration::from_mins(10), self.seen.recv()).await.unwrap().unwrap()
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

struct Inside {
    waiting: Mutex<UnboundedReceiver<Value>>,
    noting: UnboundedSender<Seen>,
}

impl Inside {
    /// A connection ends where the function's process does.
    async fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        while let Some((path, body)) = read(&mut stream).await? {
            let now = Instant::now();
            let answer = if path.ends_with("/invocation/next") {
                let _ = self.noting.send(Seen::Asks(now));
                let Some(event) = self.waiting.lock().await.recv().await else { return Ok(()) };
                an_event(&event)
            } else {
                let told: Value = serde_json::from_slice(&body).unwrap_or_default();
                let told = if path.ends_with("/response") { Ok(told) } else { Err(told) };
                let _ = self.noting.send(Seen::Answers(now, told));
                "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_owned()
            };
            stream.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }
}

/// A request's path and body; none where the connection ends.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut first = String::new();
    if stream.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        assert!(!name.eq_ignore_ascii_case("transfer-encoding"), "the runtime's client says how long its bodies are");
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some((first.split(' ').nth(1).unwrap_or_default().to_owned(), body)))
}

fn an_event(event: &Value) -> String {
    let body = event.to_string();
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + Duration::from_mins(15);
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         lambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\nlambda-runtime-deadline-ms: {}\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-west-1:123456789012:function:measured\r\n\
         lambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0\r\n\r\n{body}",
        body.len(),
        deadline.as_millis(),
    )
}

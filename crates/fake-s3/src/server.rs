use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::HeaderValue;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::answer::Answer;
use crate::call::{Call, Operation};
use crate::fault::{Fault, Faults, When};
use crate::refusal::Refusal;
use crate::state::{Manners, State};

/// The server, on a port of its own of 127.0.0.1. It stops when this is dropped.
#[derive(Debug)]
pub struct FakeS3 {
    address: SocketAddr,
    inside: Arc<Inside>,
    accepting: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Inside {
    state: Mutex<State>,
    faults: Mutex<Faults>,
    record: Mutex<Vec<Call>>,
}

impl FakeS3 {
    /// Starts a server that is as S3 is.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(Manners::default()).await
    }

    /// Starts a server with manners of its own.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start_with(manners: Manners) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let inside = Arc::new(Inside::default());
        locked(&inside.state).manners = manners;
        let accepting = tokio::spawn(accept(listener, Arc::clone(&inside)));
        Ok(Self { address, inside, accepting })
    }

    /// Where it is, as an endpoint for path-style requests.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes something go wrong with requests to come.
    pub fn fail(&self, operation: Operation, when: When, fault: Fault) {
        locked(&self.inside.faults).add(operation, when, fault);
    }

    /// Nothing goes wrong any more.
    pub fn be_well(&self) {
        locked(&self.inside.faults).clear();
    }

    /// What it was asked since the last time, in order of arrival, faults included; requests that it does not know are not.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut locked(&self.inside.record))
    }

    /// The bytes of an object.
    #[must_use]
    pub fn object(&self, bucket: &str, key: &str) -> Option<Bytes> {
        locked(&self.inside.state).objects.get(&(bucket.into(), key.into())).map(|object| object.bytes.clone())
    }

    /// The content type of an object.
    #[must_use]
    pub fn content_type(&self, bucket: &str, key: &str) -> Option<String> {
        locked(&self.inside.state).objects.get(&(bucket.into(), key.into())).map(|object| object.content_type.clone())
    }

    /// How many uploads in parts are under way.
    #[must_use]
    pub fn uploads(&self) -> usize {
        locked(&self.inside.state).uploads.len()
    }
}

impl Drop for FakeS3 {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, inside: Arc<Inside>) {
    // The connections end with the server.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else { continue };
        let inside = Arc::clone(&inside);
        connections.spawn(async move {
            let service = service_fn(move |request| serve(Arc::clone(&inside), request));
            // An error here is a connection that was broken off, by the client or on purpose.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// A connection is to be broken off without an answer.
#[derive(Debug)]
struct BreakOff;

impl std::fmt::Display for BreakOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken off on purpose")
    }
}

impl std::error::Error for BreakOff {}

async fn serve(inside: Arc<Inside>, request: Request<Incoming>) -> Result<Response<AnswerBody>, BreakOff> {
    let request_id = {
        let mut state = locked(&inside.state);
        state.next_id += 1;
        format!("FAKE{:012}", state.next_id)
    };
    let is_head = request.method() == Method::HEAD;
    let mut cut = 0;
    let answer = match read(request).await? {
        Err(refusal) => Err(refusal),
        Ok(call) => {
            locked(&inside.record).push(Call { body: Bytes::new(), ..call.clone() });
            let fault = locked(&inside.faults).of(&call);
            if let Some(Fault::Hold(held)) = &fault {
                held.wait().await;
            }
            match fault {
                Some(Fault::DropBefore) => return Err(BreakOff),
                Some(Fault::Page { status }) => return Ok(page(status, is_head)),
                Some(Fault::Answer { status, code }) => Err(Refusal::new(status, code, "As told.")),
                Some(Fault::AnswerWait { status, code, retry_after }) => {
                    let refusal = Refusal::new(status, code, "As told.");
                    let answer = Answer::new(refusal.status()).header("retry-after", retry_after);
                    Ok(answer.body(refusal.xml(&request_id)))
                }
                Some(Fault::ErrorIn200 { code }) => {
                    Ok(Answer::ok().body(Refusal::new(200, code, "As told.").xml(&request_id)))
                }
                fault => {
                    let answer = locked(&inside.state).answer(&call);
                    match fault {
                        Some(Fault::DropAfter) => return Err(BreakOff),
                        Some(Fault::CutBody(bytes)) => cut = bytes,
                        _ => {}
                    }
                    answer
                }
            }
        }
    };
    let answer = answer.unwrap_or_else(|refusal| Answer::new(refusal.status()).body(refusal.xml(&request_id)));
    Ok(response(answer, &request_id, is_head, cut))
}

/// Reads a request to its end. S3 reads no body whose head it refuses; here it is read, so that the answer arrives.
async fn read(request: Request<Incoming>) -> Result<Result<Call, Refusal>, BreakOff> {
    let (head, body) = request.into_parts();
    let call = Call::parse(&head.method, head.uri.path(), head.uri.query().unwrap_or(""), &head.headers);
    let body = body.collect().await.map_err(|_| BreakOff)?.to_bytes();
    Ok(call.and_then(|mut call| {
        call.check_body_headers()?;
        call.body_bytes = body.len();
        call.body = body;
        Ok(call)
    }))
}

/// What a network answers that wants somebody to sign in to it. None of it is S3's.
fn page(status: u16, is_head: bool) -> Response<AnswerBody> {
    let body = Bytes::from_static(b"<!DOCTYPE html><title>Welcome to our Wi-Fi</title>");
    let announced = body.len() as u64;
    let left = Some(if is_head { Bytes::new() } else { body });
    let mut response = Response::new(AnswerBody { announced, left, cut: Cut::Never, is_head });
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
    if response.status().is_redirection() {
        response.headers_mut().insert("location", HeaderValue::from_static("http://wifi.example/welcome"));
    }
    response
}

fn response(answer: Answer, request_id: &str, is_head: bool, cut: usize) -> Response<AnswerBody> {
    let mut response = Response::builder().status(answer.status).header("x-amz-request-id", request_id);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    let body = if is_head { Bytes::new() } else { answer.body };
    let sent = body.len().saturating_sub(cut);
    let body = AnswerBody {
        announced: body.len() as u64,
        left: Some(body.slice(..sent)),
        cut: if cut > 0 { Cut::Soon } else { Cut::Never },
        is_head,
    };
    response.body(body).unwrap_or_else(|_| {
        let mut response = Response::new(AnswerBody { announced: 0, left: None, cut: Cut::Never, is_head });
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

/// A body that may break off before the length that it announced.
struct AnswerBody {
    announced: u64,
    left: Option<Bytes>,
    cut: Cut,
    is_head: bool,
}

/// Whether a body breaks off, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Never,
    /// Once what came before it was written: the connection is given a turn.
    Soon,
    Now,
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match (self.left.take(), self.cut) {
            (Some(bytes), _) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            (None, Cut::Never) => Poll::Ready(None),
            (None, Cut::Soon) => {
                self.cut = Cut::Now;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            (None, Cut::Now) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        // The answer to HEAD has a length in its head that its body has not.
        if self.is_head { SizeHint::default() } else { SizeHint::with_exact(self.announced) }
    }

    fn is_end_stream(&self) -> bool {
        self.is_head || (self.left.is_none() && self.cut == Cut::Never)
    }
}

//! The API and the links that it gives out, on a port of this machine.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use cloud::MemoryCloud;
use cloud::api::token::Trust;
use cloud::api::wire::Link;
use cloud::api::{CachedKeys, KeySource};
use cloud::ports::{Clock, Links, ManualClock, PortError};
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use upload::{Part, Upload};

/// What is asked of the cloud, and what it answered.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) status: u16,
}

/// The cloud behind its address. It stops when this is dropped.
pub(crate) struct FakeApi {
    pub(crate) base: String,
    inside: Arc<Inside>,
    serving: JoinHandle<()>,
}

struct Inside {
    cloud: MemoryCloud,
    clock: Arc<ManualClock>,
    asked: Mutex<Vec<Asked>>,
    is_cut: AtomicBool,
    /// The gateway before the API lets nothing through.
    is_throttled: AtomicBool,
    /// How long it asks to wait then, in seconds; it says nothing of it where that is none.
    throttled_for: AtomicUsize,
    /// A network on the way answers everything in its place.
    is_intercepted: AtomicBool,
    /// Requests that are refused as if their token were of no use.
    refusing: AtomicUsize,
    /// Links that are refused as if they had run out.
    refusing_links: AtomicUsize,
}

impl FakeApi {
    pub(crate) async fn start(now: Timestamp, issuer: String, audience: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let clock = Arc::new(ManualClock::new(now));
        let keys = CachedKeys::new(Arc::new(Published(issuer.clone())), Arc::clone(&clock) as _);
        let links = Arc::new(Signed { base: base.clone(), clock: Arc::clone(&clock) });
        let cloud = MemoryCloud::new(now, Trust { issuer, audience }, Arc::new(keys), links);
        let inside = Arc::new(Inside {
            cloud,
            clock,
            asked: Mutex::default(),
            is_cut: AtomicBool::default(),
            is_throttled: AtomicBool::default(),
            throttled_for: AtomicUsize::default(),
            is_intercepted: AtomicBool::default(),
            refusing: AtomicUsize::default(),
            refusing_links: AtomicUsize::default(),
        });
        let serving = tokio::spawn(serve(listener, Arc::clone(&inside)));
        Self { base, inside, serving }
    }

    pub(crate) fn cloud(&self) -> &MemoryCloud {
        &self.inside.cloud
    }

    /// Nothing is answered while it is cut.
    pub(crate) fn cut(&self, is_cut: bool) {
        self.inside.is_cut.store(is_cut, Ordering::SeqCst);
    }

    /// The gateway answers for the API, in its own words, while it is throttled.
    pub(crate) fn throttle(&self, is_throttled: bool) {
        self.inside.is_throttled.store(is_throttled, Ordering::SeqCst);
    }

    /// As [`Self::throttle`], asking for a time to wait, in seconds.
    pub(crate) fn throttle_for(&self, seconds: usize) {
        self.inside.throttled_for.store(seconds, Ordering::SeqCst);
        self.throttle(seconds > 0);
    }

    /// A network on the way answers in the place of API and links, with a page where somebody is to sign in to it.
    pub(crate) fn intercept(&self, is_intercepted: bool) {
        self.inside.is_intercepted.store(is_intercepted, Ordering::SeqCst);
    }

    /// Refuses the tokens of so many requests.
    pub(crate) fn refuse(&self, requests: usize) {
        self.inside.refusing.store(requests, Ordering::SeqCst);
    }

    /// Refuses so many links before their time.
    pub(crate) fn refuse_links(&self, links: usize) {
        self.inside.refusing_links.store(links, Ordering::SeqCst);
    }

    /// Time goes on for tokens and links.
    pub(crate) fn pass(&self, time: SignedDuration) {
        self.inside.clock.advance(time);
        self.inside.cloud.clock().advance(time);
    }

    /// What was asked so far, of paths that begin so.
    pub(crate) fn asked(&self, begin: &str) -> Vec<Asked> {
        let asked = self.inside.asked.lock().unwrap();
        asked.iter().filter(|asked| asked.path.starts_with(begin)).cloned().collect()
    }
}

impl Drop for FakeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, inside: Arc<Inside>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let inside = Arc::clone(&inside);
        connections.spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&inside), request));
            // An error is a connection that was broken off, by the client or on purpose.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(inside: Arc<Inside>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, BrokenOff> {
    if inside.is_cut.load(Ordering::SeqCst) {
        return Err(BrokenOff);
    }
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| BrokenOff)?.to_bytes();
    let path = head.uri.path().to_owned();
    let take = |left: &AtomicUsize| left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    let response = match path.strip_prefix("/link/") {
        _ if inside.is_intercepted.load(Ordering::SeqCst) => page(),
        Some(_) if take(&inside.refusing_links).is_ok() => status(StatusCode::FORBIDDEN),
        Some(key) => linked(&inside, key, &head).await,
        None if inside.is_throttled.load(Ordering::SeqCst) => {
            too_many_requests(inside.throttled_for.load(Ordering::SeqCst))
        }
        None if take(&inside.refusing).is_ok() => status(StatusCode::UNAUTHORIZED),
        None => inside.cloud.answer(Request::from_parts(head, body)).await,
    };
    inside.asked.lock().unwrap().push(Asked { path, status: response.status().as_u16() });
    Ok(response.map(Full::new))
}

/// What a link leads to, while it lasts.
async fn linked(inside: &Inside, key: &str, head: &http::request::Parts) -> Response<Bytes> {
    let until = head.uri.query().and_then(|query| query.strip_prefix("expires=")?.split('&').next()?.parse().ok());
    let is_good = until.is_some_and(|until: i64| until > inside.clock.now().as_second());
    let range = head.headers.get(header::RANGE).and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let range = range.and_then(|range| range.split_once('-')).and_then(|(start, end)| {
        let (start, end): (u64, u64) = (start.parse().ok()?, end.parse().ok()?);
        Some(start..end + 1)
    });
    match (is_good, range) {
        (false, _) => status(StatusCode::FORBIDDEN),
        (true, None) => status(StatusCode::BAD_REQUEST),
        (true, Some(range)) => match inside.cloud.read(key, range).await {
            Some(bytes) => {
                let mut response = Response::new(bytes);
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                response
            }
            None => status(StatusCode::NOT_FOUND),
        },
    }
}

fn status(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// What a network answers that wants somebody to sign in to it.
fn page() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"<!DOCTYPE html><title>Welcome to our Wi-Fi</title>"));
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// As API Gateway says it: no problem+json, and, unless it is told to, nothing of how long to wait.
fn too_many_requests(seconds: usize) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(br#"{"message":"Too Many Requests"}"#));
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    if seconds > 0 {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A connection that ends without an answer.
#[derive(Debug)]
struct BrokenOff;

impl std::fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken off")
    }
}

impl std::error::Error for BrokenOff {}

impl From<Infallible> for BrokenOff {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The keys of an issuer, where it publishes them.
#[derive(Debug)]
struct Published(String);

#[async_trait]
impl KeySource for Published {
    async fn fetch(&self) -> Result<JwkSet, PortError> {
        let failed = |error: reqwest::Error| PortError::new("asking for keys", true, error);
        let http = reqwest::Client::builder().no_proxy().build().map_err(failed)?;
        let answer = http.get(format!("{}/.well-known/jwks.json", self.0)).send().await.map_err(failed)?;
        answer.json().await.map_err(failed)
    }
}

/// Links to this machine that last as long as they should.
#[derive(Debug)]
struct Signed {
    base: String,
    clock: Arc<ManualClock>,
}

#[async_trait]
impl Links for Signed {
    async fn read(&self, key: &str, valid: Duration) -> Result<Link, PortError> {
        let expires = self.clock.now() + SignedDuration::try_from(valid).unwrap();
        let url = format!("{}/link/{key}?expires={}&signature=secret", self.base, expires.as_second());
        Ok(Link { url, expires })
    }

    async fn part(&self, _: &Upload, _: &Part, _: Duration) -> Result<Link, PortError> {
        Err(PortError::new("making a link", false, "nobody asks for links to send by"))
    }
}

//! The cloud's API, asked over HTTPS.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, RETRY_AFTER};
use reqwest::{Client, Method, Request, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{ApiError, SignInNeeded};
use crate::account::Secret;

/// Who says on whose behalf the API is asked.
#[async_trait]
pub(crate) trait Tokens: Send + Sync + Debug {
    /// An ID token that is good for some minutes more. One that the API refused is not given again.
    async fn id_token(&self, refused: Option<&Secret>) -> Result<Secret, SignInNeeded>;
}

/// What brings a request to where it is to go, and the answer back: HTTPS, unless a test answers itself.
#[async_trait]
pub(super) trait Carry: Send + Sync + Debug {
    /// The answer, whatever it is. An error says that there was none.
    async fn carry(&self, request: Request) -> Result<Response, ApiError>;
}

#[async_trait]
impl Carry for Client {
    async fn carry(&self, request: Request) -> Result<Response, ApiError> {
        // Without the address, which may be a secret.
        self.execute(request).await.map_err(|error| unreachable(&error.without_url()))
    }
}

/// Asks the API of a deployment.
#[derive(Debug, Clone)]
pub(crate) struct ApiClient {
    carrier: Arc<dyn Carry>,
    base: Url,
    tokens: Arc<dyn Tokens>,
}

/// What is asked for that may be known already.
#[derive(Debug)]
pub(super) enum Fetched<T> {
    /// It is what is known.
    Same,
    /// It is this, with the tag to ask with the next time.
    New(T, Option<String>),
}

/// A question, but for who asks.
#[derive(Default)]
struct Question<'a> {
    method: Method,
    path: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    /// What the tag of the known answer is.
    known: Option<&'a str>,
    /// What is sent along, as JSON.
    body: Option<Bytes>,
}

/// A request that does not answer by then is as good as lost: the gateway gives its functions half a minute.
const PATIENCE: Duration = Duration::from_secs(35);

const CONNECTING: Duration = Duration::from_secs(10);

impl ApiClient {
    /// A client of an API by its base, which has no trailing slash and no `/v1`.
    pub(super) fn new(base: &str, tokens: Arc<dyn Tokens>, carrier: Arc<dyn Carry>) -> Result<Self, ApiError> {
        let base = Url::parse(base).map_err(|error| ApiError::Unusable { reason: format!("{base}: {error}") })?;
        Ok(Self { carrier, base, tokens })
    }

    /// The host, for people.
    pub(super) fn host(&self) -> String {
        match (self.base.host_str(), self.base.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        }
    }

    /// Asks for something.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &[&str], query: &[(&str, &str)]) -> Result<T, ApiError> {
        read(self.ask(Question { path, query, ..Question::default() }).await?).await
    }

    /// Asks for the bytes of something.
    pub(super) async fn get_bytes(&self, path: &[&str]) -> Result<Bytes, ApiError> {
        let answer = self.ask(Question { path, ..Question::default() }).await?;
        answer.bytes().await.map_err(|error| unreachable(&error))
    }

    /// Asks for something that may be what is known by a tag.
    pub(super) async fn get_new<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        tag: Option<&str>,
    ) -> Result<Fetched<T>, ApiError> {
        let answer = self.ask(Question { path, query, known: tag, ..Question::default() }).await?;
        if answer.status() == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::Same);
        }
        let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Ok(Fetched::New(read(answer).await?, tag))
    }

    /// Has something done, which answers.
    pub(super) async fn order<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        body: &(impl Serialize + Sync),
    ) -> Result<T, ApiError> {
        read(self.ask(Question { method, path, body: Some(json(body)), ..Question::default() }).await?).await
    }

    /// Has something done, which has nothing to answer.
    pub(super) async fn tell(
        &self,
        method: Method,
        path: &[&str],
        body: &(impl Serialize + Sync),
    ) -> Result<(), ApiError> {
        self.ask(Question { method, path, body: Some(json(body)), ..Question::default() }).await.map(drop)
    }

    async fn ask(&self, question: Question<'_>) -> Result<Response, ApiError> {
        let mut refused: Option<Secret> = None;
        loop {
            let token = self.tokens.id_token(refused.as_ref()).await.map_err(ApiError::SignIn)?;
            let answer = self.carrier.carry(self.request(&question, &token)?).await?;
            // Before anything is believed of it, such as that the sign-in is refused.
            if upload::is_of_the_way(answer.status().as_u16(), media(&answer)) {
                return Err(ApiError::Intercepted);
            }
            // A token may have been taken back since it was issued. A newer one tells.
            if answer.status() == StatusCode::UNAUTHORIZED && refused.is_none() {
                refused = Some(token);
                continue;
            }
            return accepted(answer).await;
        }
    }

    fn request(&self, question: &Question<'_>, token: &Secret) -> Result<Request, ApiError> {
        let unusable = |what: &str| ApiError::Unusable { reason: format!("{what} does not fit into a request") };
        let mut request = Request::new(question.method.clone(), self.url(question.path, question.query));
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|_| unusable("the token of your sign-in"))?;
        bearer.set_sensitive(true);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, application/problem+json"));
        if let Some(tag) = question.known {
            headers.insert(IF_NONE_MATCH, HeaderValue::try_from(tag).map_err(|_| unusable("what is known"))?);
        }
        if let Some(body) = &question.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.clone().into());
        }
        Ok(request)
    }

    fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

/// How both the API and links are asked. Building it reads the system's certificates.
pub(super) fn http() -> Result<Client, ApiError> {
    let client = Client::builder()
        .user_agent(concat!("lacquer/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECTING)
        .timeout(PATIENCE)
        // An API that sends elsewhere is none of ours, and would get the token.
        .redirect(reqwest::redirect::Policy::none());
    client.build().map_err(|error| ApiError::Unusable { reason: innermost(&error) })
}

/// The type of what an answer holds, where it says so.
pub(super) fn media(answer: &Response) -> Option<&str> {
    answer.headers().get(CONTENT_TYPE)?.to_str().ok()
}

async fn accepted(answer: Response) -> Result<Response, ApiError> {
    let status = answer.status();
    if matches!(status, StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT) {
        return Ok(answer);
    }
    if status.is_success() {
        // All that the API has to say it says in JSON. Something else would be taken for a thing that was done.
        let is_json = media(&answer).is_some_and(|media| media.starts_with("application/json"));
        return if is_json { Ok(answer) } else { Err(ApiError::Intercepted) };
    }
    let retry_after = answer.headers().get(RETRY_AFTER).and_then(|text| text.to_str().ok()).and_then(seconds);
    // Gateways answer in words of their own.
    let body = answer.bytes().await.unwrap_or_default();
    Err(ApiError::refused(status.as_u16(), serde_json::from_slice(&body).ok(), retry_after))
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, ApiError> {
    let bytes = answer.bytes().await.map_err(|error| unreachable(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| ApiError::Strange { reason: error.to_string() })
}

fn json(body: &impl Serialize) -> Bytes {
    serde_json::to_vec(body).expect("what the API is told always serialises").into()
}

/// The form with a date is used by no gateway here.
fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

pub(super) fn unreachable(error: &reqwest::Error) -> ApiError {
    if error.is_builder() {
        return ApiError::Unusable { reason: innermost(error) };
    }
    tracing::info!(cause = innermost(error), "the API was not reached");
    ApiError::Offline { reason: upload::why_unreached(error).to_owned() }
}

/// The last of a chain of causes: the one that says something, such as "connection refused", and never the address, which
/// may be a secret.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let last = std::iter::successors(Some(error), |&error| error.source()).last();
    match last {
        Some(last) if !last.is::<reqwest::Error>() => last.to_string(),
        _ => "the connection failed".to_owned(),
    }
}

//! The cloud's API, asked over HTTPS.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{ACCEPT, ETAG, IF_NONE_MATCH};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
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

/// Asks the API of a deployment.
#[derive(Debug, Clone)]
pub(crate) struct ApiClient {
    http: Client,
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

/// A request that does not answer by then is as good as lost: the gateway gives its functions half a minute.
const PATIENCE: Duration = Duration::from_secs(35);

const CONNECTING: Duration = Duration::from_secs(10);

impl ApiClient {
    /// A client of an API by its base, which has no trailing slash and no `/v1`.
    pub(crate) fn new(base: &str, tokens: Arc<dyn Tokens>) -> Result<Self, ApiError> {
        let unusable = |reason: String| ApiError::Unusable { reason };
        let base = Url::parse(base).map_err(|error| unusable(format!("{base}: {error}")))?;
        let http = http().build().map_err(|error| unusable(innermost(&error)))?;
        Ok(Self { http, base, tokens })
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
        let answer = self.send(Method::GET, path, query, |request| request).await?;
        read(answer).await
    }

    /// Asks for the bytes of something.
    pub(super) async fn get_bytes(&self, path: &[&str]) -> Result<bytes::Bytes, ApiError> {
        let answer = self.send(Method::GET, path, &[], |request| request).await?;
        answer.bytes().await.map_err(|error| unreachable(&error))
    }

    /// Asks for something that may be what is known by a tag.
    pub(super) async fn get_new<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        tag: Option<&str>,
    ) -> Result<Fetched<T>, ApiError> {
        let with_tag = |request: RequestBuilder| match tag {
            Some(tag) => request.header(IF_NONE_MATCH, tag),
            None => request,
        };
        let answer = self.send(Method::GET, path, query, with_tag).await?;
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
        read(self.send(method, path, &[], |request| request.json(body)).await?).await
    }

    /// Has something done, which has nothing to answer.
    pub(super) async fn tell(
        &self,
        method: Method,
        path: &[&str],
        body: &(impl Serialize + Sync),
    ) -> Result<(), ApiError> {
        self.send(method, path, &[], |request| request.json(body)).await.map(drop)
    }

    async fn send(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        with: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, ApiError> {
        let url = self.url(path, query);
        let mut refused: Option<Secret> = None;
        loop {
            let token = self.tokens.id_token(refused.as_ref()).await.map_err(ApiError::SignIn)?;
            let request = self.http.request(method.clone(), url.clone()).bearer_auth(token.expose());
            let request = with(request.header(ACCEPT, "application/json, application/problem+json"));
            let answer = request.send().await.map_err(|error| unreachable(&error))?;
            // A token may have been taken back since it was issued. A newer one tells.
            if answer.status() == StatusCode::UNAUTHORIZED && refused.is_none() {
                refused = Some(token);
                continue;
            }
            return accepted(answer).await;
        }
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

/// How both the API and links are asked.
pub(super) fn http() -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(concat!("lacquer/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECTING)
        .timeout(PATIENCE)
        // An API that sends elsewhere is none of ours, and would get the token.
        .redirect(reqwest::redirect::Policy::none())
}

async fn accepted(answer: Response) -> Result<Response, ApiError> {
    let status = answer.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        return Ok(answer);
    }
    let retry_after = answer.headers().get("retry-after").and_then(|text| text.to_str().ok()).and_then(seconds);
    // Gateways answer in words of their own.
    let body = answer.bytes().await.unwrap_or_default();
    Err(ApiError::refused(status.as_u16(), serde_json::from_slice(&body).ok(), retry_after))
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, ApiError> {
    let bytes = answer.bytes().await.map_err(|error| unreachable(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| ApiError::Strange { reason: error.to_string() })
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

//! Bytes of renditions and pictures, by links that last some minutes.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use cloud::api::wire::Link;
use cloud::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{HeaderValue, RANGE};
use reqwest::{Method, Request, StatusCode, Url};
use tokio::sync::Mutex;

use super::api::{ApiClient, Carry, media, unreachable};
use super::error::ApiError;
use crate::player::{RangeError, Ranges};

/// An object that is read by links. A link is asked for when it is needed, and a new one before it runs out or when it
/// is refused.
pub(super) struct Linked {
    api: ApiClient,
    carrier: Arc<dyn Carry>,
    clock: Arc<dyn Clock>,
    /// Who gives the link out: the path under `/v1`, and what else to ask with.
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    link: Mutex<Option<Link>>,
}

/// A link is not used in its last minute: a range that is asked for then may be answered too late.
const EARLY: SignedDuration = SignedDuration::from_secs(60);

impl Linked {
    pub(super) fn new(
        api: ApiClient,
        carrier: Arc<dyn Carry>,
        clock: Arc<dyn Clock>,
        path: Vec<String>,
        query: Vec<(&'static str, String)>,
    ) -> Self {
        Self { api, carrier, clock, path, query, link: Mutex::default() }
    }

    /// All of it, where that is no more than so many bytes.
    pub(super) async fn whole(&self, most: u64) -> Result<Bytes, ApiError> {
        self.fetch(0..most).await
    }

    async fn fetch(&self, range: Range<u64>) -> Result<Bytes, ApiError> {
        let mut refused: Option<Link> = None;
        loop {
            let link = self.link(refused.as_ref()).await?;
            let answer = self.carrier.carry(request(&link, &range)?).await?;
            if upload::is_of_the_way(answer.status().as_u16(), media(&answer)) {
                return Err(ApiError::Intercepted);
            }
            match answer.status() {
                StatusCode::PARTIAL_CONTENT | StatusCode::OK => {
                    let is_whole = answer.status() == StatusCode::OK;
                    let bytes = answer.bytes().await.map_err(|error| unreachable(&error.without_url()))?;
                    return Ok(if is_whole { cut(&bytes, &range) } else { bytes });
                }
                // It ran out, or the credentials that signed it did.
                StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST if refused.is_none() => {
                    refused = Some(link);
                }
                StatusCode::NOT_FOUND => {
                    return Err(ApiError::Strange { reason: "the file is not in the store".to_owned() });
                }
                status => return Err(ApiError::refused(status.as_u16(), None, None).without_sign_in()),
            }
        }
    }

    /// A link that is good for a while, and not the one that was refused.
    async fn link(&self, refused: Option<&Link>) -> Result<Link, ApiError> {
        let mut known = self.link.lock().await;
        let now = self.clock.now();
        let is_good = |link: &Link| Some(link) != refused && last_use(link) > now;
        if let Some(link) = known.as_ref().filter(|link| is_good(link)) {
            return Ok(link.clone());
        }
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let query: Vec<(&str, &str)> = self.query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let link: Link = self.api.get(&path, &query).await?;
        *known = Some(link.clone());
        Ok(link)
    }
}

fn request(link: &Link, range: &Range<u64>) -> Result<Request, ApiError> {
    // Without the address, which is a secret.
    let url = Url::parse(&link.url).map_err(|_| ApiError::Strange { reason: "a link is no address".to_owned() })?;
    let mut request = Request::new(Method::GET, url);
    let range = HeaderValue::try_from(format!("bytes={}-{}", range.start, range.end - 1));
    request.headers_mut().insert(RANGE, range.expect("numbers fit into a header"));
    Ok(request)
}

/// Until when a link is used. One that is short from the beginning is used while it lasts.
fn last_use(link: &Link) -> Timestamp {
    link.expires.checked_sub(EARLY).unwrap_or(link.expires)
}

/// The range of a whole object, from a service that does not know ranges.
fn cut(bytes: &Bytes, range: &Range<u64>) -> Bytes {
    let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
    bytes.slice(at(range.start)..at(range.end))
}

#[async_trait]
impl Ranges for Linked {
    async fn read(&self, range: Range<u64>) -> Result<Bytes, RangeError> {
        self.fetch(range).await.map_err(|error| RangeError {
            // Whoever signs in has it go on.
            passing: error.is_passing() || matches!(error, ApiError::SignIn(_)),
            help: help(&error),
            message: error.to_string(),
        })
    }
}

fn help(error: &ApiError) -> Option<&'static str> {
    match error {
        ApiError::SignIn(_) => Some("Sign in again."),
        ApiError::Offline { .. } | ApiError::Busy { .. } => Some("Check the connection. It goes on by itself."),
        ApiError::Intercepted => Some("Open any web page in your browser to see what the network wants."),
        ApiError::Refused(_) | ApiError::Strange { .. } | ApiError::Unusable { .. } => None,
    }
}

/// Without the link.
impl fmt::Debug for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linked").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "links_tests.rs"]
mod tests;

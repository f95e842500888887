use bytes::Bytes;
use http::{HeaderMap, header};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::error::ApiError;
use super::route::{self, Params};

/// A request, as a handler sees it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) params: Params,
    /// The parameters after the question mark, decoded.
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    /// The largest body that is read, in bytes, but for deliveries: a decision on five hundred tracks names what was heard.
    pub(super) const BODY_LIMIT: usize = 1024 * 1024;

    pub(super) fn new(params: Params, query: Option<&str>, headers: HeaderMap, body: Bytes) -> Self {
        Self { params, query: query.map(pairs).unwrap_or_default(), headers, body }
    }

    /// A parameter after the question mark. Of one that stands there twice, the first counts.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// As [`Call::query`], where it must be there and be read.
    pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&self, name: &str) -> Result<T, ApiError> {
        let text = self.query(name).ok_or_else(|| ApiError::field(name, "is missing"))?;
        text.parse().map_err(|error| ApiError::field(name, format!("{error}")))
    }

    /// The body, as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        read(self.json_bytes(Self::BODY_LIMIT)?)
    }

    /// The body's bytes, where it says that they are JSON.
    pub(super) fn json_bytes(&self, limit: usize) -> Result<&[u8], ApiError> {
        if self.body.len() > limit {
            return Err(ApiError::BodyTooLarge { limit });
        }
        let media = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("application/json") {
            return Err(ApiError::MediaType);
        }
        Ok(&self.body)
    }
}

/// Reads JSON, and names the field that is wrong.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        // An object without a field where one of several kinds is to stand is an error of syntax to the reader, and JSON.
        if inner.is_data() || serde_json::from_slice::<IgnoredAny>(bytes).is_ok() {
            ApiError::field(if path == "." { "body".to_owned() } else { path }, without_place(&inner))
        } else {
            ApiError::Malformed(inner.to_string())
        }
    })?;
    json.end().map_err(|error| ApiError::Malformed(error.to_string()))?;
    Ok(value)
}

/// What the reader says, without the line and column, which the path tells better.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).map(ToOwned::to_owned).unwrap_or(text)
}

/// The pairs of a query (`application/x-www-form-urlencoded`); what is not UTF-8 is left out.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let text = |part: &str| route::decoded(&part.replace('+', " "));
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((text(name)?, text(value)?))
        })
        .collect()
}

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use jiff::Timestamp;
use release::Sha256;
use serde::Serialize;

use super::error::ApiError;

/// What a handler answers with.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    body: Bytes,
    tagged: bool,
}

impl Answer {
    /// What was asked for.
    pub(super) fn json(value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).expect("what the API says always serialises");
        Self { status: StatusCode::OK, body: body.into(), tagged: false }
    }

    /// JSON that is at hand.
    pub(super) fn stored(json: Bytes) -> Self {
        Self { status: StatusCode::OK, body: json, tagged: false }
    }

    /// It was done, and there is nothing to say.
    pub(super) fn done() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Bytes::new(), tagged: false }
    }

    /// It was made.
    pub(super) fn created(self) -> Self {
        Self { status: StatusCode::CREATED, ..self }
    }

    /// It goes on, and is to be asked again.
    pub(super) fn unfinished(self) -> Self {
        Self { status: StatusCode::ACCEPTED, ..self }
    }

    /// With an entity tag, so that who has it already need not get it again.
    pub(super) fn tagged(self) -> Self {
        Self { tagged: true, ..self }
    }
}

/// The response to a request, with the headers that all carry.
pub(super) fn response(
    result: Result<Answer, ApiError>,
    method: &Method,
    asked: &HeaderMap,
    now: Timestamp,
) -> Response<Bytes> {
    let mut response = match result {
        Ok(answer) => of_answer(answer, asked),
        Err(error) => of_error(&error, now),
    };
    // All of it is for whoever asked, and none of it for a page or a cache.
    let fixed = [
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "Authorization"),
    ];
    let headers = response.headers_mut();
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if method == Method::HEAD {
        let length = HeaderValue::from(response.body().len());
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
        *response.body_mut() = Bytes::new();
    }
    response
}

fn of_answer(answer: Answer, asked: &HeaderMap) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = answer.status;
    if answer.tagged {
        let tag = format!("\"{}\"", &Sha256::of(&answer.body).to_string()[..32]);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("hexadecimal digits in quotes"));
        if is_known(asked, &tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
    }
    if answer.status == StatusCode::ACCEPTED {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if !answer.body.is_empty() {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.body_mut() = answer.body;
    }
    response
}

/// Whether `If-None-Match` names a tag, as RFC 9110, section 13.1.2 has it: by the weak comparison.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let lists = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = lists.flat_map(|list| list.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

fn of_error(error: &ApiError, now: Timestamp) -> Response<Bytes> {
    let problem = error.problem();
    let body = serde_json::to_vec(&problem).expect("a problem always serialises");
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    for (name, value) in error.headers(now) {
        headers.insert(name, value);
    }
    response
}

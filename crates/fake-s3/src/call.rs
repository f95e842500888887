use std::collections::BTreeMap;

use bytes::Bytes;
use hyper::Method;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use percent_encoding::percent_decode_str;

use crate::refusal::Refusal;

/// What S3 calls an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "S3's own names")]
pub enum Operation {
    PutObject,
    CopyObject,
    GetObject,
    HeadObject,
    DeleteObject,
    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    ListParts,
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is asked.
    pub operation: Operation,
    /// Of which bucket.
    pub bucket: String,
    /// Of which object.
    pub key: String,
    /// The query's parameters.
    pub query: BTreeMap<String, String>,
    /// The headers, names in lower case; not those that sign.
    pub headers: BTreeMap<String, String>,
    /// The body; only its length is kept in the record, as `body_bytes`.
    pub(crate) body: Bytes,
    /// How long the body was.
    pub body_bytes: usize,
}

impl Call {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The number of the part that is sent.
    #[must_use]
    pub fn part_number(&self) -> Option<u32> {
        self.query.get("partNumber")?.parse().ok()
    }

    /// Reads a request's head. The body is added later, when the head is in order.
    pub(crate) fn parse(method: &Method, path: &str, query: &str, headers: &HeaderMap) -> Result<Self, Refusal> {
        let decode = |text: &str| {
            percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| Refusal::invalid("Not UTF-8."))
        };
        let (bucket, key) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
        let mut parameters = BTreeMap::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parameters.insert(decode(name)?, decode(value)?);
        }
        let headers: BTreeMap<String, String> = headers
            .iter()
            .filter(|(name, _)| *name != "authorization" && *name != "x-amz-security-token")
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let has = |name: &str| parameters.contains_key(name);
        let operation = match *method {
            _ if key.is_empty() => None,
            Method::PUT if has("partNumber") && headers.contains_key("x-amz-copy-source") => {
                Some(Operation::UploadPartCopy)
            }
            Method::PUT if has("partNumber") && has("uploadId") => Some(Operation::UploadPart),
            Method::PUT if headers.contains_key("x-amz-copy-source") => Some(Operation::CopyObject),
            Method::POST if has("uploads") => Some(Operation::CreateMultipartUpload),
            Method::POST if has("uploadId") => Some(Operation::CompleteMultipartUpload),
            Method::GET if has("uploadId") => Some(Operation::ListParts),
            Method::DELETE if has("uploadId") => Some(Operation::AbortMultipartUpload),
            // Sub-resources such as ?tagging and ?acl are not there; `x-id` is the SDK's own label.
            _ if parameters.keys().any(|name| name != "x-id") => None,
            Method::PUT => Some(Operation::PutObject),
            Method::GET => Some(Operation::GetObject),
            Method::HEAD => Some(Operation::HeadObject),
            Method::DELETE => Some(Operation::DeleteObject),
            _ => None,
        };
        let operation = operation.ok_or_else(|| Refusal::not_implemented(&format!("{method} {path}?{query}")))?;
        let (bucket, key) = (decode(bucket)?, decode(key)?);
        Ok(Self { operation, bucket, key, query: parameters, headers, body: Bytes::new(), body_bytes: 0 })
    }

    /// What S3 asks of the head of a request with a body.
    pub(crate) fn check_body_headers(&self) -> Result<(), Refusal> {
        if !matches!(self.operation, Operation::PutObject | Operation::UploadPart) {
            return Ok(());
        }
        let streamed = self.header("x-amz-content-sha256").is_some_and(|sum| sum.starts_with("STREAMING-"))
            || self.header(CONTENT_ENCODING.as_str()).is_some_and(|encoding| encoding.contains("aws-chunked"));
        if streamed {
            return Err(Refusal::not_implemented("a body in aws-chunked encoding"));
        }
        if self.header(CONTENT_LENGTH.as_str()).is_none() {
            return Err(Refusal::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header."));
        }
        Ok(())
    }
}

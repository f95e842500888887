//! What S3's errors mean here.

use std::error::Error;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;

use crate::{ON_THE_WAY, Refusal, StoreError, is_of_the_way, last_cause, why_unreached};

/// What was asked, for messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// S3's name of the operation.
    pub(super) operation: &'static str,
    pub(super) key: &'a str,
    pub(super) part: Option<u32>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(operation: &'static str, key: &'a str) -> Self {
        Self { operation, key, part: None }
    }

    /// What an error of the SDK's means.
    pub(super) fn error<E>(self, error: &SdkError<E, HttpResponse>) -> StoreError
    where
        E: Error + ProvideErrorMetadata + 'static,
    {
        match error {
            SdkError::ServiceError(context) => {
                let (inner, raw) = (context.err(), context.raw());
                match inner.code() {
                    None if is_of_the_way(raw.status().as_u16(), raw.headers().get("content-type")) => {
                        self.of_the_way()
                    }
                    // An answer that something was done, and that cannot be read.
                    None if raw.status().is_success() => self.unreached(error),
                    code => self.refused(code, inner.message(), raw, error.request_id()),
                }
            }
            SdkError::ConstructionFailure(_) => self.unasked(error),
            SdkError::DispatchFailure(failure) if failure.is_user() || has_no_credentials(error) => self.unasked(error),
            // Timeouts, connections that break off, answers that cannot be read, credentials that cannot be had just now.
            _ => self.unreached(error),
        }
    }

    /// Nobody was there, or the answer broke off.
    pub(super) fn unreached(self, error: &(dyn Error + 'static)) -> StoreError {
        let Self { operation, key, .. } = self;
        tracing::info!(operation, key, cause = last_cause(error), "the store was not reached");
        let reason = match causes(error).any(|cause| cause.is::<CredentialsError>()) {
            true => "access to it cannot be renewed, as when this computer is offline",
            false => why_unreached(error),
        };
        StoreError::Unreachable { operation, key: key.to_owned(), reason: reason.to_owned() }
    }

    /// The mark that S3 gives to whatever it takes or has: an object's or a part's ETag. An answer without one is not S3's,
    /// and nothing was taken.
    pub(super) fn mark(self, tag: Option<&str>) -> Result<String, StoreError> {
        match tag {
            Some(tag) if !tag.is_empty() => Ok(tag.to_owned()),
            _ => Err(self.of_the_way()),
        }
    }

    fn of_the_way(self) -> StoreError {
        let Self { operation, key, .. } = self;
        tracing::info!(operation, key, "something else than the store answered");
        StoreError::Unreachable { operation, key: key.to_owned(), reason: ON_THE_WAY.into() }
    }

    fn unasked(self, error: &(dyn Error + 'static)) -> StoreError {
        let Self { operation, key, .. } = self;
        let reason = last_cause(error);
        tracing::info!(operation, key, reason, "the store was not asked");
        StoreError::Unasked { operation, key: key.to_owned(), reason }
    }

    fn refused(
        self,
        code: Option<&str>,
        message: Option<&str>,
        raw: &HttpResponse,
        request_id: Option<&str>,
    ) -> StoreError {
        let (key, status) = (self.key.to_owned(), raw.status().as_u16());
        let code = code.unwrap_or_default();
        match code {
            "NoSuchUpload" => return StoreError::NoSuchUpload { key },
            "NoSuchKey" | "NotFound" => return StoreError::Missing { key },
            "BadDigest" | "XAmzContentSHA256Mismatch" | "XAmzContentChecksumMismatch" => {
                return StoreError::Mismatch { key, part: self.part };
            }
            "InvalidPart" | "InvalidPartOrder" | "EntityTooSmall" => {
                return StoreError::Parts { key, reason: format!("{code}, {}", message.unwrap_or_default()) };
            }
            _ => {}
        }
        StoreError::Refused(Box::new(Refusal {
            operation: self.operation,
            key,
            status,
            code: if code.is_empty() { "no code".into() } else { code.into() },
            message: message.unwrap_or_default().into(),
            request_id: request_id.map(str::to_owned),
            passing: is_passing(status, code),
            retry_after: raw.headers().get("retry-after").and_then(seconds),
        }))
    }
}

/// Whether the same request may succeed later. By code first: CompleteMultipartUpload may say in the body of a 200 that
/// it failed.
fn is_passing(status: u16, code: &str) -> bool {
    const PASSING: [&str; 11] = [
        "InternalError",
        "SlowDown",
        "ServiceUnavailable",
        "RequestTimeout",
        "RequestTimeTooSkewed",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "OperationAborted",
        "ConditionalRequestConflict",
        "IncompleteBody",
    ];
    PASSING.contains(&code) || matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// The form with a date is not used by S3.
fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

/// Whether there are no credentials to sign with. Those that could not be fetched are another matter: the network may be
/// gone.
fn has_no_credentials(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| {
        matches!(
            cause.downcast_ref(),
            Some(CredentialsError::CredentialsNotLoaded(_) | CredentialsError::InvalidConfiguration(_))
        )
    })
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes() {
        let table = [
            (503, "SlowDown", true),
            (500, "InternalError", true),
            (200, "InternalError", true),
            (429, "", true),
            (502, "", true),
            (409, "ConditionalRequestConflict", true),
            (403, "RequestTimeTooSkewed", true),
            (400, "RequestTimeout", true),
            (403, "AccessDenied", false),
            (403, "InvalidAccessKeyId", false),
            (400, "ExpiredToken", false),
            (400, "InvalidRequest", false),
            (404, "NoSuchBucket", false),
            (412, "PreconditionFailed", false),
            (501, "NotImplemented", false),
        ];
        for (status, code, expected) in table {
            assert_eq!(is_passing(status, code), expected, "{status} {code}");
        }
    }

    #[test]
    fn waits_are_in_seconds() {
        assert_eq!(seconds("7"), Some(Duration::from_secs(7)));
        assert_eq!(seconds("Wed, 21 Oct 2026 07:28:00 GMT"), None);
        assert_eq!(seconds("-1"), None);
    }
}

use std::error::Error;

use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};

use crate::ports::PortError;

/// What went wrong with a call, as a port says it.
pub(super) fn of<E>(doing: impl Into<String>, error: SdkError<E>) -> PortError
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let passing = is_passing(&error);
    // An SDK's error says little by itself; its sources say the rest.
    PortError::new(doing, passing, in_full(&error))
}

fn is_passing<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    let SdkError::ServiceError(service) = error else {
        // A connection that failed, an answer that was cut off, credentials that could not be had.
        return !matches!(error, SdkError::ConstructionFailure(_));
    };
    if service.raw().status().is_server_error() || service.raw().status().as_u16() == 429 {
        return true;
    }
    matches!(
        service.err().code(),
        Some(
            "Throttling"
                | "ThrottlingException"
                | "Throttled"
                | "ThrottledException"
                | "TooManyRequestsException"
                | "RequestThrottled"
                | "RequestLimitExceeded"
                | "KMSThrottlingException"
                | "ProvisionedThroughputExceededException"
                | "TransactionInProgressException"
                | "TransactionConflictException"
                | "RequestTimeout"
                | "ExpiredToken"
                | "ExpiredTokenException"
        )
    )
}

/// An error with all its sources, each once.
fn in_full(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let words = error.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        source = error.source();
    }
    text
}

use std::error::Error;

use aws_sdk_sqs::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::ports::PortError;

/// Says what failed as a port does: whether trying again may help, and what the service says.
///
/// Every client's errors are of this one type, wherever it is named from.
pub(super) fn of<E>(doing: impl Into<String>, error: SdkError<E>) -> PortError
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let (passing, cause) = match &error {
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or("an unnamed error");
            let status = service.raw().status();
            let passing = is_passing(code) || status.is_server_error() || status.as_u16() == 429;
            let message = service.err().message().unwrap_or("it says nothing more");
            (passing, format!("{code}: {message}"))
        }
        // A request that cannot be made is the same the next time. All else is the network, or an answer cut short.
        SdkError::ConstructionFailure(_) => (false, DisplayErrorContext(&error).to_string()),
        _ => (true, DisplayErrorContext(&error).to_string()),
    };
    PortError::new(doing, passing, cause)
}

/// What passes by itself, by the service's name for it, in answers and in the reasons of a transaction's end.
pub(super) fn is_passing(code: &str) -> bool {
    matches!(
        code,
        "ProvisionedThroughputExceeded"
            | "ProvisionedThroughputExceededException"
            | "KMSThrottlingException"
            | "RequestLimitExceeded"
            | "RequestThrottled"
            | "RequestTimeout"
            | "Throttled"
            | "ThrottledException"
            | "Throttling"
            | "ThrottlingError"
            | "ThrottlingException"
            | "TooManyRequestsException"
            | "TransactionConflict"
            | "TransactionConflictException"
            | "TransactionInProgressException"
            | "InternalServerError"
            | "ServiceUnavailable"
            | "ExpiredToken"
            | "ExpiredTokenException"
    )
}

#[cfg(test)]
mod tests {
    use super::is_passing;

    #[test]
    fn what_passes() {
        for code in ["ThrottlingException", "TransactionConflict", "InternalServerError"] {
            assert!(is_passing(code), "{code}");
        }
        for code in ["ValidationException", "AccessDeniedException", "ResourceNotFoundException", "ItemSizeTooLarge"] {
            assert!(!is_passing(code), "{code}");
        }
    }
}

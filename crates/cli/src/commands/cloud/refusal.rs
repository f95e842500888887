use std::error::Error;

use aws_sdk_cloudformation::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::failure::Failure;

/// Why AWS did not do something, with what helps.
pub(super) fn refusal<E, R>(doing: &str, error: &SdkError<E, R>) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let (said, code) = said(error);
    Failure::new("cloud-refused", format!("{doing}: {said}.")).with_help(help(code.as_deref(), &said))
}

/// What AWS said, or why it could not be asked; and its name for that.
pub(super) fn said<E, R>(error: &SdkError<E, R>) -> (String, Option<String>)
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error() {
        Some(answer) => {
            let code = answer.code().unwrap_or("an error without a name").to_owned();
            let message = answer.message().unwrap_or_default().trim_end_matches('.');
            let said = if message.is_empty() { code.clone() } else { format!("{message} ({code})") };
            (said, Some(code))
        }
        None => (DisplayErrorContext(error).to_string().trim_end_matches('.').to_owned(), None),
    }
}

fn help(code: Option<&str>, said: &str) -> &'static str {
    match code {
        Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired") => "Sign in to AWS again.",
        Some("AccessDenied" | "AccessDeniedException" | "AccessDeniedFault" | "NotAuthorizedException") => {
            "These credentials may not do that: use those of somebody who administers the deployment (--profile)."
        }
        Some(
            "UnrecognizedClientException" | "InvalidClientTokenId" | "SignatureDoesNotMatch" | "InvalidAccessKeyId",
        ) => {
            "AWS does not know these credentials: see to AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile."
        }
        Some("Throttling" | "ThrottlingException" | "TooManyRequestsException") => "Try again in a minute.",
        None if said.contains("credentials") => {
            "Give AWS credentials: name a --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Of a sign-on portal's \
             profile: eval \"$(aws configure export-credentials --format env)\"."
        }
        None => "See whether AWS can be reached from here, and whether the region is right.",
        Some(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_helps_is_said() {
        assert_eq!(help(Some("ExpiredToken"), ""), "Sign in to AWS again.");
        assert!(help(Some("AccessDenied"), "").contains("--profile"));
        assert!(help(None, "no credentials in the property bag").starts_with("Give AWS credentials"));
        assert!(help(None, "connection refused").contains("reached"));
    }
}

//! AWS credentials for an ID token: the identity pool's two calls.

use std::fmt;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_cognitoidentity::config::retry::RetryConfig;
use aws_sdk_cognitoidentity::config::timeout::TimeoutConfig;
use aws_sdk_cognitoidentity::config::{BehaviorVersion, Region};
use aws_sdk_cognitoidentity::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentity::{Client, Config};
use jiff::Timestamp;
use thiserror::Error;

use super::deployment::{Deployment, host};
use super::provider::visible;
use super::secret::Secret;

/// The identity pool of a deployment.
#[derive(Debug, Clone)]
pub(super) struct IdentityPool {
    client: Client,
    pool: String,
    /// The user pool, as this one names it.
    login: String,
    host: String,
}

/// Credentials for an hour or so.
#[derive(Clone)]
pub(super) struct Borrowed {
    pub(super) key: String,
    pub(super) secret: Secret,
    pub(super) session: Secret,
    pub(super) expires: Timestamp,
}

/// Why there are no AWS credentials. Each text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CredentialsError {
    /// The identity pool takes the account, or its token, for none of its own.
    #[error(
        "The cloud gives this account no access to its store ({reason}). Ask whoever runs your label's cloud which role your account has."
    )]
    Refused {
        /// What it says.
        reason: String,
    },
    /// The pool is gone, or is set up wrongly.
    #[error("The cloud's identity pool cannot be used ({reason}). Ask whoever runs your label's cloud to check it.")]
    Pool {
        /// What it says.
        reason: String,
    },
    /// It cannot be reached.
    #[error("{host} cannot be reached: {reason}. Check the connection and try again.")]
    Unreachable {
        /// Who.
        host: String,
        /// Why, in words that people know.
        reason: String,
    },
    /// It asks to be left alone for a while, or has trouble of its own.
    #[error("{host} cannot answer at the moment. Try again in a minute.")]
    Busy {
        /// Who.
        host: String,
    },
}

impl IdentityPool {
    pub(super) fn new(deployment: &Deployment) -> Self {
        let endpoint = deployment.endpoints.cognito_identity.clone();
        let host =
            endpoint.as_deref().map_or_else(|| format!("cognito-identity.{}.amazonaws.com", deployment.region), host);
        let mut config = Config::builder();
        config.set_endpoint_url(endpoint);
        let config = config
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(deployment.region.clone()))
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(30)).build())
            .build();
        Self {
            client: Client::from_conf(config),
            pool: deployment.identity_pool.clone(),
            login: deployment.login_provider().to_owned(),
            host,
        }
    }

    /// The pool's name of an account.
    pub(super) async fn identity(&self, id_token: &Secret) -> Result<String, CredentialsError> {
        let call = self.client.get_id().identity_pool_id(&self.pool).logins(&self.login, id_token.expose());
        let answer = call.send().await.map_err(|error| self.fault(&error))?;
        answer.identity_id.ok_or_else(|| self.pool_fault("it named no identity"))
    }

    pub(super) async fn borrow(&self, identity: &str, id_token: &Secret) -> Result<Borrowed, CredentialsError> {
        let call =
            self.client.get_credentials_for_identity().identity_id(identity).logins(&self.login, id_token.expose());
        let answer = call.send().await.map_err(|error| self.fault(&error))?;
        let lent = answer.credentials.and_then(|lent| {
            Some(Borrowed {
                key: lent.access_key_id?,
                secret: Secret::new(lent.secret_key?),
                session: Secret::new(lent.session_token?),
                expires: Timestamp::from_second(lent.expiration?.secs()).ok()?,
            })
        });
        lent.ok_or_else(|| self.pool_fault("it lent no credentials"))
    }

    fn pool_fault(&self, reason: &str) -> CredentialsError {
        CredentialsError::Pool { reason: reason.to_owned() }
    }

    fn fault<E>(&self, error: &SdkError<E>) -> CredentialsError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let host = self.host.clone();
        let status = error.raw_response().map(|response| response.status().as_u16());
        let media = error.raw_response().and_then(|response| response.headers().get("content-type"));
        if status.is_some_and(|status| upload::is_of_the_way(status, media)) {
            return CredentialsError::Unreachable { host, reason: upload::ON_THE_WAY.to_owned() };
        }
        match error {
            SdkError::ServiceError(service) => {
                let (kind, reason) =
                    (service.err().code().unwrap_or_default(), service.err().message().unwrap_or_default());
                judged(kind, &visible(reason), status.unwrap_or_default(), host)
            }
            SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => {
                tracing::info!(host, cause = upload::last_cause(error), "the identity pool was not reached");
                CredentialsError::Unreachable { host, reason: upload::why_unreached(error).to_owned() }
            }
            SdkError::ResponseError(_) if status.is_some_and(|status| status >= 500) => CredentialsError::Busy { host },
            error => {
                tracing::debug!(error = %DisplayErrorContext(error), "the identity pool's answer");
                self.pool_fault("its answer is not understood")
            }
        }
    }
}

/// What a refusal of the pool means.
fn judged(kind: &str, reason: &str, status: u16, host: String) -> CredentialsError {
    let reason = || reason.to_owned();
    match kind {
        "NotAuthorizedException" => CredentialsError::Refused { reason: reason() },
        "TooManyRequestsException" | "InternalErrorException" | "ExternalServiceException" => {
            CredentialsError::Busy { host }
        }
        _ if status == 429 || status >= 500 => CredentialsError::Busy { host },
        _ => CredentialsError::Pool { reason: if reason().is_empty() { visible(kind) } else { reason() } },
    }
}

impl Borrowed {
    /// As the SDK takes them. They are told to end when they are to be renewed: every client keeps them for itself until
    /// then, and asks again.
    pub(super) fn to_sdk(&self) -> Credentials {
        let renewal = self.expires.saturating_sub(super::session::EARLY).unwrap_or(self.expires);
        let session = Some(self.session.expose().to_owned());
        Credentials::new(&self.key, self.secret.expose(), session, Some(renewal.into()), "Lacquer account")
    }
}

impl fmt::Debug for Borrowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Borrowed").field("expires", &self.expires).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_pool_refuses_is_told_apart() {
        let told = |kind, status| judged(kind, "why", status, "pool.example".to_owned());
        let reason = || "why".to_owned();
        assert_eq!(told("NotAuthorizedException", 400), CredentialsError::Refused { reason: reason() });
        assert_eq!(told("ResourceNotFoundException", 400), CredentialsError::Pool { reason: reason() });
        assert_eq!(told("InvalidIdentityPoolConfigurationException", 400), CredentialsError::Pool { reason: reason() });
        for (kind, status) in [("TooManyRequestsException", 400), ("", 503), ("SlowDown", 429)] {
            assert_eq!(told(kind, status), CredentialsError::Busy { host: "pool.example".to_owned() });
        }
    }
}

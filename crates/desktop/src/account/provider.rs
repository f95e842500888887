//! The calls to whoever issues tokens.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, Client, ClientId, EndpointNotSet, EndpointSet, ExtraTokenFields,
    HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardRevocableToken,
    StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use thiserror::Error;

use super::deployment::{Deployment, host};
use super::ending::Ending;
use super::secret::Secret;

/// The user pool: managed login's endpoints, and Cognito's own calls.
#[derive(Debug, Clone)]
pub(super) struct Provider {
    deployment: Arc<Deployment>,
    http: reqwest::Client,
}

/// What a successful call brings.
#[derive(Debug, Clone)]
pub(super) struct Granted {
    pub(super) id: Secret,
    pub(super) access: Secret,
    /// None where the one that was sent stays good.
    pub(super) refresh: Option<Secret>,
}

/// Why the cloud gave no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProviderError {
    /// It cannot be reached.
    #[error("{host} cannot be reached: {reason}. Check the connection and try again.")]
    Unreachable {
        /// Who.
        host: String,
        /// Why, in words that people know.
        reason: String,
    },
    /// It asks to be left alone for a while, or has trouble of its own.
    #[error("{host} cannot answer at the moment (status {status}). Try again in a minute.")]
    Busy {
        /// Who.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// It answered something else than was agreed.
    #[error(
        "{host} answered in a way that Lacquer does not know ({what}). Ask whoever runs your label's cloud to check it."
    )]
    Unexpected {
        /// Who.
        host: String,
        /// What it said, as far as it can be told.
        what: String,
    },
    /// It says that the sign-in has ended.
    #[error("{0} {help}", help = .0.help())]
    Ended(#[from] Ending),
}

/// `oauth2`'s client, for an answer that holds an ID token.
pub(super) type OAuth = Client<
    BasicErrorResponse,
    StandardTokenResponse<IdTokenField, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What OpenID Connect adds to OAuth's answer.
#[derive(Deserialize, Serialize)]
pub(super) struct IdTokenField {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

impl fmt::Debug for IdTokenField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdTokenField")
    }
}

/// What Cognito answers to GetTokensFromRefreshToken.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Renewed {
    authentication_result: AuthenticationResult,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AuthenticationResult {
    access_token: String,
    id_token: String,
    refresh_token: Option<String>,
}

/// What Cognito answers instead.
#[derive(Deserialize, Default)]
struct Refusal {
    #[serde(rename = "__type", default)]
    kind: String,
    #[serde(alias = "Message", default)]
    message: String,
}

impl Provider {
    pub(super) fn new(deployment: Arc<Deployment>) -> Self {
        Self { http: http_client(&deployment), deployment }
    }

    pub(super) fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    /// `oauth2`'s client, for a browser that comes back to `redirect`.
    pub(super) fn oauth(&self, redirect: String) -> Result<OAuth, ProviderError> {
        let base = &self.deployment.sign_in;
        let unexpected = |error: oauth2::url::ParseError| self.unexpected(base, error.to_string());
        Ok(Client::new(ClientId::new(self.deployment.client.clone()))
            .set_auth_uri(AuthUrl::new(format!("{base}/oauth2/authorize")).map_err(unexpected)?)
            .set_token_uri(TokenUrl::new(format!("{base}/oauth2/token")).map_err(unexpected)?)
            .set_redirect_uri(RedirectUrl::new(redirect).map_err(unexpected)?))
    }

    /// Exchanges the code that the browser brought.
    pub(super) async fn exchange(
        &self,
        oauth: &OAuth,
        code: Secret,
        verifier: PkceCodeVerifier,
    ) -> Result<Granted, ProviderError> {
        let base = &self.deployment.sign_in;
        let code = AuthorizationCode::new(code.expose().to_owned());
        let answer =
            oauth.exchange_code(code).set_pkce_verifier(verifier).request_async(self).await.map_err(|error| {
                match error {
                    RequestTokenError::ServerResponse(refusal) => match refusal.error() {
                        BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => {
                            Ending::ClientGone.into()
                        }
                        kind => self.unexpected(base, kind.to_string()),
                    },
                    RequestTokenError::Request(error) => error,
                    // What did not parse stays untold: it may hold a token.
                    RequestTokenError::Parse(..) => self.unexpected(base, "no tokens".to_owned()),
                    RequestTokenError::Other(_) => self.unexpected(base, "no answer".to_owned()),
                }
            })?;
        let id =
            answer.extra_fields().id_token.clone().ok_or_else(|| self.unexpected(base, "no ID token".to_owned()))?;
        Ok(Granted {
            id: Secret::new(id),
            access: Secret::new(answer.access_token().secret().clone()),
            refresh: answer.refresh_token().map(|token| Secret::new(token.secret().clone())),
        })
    }

    /// New tokens for a refresh token, which is used up by it where the pool rotates them.
    pub(super) async fn renew(&self, refresh: &Secret) -> Result<Granted, ProviderError> {
        let body = json!({ "RefreshToken": refresh.expose(), "ClientId": self.deployment.client });
        let bytes = self.call("GetTokensFromRefreshToken", &body).await?;
        let renewed: Renewed = serde_json::from_slice(&bytes)
            .map_err(|_| self.unexpected(&self.deployment.cognito_idp(), "no tokens".to_owned()))?;
        let AuthenticationResult { access_token, id_token, refresh_token } = renewed.authentication_result;
        let refresh = refresh_token.map(Secret::new);
        Ok(Granted { id: Secret::new(id_token), access: Secret::new(access_token), refresh })
    }

    /// Ends all of an account's sign-ins, everywhere.
    pub(super) async fn end_everywhere(&self, access: &Secret) -> Result<(), ProviderError> {
        self.call("GlobalSignOut", &json!({ "AccessToken": access.expose() })).await.map(drop)
    }

    /// Makes a refresh token, and all that came of it, useless (RFC 7009).
    pub(super) async fn revoke(&self, refresh: &Secret) -> Result<(), ProviderError> {
        let base = &self.deployment.sign_in;
        let form = oauth2::url::form_urlencoded::Serializer::new(String::new())
            .append_pair("token", refresh.expose())
            .append_pair("client_id", &self.deployment.client)
            .finish();
        let request = self
            .http
            .post(format!("{base}/oauth2/revoke"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = request.send().await.map_err(|error| unreachable(base, error))?;
        self.not_of_the_way(&answer, base)?;
        match answer.status().as_u16() {
            200..300 => Ok(()),
            status @ (429 | 500..) => Err(ProviderError::Busy { host: host(base), status }),
            status => Err(self.unexpected(base, format!("status {status}"))),
        }
    }

    /// One of Cognito's calls that need no signature: the token in it is the authority.
    async fn call(&self, action: &str, body: &serde_json::Value) -> Result<Vec<u8>, ProviderError> {
        let base = self.deployment.cognito_idp();
        let request = self
            .http
            .post(format!("{base}/"))
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", format!("AWSCognitoIdentityProviderService.{action}"))
            .body(body.to_string());
        let answer = request.send().await.map_err(|error| unreachable(&base, error))?;
        self.not_of_the_way(&answer, &base)?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.map_err(|error| unreachable(&base, error))?;
        if status == 200 {
            return Ok(bytes.to_vec());
        }
        let refusal: Refusal = serde_json::from_slice(&bytes).unwrap_or_default();
        let kind = refusal.kind.rsplit('#').next().unwrap_or_default();
        Err(match refused(kind, &refusal.message) {
            Refused::Ended(ending) => ending.into(),
            Refused::Busy => ProviderError::Busy { host: host(&base), status },
            Refused::Unknown if status == 429 || status >= 500 => ProviderError::Busy { host: host(&base), status },
            Refused::Unknown => self.unexpected(&base, format!("status {status}, {}", visible(kind))),
        })
    }

    async fn send_oauth(&self, request: HttpRequest) -> Result<HttpResponse, ProviderError> {
        let base = &self.deployment.sign_in;
        let request = reqwest::Request::try_from(request).map_err(|error| unreachable(base, error))?;
        let answer = self.http.execute(request).await.map_err(|error| unreachable(base, error))?;
        self.not_of_the_way(&answer, base)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status.as_u16() == 429 || status.is_server_error() {
            return Err(ProviderError::Busy { host: host(base), status: status.as_u16() });
        }
        let mut response = HttpResponse::new(answer.bytes().await.map_err(|error| unreachable(base, error))?.to_vec());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    /// Refuses what a network on the way answers. The host where people sign in has pages too, for what it does not know.
    fn not_of_the_way(&self, answer: &reqwest::Response, address: &str) -> Result<(), ProviderError> {
        let status = answer.status().as_u16();
        let media = answer.headers().get("Content-Type").and_then(|media| media.to_str().ok());
        let may_be_its_own = address == self.deployment.sign_in && (400..500).contains(&status);
        if may_be_its_own || !upload::is_of_the_way(status, media) {
            return Ok(());
        }
        Err(ProviderError::Unreachable { host: host(address), reason: upload::ON_THE_WAY.to_owned() })
    }

    fn unexpected(&self, address: &str, what: String) -> ProviderError {
        ProviderError::Unexpected { host: host(address), what }
    }
}

impl<'c> AsyncHttpClient<'c> for Provider {
    type Error = ProviderError;
    type Future = BoxFuture<'c, Result<HttpResponse, ProviderError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send_oauth(request))
    }
}

/// What a refusal of Cognito's means.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    Ended(Ending),
    Busy,
    Unknown,
}

/// Cognito tells the cases of `NotAuthorizedException` apart in its text only.
fn refused(kind: &str, message: &str) -> Refused {
    let message = message.to_lowercase();
    match kind {
        "NotAuthorizedException" if message.contains("disabled") => Refused::Ended(Ending::Disabled),
        "NotAuthorizedException" if message.contains("revoked") => Refused::Ended(Ending::Revoked),
        "NotAuthorizedException" if message.contains("scope") => Refused::Unknown,
        "NotAuthorizedException" => Refused::Ended(Ending::Expired),
        "RefreshTokenReuseException" => Refused::Ended(Ending::Reused),
        "UserNotFoundException" => Refused::Ended(Ending::Deleted),
        "PasswordResetRequiredException" => Refused::Ended(Ending::NewPassword),
        "ResourceNotFoundException" => Refused::Ended(Ending::ClientGone),
        "TooManyRequestsException" | "LimitExceededException" | "InternalErrorException" => Refused::Busy,
        _ => Refused::Unknown,
    }
}

/// A client that follows no redirect, so that a token goes nowhere but where it is meant for.
fn http_client(deployment: &Deployment) -> reqwest::Client {
    let builder = || {
        reqwest::Client::builder()
            .user_agent(concat!("lacquer/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
    };
    // A proxy is for what is elsewhere.
    let builder = if deployment.is_of_this_machine() { builder().no_proxy() } else { builder() };
    builder.build().expect("a client with these settings can be built where TLS is compiled in")
}

/// Without the address, whose query may hold secrets.
fn unreachable(address: &str, error: reqwest::Error) -> ProviderError {
    let (host, error) = (host(address), error.without_url());
    tracing::info!(host, cause = upload::last_cause(&error), "whoever signs people in was not reached");
    ProviderError::Unreachable { host, reason: upload::why_unreached(&error).to_owned() }
}

/// A name that a server sent, fit to be shown.
pub(super) fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cognito_refuses_is_told_apart() {
        let ended = |kind, message| match refused(kind, message) {
            Refused::Ended(ending) => ending,
            other => panic!("{other:?}"),
        };
        assert_eq!(ended("NotAuthorizedException", "Refresh Token has expired"), Ending::Expired);
        assert_eq!(ended("NotAuthorizedException", "Invalid Refresh Token"), Ending::Expired);
        assert_eq!(ended("NotAuthorizedException", "Refresh Token has been revoked"), Ending::Revoked);
        assert_eq!(ended("NotAuthorizedException", "User is disabled."), Ending::Disabled);
        assert_eq!(ended("RefreshTokenReuseException", "Refresh token reuse detected"), Ending::Reused);
        assert_eq!(ended("UserNotFoundException", "User does not exist."), Ending::Deleted);
        assert_eq!(ended("ResourceNotFoundException", "User pool client x does not exist."), Ending::ClientGone);
        assert_eq!(refused("NotAuthorizedException", "Access Token does not have required scopes"), Refused::Unknown);
        assert_eq!(refused("TooManyRequestsException", ""), Refused::Busy);
        assert_eq!(refused("", ""), Refused::Unknown);
    }
}

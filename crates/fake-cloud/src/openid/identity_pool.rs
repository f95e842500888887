//! The identity pool's two calls. It lends the same credentials to everybody whose token is good.

use std::fmt;

use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, Validation};
use serde_json::{Value, json};

use super::http::{Asked, Reply};
use super::keys;
use super::state::{Call, State};

/// What is lent; `test` and `test` are an emulator's owner.
#[derive(Clone, PartialEq, Eq)]
pub struct LentCredentials {
    /// The access key's id.
    pub access_key_id: String,
    /// The secret key.
    pub secret_key: String,
    /// The session's token.
    pub session_token: String,
    /// For how long.
    pub lasts: SignedDuration,
}

impl Default for LentCredentials {
    fn default() -> Self {
        Self {
            access_key_id: "test".to_owned(),
            secret_key: "test".to_owned(),
            session_token: "session-of-the-test-provider".to_owned(),
            lasts: SignedDuration::from_hours(1),
        }
    }
}

impl fmt::Debug for LentCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LentCredentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

pub(super) fn call(state: &mut State, action: &str, asked: &Asked) -> Reply {
    state.calls.push(Call::Cognito(action.to_owned()));
    let body = asked.json();
    let subject = match subject(state, &body["Logins"]) {
        Ok(subject) => subject,
        Err(reason) => return Reply::refusal("NotAuthorizedException", reason),
    };
    let identity = format!("{}:{subject}", state.settings.identity_pool.split(':').next().unwrap_or_default());
    match action {
        "GetId" if body["IdentityPoolId"] != json!(state.settings.identity_pool) => {
            Reply::refusal("ResourceNotFoundException", "IdentityPool not found.")
        }
        "GetId" => Reply::json(&json!({ "IdentityId": identity })),
        "GetCredentialsForIdentity" if body["IdentityId"] != json!(identity) => {
            Reply::refusal("ResourceNotFoundException", "Identity not found.")
        }
        "GetCredentialsForIdentity" => {
            let lent = state.settings.credentials.clone();
            let until = state.now().saturating_add(lent.lasts).map_or(i64::MAX, jiff::Timestamp::as_second);
            Reply::json(&json!({
                "IdentityId": identity,
                "Credentials": {
                    "AccessKeyId": lent.access_key_id,
                    "SecretKey": lent.secret_key,
                    "SessionToken": lent.session_token,
                    "Expiration": until,
                },
            }))
        }
        _ => Reply::refusal("UnknownOperationException", "no such operation"),
    }
}

/// Whose the ID token is. As with `ServerSideTokenCheck`, an account that was disabled gets nothing.
fn subject(state: &State, logins: &Value) -> Result<String, &'static str> {
    let issuer = state.issuer();
    let provider = issuer.trim_start_matches("http://");
    let token = logins[provider].as_str().ok_or("Token is not from a supported provider of this identity pool.")?;
    let invalid = "Invalid login token.";
    let header = jsonwebtoken::decode_header(token).map_err(|_| invalid)?;
    let key = header.kid.as_deref().and_then(keys::named).ok_or(invalid)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[&state.settings.client]);
    validation.set_issuer(&[&issuer]);
    // By the provider's own clock, which may stand still.
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).map_err(|_| invalid)?.claims;
    if claims["exp"].as_i64().is_none_or(|end| end <= state.now().as_second()) {
        return Err("Invalid login token. Token expired.");
    }
    let subject = claims["sub"].as_str().unwrap_or_default();
    match state.users.values().find(|user| user.subject() == subject) {
        Some(user) if user.enabled => Ok(subject.to_owned()),
        _ => Err("Invalid login token. User is not enabled."),
    }
}

//! Who asks, by the ID token that an issuer signed. The gateway in front checks tokens too, and is not relied on.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation};
use release::LabelId;
use serde_json::{Map, Value};
use thiserror::Error;

use super::Keys;
use super::wire::Role;
use crate::ports::{Clock, EmailAddress, PortError};

/// Whose tokens count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// Who must have made them: the user pool's address.
    pub issuer: String,
    /// Whom they must be for: the app client's id.
    pub audience: String,
}

/// An account, as its token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The issuer's id of it.
    pub subject: String,
    /// Its address.
    pub email: EmailAddress,
    /// The label that it belongs to. Whatever it asks for is looked up under this one.
    pub label: LabelId,
    /// What it may do; at least one.
    pub roles: BTreeSet<Role>,
}

/// Why a token is not taken.
#[derive(Debug, Error)]
pub enum TokenError {
    /// There is none.
    #[error("This needs a sign-in. Send the ID token as “Authorization: Bearer …”.")]
    Missing,
    /// Not three parts of base64 with JSON in the first two.
    #[error("The token cannot be read. Sign in again.")]
    Malformed,
    /// Signed in a way that is not taken, or not at all.
    #[error("The token is signed by another algorithm than RS256. Sign in again.")]
    Algorithm,
    /// Signed with a key that the issuer does not have.
    #[error("The token is signed with a key that is not known here. Sign in again.")]
    UnknownKey,
    /// Signed by somebody else, or changed since.
    #[error("The token's signature is wrong. Sign in again.")]
    Signature,
    /// Of another issuer.
    #[error("The token was made for another cloud. Sign in to this one.")]
    Issuer,
    /// For another app.
    #[error("The token was made for another app. Sign in with this one.")]
    Audience,
    /// Its time is over.
    #[error("The sign-in ran out at {0}. Refresh it, or sign in again.")]
    Expired(Timestamp),
    /// Its time has not come.
    #[error("The token counts from {0} on. See that this computer's clock is right, and sign in again.")]
    NotYet(Timestamp),
    /// An access token, mostly.
    #[error("This is not an ID token. Send the ID token: the others do not name the label.")]
    Use,
    /// No address, or one that its owner has not confirmed.
    #[error("The account has no confirmed e-mail address. Ask whoever runs the label's cloud to set it.")]
    Email,
    /// No label, or what cannot be one.
    #[error("The account belongs to no label. Ask whoever runs the label's cloud to invite it again.")]
    Label,
    /// In none of the groups that may do anything.
    #[error("The account may do nothing here. Ask whoever runs the label's cloud to give it a role.")]
    Role,
    /// The issuer's keys could not be had.
    #[error("The sign-in cannot be checked right now: the issuer's keys cannot be had. Try again in a moment.")]
    Keys(#[source] PortError),
}

/// Two clocks may differ by so much.
const LEEWAY: SignedDuration = SignedDuration::from_secs(30);

/// Longer ones are made by nobody who signs in.
const LONGEST: usize = 16 * 1024;

/// The account of a token, once all that it says was checked.
///
/// # Errors
/// The first thing that is wrong with it.
pub async fn verify(trust: &Trust, keys: &dyn Keys, clock: &dyn Clock, token: &str) -> Result<Account, TokenError> {
    let head = head(token)?;
    // Before anything else: the key of an RSA signature is public, and as an HMAC's secret it would be known to all.
    if head.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(TokenError::Algorithm);
    }
    let id = head.get("kid").and_then(Value::as_str).ok_or(TokenError::UnknownKey)?;
    let key = keys.key(id).await.map_err(TokenError::Keys)?.ok_or(TokenError::UnknownKey)?;

    // Only the signature is left to the library: it asks the machine's clock, and tells one failure from another less well.
    let mut signature_only = Validation::new(Algorithm::RS256);
    signature_only.required_spec_claims.clear();
    (signature_only.validate_exp, signature_only.validate_aud) = (false, false);
    let claims: Map<String, Value> = match jsonwebtoken::decode(token, &key, &signature_only) {
        Ok(data) => data.claims,
        Err(error) => {
            return Err(match error.kind() {
                ErrorKind::InvalidSignature => TokenError::Signature,
                ErrorKind::InvalidAlgorithm => TokenError::Algorithm,
                _ => TokenError::Malformed,
            });
        }
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(&trust.issuer) {
        return Err(TokenError::Issuer);
    }
    in_time(&claims, clock.now())?;
    if text("token_use") != Some("id") {
        return Err(TokenError::Use);
    }
    if text("aud") != Some(&trust.audience) {
        return Err(TokenError::Audience);
    }
    account(&claims)
}

/// The header of a token, unverified.
fn head(token: &str) -> Result<Map<String, Value>, TokenError> {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    if token.is_empty() {
        return Err(TokenError::Missing);
    }
    let (head, rest) = token.split_once('.').ok_or(TokenError::Malformed)?;
    if token.len() > LONGEST || rest.split('.').count() != 2 {
        return Err(TokenError::Malformed);
    }
    let bytes = URL_SAFE_NO_PAD.decode(head).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Malformed)
}

fn in_time(claims: &Map<String, Value>, now: Timestamp) -> Result<(), TokenError> {
    // Seconds since 1970, which may have a fraction (RFC 7519, section 2).
    let instant = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => {
            #[expect(clippy::cast_possible_truncation, reason = "a float saturates, and what it makes is checked")]
            let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
            let instant = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
            instant.map(Some).ok_or(TokenError::Malformed)
        }
    };
    let until = instant("exp")?.ok_or(TokenError::Malformed)?;
    if now.duration_since(until) >= LEEWAY {
        return Err(TokenError::Expired(until));
    }
    match instant("nbf")? {
        Some(from) if from.duration_since(now) > LEEWAY => Err(TokenError::NotYet(from)),
        _ => Ok(()),
    }
}

fn account(claims: &Map<String, Value>) -> Result<Account, TokenError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let label = text("custom:label_id").and_then(|label| label.parse().ok()).ok_or(TokenError::Label)?;
    // Cognito says it as a boolean, other issuers as a text.
    let is_refuted = match claims.get("email_verified") {
        Some(Value::Bool(verified)) => !verified,
        Some(Value::String(verified)) => verified != "true",
        _ => false,
    };
    let email = text("email").and_then(|email| email.parse().ok());
    let email = email.filter(|_| !is_refuted).ok_or(TokenError::Email)?;
    let groups = claims.get("cognito:groups").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let roles: BTreeSet<Role> = groups.iter().filter_map(Value::as_str).filter_map(role).collect();
    if roles.is_empty() {
        return Err(TokenError::Role);
    }
    let subject = text("sub").filter(|subject| !subject.is_empty()).ok_or(TokenError::Malformed)?;
    Ok(Account { subject: subject.to_owned(), email, label, roles })
}

fn role(group: &str) -> Option<Role> {
    match group {
        "staff" => Some(Role::Staff),
        "manager" => Some(Role::Manager),
        "artist" => Some(Role::Artist),
        _ => None,
    }
}

impl Account {
    /// Whether it may do all that is the label's day-to-day work.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.roles.contains(&Role::Staff) || self.is_manager()
    }

    /// Whether it may decide, and set how the label works.
    #[must_use]
    pub fn is_manager(&self) -> bool {
        self.roles.contains(&Role::Manager)
    }
}

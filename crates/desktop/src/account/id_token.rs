//! What an ID token says of an account.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use cloud::api::wire::Role;
use jiff::{SignedDuration, Timestamp};
use release::LabelId;
use serde::Deserialize;
use thiserror::Error;

use super::secret::Secret;
use super::session::EARLY;

/// An ID token that was found to be for this app, of this issuer, and good at this time.
///
/// Its signature is not looked at: it came from the token endpoint itself, over TLS, and OpenID Connect Core 1.0, section
/// 3.1.3.7 (6), lets TLS stand for it then. Whoever gets the token from anybody else, as the API does, checks it.
#[derive(Debug, Clone)]
pub(super) struct IdToken {
    raw: Secret,
    pub(super) identity: Identity,
    /// When it ends, by this machine's clock.
    pub(super) expires: Timestamp,
    /// From when on it is renewed.
    renewal: Timestamp,
}

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// The issuer's name of the account: it never changes.
    pub(super) subject: String,
    pub(super) email: String,
    pub(super) label: Option<LabelId>,
    pub(super) roles: BTreeSet<Role>,
}

/// What an ID token has to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    /// What was sent along with the question; none when a token is renewed (section 12.2: there may be none then).
    pub(super) nonce: Option<&'a str>,
    /// Whose it has to be, when it is renewed (section 12.2).
    pub(super) subject: Option<&'a str>,
    pub(super) now: Timestamp,
}

/// Why an ID token is not believed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdTokenError {
    /// Not a token.
    #[error("it is no ID token ({0})")]
    Malformed(&'static str),
    /// Of somebody else.
    #[error("it was issued by {found}, not by {expected}")]
    Issuer {
        /// Who should have.
        expected: String,
        /// Who did.
        found: String,
    },
    /// For another app.
    #[error("it was issued for another app")]
    Audience,
    /// An answer to another question, such as one that was recorded.
    #[error("it does not belong to this sign-in")]
    Nonce,
    /// Of another account.
    #[error("it is of another account")]
    Subject,
    /// Over already.
    #[error("it ended at {expired}, and this computer's clock says {now}")]
    Expired {
        /// When it ended.
        expired: Timestamp,
        /// What time it is here.
        now: Timestamp,
    },
}

impl IdTokenError {
    /// What the person can do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Expired { .. } => "Set this computer's clock, then sign in again.",
            _ => "Sign in again. If it stays so, ask whoever runs your label's cloud for its workspace.json anew.",
        }
    }
}

/// As the token has it.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    sub: String,
    exp: i64,
    iat: Option<i64>,
    nonce: Option<String>,
    token_use: Option<String>,
    email: Option<String>,
    #[serde(rename = "cognito:groups", default)]
    groups: Vec<String>,
    #[serde(rename = "custom:label_id")]
    label: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl IdToken {
    /// Reads a token that came from the token endpoint.
    pub(super) fn read(raw: Secret, expected: Expected<'_>) -> Result<Self, IdTokenError> {
        let claims = claims(raw.expose())?;
        if claims.iss != expected.issuer {
            let found = claims.iss.chars().take(200).collect();
            return Err(IdTokenError::Issuer { expected: expected.issuer.to_owned(), found });
        }
        let for_us = match &claims.aud {
            Audience::One(audience) => audience == expected.audience,
            // Several would ask for `azp`, and for trust in the others (section 3.1.3.7, 3 to 5): Cognito names one.
            Audience::Several(audiences) => audiences.len() == 1 && audiences[0] == expected.audience,
        };
        if !for_us {
            return Err(IdTokenError::Audience);
        }
        if claims.token_use.as_deref().is_some_and(|purpose| purpose != "id") {
            return Err(IdTokenError::Malformed("it is for another use"));
        }
        if expected.nonce.is_some() && claims.nonce.as_deref() != expected.nonce {
            return Err(IdTokenError::Nonce);
        }
        if expected.subject.is_some_and(|subject| subject != claims.sub) {
            return Err(IdTokenError::Subject);
        }
        let second =
            |seconds| Timestamp::from_second(seconds).map_err(|_| IdTokenError::Malformed("its times are none"));
        let end = second(claims.exp)?;
        if end <= expected.now {
            return Err(IdTokenError::Expired { expired: end, now: expected.now });
        }
        // By this machine's clock, which may be behind: a fresh token then seems to last longer than it does.
        let expires = match claims.iat.and_then(|issued| claims.exp.checked_sub(issued)) {
            Some(seconds) if seconds > 0 => {
                expected.now.saturating_add(SignedDuration::from_secs(seconds)).map_or(end, |latest| end.min(latest))
            }
            _ => end,
        };
        let identity = Identity {
            email: claims.email.unwrap_or_else(|| claims.sub.clone()),
            subject: claims.sub,
            label: claims.label.and_then(|label| label.parse().ok()),
            roles: claims.groups.iter().filter_map(|group| role(group)).collect(),
        };
        // A cloud may have its tokens last for minutes, and of a clock that is ahead they seem to: one that would be
        // renewed as soon as it came would be asked for with each request.
        let early = (expires.duration_since(expected.now) / 3).min(EARLY);
        let renewal = expires.saturating_sub(early).unwrap_or(expires);
        Ok(Self { raw, identity, expires, renewal })
    }

    /// Whether it need not be renewed yet.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.renewal
    }

    /// The token itself.
    pub(super) fn raw(&self) -> &Secret {
        &self.raw
    }
}

/// The middle one of a token's three parts. Whatever it holds is the cloud's, so an error names no part of it.
fn claims(token: &str) -> Result<Claims, IdTokenError> {
    let mut parts = token.split('.');
    let (Some(_), Some(body), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(IdTokenError::Malformed("it has not three parts"));
    };
    let json = BASE64_URL_SAFE_NO_PAD.decode(body).map_err(|_| IdTokenError::Malformed("its middle is not base64"))?;
    serde_json::from_slice(&json).map_err(|_| IdTokenError::Malformed("its claims are not those of an ID token"))
}

fn role(group: &str) -> Option<Role> {
    match group {
        "staff" => Some(Role::Staff),
        "manager" => Some(Role::Manager),
        "artist" => Some(Role::Artist),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn good() -> Value {
        json!({
            "iss": "https://issuer.example/pool", "aud": "app", "sub": "s-1", "token_use": "id", "nonce": "n-1",
            "iat": now().as_second(), "exp": now().as_second() + 3600, "email": "mira@low-tide.example",
            "cognito:groups": ["staff", "manager", "brass"], "custom:label_id": "low-tide",
        })
    }

    fn expected() -> Expected<'static> {
        Expected {
            issuer: "https://issuer.example/pool",
            audience: "app",
            nonce: Some("n-1"),
            subject: None,
            now: now(),
        }
    }

    fn token(claims: &Value) -> Secret {
        Secret::new(format!("e30.{}.sig", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string())))
    }

    fn with(field: &str, value: Value) -> Result<IdToken, IdTokenError> {
        let mut claims = good();
        claims[field] = value;
        IdToken::read(token(&claims), expected())
    }

    #[test]
    fn it_says_whose_account_it_is() {
        let read = IdToken::read(token(&good()), expected()).unwrap();
        assert_eq!(read.identity.email, "mira@low-tide.example");
        assert_eq!(read.identity.label, Some("low-tide".parse().unwrap()));
        assert_eq!(read.identity.roles, BTreeSet::from([Role::Staff, Role::Manager]));
        assert_eq!(read.expires, now() + SignedDuration::from_hours(1));
        assert_eq!(read.renewal, now() + SignedDuration::from_mins(55));
        assert!(!format!("{read:?}").contains("e30"));
    }

    #[test]
    fn what_is_not_for_this_app_is_not_believed() {
        let iss = with("iss", json!("https://evil.example")).unwrap_err();
        assert!(matches!(iss, IdTokenError::Issuer { .. }));
        for audience in [json!("other"), json!(["app", "other"]), json!([])] {
            assert_eq!(with("aud", audience).unwrap_err(), IdTokenError::Audience);
        }
        assert!(with("aud", json!(["app"])).is_ok());
        assert_eq!(with("nonce", json!("n-2")).unwrap_err(), IdTokenError::Nonce);
        assert_eq!(with("nonce", Value::Null).unwrap_err(), IdTokenError::Nonce);
        assert!(matches!(with("token_use", json!("access")).unwrap_err(), IdTokenError::Malformed(_)));
        let past = now().as_second();
        assert!(matches!(with("exp", json!(past)).unwrap_err(), IdTokenError::Expired { .. }));
        let other = Expected { subject: Some("s-2"), ..expected() };
        assert_eq!(IdToken::read(token(&good()), other).unwrap_err(), IdTokenError::Subject);
    }

    #[test]
    fn a_clock_that_is_behind_does_not_make_a_token_last_longer() {
        let behind = Expected { now: now() - SignedDuration::from_hours(5), ..expected() };
        let read = IdToken::read(token(&good()), behind).unwrap();
        assert_eq!(read.expires, behind.now + SignedDuration::from_hours(1));
    }

    #[test]
    fn a_token_of_a_few_minutes_is_not_renewed_as_soon_as_it_came() {
        for (minutes, renewal) in [(60, 55), (15, 10), (9, 6), (3, 2)] {
            let read = with("exp", json!((now() + SignedDuration::from_mins(minutes)).as_second())).unwrap();
            assert_eq!(read.renewal, now() + SignedDuration::from_mins(renewal), "{minutes}");
        }
        // This machine's clock is ahead.
        let ahead = Expected { now: now() + SignedDuration::from_mins(57), ..expected() };
        let read = IdToken::read(token(&good()), ahead).unwrap();
        assert!(read.is_fresh(ahead.now + SignedDuration::from_mins(1)));
        assert!(!read.is_fresh(ahead.now + SignedDuration::from_mins(2)));
    }

    #[test]
    fn a_label_that_is_none_is_no_label() {
        for label in [json!("../other"), json!(""), Value::Null] {
            assert_eq!(with("custom:label_id", label).unwrap().identity.label, None);
        }
    }

    proptest! {
        #[test]
        fn whatever_a_token_holds_nothing_panics(text in ".{0,80}", field in "[a-z]{3}", number in any::<i64>()) {
            let _ = IdToken::read(Secret::new(text.clone()), expected());
            let _ = with(&field, json!(text));
            let _ = with("exp", json!(number));
            let _ = with("iat", json!(number));
        }
    }
}

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::keys;
use super::state::{State, User};

/// How a token is not what it should be.
#[derive(Debug, Clone, PartialEq)]
pub enum Forgery {
    /// Signed by a key that was never published, under the name of the one that is.
    WrongKey,
    /// Its claims were changed after it was signed: it says that it is of this label.
    ChangedLabel(String),
    /// No signature, and says so (`"alg":"none"`).
    Unsigned,
    /// Ended an hour ago.
    Expired,
    /// For another app.
    OtherAudience,
    /// Of another issuer.
    OtherIssuer,
    /// An access token in the place of an ID token.
    AccessToken,
}

/// The scope that lets everything out.
pub(super) const ALL: &str = "openid";

/// How long tokens last, in seconds.
const HOUR: i64 = 3600;

impl State {
    /// What an ID token says of an account to who asked for some scopes. Cognito says all where `openid` was asked for
    /// alone; else each scope lets out what is its own, and `profile` the pool's own attributes.
    pub(super) fn id_claims(&self, user: &User, scope: &str, nonce: Option<&str>) -> Value {
        let now = self.now().as_second();
        let mut claims = json!({
            "sub": user.subject(),
            "aud": self.settings.client,
            "iss": self.issuer(),
            "token_use": "id",
            "auth_time": now,
            "iat": now,
            "exp": now + HOUR,
            "cognito:username": user.subject(),
            "cognito:groups": user.groups,
        });
        let lets_out = |name| scope == ALL || scope.split(' ').any(|asked| asked == name);
        if lets_out("email") {
            claims["email"] = json!(user.email);
            claims["email_verified"] = json!(true);
        }
        if let Some(label) = user.label.as_ref().filter(|_| lets_out("profile")) {
            claims["custom:label_id"] = json!(label);
        }
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        for (claim, value) in &self.spoilt {
            claims[claim] = value.clone();
        }
        claims
    }

    /// What an access token says. Cognito's has no audience and no label.
    pub(super) fn access_claims(&self, user: &User, scope: &str, id: &str) -> Value {
        let now = self.now().as_second();
        json!({
            "sub": user.subject(),
            "client_id": self.settings.client,
            "iss": self.issuer(),
            "token_use": "access",
            "scope": scope,
            "jti": id,
            "iat": now,
            "exp": now + HOUR,
            "username": user.subject(),
            "cognito:groups": user.groups,
        })
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        keys::sign(claims, self.key, self.key)
    }

    pub(super) fn forge(&self, user: &User, forgery: Forgery) -> String {
        let mut claims = self.id_claims(user, ALL, None);
        match forgery {
            Forgery::WrongKey => return keys::sign(&claims, 1 - self.key, self.key),
            Forgery::ChangedLabel(label) => {
                let signed = self.sign(&claims);
                claims["custom:label_id"] = json!(label);
                let mut parts: Vec<&str> = signed.split('.').collect();
                let changed = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
                parts[1] = &changed;
                return parts.join(".");
            }
            Forgery::Unsigned => {
                let part = |json: Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
                return format!("{}.{}.", part(json!({ "alg": "none", "typ": "JWT" })), part(claims));
            }
            Forgery::Expired => {
                let now = self.now().as_second();
                (claims["iat"], claims["exp"]) = (json!(now - 2 * HOUR), json!(now - HOUR));
            }
            Forgery::OtherAudience => claims["aud"] = json!("another-app"),
            Forgery::OtherIssuer => claims["iss"] = json!(format!("{}/another-pool", self.base)),
            Forgery::AccessToken => claims = self.access_claims(user, "openid email", "forged"),
        }
        self.sign(&claims)
    }
}

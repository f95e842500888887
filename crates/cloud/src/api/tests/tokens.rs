use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Request, StatusCode, header};
use jiff::SignedDuration;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::signed::Issuer;
use super::{Answered, Cloud, STAFF};
use crate::api::{CachedKeys, KeySource, Keys as _};
use crate::ports::{ManualClock, PortError};

impl Cloud {
    async fn me_with(&self, authorization: &str) -> Answered {
        let request = Request::get("/v1/me").header(header::AUTHORIZATION, authorization);
        self.sent(request.body(Bytes::new()).unwrap()).await
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap())
}

#[tokio::test]
async fn a_good_token_says_who_asks() {
    let cloud = Cloud::new().await;
    let me = cloud.get(STAFF, "/v1/me").await;
    assert_eq!(me.status, StatusCode::OK);
    assert_eq!(
        me.body,
        json!({
            "email": "staff@example.org", "label": "night-office", "roles": ["staff"], "artists": [],
            "settings": { "label_name": "night-office", "review": true, "artists_mail": true },
        })
    );
    let token = cloud.token(STAFF);
    assert_eq!(cloud.me_with(&format!("bearer  {token} ")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn each_forgery_is_refused_and_named() {
    let cloud = Cloud::new().await;
    let now = cloud.now();
    let claims = cloud.issuer.claims(STAFF, now);
    let good = cloud.issuer.signed(&claims);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (head, _) = signed.split_once('.').unwrap();
    let with_manager = {
        let mut claims = claims.clone();
        claims["cognito:groups"] = json!(["manager"]);
        format!("{head}.{}.{signature}", part(&claims))
    };
    let kid = Some(cloud.issuer.id.clone());
    let modulus = serde_json::to_value(cloud.issuer.jwk()).unwrap()["n"].as_str().unwrap().to_owned();
    // The public key as the secret of an HMAC: a checker that took the header's word would find it right.
    let confused = |secret: &[u8]| {
        let header = Header { kid: kid.clone(), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret)).unwrap()
    };
    let stranger = Issuer::new(&cloud.issuer.id);
    let unknown = Issuer::new("another-key");
    let unnamed = cloud.issuer.signed_as(Header::new(Algorithm::RS256), &claims);
    let other_rsa = cloud.issuer.signed_as(Header { kid: kid.clone(), ..Header::new(Algorithm::RS512) }, &claims);
    let table = [
        (String::new(), "token-missing"),
        ("x".to_owned(), "token-malformed"),
        ("a.b".to_owned(), "token-malformed"),
        ("a.b.c.d".to_owned(), "token-malformed"),
        (format!("{good}.more"), "token-malformed"),
        ("e30.e30.".to_owned(), "token-algorithm"),
        (format!("{}.{}.", part(&json!({"alg": "none", "kid": "key-1"})), part(&claims)), "token-algorithm"),
        (format!("{}.{}.", part(&json!({"alg": "None", "kid": "key-1"})), part(&claims)), "token-algorithm"),
        (confused(modulus.as_bytes()), "token-algorithm"),
        (confused(&URL_SAFE_NO_PAD.decode(&modulus).unwrap()), "token-algorithm"),
        (other_rsa, "token-algorithm"),
        (
            format!("{}.{}.{signature}", part(&json!({"alg": "RS256", "kid": "key-1"})), part(&claims)),
            "token-signature",
        ),
        (with_manager, "token-signature"),
        (format!("{signed}."), "token-signature"),
        (format!("{signed}.{}", "A".repeat(signature.len())), "token-signature"),
        (stranger.signed(&claims), "token-signature"),
        (unknown.signed(&claims), "token-key"),
        (unnamed, "token-key"),
        (format!("{good}{}", "A".repeat(20_000)), "token-malformed"),
    ];
    for (token, code) in table {
        let answered = cloud.me_with(&format!("Bearer {token}")).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::UNAUTHORIZED, code), "{token}");
        assert!(answered.header(header::WWW_AUTHENTICATE).starts_with("Bearer"), "{code}");
        assert!(token.is_empty() || !answered.body.to_string().contains(&token), "no token is said back");
    }
    for scheme in ["", "Basic dXNlcjpw", "Bearer", &good] {
        assert_eq!(cloud.me_with(scheme).await.code(), "token-missing", "{scheme}");
    }
    let silent = cloud.ask(None, http::Method::GET, "/v1/me", None).await;
    assert_eq!((silent.status, silent.code()), (StatusCode::UNAUTHORIZED, "token-missing"));
}

#[tokio::test]
async fn each_claim_is_checked_and_named() {
    let cloud = Cloud::new().await;
    let now = cloud.now().as_second();
    // Each takes the place of a claim; null takes it out.
    let table = [
        (json!({"iss": "https://issuer.example.org/another"}), "token-issuer"),
        (json!({"iss": ["https://issuer.example.org/pool"]}), "token-issuer"),
        (json!({"iss": null}), "token-issuer"),
        (json!({"aud": "another-client"}), "token-audience"),
        (json!({"aud": null}), "token-audience"),
        (json!({"aud": ["an-app-client", "another-client"]}), "token-audience"),
        (json!({"exp": now - 31}), "token-expired"),
        (json!({"exp": now - 30}), "token-expired"),
        (json!({"exp": now - 29}), ""),
        (json!({"exp": now as f64 + 0.5}), ""),
        (json!({"exp": null}), "token-malformed"),
        (json!({"exp": "tomorrow"}), "token-malformed"),
        (json!({"exp": 1e300}), "token-malformed"),
        (json!({"nbf": now + 30}), ""),
        (json!({"nbf": now + 31}), "token-not-yet"),
        (json!({"nbf": "x"}), "token-malformed"),
        // An access token: of the same issuer and key, for the same client.
        (
            json!({"token_use": "access", "aud": null, "client_id": "an-app-client", "custom:label_id": null}),
            "token-use",
        ),
        (json!({"token_use": null}), "token-use"),
        (json!({"sub": null}), "token-malformed"),
        (json!({"email": null}), "account-email"),
        (json!({"email": "nobody"}), "account-email"),
        (json!({"email_verified": false}), "account-email"),
        (json!({"email_verified": "false"}), "account-email"),
        (json!({"email_verified": "true"}), ""),
        (json!({"email_verified": null}), ""),
        (json!({"custom:label_id": null}), "account-label"),
        (json!({"custom:label_id": ""}), "account-label"),
        (json!({"custom:label_id": "Night-Office"}), "account-label"),
        (json!({"custom:label_id": "night-office/../day-shift"}), "account-label"),
        (json!({"custom:label_id": "*"}), "account-label"),
        (json!({"custom:label_id": ["night-office"]}), "account-label"),
        (json!({"cognito:groups": null}), "account-role"),
        (json!({"cognito:groups": []}), "account-role"),
        (json!({"cognito:groups": "manager"}), "account-role"),
        (json!({"cognito:groups": ["Manager", "admin"]}), "account-role"),
        (json!({"cognito:groups": ["unknown", "staff"]}), ""),
    ];
    for (changes, code) in table {
        let mut claims = cloud.issuer.claims(STAFF, cloud.now());
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        let answered = cloud.me_with(&format!("Bearer {}", cloud.issuer.signed(&claims))).await;
        assert_eq!(answered.code(), code, "{changes}");
        let status = match code {
            "" => StatusCode::OK,
            code if code.starts_with("account-") => StatusCode::FORBIDDEN,
            _ => StatusCode::UNAUTHORIZED,
        };
        assert_eq!(answered.status, status, "{changes}");
    }
}

/// What people read when their sign-in is not taken.
#[tokio::test]
async fn what_is_said_of_a_token() {
    let cloud = Cloud::new().await;
    let now = cloud.now();
    let changed = |name: &str, value: Value| {
        let mut claims = cloud.issuer.claims(STAFF, now);
        claims[name] = value;
        cloud.issuer.signed(&claims)
    };
    let tokens = [
        String::new(),
        "x".to_owned(),
        changed("iss", json!("another")),
        changed("aud", json!("another")),
        changed("exp", json!(now.as_second() - 3600)),
        changed("nbf", json!(now.as_second() + 3600)),
        changed("token_use", json!("access")),
        changed("email_verified", json!(false)),
        changed("custom:label_id", json!("?")),
        changed("cognito:groups", json!(["guests"])),
    ];
    let mut said = Vec::new();
    for token in tokens {
        let answered = cloud.me_with(&format!("Bearer {token}")).await;
        said.push(format!("{} {}", answered.status.as_u16(), answered.body["detail"].as_str().unwrap()));
    }
    insta::assert_snapshot!(said.join("\n"));
}

/// An issuer that changes its key, cannot be reached when told so, and counts how often it is asked.
#[derive(Debug)]
struct Changing {
    issuers: [Issuer; 2],
    changed: AtomicBool,
    unreachable: AtomicBool,
    asked: AtomicU32,
}

#[async_trait]
impl KeySource for Changing {
    async fn fetch(&self) -> Result<JwkSet, PortError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.unreachable.load(Ordering::Relaxed) {
            return Err(PortError::new("asking for keys", true, "unreachable"));
        }
        let current = &self.issuers[usize::from(self.changed.load(Ordering::Relaxed))];
        Ok(JwkSet { keys: vec![current.jwk()] })
    }
}

#[tokio::test]
async fn keys_are_asked_for_when_there_is_reason_to_and_not_more_often() {
    let clock = Arc::new(ManualClock::new(crate::catalogue::sample::start()));
    let source = Arc::new(Changing {
        issuers: [Issuer::new("old"), Issuer::new("new")],
        changed: AtomicBool::new(false),
        unreachable: AtomicBool::new(true),
        asked: AtomicU32::new(0),
    });
    let keys = CachedKeys::new(Arc::clone(&source) as _, Arc::clone(&clock) as _);
    let asked = || source.asked.load(Ordering::Relaxed);
    let knows = async |id: &str| keys.key(id).await.map(|key| key.is_some()).map_err(|error| error.passing);

    assert_eq!(knows("old").await, Err(true), "there is nothing to go by yet");
    source.unreachable.store(false, Ordering::Relaxed);
    assert_eq!(knows("old").await, Ok(true));
    assert_eq!(knows("old").await, Ok(true));
    assert_eq!(asked(), 2);

    // Anybody can name a key that there is not: that asks once a minute at most.
    for _ in 0..100 {
        assert_eq!(knows("new").await, Ok(false));
    }
    assert_eq!(asked(), 2);
    source.changed.store(true, Ordering::Relaxed);
    clock.advance(SignedDuration::from_secs(60));
    assert_eq!(knows("new").await, Ok(true));
    assert_eq!(knows("old").await, Ok(false), "what the issuer took back does not count");
    assert_eq!(asked(), 3);

    clock.advance(SignedDuration::from_hours(24));
    source.unreachable.store(true, Ordering::Relaxed);
    assert_eq!(knows("new").await, Ok(true), "an issuer that is away has taken nothing back");
    assert_eq!(asked(), 4);
    assert_eq!(knows("old").await, Err(true));
}

#[tokio::test]
async fn without_the_issuer_s_keys_nobody_is_let_in_and_all_are_asked_to_try_again() {
    let mut cloud = Cloud::new().await;
    let source = Changing {
        issuers: [Issuer::new("old"), Issuer::new("new")],
        changed: AtomicBool::new(false),
        unreachable: AtomicBool::new(true),
        asked: AtomicU32::new(0),
    };
    cloud.api.keys = Arc::new(CachedKeys::new(Arc::new(source), Arc::clone(&cloud.memory.clock) as _));
    let answered = cloud.get(STAFF, "/v1/me").await;
    assert_eq!((answered.status, answered.code()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(answered.header(header::RETRY_AFTER), "2");
}

//! An issuer with a real key.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::Who;
use crate::api::KeySource;
use crate::ports::PortError;

pub(super) const AUDIENCE: &str = "an-app-client";

/// Signs tokens, and publishes its key.
#[derive(Debug)]
pub(super) struct Issuer {
    pub(super) name: String,
    pub(super) id: String,
    pem: String,
    pub(super) fetched: AtomicU32,
}

static SHARED: LazyLock<Arc<Issuer>> = LazyLock::new(|| Arc::new(Issuer::new("key-1")));

impl Issuer {
    pub(super) fn new(id: &str) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = pair.as_der().unwrap();
        let text = STANDARD.encode(der.as_ref());
        Self {
            name: "https://issuer.example.org/pool".to_owned(),
            id: id.to_owned(),
            pem: format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"),
            fetched: AtomicU32::new(0),
        }
    }

    /// One for all tests: to make a key takes a moment.
    pub(super) fn shared() -> Arc<Self> {
        Arc::clone(&SHARED)
    }

    fn key(&self) -> EncodingKey {
        EncodingKey::from_rsa_pem(self.pem.as_bytes()).unwrap()
    }

    /// The claims of an ID token as the user pool makes it.
    pub(super) fn claims(&self, Who(label, groups, email): Who, now: Timestamp) -> Value {
        json!({
            "iss": self.name, "aud": AUDIENCE, "sub": format!("sub of {email}"), "token_use": "id",
            "iat": now.as_second(), "exp": now.as_second() + 3600, "nonce": "nonce",
            "email": email, "email_verified": true, "custom:label_id": label, "cognito:groups": groups,
        })
    }

    pub(super) fn signed(&self, claims: &Value) -> String {
        self.signed_as(Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::RS256) }, claims)
    }

    pub(super) fn signed_as(&self, header: Header, claims: &Value) -> String {
        jsonwebtoken::encode(&header, claims, &self.key()).unwrap()
    }

    pub(super) fn jwk(&self) -> Jwk {
        let mut jwk = Jwk::from_encoding_key(&self.key(), Algorithm::RS256).unwrap();
        jwk.common.key_id = Some(self.id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        jwk
    }
}

#[async_trait]
impl KeySource for Issuer {
    async fn fetch(&self) -> Result<JwkSet, PortError> {
        self.fetched.fetch_add(1, Ordering::Relaxed);
        Ok(JwkSet { keys: vec![self.jwk()] })
    }
}

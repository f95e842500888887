//! The keys that tokens are signed with. They are in the repository, so what they sign is worth nothing elsewhere.

use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde_json::{Value, json};

const KEYS: [(&str, &[u8]); 2] =
    [("first", include_bytes!("keys/first.pem")), ("second", include_bytes!("keys/second.pem"))];

/// Signs claims with one of the keys, which says it is the one called `name`.
pub(super) fn sign(claims: &Value, key: usize, name: usize) -> String {
    let header = Header { kid: Some(KEYS[name].0.to_owned()), ..Header::new(Algorithm::RS256) };
    jsonwebtoken::encode(&header, claims, &private(key)).expect("claims are JSON, and the key is good")
}

/// The public keys up to the one that signs at present, as a JWKS.
pub(super) fn published(last: usize) -> Value {
    let keys: Vec<Jwk> = (0..=last).map(public).collect();
    json!({ "keys": keys })
}

/// The public half of the key that a token names.
pub(super) fn named(kid: &str) -> Option<DecodingKey> {
    let key = KEYS.iter().position(|(name, _)| *name == kid)?;
    DecodingKey::from_jwk(&public(key)).ok()
}

fn private(key: usize) -> EncodingKey {
    EncodingKey::from_rsa_pem(KEYS[key].1).expect("the key is good")
}

fn public(key: usize) -> Jwk {
    let mut jwk =
        Jwk::from_encoding_key(&private(key), Algorithm::RS256).expect("a public key is part of a private one");
    jwk.common.key_id = Some(KEYS[key].0.to_owned());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    jwk
}

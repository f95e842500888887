use std::collections::HashMap;
use std::fmt::{self, Debug};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use tokio::sync::Mutex;

use crate::ports::{Clock, PortError};

/// The public keys that an issuer signs its tokens with.
#[async_trait]
pub trait Keys: Send + Sync + Debug {
    /// The key of an id, as tokens name it. None where the issuer has no such key.
    async fn key(&self, id: &str) -> Result<Option<Arc<DecodingKey>>, PortError>;
}

/// Where an issuer publishes its keys.
#[async_trait]
pub trait KeySource: Send + Sync + Debug {
    /// All of them, as they are now.
    async fn fetch(&self) -> Result<JwkSet, PortError>;
}

/// Keeps an issuer's keys, and asks for them anew when they are a day old or a token names one that is not among them.
pub struct CachedKeys {
    source: Arc<dyn KeySource>,
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    keys: HashMap<String, Arc<DecodingKey>>,
    asked: Option<Timestamp>,
}

impl CachedKeys {
    /// For how long keys are used without asking again.
    const LASTS: SignedDuration = SignedDuration::from_hours(24);
    /// How often the issuer is asked at most: anybody can name a key that there is not.
    const PAUSE: SignedDuration = SignedDuration::from_secs(60);

    /// The keys of a source; nothing is asked of it yet.
    #[must_use]
    pub fn new(source: Arc<dyn KeySource>, clock: Arc<dyn Clock>) -> Self {
        Self { source, clock, kept: Mutex::default() }
    }
}

#[async_trait]
impl Keys for CachedKeys {
    async fn key(&self, id: &str) -> Result<Option<Arc<DecodingKey>>, PortError> {
        // Held across the question, so that a burst of requests asks once.
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        let age = kept.asked.map(|asked| now.duration_since(asked));
        let known = kept.keys.get(id).cloned();
        let is_fresh = match (&known, age) {
            (_, None) => false,
            (Some(_), Some(age)) => age < Self::LASTS,
            (None, Some(age)) => age < Self::PAUSE,
        };
        if is_fresh {
            return Ok(known);
        }
        match self.source.fetch().await {
            Ok(set) => {
                kept.asked = Some(now);
                kept.keys = set.keys.iter().filter_map(usable).collect();
                Ok(kept.keys.get(id).cloned())
            }
            // An issuer that cannot be reached has not taken its keys back.
            Err(error) if known.is_some() => {
                tracing::warn!(error = %error, "the issuer's keys could not be fetched anew");
                Ok(known)
            }
            Err(error) => Err(error),
        }
    }
}

/// An RSA key for signatures, with its id.
fn usable(jwk: &Jwk) -> Option<(String, Arc<DecodingKey>)> {
    let common = &jwk.common;
    let signs = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
    let is_rs256 = matches!(common.key_algorithm, None | Some(KeyAlgorithm::RS256));
    let is_rsa = matches!(jwk.algorithm, AlgorithmParameters::RSA(_));
    let id = common.key_id.clone().filter(|_| signs && is_rs256 && is_rsa)?;
    Some((id, Arc::new(DecodingKey::from_jwk(jwk).ok()?)))
}

impl Debug for CachedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedKeys").field("source", &self.source).finish_non_exhaustive()
    }
}

//! A cloud that answers in this process: what is asked needs no network, so that a clock may stand still meanwhile.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cloud::ports::{Clock, ManualClock};
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use reqwest::{Request, Response};
use serde::Serialize;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::api::{ApiClient, Carry, Tokens};
use super::cache::Cache;
use super::error::{ApiError, SignInNeeded};
use super::{Cloud, Inside, Known, store};
use crate::account::{Account, AccountOptions, Browser, Deployment, Endpoints, Secret, Vault, VaultError};

/// What is answered.
pub(super) type Answer = http::Response<Vec<u8>>;

/// Makes an answer, as often as it is asked for.
pub(super) type Answering = fn() -> Answer;

/// What was asked for, when, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) at: Instant,
    pub(super) path: String,
    pub(super) status: u16,
}

/// Answers by a function, and counts.
pub(super) struct Carried {
    answer: Box<dyn Fn(&Request) -> Answer + Send + Sync>,
    asked: Mutex<Vec<Asked>>,
}

impl Carried {
    pub(super) fn new(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(answer), asked: Mutex::default() })
    }

    /// What was asked since the last time, of paths that begin so. All of it is forgotten.
    pub(super) fn asked(&self, begin: &str) -> Vec<Asked> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.retain(|asked| asked.path.starts_with(begin));
        asked
    }
}

#[async_trait]
impl Carry for Carried {
    async fn carry(&self, request: Request) -> Result<Response, ApiError> {
        let answer = (self.answer)(&request);
        let path = request.url().path().to_owned();
        self.asked.lock().unwrap().push(Asked { at: Instant::now(), path, status: answer.status().as_u16() });
        Ok(answer.into())
    }
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Carried")
    }
}

/// As the API answers.
pub(super) fn json(body: &impl Serialize) -> Answer {
    answer(200, "application/json", serde_json::to_vec(body).unwrap())
}

pub(super) fn answer(status: u16, media: &str, body: impl Into<Vec<u8>>) -> Answer {
    http::Response::builder().status(status).header(CONTENT_TYPE, media).body(body.into()).unwrap()
}

/// As a network answers that wants somebody to sign in to it.
pub(super) fn page() -> Answer {
    answer(200, "text/html", "<!DOCTYPE html><title>Welcome to our Wi-Fi</title>")
}

/// As it leads there.
pub(super) fn way_to_page() -> Answer {
    let mut answer = answer(302, "text/plain", "");
    answer.headers_mut().insert(http::header::LOCATION, http::HeaderValue::from_static("http://wifi.example/welcome"));
    answer
}

/// A token that is always good.
#[derive(Debug)]
pub(super) struct Good;

#[async_trait]
impl Tokens for Good {
    async fn id_token(&self, _: Option<&Secret>) -> Result<Secret, SignInNeeded> {
        Ok(Secret::new("a-token-for-tests".to_owned()))
    }
}

pub(super) fn api(carried: &Arc<Carried>) -> ApiClient {
    ApiClient::new("https://api.low-tide.example", Arc::new(Good), Arc::clone(carried) as _).unwrap()
}

/// A cloud that is asked by a carrier, with what it keeps in a folder. Nobody follows it yet.
pub(super) async fn cloud(carried: &Arc<Carried>, folder: &Path) -> Cloud {
    let label: release::LabelId = "low-tide".parse().unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new("2026-11-22T12:00:00Z".parse::<Timestamp>().unwrap()));
    let options = AccountOptions {
        label: Some(label.clone()),
        accounts: folder.join("accounts.json"),
        vault: Arc::new(Nothing),
        browser: Arc::new(Nothing),
        clock: Arc::clone(&clock),
    };
    let account = Account::open(Arc::new(deployment()), options).await.unwrap();
    let api = api(carried);
    let (cache, heard, _) = Cache::open(&folder.join("cache.db"));
    Cloud(Arc::new(Inside {
        store: store::masters(&account, &api, &label),
        label,
        account,
        api,
        carrier: Arc::clone(carried) as _,
        clock,
        cache,
        known: Mutex::new(Known { heard, ..Known::default() }),
        changed: watch::Sender::new(0),
        nudge: Notify::new(),
        is_eager: false.into(),
        asking: tokio::sync::Mutex::default(),
        read_ahead: crate::player::ReadAhead::default(),
    }))
}

fn deployment() -> Deployment {
    Deployment {
        name: "Low Tide Records".to_owned(),
        region: "eu-west-1".to_owned(),
        api: "https://api.low-tide.example".to_owned(),
        issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool".to_owned(),
        sign_in: "https://sign-in.low-tide.example".to_owned(),
        client: "client".to_owned(),
        identity_pool: "eu-west-1:00000000-0000-0000-0000-000000000000".to_owned(),
        masters: "low-tide-masters".to_owned(),
        ports: vec![49317],
        endpoints: Endpoints::default(),
        object_checksums: true,
    }
}

/// No keyring and no browser: nobody signs in here.
#[derive(Debug)]
struct Nothing;

#[async_trait]
impl Vault for Nothing {
    async fn save(&self, _: &str, _: &str, _: &Secret) -> Result<(), VaultError> {
        Ok(())
    }

    async fn load(&self, _: &str, _: &str) -> Result<Option<Secret>, VaultError> {
        Ok(None)
    }

    async fn forget(&self, _: &str, _: &str) -> Result<(), VaultError> {
        Ok(())
    }
}

impl Browser for Nothing {
    fn open(&self, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }
}

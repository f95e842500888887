//! The handlers as a client sees them. Every answer is held against `docs/openapi.yaml`, and every request that was done.

mod access;
mod asked;
mod described;
mod follows;
mod handovers;
mod labels;
mod orders;
mod problems;
mod releases;
mod signed;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use jiff::Timestamp;
use release::ReleaseId;
use serde::Serialize;
use serde_json::{Value, json};

use super::token::Trust;
use super::{Api, CachedKeys};
use crate::catalogue::{Accepted, Record, ReleaseKey, State, sample};
use crate::ports::{Catalogue as _, Labels as _, RenditionFacts, Renditions as _};
use crate::stages::Masters;
use crate::testing::{
    Album, Memory, MemoryAnnouncements, MemoryChanges, MemoryFollowers, MemoryHandovers, MemoryLabels, MemoryLinks,
};
use signed::{AUDIENCE, Issuer};

/// Two labels' cloud in memory, its API, and who signs in to it.
pub(crate) struct Cloud {
    pub(crate) memory: Arc<Memory>,
    pub(crate) labels: Arc<MemoryLabels>,
    announcements: Arc<MemoryAnnouncements>,
    api: Api,
    issuer: Arc<Issuer>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Answered {
    /// The problem's code; empty where it is none.
    fn code(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// An account: the label, the groups, and the address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who(&'static str, &'static [&'static str], &'static str);

pub(crate) const STAFF: Who = Who("night-office", &["staff"], "staff@example.org");
pub(crate) const MANAGER: Who = Who("night-office", &["manager"], "manager@example.org");
const ARTIST: Who = Who("night-office", &["artist"], "Vesper@example.org");
const OTHER_ARTIST: Who = Who("night-office", &["artist"], "other@example.org");
const FOREIGN_MANAGER: Who = Who("day-shift", &["staff", "manager"], "manager@day.example.org");

impl Cloud {
    pub(crate) async fn new() -> Self {
        let memory = Memory::new(sample::after_hours(1000));
        let issuer = Issuer::shared();
        let labels = Arc::<MemoryLabels>::default();
        let announcements = Arc::<MemoryAnnouncements>::default();
        let clock = Arc::clone(&memory.clock);
        let links = |bucket| Arc::new(MemoryLinks { clock: Arc::clone(&memory.clock) as _, bucket });
        let api = Api {
            trust: Trust { issuer: issuer.name.clone(), audience: AUDIENCE.to_owned() },
            keys: Arc::new(CachedKeys::new(Arc::clone(&issuer) as _, Arc::clone(&memory.clock) as _)),
            catalogue: Arc::clone(&memory) as _,
            changes: Arc::new(MemoryChanges(Arc::clone(&memory))),
            renditions: Arc::clone(&memory) as _,
            labels: Arc::clone(&labels) as _,
            followers: Arc::new(MemoryFollowers::new(Arc::clone(&memory.clock) as _)),
            announcements: Arc::clone(&announcements) as _,
            handovers: Arc::<MemoryHandovers>::default(),
            masters: Masters { store: Arc::clone(&memory.masters) as _, reader: Arc::clone(&memory.masters) as _ },
            master_links: links("masters"),
            rendition_links: links("renditions"),
            clock,
            patience: Duration::from_secs(20),
        };
        let cloud = Self { memory, labels, announcements, api, issuer };
        cloud.maps(ARTIST, "vesper  BLOOM").await;
        cloud.maps(OTHER_ARTIST, "Ada").await;
        cloud
    }

    async fn maps(&self, who: Who, artist: &str) {
        let account = super::wire::ArtistAccount { email: who.2.parse().unwrap(), artists: vec![artist.to_owned()] };
        self.labels.map(&who.0.parse().unwrap(), &account).await.unwrap();
    }

    fn now(&self) -> Timestamp {
        use crate::ports::Clock as _;
        self.memory.clock.now()
    }

    fn token(&self, who: Who) -> String {
        self.issuer.signed(&self.issuer.claims(who, self.now()))
    }

    /// Asks, and holds the answer against its description, and what was asked too where it was done.
    pub(crate) async fn ask(&self, who: Option<Who>, method: Method, path: &str, body: Option<&Value>) -> Answered {
        self.sent(self.request(who, method, path, body)).await
    }

    fn request(&self, who: Option<Who>, method: Method, path: &str, body: Option<&Value>) -> Request<Bytes> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(who) = who {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token(who)));
        }
        let bytes = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Bytes::from(serde_json::to_vec(body).unwrap())
            }
            None => Bytes::new(),
        };
        request.body(bytes).unwrap()
    }

    async fn sent(&self, request: Request<Bytes>) -> Answered {
        let (method, uri, asked) = (request.method().clone(), request.uri().clone(), request.body().clone());
        let answered = self.sent_as_it_is(request).await;
        if answered.status.is_success() {
            described::asked(&method, &uri, &asked);
        }
        answered
    }

    /// Sends what is not as described, and holds the answer alone against its description.
    async fn sent_as_it_is(&self, request: Request<Bytes>) -> Answered {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.api.answer(request).await;
        let (head, body) = response.into_parts();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        let answered = Answered { status: head.status, headers: head.headers, body };
        described::holds(&method, &path, &answered);
        answered
    }

    async fn get(&self, who: Who, path: &str) -> Answered {
        self.ask(Some(who), Method::GET, path, None).await
    }

    async fn post(&self, who: Who, path: &str, body: impl Serialize) -> Answered {
        self.ask(Some(who), Method::POST, path, Some(&json!(body))).await
    }

    async fn put(&self, who: Who, path: &str, body: impl Serialize) -> Answered {
        self.ask(Some(who), Method::PUT, path, Some(&json!(body))).await
    }

    /// Keeps a record, under a label and a number of its own.
    async fn keep(&self, label: &str, number: u128, record: Record) -> ReleaseKey {
        let key = ReleaseKey { label: label.parse().unwrap(), release: ReleaseId::new(sample::start(), number) };
        self.memory.save(&Record { key: key.clone(), ..record }, None, &[]).await.unwrap();
        key
    }

    /// A release of `night-office` by Vesper Bloom that waits for a decision, its renditions made.
    async fn in_review(&self, number: u128) -> (ReleaseKey, Accepted) {
        let accepted = Accepted { review: true, ..sample::accepted(1, 2) };
        let events = [sample::accepting(1, 1, accepted.clone()), sample::ready(1, 1), sample::ready(1, 2)];
        let (record, _) = sample::play(None, &events);
        let record = record.unwrap();
        assert_eq!(record.state, State::InReview);
        for recipe in accepted.recipes() {
            self.memory.put(&sample::key().label, recipe, &facts()).await.unwrap();
        }
        (self.keep("night-office", number, record).await, accepted)
    }

    /// A failed one.
    async fn failed(&self, number: u128) -> ReleaseKey {
        let (record, _) = sample::play(None, &[sample::refused(1, 1, "It has no tracks.")]);
        self.keep("night-office", number, record.unwrap()).await
    }

    /// The first delivery of an album in the store, taken in.
    async fn delivered(&self) -> Album {
        let album = Album::new(2);
        let key = album.deliver(self.memory.masters.as_ref(), 1).await;
        crate::stages::intake(&self.memory.intake(), &key, None).await.unwrap();
        album
    }
}

fn facts() -> RenditionFacts {
    RenditionFacts {
        profile: "flac".to_owned(),
        sound: audio::Rendition {
            bytes: 1234,
            sample_rate: 96_000,
            bit_depth: Some(24),
            channels: 2,
            frames: 96_000,
            loudness: release::Loudness { integrated_lufs: Some(-14.25), true_peak_dbtp: None, sample_peak_dbfs: None },
            dithered: true,
            notes: vec![audio::Note::FromFloat { bits: 24 }],
        },
    }
}

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use upload::{ObjectReader as _, ObjectStore as _, Whole};

use super::{Memory, MemoryAnnouncements, MemoryChanges, MemoryFollowers, MemoryHandovers, MemoryLabels};
use crate::Message;
use crate::api::token::Trust;
use crate::api::{Api, Keys};
use crate::ports::{Clock as _, EmailAddress, Links, ManualClock, Queue as _};
use crate::stages::{Intake, Masters, StageError, dispatch, intake, record, transcode};

/// Several labels' cloud in memory: the API's own handlers, and the stages. For tests of whoever asks it.
#[derive(Debug)]
pub struct MemoryCloud {
    memory: Arc<Memory>,
    api: Api,
    scratch: TempDir,
}

impl MemoryCloud {
    /// A cloud that believes an issuer, gives out links of somebody else's, and whose clock stands at a time.
    #[must_use]
    pub fn new(now: Timestamp, trust: Trust, keys: Arc<dyn Keys>, links: Arc<dyn Links>) -> Self {
        let memory = Memory::new(now);
        let api = Api {
            trust,
            keys,
            catalogue: Arc::clone(&memory) as _,
            changes: Arc::new(MemoryChanges(Arc::clone(&memory))),
            renditions: Arc::clone(&memory) as _,
            labels: Arc::<MemoryLabels>::default(),
            followers: Arc::new(MemoryFollowers::new(Arc::clone(&memory.clock) as _)),
            announcements: Arc::<MemoryAnnouncements>::default(),
            handovers: Arc::<MemoryHandovers>::default(),
            masters: Masters { store: Arc::clone(&memory.masters) as _, reader: Arc::clone(&memory.masters) as _ },
            master_links: Arc::clone(&links),
            rendition_links: links,
            clock: Arc::clone(&memory.clock) as _,
            patience: Duration::from_secs(20),
        };
        Self { memory, api, scratch: TempDir::new().expect("there is a folder for scratch files") }
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> Arc<ManualClock> {
        Arc::clone(&self.memory.clock)
    }

    /// Answers a request of the API.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        // What changes is listed by its time.
        self.memory.clock.advance(SignedDuration::from_millis(1));
        self.api.answer(request).await
    }

    /// What confirms an address's subscription, as its e-mail has it.
    #[must_use]
    pub fn confirmation(artist: &str, email: &EmailAddress) -> String {
        MemoryFollowers::token(artist, email)
    }

    /// Takes an object into the store of masters.
    pub async fn arrive(&self, key: &str, bytes: Bytes) {
        let whole = Whole::of(&bytes);
        self.memory.masters.put(key, bytes.into(), whole).await.expect("memory takes everything");
    }

    /// Hears of a manifest.
    pub async fn hear_of(&self, manifest: &str) {
        let message = Message::Manifest { key: manifest.to_owned(), version: None, trace: None };
        self.memory.send(&message, manifest).await.expect("memory takes everything");
    }

    /// The bytes of an object that a link leads to.
    pub async fn read(&self, key: &str, range: std::ops::Range<u64>) -> Option<Bytes> {
        let stores = [&self.memory.renditions, &self.memory.masters];
        for store in stores {
            if let Ok(bytes) = store.read(key, range.clone()).await {
                return Some(bytes);
            }
        }
        None
    }

    /// Does all that there is to be done, releases being reviewed first or not.
    pub async fn settle(&self, review: bool) {
        loop {
            let (messages, errands) = (self.memory.waiting(), self.memory.errands());
            if messages.is_empty() && errands.is_empty() {
                return;
            }
            for errand in &errands {
                self.memory.clock.advance(SignedDuration::from_millis(1));
                dispatch(&self.memory.dispatch(), errand).await.expect("memory does not fail");
            }
            for (message, dedup) in &messages {
                self.memory.clock.advance(SignedDuration::from_millis(1));
                match self.handle(message, review).await {
                    Ok(()) => self.memory.handled(dedup),
                    Err(error) => panic!("{message:?}: {error}"),
                }
            }
        }
    }

    async fn handle(&self, message: &Message, review: bool) -> Result<(), StageError> {
        match message {
            Message::Manifest { key, version, .. } => {
                intake(&Intake { review, ..self.memory.intake() }, key, version.as_deref()).await
            }
            Message::Transcode(job) => {
                let ports = self.memory.transcode(self.scratch.path());
                let (progress, stop) = (Arc::new(|_| ()), CancellationToken::new());
                transcode(&ports, job, &(progress as _), &stop).await
            }
            Message::Happened(event) => Ok(record(&self.memory.recorder(), event).await.map(drop)?),
        }
    }

    /// What time it is there.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.memory.clock.now()
    }
}

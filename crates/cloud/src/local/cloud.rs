use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use release::{LabelId, Recipe, ReleaseId};
use thiserror::Error;
use tokio::sync::{Notify, watch};
use upload::{DirStore, StoreError, said_by_system};

use super::database::{Database, DatabaseError};
use super::leases::SqliteLeases;
use super::now::{JobProgress, Now};
use super::outbox::SqliteOutbox;
use super::outbox_folder::OutboxFolder;
use super::queue::{DeadLetter, SqliteQueue};
use super::releases::SqliteCatalogue;
use super::renditions::SqliteRenditions;
use super::subscriptions::SqliteSubscriptions;
use super::{Worker, private};
use crate::Letter;
use crate::catalogue::{Accepted, Decision, Event, Fact, Record, ReleaseKey, Void};
use crate::ports::{
    AddressError, Catalogue as _, Clock, EmailAddress, PortError, RenditionFacts, Renditions as _, Stored,
    Subscription, Subscriptions as _,
};
use crate::stages::{Recorder, record};
use crate::view::ReleaseView;

/// The cloud of a workspace on this machine. One process at a time may have it open: the workspace's lock sees to that.
#[derive(Debug, Clone)]
pub struct LocalCloud {
    pub(super) parts: Arc<Parts>,
}

/// What a local workspace wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The label whose releases these are.
    pub label: LabelId,
    /// Whether a release manager is to hear a release before it goes live.
    pub review: bool,
    /// Whether artists' followers are written to when a release goes live.
    pub artists_mail: bool,
}

/// The stores, adapters and signals of a local workspace.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) label: LabelId,
    /// As in [`Settings`]; read whenever it matters, so that nothing has to be started anew when it changes.
    pub(super) review: AtomicBool,
    /// As in [`Settings`].
    pub(super) artists_mail: AtomicBool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) masters: Arc<DirStore>,
    pub(super) renditions: Arc<DirStore>,
    pub(super) outbox_folder: OutboxFolder,
    pub(super) scratch: PathBuf,
    pub(super) database: Database,
    pub(super) now: Now,
    /// Releases as they were last read. Guarded by a lock that may be held across a read.
    pub(super) shown: tokio::sync::Mutex<BTreeMap<ReleaseId, Shown>>,
    /// Told when a manifest may have arrived.
    pub(super) arrivals: Notify,
}

/// A release as it was last read.
#[derive(Debug)]
pub(super) struct Shown {
    version: u64,
    view: Arc<ReleaseView>,
}

/// Why a local workspace's cloud cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// A folder cannot be made or written.
    #[error(
        "The workspace folder {} cannot be written: {}. See that the disk is not full, and that the folder \
         belongs to you.",
        path.display(), said_by_system(source)
    )]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A store of objects cannot be opened.
    #[error("{source} {}", source.help())]
    Store {
        /// What the store says.
        #[from]
        source: StoreError,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Why something asked of a local cloud was not done.
#[derive(Debug, Error)]
pub enum CloudError {
    /// There is no such release here.
    #[error("No release {0} was delivered to this workspace.")]
    Unknown(ReleaseId),
    /// The order does not count.
    #[error(transparent)]
    Void(#[from] Void),
    /// Not an e-mail address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A name with nothing in it.
    #[error("Name the artist whose releases are to be followed.")]
    NoArtist,
    /// The workspace's database or disk fails.
    #[error("The workspace failed at {0}")]
    Port(#[from] PortError),
}

/// A letter that was written.
#[derive(Debug, Clone, PartialEq)]
pub struct MailView {
    /// What it says, and to whom.
    pub letter: Letter,
    /// The file.
    pub path: PathBuf,
}

impl LocalCloud {
    /// Opens the cloud of the workspace in a folder, and makes what is missing in it.
    ///
    /// Blocks: call it where that is allowed.
    ///
    /// # Errors
    /// Where the folder cannot be written, or what is in it cannot be read.
    pub fn open(home: &Path, settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let folder_error = |path: &Path| {
            let path = path.to_owned();
            move |source| OpenError::Folder { path, source }
        };
        private::create_folder(home).map_err(folder_error(home))?;
        let scratch = home.join("scratch").join("transcode");
        private::create_empty_folder(&scratch).map_err(folder_error(&scratch))?;
        let outbox = home.join("outbox");
        let outbox_folder = OutboxFolder::open(outbox.clone()).map_err(folder_error(&outbox))?;
        let masters = Arc::new(DirStore::open(home.join("masters"))?);
        let renditions = Arc::new(DirStore::open(home.join("renditions"))?);
        let file = home.join("cloud.db");
        let now = Now::default();
        let database = Database::open(&file, now.changed().clone())?;
        let parts = Parts {
            label: settings.label,
            review: settings.review.into(),
            artists_mail: settings.artists_mail.into(),
            clock,
            masters,
            renditions,
            outbox_folder,
            scratch,
            database,
            now,
            shown: tokio::sync::Mutex::default(),
            arrivals: Notify::new(),
        };
        Ok(Self { parts: Arc::new(parts) })
    }

    /// Where masters, artwork and manifests are delivered to.
    #[must_use]
    pub fn masters(&self) -> Arc<DirStore> {
        Arc::clone(&self.parts.masters)
    }

    /// Where renditions lie.
    #[must_use]
    pub fn renditions(&self) -> Arc<DirStore> {
        Arc::clone(&self.parts.renditions)
    }

    /// The folder of letters.
    #[must_use]
    pub fn outbox(&self) -> &Path {
        self.parts.outbox_folder.path()
    }

    /// Runs the stages until the worker is stopped or dropped, and first takes up what another left when it ended: there
    /// must be no other one at the same time. Must be called in a tokio runtime.
    #[must_use]
    pub fn spawn(&self) -> Worker {
        Worker::spawn(Arc::clone(&self.parts))
    }

    /// Has a release manager hear releases before they go live, or not: those whose manifest is taken in from now on.
    pub fn set_review(&self, review: bool) {
        self.parts.review.store(review, Ordering::Relaxed);
    }

    /// Has artists' followers written to, or not. News that comes up while they are not is settled without a letter,
    /// and none is written later: months-old news helps nobody.
    pub fn set_artists_mail(&self, artists_mail: bool) {
        self.parts.artists_mail.store(artists_mail, Ordering::Relaxed);
    }

    /// Says that a manifest may have arrived. Looks for it soon, in the background.
    pub fn notice(&self) {
        self.parts.arrivals.notify_one();
    }

    /// Changes with every change of what the other methods answer.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.parts.now.changed().subscribe()
    }

    /// All releases of the workspace's label, latest change first. Only those that changed since they were last asked
    /// for are read; the others are the very same.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn releases(&self) -> Result<Vec<Arc<ReleaseView>>, CloudError> {
        let mut shown = self.parts.shown.lock().await;
        let versions = self.parts.catalogue().versions(&self.parts.label).await?;
        let is_known = |(id, version): &&(ReleaseId, u64)| shown.get(id).is_some_and(|shown| shown.version == *version);
        let changed: Vec<ReleaseId> = versions.iter().filter(|one| !is_known(one)).map(|(id, _)| *id).collect();
        let loaded = self.parts.catalogue().load_all(&self.parts.label, changed).await?;
        // In one read: what is in the store by the time that its record says so has its facts.
        let facts = self.facts(loaded.iter().map(|stored| &stored.record)).await?;
        for Stored { version, record } in &loaded {
            let view = Arc::new(ReleaseView::new(record, &facts));
            shown.insert(record.key.release, Shown { version: *version, view });
        }
        Ok(versions.iter().filter_map(|(id, _)| Some(Arc::clone(&shown.get(id)?.view))).collect())
    }

    /// A release.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn release(&self, id: ReleaseId) -> Result<Option<ReleaseView>, CloudError> {
        match self.record(id).await {
            Ok(record) => {
                let facts = self.facts(std::iter::once(&record)).await?;
                Ok(Some(ReleaseView::new(&record, &facts)))
            }
            Err(CloudError::Unknown(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn record(&self, id: ReleaseId) -> Result<Record, CloudError> {
        let stored = self.parts.catalogue().load(&self.key(id)).await?;
        stored.map(|stored| stored.record).ok_or(CloudError::Unknown(id))
    }

    fn key(&self, release: ReleaseId) -> ReleaseKey {
        ReleaseKey { label: self.parts.label.clone(), release }
    }

    async fn facts<'a>(
        &self,
        records: impl Iterator<Item = &'a Record> + Send,
    ) -> Result<BTreeMap<Recipe, RenditionFacts>, CloudError> {
        let accepted = records.filter_map(|record| record.current.accepted());
        let recipes: Vec<Recipe> = accepted.flat_map(Accepted::recipes).collect();
        Ok(self.parts.rendition_facts().facts(&self.parts.label, &recipes).await?)
    }

    /// The transcodes that run at this moment.
    #[must_use]
    pub fn progress(&self) -> Vec<JobProgress> {
        self.parts.now.running()
    }

    /// What keeps the worker from working at this moment, in words, such as a full disk. It tries again every few seconds.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.parts.now.trouble()
    }

    /// Records what a release manager decided.
    ///
    /// # Errors
    /// [`CloudError::Void`] where the decision is about something else than what waits for one.
    pub async fn decide(&self, decision: Decision) -> Result<(), CloudError> {
        let (release, delivery) = (decision.release, decision.delivery);
        self.order(release, |_| (delivery, Fact::Decided(decision.clone()))).await
    }

    /// Takes a release back.
    ///
    /// # Errors
    /// [`CloudError::Void`] where it is withdrawn already.
    pub async fn withdraw(&self, release: ReleaseId, reason: &str) -> Result<(), CloudError> {
        self.order(release, |record| (record.current.id, Fact::Withdrawn { reason: reason.to_owned() })).await
    }

    /// Tries a failed release again: verifies its files anew, and makes what is missing.
    ///
    /// # Errors
    /// [`CloudError::Void`] where it is not failed.
    pub async fn try_again(&self, release: ReleaseId) -> Result<(), CloudError> {
        self.order(release, |record| (record.current.id, Fact::TriedAgain)).await
    }

    async fn order(
        &self,
        release: ReleaseId,
        of: impl FnOnce(&Record) -> (release::DeliveryId, Fact) + Send,
    ) -> Result<(), CloudError> {
        let (delivery, fact) = of(&self.record(release).await?);
        let event = Event { key: self.key(release), delivery, fact };
        Ok(record(&self.parts.recorder(), &event).await??)
    }

    /// Has news of an artist sent to an address. True where that is new.
    ///
    /// # Errors
    /// Where the address is none, or the database cannot be written.
    pub async fn subscribe(&self, artist: &str, email: &str) -> Result<bool, CloudError> {
        let artist = artist.trim().to_owned();
        if artist.is_empty() {
            return Err(CloudError::NoArtist);
        }
        let subscription = Subscription { artist, email: email.parse()?, since: self.parts.clock.now() };
        Ok(self.parts.subscriptions().subscribe(&subscription).await?)
    }

    /// Ends a subscription. True where there was one.
    ///
    /// # Errors
    /// Where the address is none, or the database cannot be written.
    pub async fn unsubscribe(&self, artist: &str, email: &str) -> Result<bool, CloudError> {
        let email: EmailAddress = email.parse()?;
        Ok(self.parts.subscriptions().unsubscribe(artist, &email).await?)
    }

    /// Who follows whom, by artist and address.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, CloudError> {
        Ok(self.parts.subscriptions().all().await?)
    }

    /// The last 500 letters that were written, latest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn mails(&self) -> Result<Vec<MailView>, CloudError> {
        let letters = self.parts.outbox().letters().await?;
        let view = |(letter, reference)| MailView { letter, path: self.outbox().join(reference) };
        Ok(letters.into_iter().map(view).collect())
    }

    /// Releases whose followers are being told right now. A letter that could not be written waits for its next try
    /// and does not count.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn telling(&self) -> Result<BTreeSet<ReleaseId>, CloudError> {
        Ok(self.parts.outbox().untold().await?.into_iter().map(|news| news.key.release).collect())
    }

    /// What the pipeline gave up, latest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn dead_letters(&self) -> Result<Vec<DeadLetter>, CloudError> {
        Ok(self.parts.queue().dead_letters().await?)
    }
}

impl Parts {
    pub(super) fn catalogue(&self) -> SqliteCatalogue {
        SqliteCatalogue { database: self.database.clone() }
    }

    pub(super) fn outbox(&self) -> SqliteOutbox {
        SqliteOutbox { database: self.database.clone(), clock: Arc::clone(&self.clock) }
    }

    pub(super) fn queue(&self) -> SqliteQueue {
        SqliteQueue { database: self.database.clone(), clock: Arc::clone(&self.clock) }
    }

    pub(super) fn leases(&self) -> SqliteLeases {
        SqliteLeases { database: self.database.clone() }
    }

    pub(super) fn rendition_facts(&self) -> SqliteRenditions {
        SqliteRenditions { database: self.database.clone() }
    }

    pub(super) fn subscriptions(&self) -> SqliteSubscriptions {
        SqliteSubscriptions { database: self.database.clone() }
    }

    pub(super) fn recorder(&self) -> Recorder {
        Recorder { catalogue: Arc::new(self.catalogue()), clock: Arc::clone(&self.clock) }
    }
}

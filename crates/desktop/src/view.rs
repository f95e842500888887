//! What a window or a terminal shows: everything, as it is on disk. Views are cheap: what did not change is shared.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use release::{DeliveryId, Problem, ReleaseId, Severity};

use crate::delivery::{Delivery, DeliveryState};
use crate::draft::Draft;
use crate::settings::DeskSettings;
use crate::workspace::{CloudStatus, Mail, ReleaseView, RenditionView, Subscription, Transcode, WorkspaceFile};

/// All that a session shows at one instant.
#[derive(Debug, Clone)]
pub struct View {
    /// The workspace's folder.
    pub home: Arc<PathBuf>,
    /// Where renditions lie, where that is a folder on this machine.
    pub renditions: Option<Arc<PathBuf>>,
    /// What the workspace is.
    pub workspace: Arc<WorkspaceFile>,
    /// How it stands with the label's own cloud; none in a workspace on this computer.
    pub cloud: Option<Arc<CloudStatus>>,
    /// What was chosen at this desk.
    pub settings: Arc<DeskSettings>,
    /// Releases in the making, the oldest first.
    pub drafts: Arc<Vec<Arc<DraftView>>>,
    /// Imports that are running.
    pub imports: Arc<Vec<ImportView>>,
    /// Deliveries, in the order in which they are sent; sent ones too.
    pub queue: Arc<Vec<DeliveryView>>,
    /// What the workspace's cloud knows of releases.
    pub releases: Arc<Vec<Arc<ReleaseView>>>,
    /// Releases that are live, and whose artists are being told.
    pub telling: Arc<BTreeSet<ReleaseId>>,
    /// Renditions that are being made.
    pub transcodes: Arc<Vec<Transcode>>,
    /// Who is told when an artist's music is live.
    pub subscriptions: Arc<Vec<Subscription>>,
    /// E-mail that was written.
    pub mails: Arc<Vec<Mail>>,
    /// What a person should know of the workspace itself.
    pub notices: Arc<Vec<Notice>>,
}

/// A draft with what stands between it and its delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftView {
    /// The draft.
    pub draft: Arc<Draft>,
    /// What is missing, wrong or unwise, in the order of the screen.
    pub problems: Vec<PlacedProblem>,
    /// Grows with every change of the draft; no two views of one session that differ have the same.
    pub revision: u64,
    /// What would be undone, in words: `title of track 3`, `order of tracks`.
    pub undo: Option<String>,
    /// What would be done again, in words.
    pub redo: Option<String>,
}

/// A problem and where it is, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedProblem {
    /// Where: `Release`, `Track 3 "Night Bus"`.
    pub place: String,
    /// What.
    pub problem: Problem,
}

/// An import that is running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportView {
    /// Its number in this session.
    pub id: u64,
    /// What is imported.
    pub paths: Vec<PathBuf>,
    /// Sound files that were found so far.
    pub files: usize,
    /// Those that are done.
    pub files_done: usize,
    /// The length of all of them; 0 until they are found.
    pub bytes: u64,
    /// How much of it is done.
    pub bytes_done: u64,
}

/// A delivery of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryView {
    /// The delivery.
    pub delivery: Arc<Delivery>,
    /// How far it is, while it is being sent.
    pub sending: Option<Sending>,
    /// Why it rests, where the store cannot be reached: it is tried again by itself.
    pub held: Option<Hold>,
    /// What it waits for. None while it is being sent, and once it will not be.
    pub waits_for: Option<WaitsFor>,
}

/// A store that cannot be reached, and when it is asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What failed, on what.
    pub message: String,
    /// What a person can do about it.
    pub help: String,
    /// When it is tried again.
    pub until: Timestamp,
}

/// What a delivery waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// Those before it.
    Turn,
    /// Somebody who lets the queue go on.
    QueuePaused,
    /// Somebody who lets this delivery go on.
    Paused,
    /// The store, which cannot be reached.
    Store,
    /// Somebody who signs in to the cloud: nothing is sent in nobody's name.
    SignIn,
}

/// How far a delivery that is being sent has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending {
    /// Bytes of all files that the store has, those that it had before included.
    pub bytes_done: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Bytes that are sent in a second, once that can be told.
    pub bytes_per_second: Option<f64>,
    /// How long the rest will take, in seconds, once that can be told.
    pub seconds_left: Option<f64>,
    /// Each file, in the order in which they are sent.
    pub assets: Vec<AssetSending>,
}

/// How far a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetSending {
    /// The file.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// How much of it the store has.
    pub bytes_done: u64,
    /// Whether the store has confirmed it.
    pub is_done: bool,
    /// Whether the store had it before this delivery.
    pub was_there: bool,
}

/// Something a person should know of the workspace itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// A stable name.
    pub code: &'static str,
    /// What is so.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl View {
    /// The draft of a release.
    #[must_use]
    pub fn draft(&self, release: ReleaseId) -> Option<&Arc<DraftView>> {
        self.drafts.iter().find(|view| view.draft.release.id == release)
    }

    /// A delivery of the queue.
    #[must_use]
    pub fn delivery(&self, delivery: DeliveryId) -> Option<&DeliveryView> {
        self.queue.iter().find(|view| view.delivery.id == delivery)
    }

    /// The latest delivery of a release that was not taken back.
    #[must_use]
    pub fn last_delivery(&self, release: ReleaseId) -> Option<&DeliveryView> {
        self.queue
            .iter()
            .filter(|view| view.delivery.release == release && view.delivery.state != DeliveryState::Cancelled)
            .max_by_key(|view| view.delivery.id)
    }

    /// E-mail that was written because a release went live.
    pub fn mails_of(&self, release: ReleaseId) -> impl Iterator<Item = &Mail> {
        self.mails.iter().filter(move |mail| mail.release == Some(release))
    }

    /// What the cloud knows of a release.
    #[must_use]
    pub fn release(&self, release: ReleaseId) -> Option<&Arc<ReleaseView>> {
        self.releases.iter().find(|view| view.key.release == release)
    }

    /// Where a rendition lies on this machine, once it is made.
    #[must_use]
    pub fn rendition_path(&self, rendition: &RenditionView) -> Option<PathBuf> {
        rendition.facts.as_ref()?;
        Some(self.renditions.as_ref()?.join(&rendition.key))
    }
}

impl DeliveryView {
    pub(crate) fn new(delivery: Delivery) -> Self {
        Self { delivery: Arc::new(delivery), sending: None, held: None, waits_for: None }
    }
}

impl WaitsFor {
    /// As it stands behind "waits for".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Turn => "those before it",
            Self::QueuePaused => "the queue to be resumed",
            Self::Paused => "somebody to resume it",
            Self::Store => "the store to answer",
            Self::SignIn => "you to sign in",
        }
    }
}

impl DraftView {
    /// The problems that stop it from being queued.
    pub fn errors(&self) -> impl Iterator<Item = &PlacedProblem> {
        self.of_severity(Severity::Error)
    }

    /// The problems of a severity.
    pub fn of_severity(&self, severity: Severity) -> impl Iterator<Item = &PlacedProblem> {
        self.problems.iter().filter(move |placed| placed.problem.severity == severity)
    }
}

impl Sending {
    /// How far it is, from 0 to 1.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a fraction for people")]
        if self.bytes == 0 { 1.0 } else { self.bytes_done as f64 / self.bytes as f64 }
    }
}

//! The task that owns the session's state. The state is what is shown: a view is a copy of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cloud::ports::Clock;
use jiff::Timestamp;
use release::{Field, ReleaseId};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use upload::Sender;

use super::command::{Command, Reply};
use super::following::{CloudReport, Following};
use super::importing::{self, Import, ImportReport, Picture};
use super::shipping::{Shipping, ShippingReport};
use super::{OpenError, SessionError};
use crate::checking;
use crate::desk::SharedDesk;
use crate::draft::Draft;
use crate::home::Home;
use crate::lock::Lock;
use crate::view::{DraftView, View};
use crate::workspace::Workspace;

pub(super) struct Controller {
    pub(super) home: Home,
    pub(super) desk: SharedDesk,
    pub(super) workspace: Workspace,
    pub(super) sender: Arc<Sender>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) view: View,
    views: watch::Sender<Arc<View>>,
    /// Work that was given to other tasks, and reports here.
    pub(super) reports: mpsc::UnboundedSender<Report>,
    reported: mpsc::UnboundedReceiver<Report>,
    pub(super) following: Following,
    /// Rung when something that is under way got further.
    pub(super) progress: Arc<Notify>,
    pub(super) tasks: TaskTracker,
    pub(super) imports: Vec<Import>,
    pub(super) last_import: u64,
    pub(super) shipping: Option<Shipping>,
    pub(super) is_ending: bool,
    lock: Lock,
}

/// What a task that works for the session has to say. Reports are few: one at the end of each piece of work.
pub(super) enum Report {
    Import(Box<ImportReport>),
    Shipping(ShippingReport),
    Artwork(Box<ArtworkReport>),
    Cloud(Box<CloudReport>),
}

/// A picture that a person chose, read.
pub(super) struct ArtworkReport {
    pub(super) draft: ReleaseId,
    pub(super) picture: Result<Picture, SessionError>,
    pub(super) reply: Reply<()>,
}

/// Progress is shown ten times a second, however often it comes.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

impl Controller {
    pub(super) fn new(
        home: Home,
        lock: Lock,
        desk: SharedDesk,
        workspace: Workspace,
        clock: Arc<dyn Clock>,
        view: View,
        views: watch::Sender<Arc<View>>,
    ) -> Self {
        let (reports, reported) = mpsc::unbounded_channel();
        let sender = Arc::new(Sender::new(workspace.store(), home.journals(), upload::Options::default()));
        let following = Following::new(&workspace);
        Self {
            home,
            desk,
            workspace,
            sender,
            clock,
            view,
            views,
            reports,
            reported,
            following,
            progress: Arc::default(),
            tasks: TaskTracker::new(),
            imports: Vec::new(),
            last_import: 0,
            shipping: None,
            is_ending: false,
            lock,
        }
    }

    /// Looks at the cloud, and goes on with what an earlier process left.
    pub(super) async fn start(&mut self) -> Result<(), OpenError> {
        self.view.renditions = self.workspace.renditions().map(Arc::new);
        let found = self.workspace.read().await?;
        self.take_cloud(found);
        // A manifest may have been handed over right before the last process ended.
        self.workspace.notice();
        self.ship_next().await;
        self.publish();
        Ok(())
    }

    /// Runs until the session is closed or its last handle is gone.
    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Command>) {
        let mut progress_due: Option<Instant> = None;
        let progress = Arc::clone(&self.progress);
        let closed = loop {
            tokio::select! {
                command = inbox.recv() => match command {
                    Some(Command::Close { reply }) => break Some(reply),
                    Some(command) => self.obey(command).await,
                    None => break None,
                },
                Some(report) = self.reported.recv() => self.take(report).await,
                () = self.following.due() => self.begin_to_read_cloud(),
                () = progress.notified(), if progress_due.is_none() => {
                    progress_due = Some(Instant::now() + PROGRESS_EVERY);
                }
                () = at(progress_due) => {
                    progress_due = None;
                    self.show_progress();
                }
            }
        };
        self.end(closed).await;
    }

    async fn end(mut self, closed: Option<oneshot::Sender<()>>) {
        self.is_ending = true;
        for import in &self.imports {
            import.cancel();
        }
        if let Some(shipping) = &self.shipping {
            shipping.stop();
        }
        self.tasks.close();
        self.tasks.wait().await;
        // What was finished meanwhile is noted, so that it is not done again.
        while let Ok(report) = self.reported.try_recv() {
            self.take(report).await;
        }
        let Self { workspace, desk, lock, views, .. } = self;
        workspace.stop().await;
        drop(desk);
        drop(lock);
        if let Some(closed) = closed {
            // Whoever asked may have gone.
            let _ = closed.send(());
        }
        drop(views);
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Import { paths, reply } => self.import(paths, reply),
            Command::CancelImport { import, reply } => {
                self.cancel_import(import);
                answer(reply, Ok(()));
            }
            Command::Edit { draft, edits, reply } => answer(reply, self.edit(draft, edits).await),
            Command::SetArtwork { draft, path, reply } => self.read_artwork(draft, path, reply),
            Command::Remove { draft, reply } => answer(reply, self.remove(draft).await),
            Command::Queue { draft, reply } => answer(reply, self.queue(draft).await),
            Command::Wish { delivery, wish, reply } => self.wish(delivery, wish, reply).await,
            Command::PauseQueue { paused, reply } => answer(reply, self.pause_queue(paused).await),
            Command::SetWorkspace { label_name, review, reply } => {
                answer(reply, self.set_workspace(label_name, review).await);
            }
            Command::Subscribe { artist, email, reply } => {
                let done = self.workspace.subscribe(&artist, &email).await.map_err(Into::into);
                self.show_cloud().await;
                answer(reply, done);
            }
            Command::Unsubscribe { artist, email, reply } => {
                let done = self.workspace.unsubscribe(&artist, &email).await.map_err(Into::into);
                self.show_cloud().await;
                answer(reply, done);
            }
            Command::Decide { decision, reply } => {
                let done = self.workspace.decide(*decision).await.map_err(Into::into);
                self.show_cloud().await;
                answer(reply, done);
            }
            Command::Withdraw { release, reason, reply } => {
                let done = self.workspace.withdraw(release, &reason).await.map_err(Into::into);
                self.show_cloud().await;
                answer(reply, done);
            }
            Command::TryAgain { release, reply } => {
                let done = self.workspace.try_again(release).await.map_err(Into::into);
                self.show_cloud().await;
                answer(reply, done);
            }
            // The loop takes these itself.
            Command::Close { reply } => drop(reply),
        }
    }

    async fn take(&mut self, report: Report) {
        match report {
            Report::Import(report) => self.imported(*report).await,
            Report::Shipping(report) => self.shipped(report).await,
            Report::Cloud(report) => self.cloud_was_read(*report),
            Report::Artwork(report) => {
                let ArtworkReport { draft, picture, reply } = *report;
                let done = match picture {
                    Ok(picture) => self.set_artwork(draft, picture).await,
                    Err(error) => Err(error),
                };
                answer(reply, done);
            }
        }
    }

    async fn edit(&mut self, release: ReleaseId, edits: Vec<(Field, String)>) -> Result<(), SessionError> {
        let mut draft = Draft::clone(&self.draft(release)?.draft);
        for (field, text) in &edits {
            draft.edit(*field, text)?;
        }
        self.save(draft).await
    }

    async fn remove(&mut self, release: ReleaseId) -> Result<(), SessionError> {
        self.draft(release)?;
        self.desk.run(move |desk| desk.remove_draft(release)).await?;
        Arc::make_mut(&mut self.view.drafts).retain(|view| view.draft.release.id != release);
        self.publish();
        Ok(())
    }

    async fn set_artwork(&mut self, release: ReleaseId, picture: Picture) -> Result<(), SessionError> {
        let mut draft = Draft::clone(&self.draft(release)?.draft);
        draft.set_artwork(picture.artwork, picture.file);
        self.save(draft).await
    }

    async fn set_workspace(&mut self, label_name: String, review: bool) -> Result<(), SessionError> {
        let mut file = (*self.view.workspace).clone();
        file.label_name = label_name;
        file.review = review;
        let (home, saved) = (self.home.clone(), file.clone());
        crate::blocking::blocking(move || saved.save(&home)).await?;
        let taken = self.workspace.set(&file).await;
        self.following.turn_to(&self.workspace);
        self.view.workspace = Arc::new(file);
        self.show_cloud().await;
        Ok(taken?)
    }

    /// Puts a draft on disk, and then into the view.
    pub(super) async fn save(&mut self, draft: Draft) -> Result<(), SessionError> {
        let draft = Arc::new(draft);
        let saved = Arc::clone(&draft);
        self.desk.run(move |desk| desk.save_draft(&saved)).await?;
        let id = draft.release.id;
        let checked = Arc::new(checking::checked(draft, self.now()));
        let drafts = Arc::make_mut(&mut self.view.drafts);
        match drafts.binary_search_by_key(&id, |view| view.draft.release.id) {
            Ok(place) => drafts[place] = checked,
            Err(place) => drafts.insert(place, checked),
        }
        self.publish();
        Ok(())
    }

    pub(super) fn draft(&self, release: ReleaseId) -> Result<&Arc<DraftView>, SessionError> {
        self.view.draft(release).ok_or(SessionError::NoSuchDraft(release))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn publish(&self) {
        self.views.send_replace(Arc::new(self.view.clone()));
    }

    pub(super) fn show_progress(&mut self) {
        self.view.imports = Arc::new(self.imports.iter().map(Import::view).collect());
        if let Some(shipping) = &self.shipping {
            let (id, sending) = (shipping.delivery, shipping.sending());
            if let Some(view) = Arc::make_mut(&mut self.view.queue).iter_mut().find(|view| view.delivery.id == id) {
                view.sending = Some(sending);
            }
        }
        self.publish();
    }

    fn read_artwork(&mut self, draft: ReleaseId, path: PathBuf, reply: Reply<()>) {
        let reports = self.reports.clone();
        self.tasks.spawn_blocking(move || {
            let picture = importing::guarded(|| importing::read_picture(&path));
            // An error means that the session has ended.
            let _ = reports.send(Report::Artwork(Box::new(ArtworkReport { draft, picture, reply })));
        });
    }
}

/// Answers a command. Nobody may be there to read it.
pub(super) fn answer<T>(reply: Reply<T>, done: Result<T, SessionError>) {
    let _ = reply.send(done);
}

pub(super) async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

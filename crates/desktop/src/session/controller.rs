//! The task that owns the session's state. The state is what is shown: a view is a copy of it.

use std::sync::Arc;
use std::time::Duration;

use cloud::ports::Clock;
use jiff::Timestamp;
use release::ReleaseId;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use upload::{ObjectStore, Sender};

use super::command::{Command, Reply};
use super::drafting::{ArtworkReport, Histories};
use super::following::{CloudReport, Following};
use super::importing::{Import, ImportReport};
use super::listening::Kept;
use super::mending::MendReport;
use super::offline::Offline;
use super::opening::Found;
use super::ordering::OrderReport;
use super::shipping::{Shipping, ShippingReport};
use super::sound_settings::SoundSettings;
use super::{OpenError, Options, SessionError};
use crate::desk::SharedDesk;
use crate::home::Home;
use crate::lock::Lock;
use crate::player::Player;
use crate::view::{DraftView, View};
use crate::workspace::{Library, Workspace};

pub(super) struct Controller {
    pub(super) home: Home,
    pub(super) desk: SharedDesk,
    pub(super) workspace: Workspace,
    /// Where masters and manifests go.
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) sender: Arc<Sender>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) view: View,
    views: watch::Sender<Arc<View>>,
    /// Work that was given to other tasks, and reports here.
    pub(super) reports: mpsc::UnboundedSender<Report>,
    reported: mpsc::UnboundedReceiver<Report>,
    pub(super) following: Following,
    pub(super) histories: Histories,
    pub(super) player: Player,
    pub(super) sound: SoundSettings,
    /// What was read of recordings and pictures.
    pub(super) kept: Arc<Kept>,
    /// Rung when something that is under way got further.
    pub(super) progress: Arc<Notify>,
    pub(super) tasks: TaskTracker,
    pub(super) imports: Vec<Import>,
    pub(super) last_import: u64,
    pub(super) shipping: Option<Shipping>,
    pub(super) offline: Offline,
    pub(super) is_ending: bool,
    lock: Lock,
}

/// What a task that works for the session has to say. Reports are few: one at the end of each piece of work.
pub(super) enum Report {
    Import(Box<ImportReport>),
    Shipping(ShippingReport),
    Artwork(Box<ArtworkReport>),
    Cloud(Box<CloudReport>),
    Ordered(Box<OrderReport>),
    ToMend(Box<MendReport>),
}

/// Progress is shown ten times a second, however often it comes,
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// and once a second where none comes, since that is to be seen too.
const STILL_EVERY: Duration = Duration::from_secs(1);

impl Controller {
    pub(super) fn new(found: Found, workspace: Workspace, options: &Options, views: watch::Sender<Arc<View>>) -> Self {
        let Found { home, lock, desk, view, histories } = found;
        let (reports, reported) = mpsc::unbounded_channel();
        let store = options.store(workspace.store());
        let sender = Sender::new(Arc::clone(&store), home.journals(), upload::Options::default());
        sender.limit(view.settings.parallel_parts.into(), view.settings.rate_limit);
        let following = Following::new(&workspace);
        Self {
            home,
            desk: SharedDesk::new(desk),
            workspace,
            store,
            sender: Arc::new(sender),
            clock: Arc::clone(&options.clock),
            view,
            views,
            reports,
            reported,
            following,
            histories,
            sound: SoundSettings::of(&options.player),
            player: options.player.clone(),
            kept: Arc::default(),
            progress: Arc::default(),
            tasks: TaskTracker::new(),
            imports: Vec::new(),
            last_import: 0,
            shipping: None,
            offline: Offline::default(),
            is_ending: false,
            lock,
        }
    }

    /// Looks at the cloud, and goes on with what an earlier process left.
    pub(super) async fn start(&mut self) -> Result<(), OpenError> {
        self.set_sound();
        if let Library::Here { renditions, .. } = self.workspace.library() {
            self.view.renditions = Some(Arc::new(renditions));
        }
        let found = self.workspace.read().await?;
        self.take_cloud(found).await;
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
            let is_due_soon = progress_due.is_some_and(|due| due <= Instant::now() + PROGRESS_EVERY);
            let (store_due, sound_due) = (self.offline.due(), self.sound.due());
            let (clock, next_day) = (Arc::clone(&self.clock), self.histories.next_day());
            tokio::select! {
                command = inbox.recv() => match command {
                    Some(Command::Close { reply }) => break Some(reply),
                    Some(command) => self.obey(command).await,
                    None => break None,
                },
                Some(report) = self.reported.recv() => self.take(report).await,
                () = self.following.due() => self.begin_to_read_cloud(),
                () = progress.notified(), if !is_due_soon => {
                    progress_due = Some(Instant::now() + PROGRESS_EVERY);
                }
                () = at(progress_due) => {
                    self.show_progress();
                    // What stands still is shown to.
                    progress_due = self.shipping.as_ref().map(|_| Instant::now() + STILL_EVERY);
                }
                Ok(()) = self.sound.changed() => self.sound.heard_of_change(),
                () = at(sound_due) => self.save_sound().await,
                () = clock.until(next_day) => self.begin_day(),
                () = at(store_due) => {
                    self.offline.ask_at_once();
                    self.ship_next().await;
                    self.publish();
                }
            }
        };
        self.end(closed).await;
    }

    async fn end(mut self, closed: Option<oneshot::Sender<()>>) {
        self.is_ending = true;
        self.kept.stop();
        self.save_sound().await;
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
        let Self { workspace, desk, lock, views, player, .. } = self;
        workspace.stop().await;
        crate::blocking::blocking(move || player.close()).await;
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
            Command::Edit { draft, edits, gesture, reply } => answer(reply, self.edit(draft, edits, gesture).await),
            Command::Arrange { draft, arrange, reply } => answer(reply, self.arrange(draft, arrange).await),
            Command::SetArtwork { draft, path, reply } => self.read_artwork(draft, path, reply),
            Command::Remove { draft, reply } => answer(reply, self.remove(draft).await),
            Command::Queue { draft, reply } => answer(reply, self.queue(draft).await),
            Command::Wish { delivery, wish, reply } => self.wish(delivery, wish, reply).await,
            Command::PauseQueue { paused, reply } => answer(reply, self.pause_queue(paused).await),
            Command::MoveDelivery { delivery, before, reply } => {
                answer(reply, self.move_delivery(delivery, before).await);
            }
            Command::SetDesk { settings, reply } => answer(reply, self.set_desk(*settings).await),
            Command::SetWorkspace { label_name, review, artists_mail, reply } => {
                self.set_workspace(label_name, review, artists_mail, reply).await;
            }
            Command::Look(look) => self.look(look),
            Command::Order { order, reply } => self.order(order, reply),
            Command::ArtistAccounts { reply } => self.ask_artist_accounts(reply),
            Command::LookForNews { reply } => {
                self.workspace.notice();
                answer(reply, Ok(()));
            }
            Command::Mend { release, reply } => self.mend(release, reply),
            // The loop takes these itself.
            Command::Close { reply } => drop(reply),
        }
    }

    async fn take(&mut self, report: Report) {
        match report {
            Report::Import(report) => self.imported(*report).await,
            Report::Shipping(report) => self.shipped(report).await,
            Report::Cloud(report) => self.cloud_was_read(*report).await,
            Report::Ordered(report) => self.ordered(*report),
            Report::ToMend(report) => self.was_read_to_mend(*report).await,
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

    pub(super) fn draft(&self, release: ReleaseId) -> Result<&Arc<DraftView>, SessionError> {
        self.view.draft(release).ok_or(SessionError::NoSuchDraft(release))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn publish(&mut self) {
        self.say_what_is_waited_for();
        self.views.send_replace(Arc::new(self.view.clone()));
    }

    pub(super) fn show_progress(&mut self) {
        self.view.imports = Arc::new(self.imports.iter().map(Import::view).collect());
        if let Some(shipping) = &mut self.shipping {
            let (id, sending) = (shipping.delivery, shipping.sending());
            if let Some(view) = Arc::make_mut(&mut self.view.queue).iter_mut().find(|view| view.delivery.id == id) {
                view.sending = Some(sending);
            }
        }
        self.publish();
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

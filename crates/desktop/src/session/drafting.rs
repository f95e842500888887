//! What is done to drafts by hand, and how it is undone.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use release::{Field, ReleaseId};

use super::SessionError;
use super::command::{Arrange, Reply};
use super::controller::{Controller, Report};
use super::importing::{self, Picture};
use crate::checking;
use crate::draft::{Draft, History, Step};
use crate::view::DraftView;

/// What was done to each draft in this session.
#[derive(Debug, Default)]
pub(super) struct Histories {
    of: HashMap<ReleaseId, History>,
    /// Drafts that were removed in this session, the last one behind.
    removed: Vec<Arc<Draft>>,
    last_revision: u64,
    /// When the problems of a draft may become others by themselves. It may be early.
    next_day: Option<Timestamp>,
}

/// A picture that a person chose, read.
pub(super) struct ArtworkReport {
    pub(super) draft: ReleaseId,
    pub(super) picture: Result<Picture, SessionError>,
    pub(super) reply: Reply<()>,
}

/// As many drafts as anybody brings back.
const REMOVED_KEPT: usize = 50;

impl Histories {
    /// A draft with its problems, as of an instant, and with what can be undone.
    pub(super) fn view(&mut self, draft: Arc<Draft>, now: Timestamp) -> DraftView {
        self.last_revision += 1;
        let next_day = checking::next_day(&draft.release, now);
        self.next_day = Some(self.next_day.map_or(next_day, |known| known.min(next_day)));
        let history = self.of.get(&draft.release.id);
        DraftView {
            problems: checking::problems(&draft.release, now),
            revision: self.last_revision,
            undo: history.and_then(History::undo_in_words).map(str::to_owned),
            redo: history.and_then(History::redo_in_words).map(str::to_owned),
            draft,
        }
    }

    /// When [`Controller::begin_day`] is due; never, without drafts.
    pub(super) fn next_day(&self) -> Timestamp {
        self.next_day.unwrap_or(Timestamp::MAX)
    }

    fn history(&mut self, release: ReleaseId) -> &mut History {
        self.of.entry(release).or_default()
    }
}

impl Controller {
    pub(super) async fn edit(
        &mut self,
        release: ReleaseId,
        edits: Vec<(Field, String)>,
        gesture: Option<String>,
    ) -> Result<(), SessionError> {
        let mut draft = Draft::clone(&self.draft(release)?.draft);
        for (field, text) in &edits {
            draft.edit(*field, text)?;
        }
        let fields = edits.into_iter().map(|(field, _)| field).collect();
        self.change(draft, &Step::Edited(fields), gesture).await
    }

    pub(super) async fn arrange(&mut self, release: ReleaseId, arrange: Arrange) -> Result<(), SessionError> {
        match arrange {
            Arrange::Undo => return self.undo(release).await,
            Arrange::Redo => return self.redo(release).await,
            Arrange::Restore => return self.restore(release).await,
            _ => {}
        }
        let mut draft = Draft::clone(&self.draft(release)?.draft);
        let step = match arrange {
            Arrange::Move { tracks, disc, before } => {
                draft.move_tracks(&tracks, disc, before)?;
                Step::Moved
            }
            Arrange::TakeOut(tracks) => {
                draft.take_out(&tracks)?;
                Step::TookOut(tracks)
            }
            Arrange::PutBack(tracks) => {
                draft.put_back(&tracks)?;
                Step::PutBack(tracks.len())
            }
            Arrange::RemoveArtwork if draft.release.artwork.is_some() => {
                draft.remove_artwork();
                Step::NoArtwork
            }
            Arrange::RemoveArtwork | Arrange::Undo | Arrange::Redo | Arrange::Restore => return Ok(()),
        };
        self.change(draft, &step, None).await
    }

    pub(super) fn read_artwork(&mut self, draft: ReleaseId, path: PathBuf, reply: Reply<()>) {
        let reports = self.reports.clone();
        self.tasks.spawn_blocking(move || {
            let picture = importing::guarded(|| importing::read_picture(&path));
            // An error means that the session has ended.
            let _ = reports.send(Report::Artwork(Box::new(ArtworkReport { draft, picture, reply })));
        });
    }

    pub(super) async fn set_artwork(&mut self, release: ReleaseId, picture: Picture) -> Result<(), SessionError> {
        let mut draft = Draft::clone(&self.draft(release)?.draft);
        draft.set_artwork(picture.artwork, picture.file);
        self.change(draft, &Step::Artwork, None).await
    }

    pub(super) async fn remove(&mut self, release: ReleaseId) -> Result<(), SessionError> {
        let draft = Arc::clone(&self.draft(release)?.draft);
        self.desk.run(move |desk| desk.remove_draft(release)).await?;
        Arc::make_mut(&mut self.view.drafts).retain(|view| view.draft.release.id != release);
        let removed = &mut self.histories.removed;
        removed.retain(|other| other.release.id != release);
        removed.push(draft);
        if removed.len() > REMOVED_KEPT {
            let forgotten = removed.remove(0);
            self.histories.of.remove(&forgotten.release.id);
        }
        self.publish();
        Ok(())
    }

    /// Looks anew at what depends on the day.
    pub(super) fn begin_day(&mut self) {
        let now = self.now();
        self.histories.next_day = None;
        let mut drafts = Vec::clone(&self.view.drafts);
        for view in &mut drafts {
            let next = self.histories.view(Arc::clone(&view.draft), now);
            if next.problems != view.problems {
                *view = Arc::new(next);
            }
        }
        self.view.drafts = Arc::new(drafts);
        self.publish();
    }

    async fn restore(&mut self, release: ReleaseId) -> Result<(), SessionError> {
        let removed = self.histories.removed.iter().position(|draft| draft.release.id == release);
        let Some(place) = removed.filter(|_| self.view.draft(release).is_none()) else {
            return Err(SessionError::NotRemoved(release));
        };
        let draft = Arc::clone(&self.histories.removed[place]);
        self.put(draft).await?;
        self.histories.removed.remove(place);
        Ok(())
    }

    async fn undo(&mut self, release: ReleaseId) -> Result<(), SessionError> {
        let now = Arc::clone(&self.draft(release)?.draft);
        let Some(before) = self.histories.history(release).before() else { return Ok(()) };
        self.store(&before).await?;
        self.histories.history(release).undone(now);
        self.show_draft(before);
        Ok(())
    }

    async fn redo(&mut self, release: ReleaseId) -> Result<(), SessionError> {
        let now = Arc::clone(&self.draft(release)?.draft);
        let Some(after) = self.histories.history(release).after() else { return Ok(()) };
        self.store(&after).await?;
        self.histories.history(release).redone(now);
        self.show_draft(after);
        Ok(())
    }

    /// Puts what a draft has become on disk, and then into the view. Where nothing has changed, nothing is done.
    pub(super) async fn change(
        &mut self,
        next: Draft,
        step: &Step,
        gesture: Option<String>,
    ) -> Result<(), SessionError> {
        let release = next.release.id;
        let before = Arc::clone(&self.draft(release)?.draft);
        if next == *before {
            return Ok(());
        }
        let next = Arc::new(next);
        self.store(&next).await?;
        let words = step.in_words(&before.release);
        self.histories.history(release).note(before, &next, words, gesture);
        self.show_draft(next);
        Ok(())
    }

    /// Puts a draft that is new here on disk, and then into the view.
    pub(super) async fn put(&mut self, draft: Arc<Draft>) -> Result<(), SessionError> {
        self.store(&draft).await?;
        self.show_draft(draft);
        Ok(())
    }

    async fn store(&self, draft: &Arc<Draft>) -> Result<(), SessionError> {
        let draft = Arc::clone(draft);
        Ok(self.desk.run(move |desk| desk.save_draft(&draft)).await?)
    }

    fn show_draft(&mut self, draft: Arc<Draft>) {
        let id = draft.release.id;
        let view = Arc::new(self.histories.view(draft, self.now()));
        let drafts = Arc::make_mut(&mut self.view.drafts);
        match drafts.binary_search_by_key(&id, |view| view.draft.release.id) {
            Ok(place) => drafts[place] = view,
            Err(place) => drafts.insert(place, view),
        }
        self.publish();
    }
}

//! What can be asked about drafts. All that changes one can be undone.

use std::path::PathBuf;

use release::{Field, ReleaseId, TrackId};

use crate::session::command::{Arrange, Command};
use crate::session::{Session, SessionError};

impl Session {
    /// Makes a draft of folders and files, or reads those of a known draft again: what was entered by hand stays.
    /// The draft is named by its release. Its progress is in [`View::imports`](crate::View::imports).
    ///
    /// # Errors
    /// Where there is nothing to be read, where the import is cancelled, or where the draft cannot be stored.
    pub async fn import(&self, paths: Vec<PathBuf>) -> Result<ReleaseId, SessionError> {
        self.ask(|reply| Command::Import { paths, reply }).await
    }

    /// Stops an import, by its number in [`View::imports`](crate::View::imports). One that has ended is none to stop.
    ///
    /// # Errors
    /// Where the session has ended.
    pub async fn cancel_import(&self, import: u64) -> Result<(), SessionError> {
        self.ask(|reply| Command::CancelImport { import, reply }).await
    }

    /// Puts a text into a field of a draft.
    ///
    /// # Errors
    /// Where there is no such draft, or its field cannot hold the text.
    pub async fn edit(&self, draft: ReleaseId, field: Field, text: &str) -> Result<(), SessionError> {
        self.edit_all(draft, vec![(field, text.to_owned())], None).await
    }

    /// Puts texts into fields of a draft: all of them or, where one cannot be, none.
    ///
    /// Edits of one `gesture`, one right after the other, are undone together: whoever names each visit to a field by
    /// a word of its own has the visit undone, and not each key.
    ///
    /// # Errors
    /// Where there is no such draft, or a field cannot hold its text.
    pub async fn edit_all(
        &self,
        draft: ReleaseId,
        edits: Vec<(Field, String)>,
        gesture: Option<String>,
    ) -> Result<(), SessionError> {
        self.ask(|reply| Command::Edit { draft, edits, gesture, reply }).await
    }

    /// Gives a draft its artwork.
    ///
    /// # Errors
    /// Where there is no such draft, or the file cannot be read as a picture.
    pub async fn set_artwork(&self, draft: ReleaseId, path: PathBuf) -> Result<(), SessionError> {
        self.ask(|reply| Command::SetArtwork { draft, path, reply }).await
    }

    /// Leaves a draft without artwork. It stays without when its sources are read again.
    ///
    /// # Errors
    /// Where there is no such draft.
    pub async fn remove_artwork(&self, draft: ReleaseId) -> Result<(), SessionError> {
        self.arrange(draft, Arrange::RemoveArtwork).await
    }

    /// Puts tracks onto a disc, in the order in which they are named: before a track, or behind the disc's last. All
    /// tracks are numbered anew then, discs from 1 without gaps; see [`Draft::move_tracks`](crate::Draft::move_tracks).
    ///
    /// # Errors
    /// Where there is no such draft or track.
    pub async fn move_tracks(
        &self,
        draft: ReleaseId,
        tracks: Vec<TrackId>,
        disc: u32,
        before: Option<TrackId>,
    ) -> Result<(), SessionError> {
        self.arrange(draft, Arrange::Move { tracks, disc, before }).await
    }

    /// Takes tracks out of a draft, and closes the gaps in the others' numbers. They do not come back when the same
    /// folder is read again, since that would undo what a person chose: they are in
    /// [`Draft::taken_out`](crate::Draft::taken_out), and come back by [`Session::put_back_tracks`] or by undoing.
    ///
    /// # Errors
    /// Where there is no such draft or track.
    pub async fn remove_tracks(&self, draft: ReleaseId, tracks: Vec<TrackId>) -> Result<(), SessionError> {
        self.arrange(draft, Arrange::TakeOut(tracks)).await
    }

    /// Puts tracks back that were taken out, to the places that they had.
    ///
    /// # Errors
    /// Where there is no such draft, or one of the tracks was not taken out.
    pub async fn put_back_tracks(&self, draft: ReleaseId, tracks: Vec<TrackId>) -> Result<(), SessionError> {
        self.arrange(draft, Arrange::PutBack(tracks)).await
    }

    /// Takes back what was last done to a draft in this session: [`DraftView::undo`](crate::DraftView::undo) says
    /// what. Where there is nothing, nothing happens.
    ///
    /// # Errors
    /// Where there is no such draft, or it cannot be stored.
    pub async fn undo(&self, draft: ReleaseId) -> Result<(), SessionError> {
        self.arrange(draft, Arrange::Undo).await
    }

    /// Does again what was last undone: [`DraftView::redo`](crate::DraftView::redo) says what. Where there is nothing,
    /// nothing happens.
    ///
    /// # Errors
    /// Where there is no such draft, or it cannot be stored.
    pub async fn redo(&self, draft: ReleaseId) -> Result<(), SessionError> {
        self.arrange(draft, Arrange::Redo).await
    }

    /// Forgets a draft. What was queued of it stays in the queue. Until the session ends it can be
    /// [restored](Self::restore).
    ///
    /// # Errors
    /// Where there is no such draft.
    pub async fn remove(&self, draft: ReleaseId) -> Result<(), SessionError> {
        self.ask(|reply| Command::Remove { draft, reply }).await
    }

    /// Brings back a draft that was removed in this session, as it was, with what can be undone of it.
    ///
    /// # Errors
    /// Where it was not removed, or is there again by now.
    pub async fn restore(&self, draft: ReleaseId) -> Result<(), SessionError> {
        self.arrange(draft, Arrange::Restore).await
    }

    async fn arrange(&self, draft: ReleaseId, arrange: Arrange) -> Result<(), SessionError> {
        self.ask(|reply| Command::Arrange { draft, arrange, reply }).await
    }
}

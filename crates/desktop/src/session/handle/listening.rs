//! What can be asked of sound and pictures.

use std::sync::Arc;
use std::time::Duration;

use release::{Manifest, ReleaseId};

use crate::player::Player;
use crate::session::command::Command;
use crate::session::listening::Look;
use crate::session::{PictureSource, PlaySource, Session, SessionError, Shape};

impl Session {
    /// The player. It plays what [`Session::play`] gives it, and takes all other orders itself. In a session that was
    /// opened without one it plays nothing.
    #[must_use]
    pub fn player(&self) -> &Player {
        &self.player
    }

    /// Plays these, one after the other, from one of them on and from a place in it. Each piece's id is its source, as
    /// text.
    ///
    /// A file that is missing further down the list is for the player to name when it comes to it.
    ///
    /// # Errors
    /// Where one of them is nothing that could be played, or the first is not there.
    pub async fn play(
        &self,
        sources: Vec<PlaySource>,
        start_at: usize,
        position: Duration,
    ) -> Result<(), SessionError> {
        self.ask(|reply| Command::Look(Look::Play { sources, start_at, position, reply })).await
    }

    /// The shape of a recording, for drawing; of a rendition, its master's. It was measured when the file was imported;
    /// where that is not known any more, the master is read, which takes seconds, and not again after that. In a cloud, a
    /// rendition is.
    ///
    /// # Errors
    /// Where there is no such recording, or it cannot be read.
    pub async fn waveform(&self, source: PlaySource) -> Result<Shape, SessionError> {
        self.ask(|reply| Command::Look(Look::Waveform { source, reply })).await
    }

    /// A small picture of artwork, as a JPEG, or as a PNG where it has transparent parts: its longest side is at most
    /// `size` pixels.
    ///
    /// # Errors
    /// Where there is no artwork, or it cannot be read.
    pub async fn picture(&self, source: PictureSource, size: u32) -> Result<Vec<u8>, SessionError> {
        self.ask(|reply| Command::Look(Look::Picture { source, size, reply })).await
    }

    /// What was delivered of a release that the cloud has: the manifest of its current delivery, with artwork, kind,
    /// dates, and each master's format and loudness.
    ///
    /// # Errors
    /// Where there is no such release, or its manifest cannot be read.
    pub async fn release_details(&self, release: ReleaseId) -> Result<Arc<Manifest>, SessionError> {
        self.ask(|reply| Command::Look(Look::Details { release, reply })).await
    }
}

//! Hearing and seeing what drafts and releases hold. It is done beside the session's task, which waits for no file.

mod error;
mod files;
mod kept;
mod read;
mod source;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use release::{Manifest, ReleaseId};

pub use error::ListenError;
pub(super) use kept::Kept;
pub use kept::Shape;
pub use source::{PictureSource, PlaySource, UnknownSource};

use super::command::Reply;
use super::controller::{Controller, answer};
use crate::player;
pub(super) use files::Files;

/// What can be asked of sound and pictures.
#[derive(Debug)]
pub(super) enum Look {
    Play { sources: Vec<PlaySource>, start_at: usize, position: Duration, reply: Reply<()> },
    Waveform { source: PlaySource, reply: Reply<Shape> },
    Picture { source: PictureSource, size: u32, reply: Reply<Vec<u8>> },
    Details { release: ReleaseId, reply: Reply<Arc<Manifest>> },
}

impl Controller {
    /// Where the files behind what is shown now are.
    pub(super) fn files(&self) -> Files {
        Files {
            view: self.view.clone(),
            library: self.workspace.library(),
            desk: self.desk.clone(),
            kept: Arc::clone(&self.kept),
        }
    }

    /// Answers in the background, from what is shown now.
    pub(super) fn look(&mut self, look: Look) {
        let files = self.files();
        let player = self.player.clone();
        let number = match &look {
            Look::Play { .. } => self.kept.plays.fetch_add(1, Ordering::Relaxed) + 1,
            _ => 0,
        };
        self.tasks.spawn(async move {
            match look {
                Look::Play { sources, start_at, position, reply } => {
                    let items = files.items(&sources, start_at).await;
                    let played = items.map(|items| {
                        if files.kept.plays.load(Ordering::Relaxed) == number {
                            player.send(player::Command::PlayList { items, start_at, position });
                        }
                    });
                    answer(reply, played.map_err(Into::into));
                }
                Look::Waveform { source, reply } => answer(reply, files.waveform(&source).await.map_err(Into::into)),
                Look::Picture { source, size, reply } => {
                    let picture = files.picture(source, size).await.map(|picture| Vec::clone(&picture));
                    answer(reply, picture.map_err(Into::into));
                }
                Look::Details { release, reply } => answer(reply, files.manifest(release).await.map_err(Into::into)),
            }
        });
    }
}

//! How loud sound is played and on which device: chosen at the player, and kept.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::sync::watch::error::RecvError;
use tokio::time::Instant;

use super::controller::Controller;
use crate::player::{Command, Player, PlayerView};
use crate::settings::DeskSettings;

/// Follows the player for what is to be kept of it.
pub(super) struct SoundSettings {
    views: watch::Receiver<Arc<PlayerView>>,
    due: Option<Instant>,
    chosen: (f32, Option<String>),
}

/// A slider that is being moved is stored once it rests, or this often.
const EVERY: Duration = Duration::from_millis(250);

impl SoundSettings {
    pub(super) fn of(player: &Player) -> Self {
        let views = player.views();
        let chosen = choice(&views.borrow());
        Self { views, due: None, chosen }
    }

    /// Returns when the player shows something else; with an error once it has ended.
    pub(super) async fn changed(&mut self) -> Result<(), RecvError> {
        self.views.changed().await
    }

    /// Looks whether what changed is to be kept.
    pub(super) fn heard_of_change(&mut self) {
        let chosen = choice(&self.views.borrow_and_update());
        if chosen != self.chosen {
            self.chosen = chosen;
            self.due.get_or_insert_with(|| Instant::now() + EVERY);
        }
    }

    /// When what was chosen is to be stored.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl Controller {
    /// Tells the player what was chosen.
    pub(super) fn set_sound(&self) {
        let settings = &self.view.settings;
        self.player.send(Command::SetVolume(settings.volume));
        self.player.send(Command::UseDevice(settings.output_device.clone()));
    }

    /// Stores what was chosen at the player.
    pub(super) async fn save_sound(&mut self) {
        if self.sound.due.take().is_none() {
            return;
        }
        let (volume, output_device) = self.sound.chosen.clone();
        let settings = DeskSettings { volume, output_device, ..DeskSettings::clone(&self.view.settings) };
        if settings.check().is_err() || settings == *self.view.settings {
            return;
        }
        let saved = settings.clone();
        match self.desk.run(move |desk| desk.save_settings(&saved)).await {
            Ok(()) => {
                self.view.settings = Arc::new(settings);
                self.publish();
            }
            // It is heard all the same, and chosen again with the next change.
            Err(error) => tracing::warn!(%error, "the volume and the output device could not be stored"),
        }
    }
}

fn choice(view: &PlayerView) -> (f32, Option<String>) {
    (view.volume, view.chosen_device.clone())
}

//! What is chosen at this desk and for the workspace, and who is told of it.

use std::sync::Arc;

use super::SessionError;
use super::controller::Controller;
use crate::settings::DeskSettings;

impl Controller {
    pub(super) async fn set_desk(&mut self, settings: DeskSettings) -> Result<(), SessionError> {
        settings.check()?;
        let before = Arc::clone(&self.view.settings);
        if *before == settings {
            return Ok(());
        }
        let saved = settings.clone();
        self.desk.run(move |desk| desk.save_settings(&saved)).await?;
        self.view.settings = Arc::new(settings);
        let now = Arc::clone(&self.view.settings);
        if (now.volume, &now.output_device) != (before.volume, &before.output_device) {
            self.set_sound();
        }
        self.sender.limit(now.parallel_parts.into(), now.rate_limit);
        if before.queue_paused && !now.queue_paused {
            self.offline.ask_at_once();
        }
        if now.queue_paused
            && let Some(shipping) = &self.shipping
        {
            shipping.stop();
        }
        self.ship_next().await;
        self.publish();
        Ok(())
    }

    pub(super) async fn pause_queue(&mut self, paused: bool) -> Result<(), SessionError> {
        self.set_desk(DeskSettings { queue_paused: paused, ..DeskSettings::clone(&self.view.settings) }).await
    }

    pub(super) async fn set_workspace(
        &mut self,
        label_name: String,
        review: bool,
        artists_mail: bool,
    ) -> Result<(), SessionError> {
        let mut file = (*self.view.workspace).clone();
        (file.label_name, file.review, file.artists_mail) = (label_name, review, artists_mail);
        let (home, saved) = (self.home.clone(), file.clone());
        crate::blocking::blocking(move || saved.save(&home)).await?;
        self.workspace.set(&file);
        self.view.workspace = Arc::new(file);
        self.publish();
        Ok(())
    }
}

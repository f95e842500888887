//! What is chosen at this desk and for the workspace, and who is told of it.

use std::sync::Arc;

use cloud::api::wire::LabelSettings;

use super::SessionError;
use super::command::Reply;
use super::controller::{Controller, answer};
use crate::settings::DeskSettings;
use crate::workspace::Order;

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

    /// Sets how the label works: in the workspace's file or, where the label has a cloud, there.
    pub(super) async fn set_workspace(
        &mut self,
        label_name: String,
        review: bool,
        artists_mail: bool,
        reply: Reply<()>,
    ) {
        let settings = LabelSettings { label_name, review, artists_mail };
        if self.view.workspace.is_cloud() {
            return self.order_and(Order::SetLabel(settings), move |done| answer(reply, done.map(drop)));
        }
        let done = self.keep_label_settings(settings).await;
        self.publish();
        answer(reply, done);
    }

    /// Takes how the label works as its cloud says.
    pub(super) async fn take_label_settings(&mut self, settings: LabelSettings) {
        if let Err(error) = self.keep_label_settings(settings).await {
            // It is said again at the next start.
            tracing::warn!(%error, "how the label works could not be kept");
        }
    }

    async fn keep_label_settings(&mut self, settings: LabelSettings) -> Result<(), SessionError> {
        let LabelSettings { label_name, review, artists_mail } = settings;
        let mut file = (*self.view.workspace).clone();
        (file.label_name, file.review, file.artists_mail) = (label_name, review, artists_mail);
        if file == *self.view.workspace {
            return Ok(());
        }
        let (home, saved) = (self.home.clone(), file.clone());
        crate::blocking::blocking(move || saved.save(&home)).await?;
        self.workspace.set(&file);
        self.view.workspace = Arc::new(file);
        Ok(())
    }
}

use std::sync::Arc;

use release::{DeliveryId, Manifest, ReleaseId, Severity};

use super::command::Reply;
use super::controller::{Controller, answer};
use super::shipping::{Shipping, ShippingEnd, ShippingReport};
use super::{Handover, Queued, SessionError};
use crate::checking;
use crate::delivery::{Delivery, DeliveryState, ShippedFile, Trouble, Wish, next_to_send};
use crate::desk::NewDelivery;
use crate::draft::Draft;
use crate::view::{DeliveryView, WaitsFor};
use crate::workspace::{CloudError, Order, State};

impl Controller {
    pub(super) async fn queue(&mut self, release: ReleaseId) -> Result<Queued, SessionError> {
        let draft = Arc::clone(&self.draft(release)?.draft);
        let delivers = self.view.cloud.as_ref().is_none_or(|cloud| cloud.roles.is_empty() || cloud.is_staff());
        if !delivers {
            return Err(CloudError::NotStaff.into());
        }
        let now = self.now();
        // As of today, which may be another day than when the draft was last touched.
        let mut problems = checking::problems(&draft.release, now);
        problems.retain(|placed| placed.problem.severity == Severity::Error);
        if !problems.is_empty() {
            return Err(SessionError::NotReady { title: draft.release.display_title(), problems });
        }
        let known = self.view.release(release).map(|view| view.delivery);
        let last = self.view.last_delivery(release).map(|view| Arc::clone(&view.delivery));
        let newest = self.view.queue.iter().map(|view| &view.delivery).filter(|one| one.release == release);
        let newest = newest.map(|one| one.id).chain(known).max();
        let supersedes = last.as_ref().map(|last| last.id).max(known);
        let id = DeliveryId::after(newest, now, crate::random::bits());
        let manifest = Manifest::new(id, supersedes, now, draft.release.clone());
        let files = files_of(&draft);
        if let Some(last) = last.filter(|last| last.content == manifest.metadata_hash())
            && let Some(queued) = self.same_again(&last, files.clone()).await?
        {
            return Ok(queued);
        }
        self.take_back_unsent(release).await?;
        let sources = draft.sources.clone();
        let delivery = self
            .desk
            .run(move |desk| desk.add_delivery(&NewDelivery { manifest: &manifest, files: &files, sources: &sources }))
            .await?;
        Arc::make_mut(&mut self.view.queue).push(DeliveryView::new(delivery));
        self.ship_next().await;
        self.publish();
        Ok(Queued { delivery: id, how: Handover::New })
    }

    /// What it means to deliver what the last delivery says already; none where it takes a new one.
    async fn same_again(&mut self, last: &Delivery, files: Vec<ShippedFile>) -> Result<Option<Queued>, SessionError> {
        let how = match last.state {
            DeliveryState::Waiting | DeliveryState::Paused => Handover::UnderWay,
            DeliveryState::Failed => Handover::Again,
            DeliveryState::Cancelled => return Ok(None),
            DeliveryState::Sent => match self.state_of(last) {
                Some(State::Failed) => Handover::Again,
                Some(State::Withdrawn) => return Ok(None),
                _ => Handover::Unchanged,
            },
        };
        let is_sending = self.shipping.as_ref().is_some_and(|shipping| shipping.delivery == last.id);
        if how != Handover::Unchanged && !is_sending {
            let id = last.id;
            // The files may lie elsewhere by now, with the same content.
            self.desk.run(move |desk| desk.requeue(id, &files)).await?;
            self.show_state(id, DeliveryState::Waiting, None);
            self.ship_next().await;
            self.publish();
        }
        Ok(Some(Queued { delivery: last.id, how }))
    }

    /// Where the cloud has a delivery, while it is the current one of its release.
    fn state_of(&self, delivery: &Delivery) -> Option<State> {
        let view = self.view.release(delivery.release)?;
        (view.delivery == delivery.id).then_some(view.state)
    }

    /// Cancels older deliveries of a release that were not handed over; one that is being sent goes on, and is
    /// superseded.
    async fn take_back_unsent(&mut self, release: ReleaseId) -> Result<(), SessionError> {
        let sending = self.shipping.as_ref().map(|shipping| shipping.delivery);
        let unsent: Vec<DeliveryId> = self
            .view
            .queue
            .iter()
            .map(|view| &view.delivery)
            .filter(|one| one.release == release && !one.state.is_over() && Some(one.id) != sending)
            .map(|one| one.id)
            .collect();
        for id in unsent {
            self.note_state(id, DeliveryState::Cancelled, None).await?;
        }
        Ok(())
    }

    pub(super) async fn wish(&mut self, id: DeliveryId, wish: Wish, reply: Reply<()>) {
        let Some(state) = self.view.delivery(id).map(|view| view.delivery.state) else {
            return answer(reply, Err(SessionError::NoSuchDelivery(id)));
        };
        let Some(next) = state.after(wish) else {
            return answer(reply, Err(SessionError::NotNow { state, wished: in_words(wish) }));
        };
        if let Some(shipping) = self.shipping.as_mut().filter(|shipping| shipping.delivery == id) {
            // Wishes take effect in their order, also one that takes back what another asked for.
            if next != DeliveryState::Waiting || !shipping.wishes.is_empty() {
                // It may be handed over by the time it stops; only then is it known what the wish comes to.
                shipping.stop();
                shipping.wishes.push((wish, reply));
                return;
            }
            return answer(reply, Ok(()));
        }
        let done = if next == state { Ok(()) } else { self.note_state(id, next, None).await };
        self.mind_wish(wish);
        self.ship_next().await;
        self.publish();
        answer(reply, done);
    }

    pub(super) async fn move_delivery(
        &mut self,
        id: DeliveryId,
        before: Option<DeliveryId>,
    ) -> Result<(), SessionError> {
        for id in [Some(id), before].into_iter().flatten() {
            self.view.delivery(id).ok_or(SessionError::NoSuchDelivery(id))?;
        }
        if before == Some(id) {
            return Ok(());
        }
        self.desk.run(move |desk| desk.move_delivery(id, before)).await?;
        let queue = Arc::make_mut(&mut self.view.queue);
        let place_of = |queue: &[DeliveryView], id| queue.iter().position(|view| view.delivery.id == id);
        if let Some(from) = place_of(queue, id) {
            let moved = queue.remove(from);
            let to = before.and_then(|before| place_of(queue, before)).unwrap_or(queue.len());
            queue.insert(to, moved);
        }
        self.publish();
        Ok(())
    }

    /// Takes what became of a delivery that was being sent.
    pub(super) async fn shipped(&mut self, report: ShippingReport) {
        let shipping = self.shipping.take();
        if shipping.as_ref().is_some_and(Shipping::came_further) {
            self.offline.is_over();
        }
        let wishes = shipping.map(|shipping| shipping.wishes).unwrap_or_default();
        let id = report.delivery;
        let (mut state, trouble) = match report.end {
            ShippingEnd::Sent => (DeliveryState::Sent, None),
            ShippingEnd::Stopped => (DeliveryState::Waiting, None),
            ShippingEnd::Held(hold) => {
                self.hold(hold);
                (DeliveryState::Waiting, None)
            }
            ShippingEnd::Failed(trouble) => (DeliveryState::Failed, Some(trouble)),
        };
        if state == DeliveryState::Sent {
            self.offline.is_over();
        }
        let mut answers = Vec::new();
        for (wish, reply) in wishes {
            self.mind_wish(wish);
            match state.after(wish) {
                Some(next) => {
                    state = next;
                    answers.push((reply, Ok(())));
                }
                None => answers.push((reply, Err(SessionError::NotNow { state, wished: in_words(wish) }))),
            }
        }
        match self.note_state(id, state, trouble.filter(|_| state == DeliveryState::Failed)).await {
            Ok(()) if state == DeliveryState::Sent => {
                self.workspace.notice();
                self.try_again_if_failed(id);
            }
            Ok(()) => {}
            Err(error) => {
                self.show_not_noted(id, &error);
                let error = Arc::new(error);
                for (_, answer) in &mut answers {
                    *answer = Err(SessionError::NotNoted(Arc::clone(&error)));
                }
            }
        }
        self.ship_next().await;
        self.publish();
        for (reply, done) in answers {
            answer(reply, done);
        }
    }

    /// Shows that the desk cannot be written, at the delivery that it is about. On disk it is as it was: it is gone on
    /// with when the workspace is next opened, and what the store has by then is not sent again.
    fn show_not_noted(&mut self, id: DeliveryId, error: &SessionError) {
        let trouble = Trouble {
            code: "not-noted".to_owned(),
            message: error.to_string(),
            help: "Make room on the workspace's disk, and try again.".to_owned(),
        };
        self.show_state(id, DeliveryState::Failed, Some(trouble));
    }

    /// A delivery that failed in the cloud and was sent anew is tried again there.
    fn try_again_if_failed(&mut self, id: DeliveryId) {
        let Some(delivery) = self.view.delivery(id).map(|view| Arc::clone(&view.delivery)) else { return };
        if self.state_of(&delivery) == Some(State::Failed) {
            self.order_and(Order::TryAgain(delivery.release), move |done| {
                if let Err(error) = done {
                    tracing::warn!(delivery = %id, %error, "a release that failed could not be tried again");
                }
            });
        }
    }

    /// Sends the next delivery, where none is being sent.
    pub(super) async fn ship_next(&mut self) {
        while self.shipping.is_none() && !self.is_ending && !self.offline.rests() && !self.is_signed_out() {
            let queue: Vec<&Delivery> = self.view.queue.iter().map(|view| view.delivery.as_ref()).collect();
            let Some(id) = next_to_send(&queue, self.view.settings.queue_paused) else { return };
            match self.desk.run(move |desk| desk.shipment(id)).await {
                Ok(Ok(shipment)) => self.ship(id, shipment),
                Ok(Err(reason)) => {
                    let trouble = Trouble {
                        code: "unreadable".to_owned(),
                        message: format!("What this delivery holds cannot be read: {reason}."),
                        help: "Deliver the release from its folder again.".to_owned(),
                    };
                    if let Err(error) = self.note_state(id, DeliveryState::Failed, Some(trouble)).await {
                        self.show_not_noted(id, &error);
                    }
                }
                Err(error) => self.show_not_noted(id, &error.into()),
            }
        }
    }

    /// Nothing can be sent in anybody's name.
    fn is_signed_out(&self) -> bool {
        self.view.cloud.as_ref().is_some_and(|cloud| !cloud.is_signed_in())
    }

    /// Brings up to date what each delivery waits for.
    pub(super) fn say_what_is_waited_for(&mut self) {
        let paused = self.view.settings.queue_paused;
        let is_out = self.is_signed_out();
        // Nothing is sent while the store rests, and the first in line says so. Where nobody is signed in, it is not
        // asked again before somebody is: no time is told for it.
        let hold = self.offline.hold().filter(|_| self.shipping.is_none() && !paused && !is_out);
        let first = self.view.queue.iter().find(|view| view.delivery.state == DeliveryState::Waiting);
        let held = hold.cloned().zip(first.map(|view| view.delivery.id));
        let wanted = |view: &DeliveryView| {
            let hold = held.as_ref().filter(|(_, id)| *id == view.delivery.id).map(|(hold, _)| hold);
            (waits_for(view, paused, is_out, hold.is_some()), hold.cloned())
        };
        // What is unchanged stays shared with the views that are out.
        if self.view.queue.iter().any(|view| (view.waits_for, view.held.clone()) != wanted(view)) {
            for view in Arc::make_mut(&mut self.view.queue) {
                (view.waits_for, view.held) = wanted(view);
            }
        }
    }

    /// Puts a delivery's state on disk, and then into the view.
    async fn note_state(
        &mut self,
        id: DeliveryId,
        state: DeliveryState,
        trouble: Option<Trouble>,
    ) -> Result<(), SessionError> {
        let noted = trouble.clone();
        self.desk.run(move |desk| desk.set_delivery_state(id, state, noted.as_ref())).await?;
        self.show_state(id, state, trouble);
        Ok(())
    }

    fn show_state(&mut self, id: DeliveryId, state: DeliveryState, trouble: Option<Trouble>) {
        let queue = Arc::make_mut(&mut self.view.queue);
        if let Some(view) = queue.iter_mut().find(|view| view.delivery.id == id) {
            let delivery = Arc::make_mut(&mut view.delivery);
            delivery.state = state;
            delivery.trouble = trouble;
            view.sending = None;
        }
    }
}

/// What a delivery waits for, where it waits.
fn waits_for(view: &DeliveryView, queue_paused: bool, is_out: bool, is_held: bool) -> Option<WaitsFor> {
    match view.delivery.state {
        DeliveryState::Waiting if view.sending.is_some() => None,
        DeliveryState::Waiting if queue_paused => Some(WaitsFor::QueuePaused),
        DeliveryState::Waiting if is_out => Some(WaitsFor::SignIn),
        DeliveryState::Waiting if is_held => Some(WaitsFor::Store),
        DeliveryState::Waiting => Some(WaitsFor::Turn),
        DeliveryState::Paused => Some(WaitsFor::Paused),
        DeliveryState::Failed | DeliveryState::Cancelled | DeliveryState::Sent => None,
    }
}

fn files_of(draft: &Draft) -> Vec<ShippedFile> {
    draft.asset_files().into_iter().map(|(asset, file)| ShippedFile { asset, file }).collect()
}

fn in_words(wish: Wish) -> &'static str {
    match wish {
        Wish::Pause => "paused",
        Wish::Resume => "resumed",
        Wish::Cancel => "cancelled",
        Wish::Retry => "tried again",
    }
}

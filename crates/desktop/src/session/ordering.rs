//! What a person has the workspace's cloud do. It may take as long as the network does, and holds up nobody meanwhile.

use cloud::api::wire::ArtistAccount;

use super::SessionError;
use super::command::Reply;
use super::controller::{Controller, Report, answer};
use crate::workspace::Order;

/// An order that is done, and whom to tell.
pub(super) struct OrderReport {
    tell: Tell,
}

/// Tells whoever gave an order what came of it.
pub(super) type Tell = Box<dyn FnOnce() + Send + Sync>;

impl Controller {
    /// Has the cloud do something, and answers once what came of it is shown.
    pub(super) fn order(&mut self, order: Order, reply: Reply<bool>) {
        self.order_and(order, move |done| answer(reply, done));
    }

    pub(super) fn order_and(
        &mut self,
        order: Order,
        then: impl FnOnce(Result<bool, SessionError>) + Send + Sync + 'static,
    ) {
        let (doing, reports) = (self.workspace.order(order), self.reports.clone());
        self.tasks.spawn(async move {
            let done = doing.await.map_err(SessionError::from);
            let tell: Tell = Box::new(move || then(done));
            // An error means that the session has ended.
            let _ = reports.send(Report::Ordered(Box::new(OrderReport { tell })));
        });
    }

    pub(super) fn ordered(&mut self, report: OrderReport) {
        if self.is_ending {
            return (report.tell)();
        }
        self.show_cloud_and(report.tell);
    }

    pub(super) fn ask_artist_accounts(&self, reply: Reply<Vec<ArtistAccount>>) {
        let asking = self.workspace.artist_accounts();
        self.tasks.spawn(async move { answer(reply, asking.await.map_err(Into::into)) });
    }
}

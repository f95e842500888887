use std::collections::HashMap;
use std::sync::Arc;

use desktop::{DeliveryState, DeliveryView, DraftView, ReleaseView, State, View};
use release::{DeliveryId, ReleaseId};

use super::desk::Handed;

/// A view by release, for finding things without going through its lists for each.
pub(super) struct Index<'a> {
    pub(super) view: &'a View,
    drafts: HashMap<ReleaseId, &'a Arc<DraftView>>,
    deliveries: HashMap<ReleaseId, &'a DeliveryView>,
    releases: HashMap<ReleaseId, &'a Arc<ReleaseView>>,
    mails: HashMap<ReleaseId, usize>,
}

/// The last that is known of a release: what the [`Standing`] of a draft depends on, besides the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Last {
    delivery: Option<(DeliveryId, DeliveryState)>,
    cloud: Option<State>,
}

/// What became of what a draft says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) handed: Handed,
    /// Asking for it once more does something: it failed, or was taken back.
    again: bool,
}

/// Whether the person at the desk delivers, and whether they decide. Without a cloud, they do it all.
pub(super) fn staff_and_manager(view: &View) -> (bool, bool) {
    view.cloud.as_ref().map_or((true, true), |cloud| (cloud.is_staff(), cloud.is_manager()))
}

impl<'a> Index<'a> {
    pub(super) fn of(view: &'a View) -> Self {
        let mut deliveries: HashMap<ReleaseId, &DeliveryView> = HashMap::new();
        for one in view.queue.iter().filter(|one| one.delivery.state != DeliveryState::Cancelled) {
            let last = deliveries.entry(one.delivery.release).or_insert(one);
            if one.delivery.id > last.delivery.id {
                *last = one;
            }
        }
        let mut mails: HashMap<ReleaseId, usize> = HashMap::new();
        for release in view.mails.iter().filter_map(|mail| mail.release) {
            *mails.entry(release).or_default() += 1;
        }
        Self {
            view,
            drafts: view.drafts.iter().map(|one| (one.draft.release.id, one)).collect(),
            deliveries,
            releases: view.releases.iter().map(|one| (one.key.release, one)).collect(),
            mails,
        }
    }

    /// How much e-mail was written of a release.
    pub(super) fn mails(&self, release: ReleaseId) -> usize {
        self.mails.get(&release).copied().unwrap_or_default()
    }

    pub(super) fn draft(&self, release: ReleaseId) -> Option<&'a Arc<DraftView>> {
        self.drafts.get(&release).copied()
    }

    /// The latest delivery of a release that was not taken back.
    pub(super) fn delivery(&self, release: ReleaseId) -> Option<&'a DeliveryView> {
        self.deliveries.get(&release).copied()
    }

    /// What the cloud knows of it.
    pub(super) fn release(&self, release: ReleaseId) -> Option<&'a Arc<ReleaseView>> {
        self.releases.get(&release).copied()
    }

    pub(super) fn last(&self, release: ReleaseId) -> Last {
        let delivery = self.delivery(release).map(|view| (view.delivery.id, view.delivery.state));
        let known = self.release(release).filter(|known| delivery.is_none_or(|(id, _)| id == known.delivery));
        Last { delivery, cloud: known.map(|known| known.state) }
    }

    /// Compares all that a draft says with what was delivered, which takes a moment.
    pub(super) fn standing(&self, view: &DraftView) -> Standing {
        let release = &view.draft.release;
        let Some(last) = self.delivery(release.id) else { return Standing { handed: Handed::New, again: false } };
        let handed = match last.delivery.state {
            _ if !last.delivery.says(release) => Handed::Changed,
            DeliveryState::Sent => Handed::Sent,
            _ => Handed::Queued,
        };
        let Last { delivery, cloud } = self.last(release.id);
        let again = matches!(delivery, Some((_, DeliveryState::Failed)))
            || matches!(cloud, Some(State::Failed | State::Withdrawn));
        Standing { handed, again }
    }
}

impl Standing {
    /// Why a draft cannot be queued now; none where it can be.
    pub(super) fn not_queueable(self, view: &DraftView) -> Option<String> {
        match (view.errors().count(), self.handed) {
            (0, Handed::Queued) if !self.again => Some("It is in the queue as it is.".to_owned()),
            (0, Handed::Sent) if !self.again => Some("Nothing was changed since it was delivered.".to_owned()),
            (0, _) => None,
            (1, _) => Some("1 problem stops it.".to_owned()),
            (errors, _) => Some(format!("{errors} problems stop it.")),
        }
    }
}

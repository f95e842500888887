//! Mending a release that was delivered, perhaps from another computer: its draft is made of what was delivered, and
//! its files stay in the store.

use std::sync::Arc;

use release::ReleaseId;

use super::SessionError;
use super::command::Reply;
use super::controller::{Controller, Report, answer};
use super::listening::ListenError;
use crate::draft::Draft;

/// What was delivered, read to be mended.
pub(super) struct MendReport {
    release: ReleaseId,
    read: Result<Arc<release::Manifest>, ListenError>,
    reply: Reply<ReleaseId>,
}

impl Controller {
    /// Makes a draft of a release as it was delivered. Where there is one already, that is it.
    pub(super) fn mend(&mut self, release: ReleaseId, reply: Reply<ReleaseId>) {
        if self.view.draft(release).is_some() {
            return answer(reply, Ok(release));
        }
        let (files, reports) = (self.files(), self.reports.clone());
        self.tasks.spawn(async move {
            let read = files.manifest(release).await;
            // An error means that the session has ended.
            let _ = reports.send(Report::ToMend(Box::new(MendReport { release, read, reply })));
        });
    }

    pub(super) async fn was_read_to_mend(&mut self, report: MendReport) {
        let MendReport { release, read, reply } = report;
        let done = match read {
            // Somebody may have been quicker.
            _ if self.view.draft(release).is_some() => Ok(()),
            Ok(manifest) => self.put(Arc::new(Draft::of_delivered(manifest.release.clone()).as_stored())).await,
            Err(error) => Err(SessionError::from(error)),
        };
        answer(reply, done.map(|()| release));
    }
}

//! Watching a session work: what it shows becomes bars and lines.

use std::path::PathBuf;
use std::sync::Arc;

use desktop::account::AccountView;
use desktop::{AssetSending, Outcome, Session, View, Waiting};
use release::{DeliveryId, ReleaseId};

use super::{somebody, workspace};
use crate::failure::Failure;
use crate::output::{Terminal, words};

/// Imports, and shows how far that is.
pub(super) async fn import(
    session: &Session,
    terminal: &mut Terminal,
    paths: Vec<PathBuf>,
) -> Result<ReleaseId, Failure> {
    let importing = session.import(paths);
    tokio::pin!(importing);
    let mut views = session.views();
    let draft = loop {
        let view = Arc::clone(&views.borrow_and_update());
        for import in view.imports.iter().filter(|import| import.bytes > 0) {
            let name = format!("Reading {} ({})", words::count(import.files, "file"), words::bytes(import.bytes));
            terminal.progress().show(&name, fraction(import.bytes_done, import.bytes));
        }
        tokio::select! {
            imported = &mut importing => break imported,
            Ok(()) = views.changed() => {}
        }
    };
    terminal.progress().keep(|_| false);
    draft.map_err(workspace::failure)
}

/// A delivery that is watched on its way.
pub(super) struct Follow {
    release: ReleaseId,
    delivery: DeliveryId,
    /// How many moments of its timeline were said.
    said: usize,
    /// What was remarked of the workspace, each once: a full disk may come up again with every try.
    remarked: Vec<String>,
}

impl Follow {
    pub(super) fn new(release: ReleaseId, delivery: DeliveryId) -> Self {
        Self { release, delivery, said: 0, remarked: Vec::new() }
    }

    /// Without what its timeline says already.
    pub(super) fn only_what_comes(mut self, view: &View) -> Self {
        self.said = self.timeline(view).len();
        self
    }

    /// Says each state as it comes, until nothing more happens without a person or a date.
    pub(super) async fn until_it_rests(
        mut self,
        session: &Session,
        terminal: &mut Terminal,
    ) -> Result<(Outcome, Arc<View>), Failure> {
        let mut views = session.views();
        loop {
            let view = Arc::clone(&views.borrow_and_update());
            if let Some(ended) = ended(&view) {
                terminal.progress().keep(|_| false);
                return Err(ended);
            }
            self.show(terminal, &view);
            if let Some(outcome) = view.outcome(self.delivery) {
                terminal.progress().keep(|_| false);
                return Ok((outcome, view));
            }
            views.changed().await.map_err(|_| workspace::failure(desktop::SessionError::Closed))?;
        }
    }

    fn show(&mut self, terminal: &mut Terminal, view: &View) {
        let mut running = Vec::new();
        let sending = view.delivery(self.delivery).and_then(|delivery| delivery.sending.as_ref());
        if let Some(sending) = sending.filter(|sending| is_under_way(&sending.assets)) {
            let files = words::count(sending.assets.len(), "file");
            let name = format!("Sending what is new of {files} ({})", words::bytes(sending.bytes));
            terminal.progress().show(&name, sending.fraction());
            running.push(name);
        }
        for transcode in view.transcodes.iter().filter(|one| one.key.release == self.release) {
            let track = view
                .release(self.release)
                .and_then(|release| release.tracks.iter().find(|track| track.id == transcode.track));
            let name = match track {
                Some(track) => format!("Making renditions of {}", track.title),
                None => "Making renditions".to_owned(),
            };
            terminal.progress().show(&name, transcode.fraction);
            running.push(name);
        }
        // A cloud elsewhere tells which tracks are done, and no more.
        if view.cloud.is_some()
            && let Some(release) = view.release(self.release).filter(|release| release.delivery == self.delivery)
            && let Waiting::Transcoding { done, of } = release.waits_for
        {
            let name = format!("Making renditions of {}", words::count(of, "track"));
            #[expect(clippy::cast_precision_loss, reason = "a fraction for people")]
            terminal.progress().show(&name, done as f64 / of.max(1) as f64);
            running.push(name);
        }
        terminal.progress().keep(|name| running.iter().any(|one| one == name));
        for notice in view.notices.iter().filter(|notice| notice.code.starts_with("cloud-")) {
            if !self.remarked.contains(&notice.message) {
                terminal.remark(format_args!("It waits. {} {}", notice.message, notice.help));
                self.remarked.push(notice.message.clone());
            }
        }
        let timeline = self.timeline(view);
        for moment in timeline.iter().skip(self.said) {
            terminal.say(moment);
        }
        self.said = self.said.max(timeline.len());
    }

    /// What happened to this delivery, as far as it is known: a line a moment.
    fn timeline(&self, view: &View) -> Vec<String> {
        let Some(release) = view.release(self.release) else { return Vec::new() };
        let moments = release.timeline.iter().filter(|moment| moment.delivery == self.delivery);
        moments.map(|moment| format!("{:<12} {}", moment.state.words(), moment.what)).collect()
    }
}

/// The account's end, where the workspace's cloud ended it: nothing goes on without a person.
fn ended(view: &View) -> Option<Failure> {
    let cloud = view.cloud.as_ref()?;
    match &cloud.account {
        AccountView::Ended { email, why } => Some(somebody::ended(&cloud.name, email, why)),
        _ => None,
    }
}

/// Whether a file goes into the store that it did not have: until then, nothing may be new.
fn is_under_way(assets: &[AssetSending]) -> bool {
    assets.iter().any(|asset| asset.bytes_done > 0 && !asset.was_there)
}

fn fraction(done: u64, of: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a fraction for people")]
    if of == 0 { 0.0 } else { done as f64 / of as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_store_lacks_is_sent() {
        let asset = |bytes_done, was_there| AssetSending {
            path: PathBuf::from("01.flac"),
            bytes: 8,
            bytes_done,
            is_done: bytes_done == 8,
            was_there,
        };
        assert!(!is_under_way(&[asset(0, false), asset(0, false)]), "the store is asked still");
        assert!(!is_under_way(&[asset(8, true), asset(0, false)]));
        assert!(!is_under_way(&[asset(8, true), asset(8, true)]));
        assert!(is_under_way(&[asset(8, true), asset(3, false)]));
        assert!(is_under_way(&[asset(8, false), asset(0, false)]));
    }
}

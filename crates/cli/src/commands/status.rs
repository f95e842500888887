use std::collections::BTreeSet;
use std::sync::Arc;

use desktop::{Delivery, DeliveryState, ReleaseView, Session, State, View};
use release::{ReleaseId, Upc};
use serde::Serialize;

use super::{somebody, workspace};
use crate::arguments::{SigningIn, Status};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::queued::{self, QueuedJson, in_queue};
use crate::output::release::{ReleaseJson, say_contents, say_line};
use crate::output::{Ended, Terminal};

/// `status --json`.
#[derive(Debug, Serialize)]
struct Standing<'a> {
    workspace: String,
    queue: Vec<QueuedJson<'a>>,
    releases: Vec<ReleaseJson<'a>>,
}

pub(super) async fn run(arguments: Status, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let folder = workspace::folder(&arguments.place)?;
    // Looking makes nothing: a workspace is made by the first delivery.
    if !folder.exists() {
        return Err(Failure::new("no-workspace", format!("There is no workspace at {}.", folder.display()))
            .with_help("Deliver something, or give another --workspace."));
    }
    let session = workspace::open(&arguments.place, "Look into its room \"Releases\"", terminal).await?;
    let seen = see_news(&session, arguments.signing_in, terminal).await;
    let view = session.view();
    session.close().await;
    seen?;
    match &arguments.release {
        None => Ok(all(terminal, &view)),
        Some(wanted) => one(terminal, &view, wanted),
    }
}

/// Asks a cloud what is new. Where it cannot be asked, what was known last is shown; where nothing was, why is all there
/// is to say.
async fn see_news(session: &Session, signing_in: SigningIn, terminal: &Terminal) -> Result<(), Failure> {
    let there = somebody::is_there(session, signing_in, terminal).await;
    let is_known = session.view().cloud.as_ref().is_none_or(|cloud| cloud.answered);
    match there {
        Ok(()) => session.see_news().await.map_err(workspace::failure)?,
        Err(failure) if is_known && failure.exit != Exit::Interrupted => {
            terminal.remark(format_args!("{} What follows was known last. {}", failure.message, failure.help));
            return Ok(());
        }
        Err(failure) => return Err(failure),
    }
    let view = session.view();
    match view.cloud.as_ref().and_then(|cloud| Some((cloud.answered, cloud.trouble.as_ref()?))) {
        None => {}
        Some((true, trouble)) => {
            terminal.remark(format_args!("{} What follows was known last. {}", trouble.message, trouble.help));
        }
        Some((false, trouble)) => return Err(Failure::new(trouble.code, &trouble.message).with_help(&trouble.help)),
    }
    Ok(())
}

fn all(terminal: &Terminal, view: &View) -> Ended {
    let queue: Vec<&Delivery> = in_queue(view).collect();
    if view.releases.is_empty() && queue.is_empty() {
        terminal.say("Nothing has been delivered here yet.");
    }
    for queued in &queue {
        queued::say_line(terminal, view, queued);
    }
    for release in view.releases.iter() {
        say_line(terminal, release);
    }
    Ended::with(Exit::Done, &standing(view, &view.releases, &queue))
}

fn one(terminal: &Terminal, view: &View, wanted: &str) -> Result<Ended, Failure> {
    let meant = meant(view, wanted)?;
    let queue: Vec<&Delivery> = in_queue(view).filter(|queued| queued.release == meant).collect();
    for queued in &queue {
        queued::say_line(terminal, view, queued);
    }
    let Some(release) = view.release(meant) else {
        let failed = queue.iter().any(|queued| queued.state == DeliveryState::Failed);
        let exit = if failed { Exit::Failed } else { Exit::Waits };
        return Ok(Ended::with(exit, &standing(view, &[], &queue)));
    };
    say_line(terminal, release);
    say_contents(terminal, view, release);
    Ok(Ended::with(exit(release.state), &standing(view, std::slice::from_ref(release), &queue)))
}

/// The release of an id, of a UPC, or of a title: one that was handed over, or is in the queue.
fn meant(view: &View, wanted: &str) -> Result<ReleaseId, Failure> {
    let upc = wanted.parse::<Upc>().ok();
    let known = view.releases.iter().map(|release| (release.key.release, release.title.as_str()));
    let queued = in_queue(view).map(|queued| (queued.release, queued.title.as_str()));
    let is_meant = |release: ReleaseId, title: &str| {
        release.to_string().eq_ignore_ascii_case(wanted)
            || title.to_lowercase() == wanted.to_lowercase()
            || (upc.is_some() && upc.as_ref() == upc_of(view, release))
    };
    let found: BTreeSet<ReleaseId> =
        known.chain(queued).filter(|(release, title)| is_meant(*release, title)).map(|(release, _)| release).collect();
    match found.len() {
        1 => Ok(found.into_iter().next().expect("it has one")),
        0 => Err(Failure::new("no-such-release", format!("No release \"{wanted}\" was delivered to this workspace."))
            .with_help("Run status without a name to see all.")),
        several => {
            let ids: Vec<String> = found.iter().map(ToString::to_string).collect();
            Err(Failure::new("ambiguous", format!("{several} releases are called \"{wanted}\"."))
                .with_help(format!("Name one by its id: {}.", ids.join(", "))))
        }
    }
}

fn upc_of(view: &View, release: ReleaseId) -> Option<&Upc> {
    view.draft(release)?.draft.release.upc.valid()
}

fn standing<'a>(view: &'a View, releases: &'a [Arc<ReleaseView>], queue: &[&'a Delivery]) -> Standing<'a> {
    Standing {
        workspace: view.home.display().to_string(),
        queue: queue.iter().map(|queued| QueuedJson::new(view, queued)).collect(),
        releases: releases.iter().map(|release| ReleaseJson::new(view, release)).collect(),
    }
}

fn exit(state: State) -> Exit {
    match state {
        State::Live => Exit::Done,
        State::Received | State::Transcoding | State::InReview | State::Ready => Exit::Waits,
        State::Failed => Exit::Failed,
        State::Rejected | State::Withdrawn => Exit::NeedsPerson,
    }
}

use std::sync::Arc;

use desktop::{ReleaseView, State, View};
use release::Upc;
use serde::Serialize;

use super::workspace;
use crate::arguments::Status;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::release::{ReleaseJson, say_contents, say_line};
use crate::output::{Ended, Terminal};

/// `status --json`.
#[derive(Debug, Serialize)]
struct Standing<'a> {
    workspace: String,
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
    let view = session.view();
    session.close().await;
    match &arguments.release {
        None => Ok(all(terminal, &view)),
        Some(wanted) => one(terminal, &view, wanted),
    }
}

fn all(terminal: &Terminal, view: &View) -> Ended {
    if view.releases.is_empty() {
        terminal.say("Nothing has been delivered here yet.");
    }
    for release in view.releases.iter() {
        say_line(terminal, release);
    }
    Ended::with(Exit::Done, &standing(view, &view.releases))
}

fn one(terminal: &Terminal, view: &View, wanted: &str) -> Result<Ended, Failure> {
    let found = find(view, wanted)?;
    say_line(terminal, &found);
    say_contents(terminal, view, &found);
    Ok(Ended::with(exit(found.state), &standing(view, &[found])))
}

/// The release of an id, of a UPC, or of a title.
fn find(view: &View, wanted: &str) -> Result<Arc<ReleaseView>, Failure> {
    let upc = wanted.parse::<Upc>().ok();
    let is_meant = |release: &&Arc<ReleaseView>| {
        release.key.release.to_string().eq_ignore_ascii_case(wanted)
            || release.title.to_lowercase() == wanted.to_lowercase()
            || (upc.is_some() && upc.as_ref() == upc_of(view, release))
    };
    let found: Vec<&Arc<ReleaseView>> = view.releases.iter().filter(is_meant).collect();
    match found.as_slice() {
        [one] => Ok(Arc::clone(one)),
        [] => Err(Failure::new("no-such-release", format!("No release \"{wanted}\" was delivered to this workspace."))
            .with_help("Run status without a name to see all.")),
        several => {
            let ids: Vec<String> = several.iter().map(|release| release.key.release.to_string()).collect();
            Err(Failure::new("ambiguous", format!("{} releases are called \"{wanted}\".", several.len()))
                .with_help(format!("Name one by its id: {}.", ids.join(", "))))
        }
    }
}

fn upc_of<'a>(view: &'a View, release: &ReleaseView) -> Option<&'a Upc> {
    view.draft(release.key.release)?.draft.release.upc.valid()
}

fn standing<'a>(view: &'a View, releases: &'a [Arc<ReleaseView>]) -> Standing<'a> {
    Standing {
        workspace: view.home.display().to_string(),
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

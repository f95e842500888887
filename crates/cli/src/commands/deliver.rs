use std::path::Path;
use std::sync::Arc;

use desktop::{DraftView, Handover, Outcome, PlacedProblem, Queued, Session, SessionError, View};
use release::{ReleaseId, TrackId};
use serde::Serialize;

use super::follow::{self, Follow};
use super::{somebody, workspace};
use crate::arguments::{Deliver, Place};
use crate::change::Change;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::interrupted;
use crate::output::imported::{Album, AlbumJson};
use crate::output::release::{ReleaseJson, say_contents};
use crate::output::{Ended, Terminal};

/// `deliver --json`.
#[derive(Debug, Serialize)]
struct Delivered<'a> {
    workspace: String,
    /// What became of it, in one word.
    outcome: &'static str,
    /// Whether a new delivery was made for it.
    handover: Option<&'static str>,
    album: Option<AlbumJson<'a>>,
    release: Option<ReleaseJson<'a>>,
}

pub(super) async fn run(arguments: Deliver, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let session = workspace::open(&arguments.place, &in_window(&arguments.place), terminal).await?;
    let ended = tokio::select! {
        ended = deliver(&session, arguments, terminal) => ended,
        () = interrupted() => Err(Failure::interrupted("What is done stays done: run the same command again to go on.")),
    };
    session.close().await;
    ended
}

/// What to do where the window has the workspace open.
fn in_window(place: &Place) -> String {
    let workspace = place.workspace.as_ref().map(|folder| format!(" --workspace {}", folder.display()));
    format!("Drop the folder on the window, hand it over with `lacquer{} FOLDER`", workspace.unwrap_or_default())
}

async fn deliver(session: &Session, arguments: Deliver, terminal: &mut Terminal) -> Result<Ended, Failure> {
    somebody::is_there(session, arguments.signing_in, terminal).await?;
    let draft = follow::import(session, terminal, arguments.paths).await?;
    edit(session, draft, &arguments.changes).await?;
    if let Some(artwork) = arguments.artwork {
        session.set_artwork(draft, artwork).await.map_err(workspace::failure)?;
    }
    let view = session.view();
    let shown = drafted(&view, draft)?;
    with_album(shown, &shown.problems, |album| {
        album.say(terminal);
        album.remark(terminal);
    });
    let queued = match session.queue(draft).await {
        Ok(queued) => queued,
        Err(error @ SessionError::NotReady { .. }) => {
            terminal.say(&error);
            return Ok(not_ready(&view, shown));
        }
        Err(error) => return Err(workspace::failure(error)),
    };
    let follow = Follow::new(draft, queued.delivery);
    // What happened to an unchanged one is no news.
    let follow = if queued.how == Handover::Unchanged { follow.only_what_comes(&session.view()) } else { follow };
    let (outcome, view) = follow.until_it_rests(session, terminal).await?;
    Ok(end(terminal, &view, draft, queued, &outcome))
}

async fn edit(session: &Session, draft: ReleaseId, changes: &[Change]) -> Result<(), Failure> {
    let view = session.view();
    let release = &drafted(&view, draft)?.draft.release;
    let edits: Result<Vec<_>, _> = changes.iter().map(|change| change.of(release)).collect();
    let edits = edits
        .map_err(|error| Failure::new("no-such-field", sentence(&error)).with_help("Nothing was set or delivered."))?
        .concat();
    if edits.is_empty() { Ok(()) } else { session.edit_all(draft, edits, None).await.map_err(workspace::failure) }
}

/// `The release has no track 9 on disc 1.`
fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn drafted(view: &View, draft: ReleaseId) -> Result<&Arc<DraftView>, Failure> {
    view.draft(draft).ok_or_else(|| workspace::failure(SessionError::NoSuchDraft(draft)))
}

fn with_album<T>(shown: &DraftView, problems: &[PlacedProblem], then: impl FnOnce(&Album<'_>) -> T) -> T {
    let draft = &shown.draft;
    let path_of = |track: TrackId| -> Option<&Path> { draft.files.get(&track).map(|file| file.path.as_path()) };
    then(&Album {
        release: &draft.release,
        path_of: &path_of,
        left_out: &draft.left_out,
        notes: &draft.notes,
        problems,
    })
}

fn not_ready(view: &View, shown: &DraftView) -> Ended {
    with_album(shown, &shown.problems, |album| {
        let result = Delivered {
            workspace: view.home.display().to_string(),
            outcome: "not-ready",
            handover: None,
            album: Some(AlbumJson::from(album)),
            release: None,
        };
        Ended::with(Exit::NeedsPerson, &result)
    })
}

fn end(terminal: &Terminal, view: &View, draft: ReleaseId, queued: Queued, outcome: &Outcome) -> Ended {
    let (exit, word, sentence) = verdict(view, draft, queued, outcome);
    let release = view.release(draft);
    if let Some(release) = release {
        say_contents(terminal, view, release);
    }
    terminal.say(sentence);
    let shown = view.draft(draft);
    let result = |album: Option<&Album<'_>>| {
        let result = Delivered {
            workspace: view.home.display().to_string(),
            outcome: word,
            handover: Some(handover(queued.how)),
            album: album.map(AlbumJson::from),
            release: release.map(|release| ReleaseJson::new(view, release)),
        };
        Ended::with(exit, &result)
    };
    match shown {
        Some(shown) => with_album(shown, &shown.problems, |album| result(Some(album))),
        None => result(None),
    }
}

/// The exit code, the word of `--json`, and the sentence for people.
fn verdict(view: &View, draft: ReleaseId, queued: Queued, outcome: &Outcome) -> (Exit, &'static str, String) {
    let title = view.draft(draft).map(|shown| shown.draft.release.display_title()).unwrap_or_default();
    let title = if title.is_empty() { "The release".to_owned() } else { format!("\"{title}\"") };
    match outcome {
        Outcome::Live if queued.how == Handover::Unchanged => {
            (Exit::Done, "live", format!("{title} is live already, and nothing has changed."))
        }
        Outcome::Live => (Exit::Done, "live", format!("{title} is live.")),
        Outcome::InReview => (Exit::Waits, "in-review", format!("{title} waits for a release manager to hear it.")),
        Outcome::Due(_) => (Exit::Waits, "ready", format!("{title} waits for its release date{}.", date(view, draft))),
        Outcome::Failed(reasons) => (Exit::Failed, "failed", format!("{title} failed. {}", sentences(reasons))),
        Outcome::Rejected(reasons) => {
            (Exit::NeedsPerson, "rejected", format!("{title} was turned down. {}", sentences(reasons)))
        }
        Outcome::Withdrawn => (Exit::NeedsPerson, "withdrawn", format!("{title} is withdrawn.")),
        Outcome::NotSent(trouble) => {
            (Exit::Failed, "not-sent", format!("{title} cannot be sent. {} {}", trouble.message, trouble.help))
        }
        Outcome::Paused => {
            (Exit::Waits, "paused", format!("{title} is held back. Let it go on in the window's room \"Queue\"."))
        }
        Outcome::Cancelled => (Exit::NeedsPerson, "cancelled", format!("{title} was taken back from the queue.")),
        Outcome::Superseded(_) => {
            (Exit::NeedsPerson, "superseded", format!("A newer delivery of {title} took the place of this one."))
        }
    }
}

/// `, 2026-06-19 in Europe/Berlin`.
fn date(view: &View, draft: ReleaseId) -> String {
    let Some(shown) = view.draft(draft) else { return String::new() };
    let release = &shown.draft.release;
    format!(", {} in {}", release.release_date.text(), release.time_zone)
}

fn sentences(reasons: &[desktop::Reason]) -> String {
    let texts: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    texts.join(" ")
}

fn handover(how: Handover) -> &'static str {
    match how {
        Handover::New => "new",
        Handover::UnderWay => "under-way",
        Handover::Again => "again",
        Handover::Unchanged => "unchanged",
    }
}

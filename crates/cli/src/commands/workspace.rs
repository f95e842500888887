//! Opening a workspace, and what the session's errors mean on a command line.

use std::path::PathBuf;

use desktop::{Holder, Home, LockError, OpenError, Options, Session, SessionError};

use crate::arguments::Place;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Terminal;

/// This program, as the workspace's lock names it.
const PROGRAM: &str = "lacquer-cli";

/// The notice that a cloud is not followed at the moment.
const CLOUD_AWAY: &str = "cloud-away";

/// The folder of the workspace that is meant.
pub(super) fn folder(place: &Place) -> Result<PathBuf, Failure> {
    match &place.workspace {
        Some(folder) => Ok(folder.clone()),
        None => Home::default_root().map_err(|error| Failure::new("workspace", error)),
    }
}

/// Opens the workspace that is meant, and says what a person should know of it; it is made where there is none.
/// Where the window has it open, nothing of it is touched, and `in_window` says what to do there instead.
pub(super) async fn open(place: &Place, in_window: &str, terminal: &Terminal) -> Result<Session, Failure> {
    let options = Options { program: PROGRAM.to_owned(), ..Options::default() };
    let opened = Session::open(&folder(place)?, options).await;
    let session = opened.map_err(|error| match error {
        OpenError::Lock(LockError::Held { holder }) => in_use(holder.as_ref(), in_window),
        error => Failure::new("workspace", error),
    })?;
    // How it stands with a cloud is known once it was asked.
    for notice in session.view().notices.iter().filter(|notice| notice.code != CLOUD_AWAY) {
        terminal.remark(format_args!("{} {}", notice.message, notice.help));
    }
    Ok(session)
}

/// Another process has the workspace: which one, and what to do.
fn in_use(holder: Option<&Holder>, in_window: &str) -> Failure {
    let is = |program: &str| holder.is_some_and(|holder| holder.program == program);
    let (who, help) = if is(&Options::default().program) {
        ("Lacquer's window", format!("{in_window}, or quit Lacquer and run this again."))
    } else if is(PROGRAM) {
        ("Another lacquer-cli", "Run this again when it is done, or give another --workspace.".to_owned())
    } else {
        ("Another program", "Close it and run this again, or give another --workspace.".to_owned())
    };
    let process = holder.map(|holder| format!(" (process {})", holder.process)).unwrap_or_default();
    Failure::new("in-use", format!("{who} has this workspace open{process}.")).with_help(help).with_exit(Exit::InUse)
}

/// A session's error, as a command's.
pub(super) fn failure(error: SessionError) -> Failure {
    let code = match &error {
        SessionError::Closed => "closed",
        SessionError::Import(_) => "import",
        SessionError::Edit(_) => "edit",
        SessionError::Artwork { .. } => "artwork",
        SessionError::NotReady { .. } => "not-ready",
        SessionError::Cloud(_) => "cloud",
        _ => "session",
    };
    Failure::new(code, error)
}

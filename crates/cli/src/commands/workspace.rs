//! Opening a workspace, and what the session's errors mean on a command line.

use std::path::PathBuf;

use desktop::{Home, LockError, OpenError, Options, Session, SessionError};

use crate::arguments::Place;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Terminal;

/// The folder of the workspace that is meant.
pub(super) fn folder(place: &Place) -> Result<PathBuf, Failure> {
    match &place.workspace {
        Some(folder) => Ok(folder.clone()),
        None => Home::default_root().map_err(|error| Failure::new("workspace", error)),
    }
}

/// Opens the workspace that is meant, and says what a person should know of it; it is made where there is none.
pub(super) async fn open(place: &Place, terminal: &Terminal) -> Result<Session, Failure> {
    let options = Options { program: "lacquer-cli".to_owned(), ..Options::default() };
    let opened = Session::open(&folder(place)?, options).await;
    let session = opened.map_err(|error| match error {
        OpenError::Lock(LockError::Held { .. }) => Failure::new("in-use", error).with_exit(Exit::InUse),
        error => Failure::new("workspace", error),
    })?;
    for notice in session.view().notices.iter() {
        terminal.remark(format_args!("{} {}", notice.message, notice.help));
    }
    Ok(session)
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

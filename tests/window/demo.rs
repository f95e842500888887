//! A workspace with the demo album in it, delivered by the session itself.

use std::path::{Path, PathBuf};

use desktop::{Options, Outcome, Session};

/// What is to be seen.
pub(crate) struct Demo {
    pub(crate) title: String,
    pub(crate) tracks: Vec<String>,
}

/// Opens a workspace.
pub(crate) async fn open(workspace: &Path) -> Session {
    let options = Options { program: "a test".to_owned(), ..Options::default() };
    Session::open(workspace, options).await.unwrap()
}

/// Delivers the demo album, with somebody subscribed to its artist, and closes the workspace.
pub(crate) async fn deliver(workspace: &Path, email: &str) -> Demo {
    let session = open(workspace).await;
    let album = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo-album"));
    let draft = session.import(vec![album]).await.unwrap();
    let view = session.view();
    let release = &view.draft(draft).unwrap().draft.release;
    session.subscribe(&release.display_artist(), email).await.unwrap();
    let queued = session.queue(draft).await.unwrap();
    let outcome = session.wait_for(|view| view.outcome(queued.delivery)).await.unwrap();
    assert_eq!(outcome, Outcome::Live);
    session.close().await;
    Demo { title: release.display_title(), tracks: release.tracks.iter().map(release::Track::display_title).collect() }
}

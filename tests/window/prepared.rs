//! Workspaces as a test finds them: made by the session itself, before the window opens.

use std::path::{Path, PathBuf};

use desktop::{DeskSettings, Options, Outcome, Session};
use release::ReleaseId;

use crate::stage::album as demo_album;

/// The fields that tones have no tags for.
const FIELDS: [(&str, &str); 6] = [
    ("title", "Tones"),
    ("artist", "Nine Lives"),
    ("label", "Again"),
    ("p_line", "2026 Again"),
    ("c_line", "2026 Again"),
    ("advisory", "none"),
];

/// What is to be seen.
pub(crate) struct Demo {
    pub(crate) title: String,
    pub(crate) artist: String,
    pub(crate) tracks: Vec<String>,
}

/// Opens a workspace.
pub(crate) async fn open(workspace: &Path) -> Session {
    let options = Options { program: "a test".to_owned(), ..Options::default() };
    Session::open(workspace, options).await.unwrap()
}

/// A workspace in which nothing was done yet but to look at the welcome.
pub(crate) async fn welcomed(workspace: &Path) {
    let session = open(workspace).await;
    welcome(&session, None).await;
    session.close().await;
}

/// Imports albums, and sends no more than so many bytes a second from now on.
pub(crate) async fn imported(workspace: &Path, albums: &[PathBuf], rate: Option<u64>) {
    let session = open(workspace).await;
    welcome(&session, rate).await;
    for album in albums {
        import(&session, album).await;
    }
    session.close().await;
}

/// Delivers the demo album, with somebody subscribed to its artist, and closes the workspace.
pub(crate) async fn delivered(workspace: &Path, email: &str) -> Demo {
    let session = open(workspace).await;
    welcome(&session, None).await;
    let draft = session.import(vec![demo_album()]).await.unwrap();
    let view = session.view();
    let release = &view.draft(draft).unwrap().draft.release;
    session.subscribe(&release.display_artist(), email).await.unwrap();
    let queued = session.queue(draft).await.unwrap();
    let outcome = session.wait_for(|view| view.outcome(queued.delivery)).await.unwrap();
    assert_eq!(outcome, Outcome::Live);
    session.close().await;
    Demo {
        title: release.display_title(),
        artist: release.display_artist(),
        tracks: release.tracks.iter().map(release::Track::display_title).collect(),
    }
}

/// Makes a draft of tones that can be delivered.
pub(crate) async fn import(session: &Session, album: &Path) -> ReleaseId {
    let draft = session.import(vec![album.to_owned()]).await.unwrap();
    let release = session.view().draft(draft).unwrap().draft.release.clone();
    for (name, text) in FIELDS {
        let address: release::FieldAddress = name.parse().unwrap();
        for field in address.fields(&release).unwrap() {
            session.edit(draft, field, text).await.unwrap();
        }
    }
    draft
}

pub(crate) async fn welcome(session: &Session, rate: Option<u64>) {
    let settings = DeskSettings { welcomed: true, rate_limit: rate, ..DeskSettings::default() };
    session.set_desk(settings).await.unwrap();
}

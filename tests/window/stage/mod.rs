//! What the tests of the window share: a screen of its own, the app on it, and hands and eyes.

mod app;
mod display;
mod drag;
mod ledger;
mod page;
mod probe;
mod process;
mod tray;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use app::App;
pub(crate) use display::{Display, Theme};
pub(crate) use drag::Drag;
pub(crate) use ledger::Ledger;
pub(crate) use probe::Stalls;
pub(crate) use tray::Tray;

/// How long anything may take on a busy machine before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// The app under test, built by the run that builds this test; another build of it where `LACQUER_APP` names one.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("LACQUER_APP").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_lacquer")), PathBuf::from)
}

/// A display, and a folder that holds everything of a test.
pub(crate) struct Stage {
    // Its programs end before their folder goes.
    pub(crate) display: Display,
    folder: tempfile::TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with_theme(Theme::Dark)
    }

    pub(crate) fn with_theme(theme: Theme) -> Self {
        let folder = tempfile::Builder::new().prefix("lacquer-window").tempdir().unwrap();
        // Copied, since the variable that names a browser has no room for blanks in its path.
        let browser = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/window/stage/browser.py");
        std::fs::copy(browser, folder.path().join("browser")).unwrap();
        Self { display: Display::start(folder.path(), theme), folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.path("workspace")
    }

    /// Where the app puts the workspaces of clouds that were joined.
    pub(crate) fn joined_workspaces(&self) -> PathBuf {
        self.path("data/lacquer/workspaces")
    }

    /// What the app wrote to the sound card's place.
    pub(crate) fn heard(&self) -> PathBuf {
        self.path("heard.raw")
    }

    /// What the app began and finished, over all its starts.
    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::new(self.path("ledger.jsonl"))
    }

    /// Opens the app on the workspace and waits for its window.
    pub(crate) async fn open(&self) -> App<'_> {
        App::open(self, &self.workspace()).await
    }

    /// Opens the app on a workspace of its own choice.
    pub(crate) async fn open_on(&self, workspace: &Path) -> App<'_> {
        App::open(self, workspace).await
    }
}

/// Does not wait for ever for what never comes.
pub(crate) async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    let patience = PATIENCE + Duration::from_secs(10);
    tokio::time::timeout(patience, work).await.unwrap_or_else(|_| panic!("gave up: {what}"))
}

/// Asks again and again until something is so. For what tells nobody when it changes.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    within(what, asking).await
}

/// The demo album.
pub(crate) fn album() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo-album")
}

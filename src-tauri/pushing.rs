//! Brings what changed to the page.

use std::time::Duration;

use desktop::Session;
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;
use tokio::time::MissedTickBehavior;

use crate::shown::player::Player;
use crate::shown::showing::Showing;

/// Pushes follow each other no faster than this, however often something changes: a page that paints has no use for
/// more.
const EVERY: Duration = Duration::from_millis(50);

/// Pushes what changes until the session ends.
pub(crate) async fn push(app: AppHandle, session: Session) {
    let mut views = session.views();
    let mut pace = tokio::time::interval(EVERY);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pace.tick().await;
        views.borrow_and_update();
        if let Some(changed) = app.state::<Showing>().changes(&session) {
            // An error means that there is no page to hear it; it asks for everything when it is there.
            let _ = changed.emit(&app);
        }
        if views.changed().await.is_err() {
            return;
        }
    }
}

/// Pushes what is heard until the session ends.
pub(crate) async fn push_player(app: AppHandle, session: Session) {
    let mut views = session.player().views();
    loop {
        let shown = Player::of(&views.borrow_and_update());
        // As above.
        let _ = shown.emit(&app);
        if views.changed().await.is_err() {
            return;
        }
    }
}

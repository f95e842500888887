//! What closing the window and quitting come to.

use desktop::Session;
use tauri::{AppHandle, CloseRequestApi, Manager as _};
use tauri_specta::Event as _;

use crate::desk::Desk;
use crate::events::QuitAsked;
use crate::{tray, window};

/// What becomes of the app when its window is closed.
#[derive(Debug, PartialEq, Eq)]
enum Closing {
    /// It ends.
    End,
    /// The window is hidden, and work goes on.
    Hide,
    /// The person is asked, with what is under way.
    Ask(String),
}

impl Closing {
    /// With work under way the window is only hidden, where the person sees a way back to it.
    fn of(under_way: Option<String>, tray_is_seen: impl FnOnce() -> bool) -> Self {
        match under_way {
            None => Self::End,
            Some(_) if tray_is_seen() => Self::Hide,
            Some(work) => Self::Ask(work),
        }
    }
}

/// The window's close button.
pub(crate) fn close(app: &AppHandle, api: &CloseRequestApi) {
    match Closing::of(under_way(app), || tray::is_seen(app)) {
        Closing::End => {}
        Closing::Hide => {
            api.prevent_close();
            if let Some(window) = app.get_webview_window(window::LABEL)
                && let Err(error) = window.hide()
            {
                tracing::warn!(%error, "the window cannot be hidden");
            }
            tray::update(app);
        }
        Closing::Ask(work) => {
            api.prevent_close();
            ask(app, work);
        }
    }
}

/// The tray's "Quit".
pub(crate) fn quit(app: &AppHandle) {
    match under_way(app) {
        None => app.exit(0),
        Some(work) => ask(app, work),
    }
}

/// What would stop if the app ended now.
pub(crate) fn under_way(app: &AppHandle) -> Option<String> {
    Session::work_under_way(&app.state::<Desk>().opened()?.view())
}

fn ask(app: &AppHandle, work: String) {
    window::show(app);
    if let Err(error) = (QuitAsked { work }).emit(app) {
        tracing::warn!(%error, "the page cannot be asked whether to quit");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_where_the_person_sees_a_way_back_to_it() {
        let work = || Some("1 release is being sent.".to_owned());
        assert_eq!(Closing::of(None, || true), Closing::End);
        assert_eq!(Closing::of(None, || false), Closing::End);
        assert_eq!(Closing::of(work(), || true), Closing::Hide);
        assert_eq!(Closing::of(work(), || false), Closing::Ask("1 release is being sent.".to_owned()));
    }
}

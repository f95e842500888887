//! The theme of the window, and the ground that it shows until its page is there.

use std::sync::{Mutex, PoisonError};

use desktop::Theme;
use tauri::utils::config::Color;
use tauri::{Manager as _, WebviewWindow};

/// The page's ground (`--ground` in `ui/src/tokens.css`).
const LIGHT: Color = Color(246, 241, 233, 255);
const DARK: Color = Color(21, 17, 13, 255);

/// The theme that was chosen; the system's until that is known.
#[derive(Debug, Default)]
pub(crate) struct Chosen(Mutex<Theme>);

impl Chosen {
    fn get(&self) -> Theme {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, theme: Theme) -> Theme {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), theme)
    }
}

/// Has the window, and what the system draws around it, in a theme.
pub(crate) fn set(window: &WebviewWindow, theme: Theme) {
    let before = window.state::<Chosen>().replace(theme);
    let wanted = match theme {
        Theme::System => None,
        Theme::Dark => Some(tauri::Theme::Dark),
        Theme::Light => Some(tauri::Theme::Light),
    };
    // A window begins as the system is. Told that no theme is wanted, it would be light whatever the system is.
    if wanted.is_some() || before != Theme::System {
        if let Err(error) = window.set_theme(wanted) {
            tracing::warn!(%error, "the window's theme cannot be set");
        }
        #[cfg(target_os = "linux")]
        if wanted.is_none() {
            toolkit::follow_system(window);
        }
    }
    paint(window);
}

/// Gives the window the ground that its page will have, so that none flashes up in another.
pub(crate) fn paint(window: &WebviewWindow) {
    let painted = window.clone();
    let painting = window.run_on_main_thread(move || {
        let is_dark = match painted.state::<Chosen>().get() {
            Theme::Dark => true,
            Theme::Light => false,
            Theme::System => is_system_dark(&painted),
        };
        if let Err(error) = painted.set_background_color(Some(if is_dark { DARK } else { LIGHT })) {
            tracing::warn!(%error, "the window's ground cannot be set");
        }
    });
    if let Err(error) = painting {
        tracing::warn!(%error, "the window's ground cannot be set");
    }
}

#[cfg(not(target_os = "linux"))]
fn is_system_dark(window: &WebviewWindow) -> bool {
    matches!(window.theme(), Ok(tauri::Theme::Dark))
}

/// As the web view judges it, and not as the window does, which knows the desktop's portal alone.
#[cfg(target_os = "linux")]
fn is_system_dark(_: &WebviewWindow) -> bool {
    toolkit::is_dark()
}

#[cfg(target_os = "linux")]
mod toolkit {
    use gtk::prelude::GtkSettingsExt as _;
    use tauri::WebviewWindow;

    /// Whether pages are shown dark. To be asked on the main thread.
    pub(super) fn is_dark() -> bool {
        let Some(settings) = gtk::Settings::default() else { return false };
        let name = std::env::var("GTK_THEME").ok();
        let name = name.or_else(|| settings.gtk_theme_name().map(Into::into)).unwrap_or_default();
        settings.is_gtk_application_prefer_dark_theme() || is_name_of_dark(&name)
    }

    /// WebKit's own rule.
    pub(super) fn is_name_of_dark(theme: &str) -> bool {
        ["-dark", "-Dark", ":dark"].iter().any(|end| theme.ends_with(end))
    }

    /// Asks the desktop anew, once the window has forgotten what was chosen: it takes that for light.
    pub(super) fn follow_system(window: &WebviewWindow) {
        let window = window.clone();
        let asked = window.clone().run_on_main_thread(move || {
            gtk::glib::idle_add_local_once(move || {
                if let (Some(settings), Ok(theme)) = (gtk::Settings::default(), window.theme()) {
                    settings.set_gtk_application_prefer_dark_theme(theme == tauri::Theme::Dark);
                }
                super::paint(&window);
            });
        });
        if let Err(error) = asked {
            tracing::warn!(%error, "the window does not follow the system's theme");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::toolkit::is_name_of_dark;

    #[test]
    fn themes_are_dark_by_the_web_view_s_rule() {
        for (name, dark) in
            [("Adwaita:dark", true), ("Yaru-dark", true), ("Arc-Dark", true), ("Adwaita", false), ("dark", false)]
        {
            assert_eq!(is_name_of_dark(name), dark, "{name}");
        }
    }
}

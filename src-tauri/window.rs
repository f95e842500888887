//! The one window: how it comes up, and what it never opens.

use desktop::{Theme, WorkspaceFile, WorkspacePlace};
use tauri::webview::NewWindowResponse;
use tauri::{App, AppHandle, Manager as _, Url, WebviewWindow, WebviewWindowBuilder};

use crate::theme;

/// Its name, in `tauri.conf.json` and in the capabilities.
pub(crate) const LABEL: &str = "main";

/// Makes the window, which is not shown yet.
pub(crate) fn open(app: &App) -> tauri::Result<WebviewWindow> {
    let config = app.config().app.windows.iter().find(|window| window.label == LABEL);
    let config = config.expect("tauri.conf.json has a main window").clone();
    let dev = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    let window = WebviewWindowBuilder::from_config(app, &config)?
        .on_navigation(move |url| is_own(url, dev.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    theme::paint(&window);
    Ok(window)
}

/// Brings it to the front, wherever it is.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window cannot be brought to the front");
    }
}

/// Shows it for the first time, in the theme that was chosen. Where it was before, it was put when it was made, unless that
/// screen is gone; its place is not looked at here, for a window that was never shown has none.
pub(crate) fn show_first(app: &AppHandle, theme: Option<Theme>) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    theme::set(&window, theme.unwrap_or_default());
    show(app);
}

/// What the window is called: by its workspace, where that has a name, since there may be windows on others beside it.
pub(crate) fn title(workspace: &WorkspaceFile) -> String {
    let name = match &workspace.place {
        WorkspacePlace::Cloud { deployment, .. } => &deployment.name,
        WorkspacePlace::Local => &workspace.label_name,
    };
    if name.trim().is_empty() { "Lacquer".to_owned() } else { format!("{} \u{2013} Lacquer", name.trim()) }
}

pub(crate) fn set_title(window: &WebviewWindow, title: &str) {
    if let Err(error) = window.set_title(title) {
        tracing::warn!(%error, "the window's title cannot be set");
    }
}

/// Whether an address is the app's own: its pages are the only ones that it shows.
fn is_own(url: &Url, dev: Option<&Url>) -> bool {
    let is_bundled = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => url.as_str() == "about:blank",
    };
    is_bundled || dev.is_some_and(|dev| dev.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_app_s_own_pages_are_shown() {
        let dev = Url::parse("http://localhost:5173").unwrap();
        for (address, own, own_in_dev) in [
            ("tauri://localhost", true, true),
            ("tauri://localhost/index.html#queue", true, true),
            ("https://tauri.localhost/", true, true),
            ("about:blank", true, true),
            ("http://localhost:5173/src/main.ts", false, true),
            ("http://localhost:5174/", false, false),
            ("https://example.com/", false, false),
            ("https://tauri.localhost.example.com/", false, false),
            ("tauri://example.com/", false, false),
            ("file:///etc/passwd", false, false),
            ("data:text/html,x", false, false),
            ("picture://localhost/draft/x/y", false, false),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!((is_own(&url, None), is_own(&url, Some(&dev))), (own, own_in_dev), "{address}");
        }
    }
}

//! The system's clipboard. Its files are what a file manager copied, or paths that somebody copied as text.

use std::path::{Path, PathBuf};

use tauri::AppHandle;

use crate::shown::trouble::Trouble;
use crate::written_path;

/// Files and folders on the clipboard; none where there is something else.
pub(crate) async fn paths(app: &AppHandle) -> Result<Vec<PathBuf>, Trouble> {
    system::read(app).await.map(|text| paths_in(&text)).ok_or_else(unreachable)
}

/// Puts a text on it.
pub(crate) async fn copy(app: &AppHandle, text: String) -> Result<(), Trouble> {
    system::write(app, text).await.ok_or_else(unreachable)
}

fn unreachable() -> Trouble {
    Trouble::new("The clipboard cannot be reached.", "Drop the files on the window, or choose them.")
}

/// The paths that a text names, one a line: as `file:` URLs, as a list of those that GNOME heads with what is to be done
/// with them, or as absolute paths. A text that is anything else names none.
fn paths_in(text: &str) -> Vec<PathBuf> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut lines = lines.peekable();
    lines.next_if(|line| matches!(*line, "copy" | "cut"));
    lines.map(path).collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn path(line: &str) -> Option<PathBuf> {
    let quoted = line.strip_prefix('\'').and_then(|line| line.strip_suffix('\''));
    let line = quoted.unwrap_or(line);
    (line.starts_with("file://") || Path::new(line).is_absolute()).then(|| written_path::read(line))
}

#[cfg(target_os = "linux")]
mod system {
    use gtk::Clipboard;
    use gtk::gdk::SELECTION_CLIPBOARD;
    use tauri::AppHandle;
    use tokio::sync::oneshot;

    /// What is there: files as a list of URLs, or text. None where the clipboard cannot be reached.
    pub(super) async fn read(app: &AppHandle) -> Option<String> {
        let (found, answer) = oneshot::channel();
        // Asked for without waiting: whoever has the clipboard may be slow to give it.
        app.run_on_main_thread(move || {
            Clipboard::get(&SELECTION_CLIPBOARD).request_uris(move |clipboard, uris| {
                if !uris.is_empty() {
                    let _ = found.send(uris.join("\n"));
                    return;
                }
                clipboard.request_text(move |_, text| drop(found.send(text.unwrap_or_default().to_owned())));
            });
        })
        .ok()?;
        answer.await.ok()
    }

    pub(super) async fn write(app: &AppHandle, text: String) -> Option<()> {
        let (done, answer) = oneshot::channel();
        app.run_on_main_thread(move || {
            let clipboard = Clipboard::get(&SELECTION_CLIPBOARD);
            clipboard.set_text(&text);
            // It stays when Lacquer ends.
            clipboard.store();
            let _ = done.send(());
        })
        .ok()?;
        answer.await.ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use tauri::AppHandle;

    pub(super) async fn read(_: &AppHandle) -> Option<String> {
        None
    }

    pub(super) async fn write(_: &AppHandle, _: String) -> Option<()> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_however_they_were_copied() {
        for (text, paths) in [
            ("file:///music/One%20Album\r\nfile:///music/b.wav\r\n", &["/music/One Album", "/music/b.wav"][..]),
            ("copy\nfile:///music/a", &["/music/a"]),
            ("cut\nfile:///music/a", &["/music/a"]),
            ("# from a browser\nfile:///music/a", &["/music/a"]),
            ("/music/One Album", &["/music/One Album"]),
            ("'/music/One Album'\n", &["/music/One Album"]),
            ("copy", &[]),
            ("Night Bus", &[]),
            ("/music/a\nand some words", &[]),
            ("https://example.com/a.wav", &[]),
            ("", &[]),
        ] {
            assert_eq!(paths_in(text), paths.iter().map(PathBuf::from).collect::<Vec<_>>(), "{text:?}");
        }
    }
}

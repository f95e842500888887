//! The system's own dialogs, over the window. The page cannot open one by itself.

use std::path::PathBuf;

use tauri::{AppHandle, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder, FilePath, MessageDialogKind};
use tokio::sync::oneshot;

use crate::shown::trouble::Trouble;
use crate::survey::{PICTURES, SOUND};
use crate::window;

/// Asks for folders; none where the person thought better of it.
pub(crate) async fn folders(app: &AppHandle) -> Vec<PathBuf> {
    let (chosen, answer) = oneshot::channel();
    dialog(app, "Choose an album's folder").pick_folders(|paths| drop(chosen.send(paths)));
    paths(answer.await)
}

/// Asks for sound files and pictures.
pub(crate) async fn files(app: &AppHandle) -> Vec<PathBuf> {
    let (chosen, answer) = oneshot::channel();
    dialog(app, "Choose sound files and artwork")
        .add_filter("Sound and pictures", &texts(&both_cases(&[SOUND, PICTURES])))
        .add_filter("All files", &["*"])
        .pick_files(|paths| drop(chosen.send(paths)));
    paths(answer.await)
}

/// Asks for a picture.
pub(crate) async fn picture(app: &AppHandle) -> Option<PathBuf> {
    let (chosen, answer) = oneshot::channel();
    dialog(app, "Choose the artwork")
        .add_filter("Pictures", &texts(&both_cases(&[PICTURES])))
        .add_filter("All files", &["*"])
        .pick_file(|path| drop(chosen.send(path.map(|path| vec![path]))));
    paths(answer.await).pop()
}

/// Asks for the file that describes a cloud.
pub(crate) async fn join_file(app: &AppHandle) -> Option<PathBuf> {
    let (chosen, answer) = oneshot::channel();
    dialog(app, "Choose the workspace.json of your label's cloud")
        .add_filter("Descriptions of clouds", &["json"])
        .add_filter("All files", &["*"])
        .pick_file(|path| drop(chosen.send(path.map(|path| vec![path]))));
    paths(answer.await).pop()
}

/// Says what went wrong where no page asked for anything.
pub(crate) fn trouble(app: &AppHandle, trouble: &Trouble) {
    let text = format!("{}\n\n{}", trouble.message, trouble.help);
    let mut dialog = app.dialog().message(text.trim()).title("Lacquer").kind(MessageDialogKind::Error);
    if let Some(window) = app.get_webview_window(window::LABEL) {
        dialog = dialog.parent(&window);
    }
    dialog.show(|_| ());
}

fn dialog(app: &AppHandle, title: &str) -> FileDialogBuilder<tauri::Wry> {
    let dialog = app.dialog().file().set_title(title);
    match app.get_webview_window(window::LABEL) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

/// Nothing is chosen where the dialog ended without an answer.
fn paths(answer: Result<Option<Vec<FilePath>>, oneshot::error::RecvError>) -> Vec<PathBuf> {
    let chosen = answer.ok().flatten().unwrap_or_default();
    chosen.into_iter().filter_map(|path| path.into_path().ok()).collect()
}

/// GTK tells upper case from lower.
fn both_cases(extensions: &[&[&str]]) -> Vec<String> {
    extensions.concat().iter().flat_map(|extension| [(*extension).to_owned(), extension.to_uppercase()]).collect()
}

fn texts(extensions: &[String]) -> Vec<&str> {
    extensions.iter().map(String::as_str).collect()
}

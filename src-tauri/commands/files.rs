//! What is brought to the desk.

use std::path::PathBuf;

use tauri::{AppHandle, State};

use super::decode;
use crate::desk::Desk;
use crate::shown::desk::Survey;
use crate::shown::trouble::Trouble;
use crate::{clipboard, demo, dialogs, survey as surveys, written_path};

/// Says what paths are, without reading a file, while they are held over the window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn survey(paths: Vec<String>) -> Result<Survey, Trouble> {
    let paths = decode::paths(&paths);
    let looking = tauri::async_runtime::spawn_blocking(move || surveys::of(&paths));
    looking.await.map_err(|_| Trouble::new("These files cannot be looked at.", "Choose them one by one."))
}

/// Makes a draft of the demo album: its masters are read where they lie, as those of any folder, and never changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_demo(app: AppHandle, desk: State<'_, Desk>) -> Result<String, Trouble> {
    let album = demo::album(&app)?;
    Ok(desk.session().await?.import(vec![album]).await?.to_string())
}

/// Asks for folders in the system's dialog; empty where the person thought better of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folders(app: AppHandle) -> Result<Vec<String>, Trouble> {
    Ok(written(dialogs::folders(&app).await))
}

/// Asks for sound files and pictures in the system's dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_files(app: AppHandle) -> Result<Vec<String>, Trouble> {
    Ok(written(dialogs::files(&app).await))
}

/// Asks for one picture.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_picture(app: AppHandle) -> Result<Option<String>, Trouble> {
    Ok(dialogs::picture(&app).await.map(|path| written_path::write(&path)))
}

/// Files and folders on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pasted_paths(app: AppHandle) -> Result<Vec<String>, Trouble> {
    Ok(written(clipboard::paths(&app).await?))
}

fn written(paths: Vec<PathBuf>) -> Vec<String> {
    paths.iter().map(|path| written_path::write(path)).collect()
}

//! The window itself.

use tauri::AppHandle;

use crate::clipboard;
use crate::shown::trouble::Trouble;

/// Ends Lacquer, though work is under way: it goes on at the next start.
#[tauri::command]
#[specta::specta]
pub(crate) async fn quit(app: AppHandle) -> Result<(), Trouble> {
    app.exit(0);
    Ok(())
}

/// Puts a text on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_text(app: AppHandle, text: String) -> Result<(), Trouble> {
    clipboard::copy(&app, text).await
}

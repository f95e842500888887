//! The window: the only Rust that names Tauri. Commands decode, ask the session and return.

mod commands;

use std::path::PathBuf;

/// Opens the window on a workspace and returns when it is closed.
///
/// # Errors
/// Where the system has no display, or no web view.
pub fn run(workspace: Option<PathBuf>) -> Result<(), tauri::Error> {
    let _ = workspace;
    tauri::Builder::default().invoke_handler(tauri::generate_handler![commands::view]).run(tauri::generate_context!())
}

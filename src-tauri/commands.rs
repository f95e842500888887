//! What the pages may ask for.

/// What the window shows: the whole state of the workspace.
#[tauri::command]
pub(crate) fn view() -> Option<()> {
    None
}

//! What the pages may ask for.

use tauri::State;

use crate::desk::Desk;
use crate::shown::Shown;

/// What the window shows: the whole state of the workspace. Later states are pushed as the event `view`.
///
/// # Errors
/// Where the workspace cannot be opened, in words.
#[tauri::command]
pub(crate) async fn view(desk: State<'_, Desk>) -> Result<Shown, String> {
    let session = desk.session().await?;
    Ok(Shown::of(&session.view()))
}

//! What is chosen.

use tauri::{AppHandle, State};

use crate::desk::Desk;
use crate::diagnostics;
use crate::shown::settings::DeskSettings;
use crate::shown::trouble::Trouble;

/// Changes what everybody in the workspace shares.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_workspace(
    desk: State<'_, Desk>,
    label_name: String,
    review: bool,
    artists_mail: bool,
) -> Result<(), Trouble> {
    Ok(desk.session().await?.set_workspace(label_name, review, artists_mail).await?)
}

/// Changes what holds at this desk.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_desk(desk: State<'_, Desk>, settings: DeskSettings) -> Result<(), Trouble> {
    let session = desk.session().await?;
    let settings = settings.over(&session.view().settings);
    Ok(session.set_desk(settings).await?)
}

/// What to send along with a question: versions, settings, counts, notices; no titles, names or addresses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnostics(app: AppHandle, desk: State<'_, Desk>) -> Result<String, Trouble> {
    let session = desk.session().await?;
    Ok(diagnostics::text(&app, &session.view(), &session.player().view()))
}

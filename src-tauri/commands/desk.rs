//! What is done at the desk.

use serde::Serialize;
use specta::Type;
use tauri::State;

use super::decode;
use crate::desk::Desk;
use crate::shown::draft::{Draft, Edit};
use crate::shown::showing::Showing;
use crate::shown::trouble::Trouble;
use crate::written_path;

/// How a wish to deliver a draft was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Handover {
    /// By a new delivery.
    New,
    /// By one that is in the queue already, and goes on.
    UnderWay,
    /// By trying one that failed once more.
    Again,
    /// By nothing: what it says was handed over before.
    Unchanged,
}

/// A draft from inside. Null where there is none of that id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft(
    desk: State<'_, Desk>,
    showing: State<'_, Showing>,
    id: String,
) -> Result<Option<Draft>, Trouble> {
    let id = decode::release_id(&id)?;
    Ok(showing.draft(&desk.session().await?, id))
}

/// Makes a draft of folders and files, and returns its id when it is done; its progress is shown at the desk.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import(desk: State<'_, Desk>, paths: Vec<String>) -> Result<String, Trouble> {
    Ok(desk.session().await?.import(decode::paths(&paths)).await?.to_string())
}

/// Stops an import.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_import(desk: State<'_, Desk>, import_id: u32) -> Result<(), Trouble> {
    Ok(desk.session().await?.cancel_import(import_id.into()).await?)
}

/// Puts texts into fields: all of them or, where one cannot be, none. Edits of one gesture are one step of undo.
///
/// Commands that are under way together may be obeyed in any order: what follows an edit is sent when that is answered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn edit(
    desk: State<'_, Desk>,
    draft: String,
    edits: Vec<Edit>,
    gesture: Option<String>,
) -> Result<(), Trouble> {
    let (draft, edits) = (decode::release_id(&draft)?, decode::edits(edits)?);
    Ok(desk.session().await?.edit_all(draft, edits, gesture).await?)
}

/// Undoes the last step.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo(desk: State<'_, Desk>, draft: String) -> Result<(), Trouble> {
    let draft = decode::release_id(&draft)?;
    Ok(desk.session().await?.undo(draft).await?)
}

/// Does the last undone step again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn redo(desk: State<'_, Desk>, draft: String) -> Result<(), Trouble> {
    let draft = decode::release_id(&draft)?;
    Ok(desk.session().await?.redo(draft).await?)
}

/// Moves tracks to a disc, before another track or to the disc's end.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_tracks(
    desk: State<'_, Desk>,
    draft: String,
    tracks: Vec<String>,
    disc: u32,
    before: Option<String>,
) -> Result<(), Trouble> {
    let (draft, tracks) = (decode::release_id(&draft)?, decode::track_ids(&tracks)?);
    let before = before.as_deref().map(decode::track_id).transpose()?;
    Ok(desk.session().await?.move_tracks(draft, tracks, disc, before).await?)
}

/// Takes tracks out of the draft. Their files stay.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_tracks(desk: State<'_, Desk>, draft: String, tracks: Vec<String>) -> Result<(), Trouble> {
    let (draft, tracks) = (decode::release_id(&draft)?, decode::track_ids(&tracks)?);
    Ok(desk.session().await?.remove_tracks(draft, tracks).await?)
}

/// Gives the draft its picture.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_artwork(desk: State<'_, Desk>, draft: String, path: String) -> Result<(), Trouble> {
    let draft = decode::release_id(&draft)?;
    Ok(desk.session().await?.set_artwork(draft, written_path::read(&path)).await?)
}

/// Takes the picture away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_artwork(desk: State<'_, Desk>, draft: String) -> Result<(), Trouble> {
    let draft = decode::release_id(&draft)?;
    Ok(desk.session().await?.remove_artwork(draft).await?)
}

/// Forgets a draft; what was queued stays queued.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_draft(desk: State<'_, Desk>, draft: String) -> Result<(), Trouble> {
    let draft = decode::release_id(&draft)?;
    Ok(desk.session().await?.remove(draft).await?)
}

/// Brings a draft back that was removed since the start.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_draft(desk: State<'_, Desk>, draft: String) -> Result<(), Trouble> {
    let draft = decode::release_id(&draft)?;
    Ok(desk.session().await?.restore(draft).await?)
}

/// Queues what the draft says.
#[tauri::command]
#[specta::specta]
pub(crate) async fn queue_draft(desk: State<'_, Desk>, draft: String) -> Result<Handover, Trouble> {
    let draft = decode::release_id(&draft)?;
    Ok(match desk.session().await?.queue(draft).await?.how {
        desktop::Handover::New => Handover::New,
        desktop::Handover::UnderWay => Handover::UnderWay,
        desktop::Handover::Again => Handover::Again,
        desktop::Handover::Unchanged => Handover::Unchanged,
    })
}

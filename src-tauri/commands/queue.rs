//! What is done with deliveries.

use tauri::State;

use super::decode;
use crate::desk::Desk;
use crate::shown::trouble::Trouble;

/// Holds a delivery back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause(desk: State<'_, Desk>, delivery: String) -> Result<(), Trouble> {
    let delivery = decode::delivery_id(&delivery)?;
    Ok(desk.session().await?.pause(delivery).await?)
}

/// Lets it go on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume(desk: State<'_, Desk>, delivery: String) -> Result<(), Trouble> {
    let delivery = decode::delivery_id(&delivery)?;
    Ok(desk.session().await?.resume(delivery).await?)
}

/// Takes it back before it is handed over.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel(desk: State<'_, Desk>, delivery: String) -> Result<(), Trouble> {
    let delivery = decode::delivery_id(&delivery)?;
    Ok(desk.session().await?.cancel(delivery).await?)
}

/// Tries it again, now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry(desk: State<'_, Desk>, delivery: String) -> Result<(), Trouble> {
    let delivery = decode::delivery_id(&delivery)?;
    Ok(desk.session().await?.retry(delivery).await?)
}

/// Sends it before another one, or last.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_delivery(
    desk: State<'_, Desk>,
    delivery: String,
    before: Option<String>,
) -> Result<(), Trouble> {
    let delivery = decode::delivery_id(&delivery)?;
    let before = before.as_deref().map(decode::delivery_id).transpose()?;
    Ok(desk.session().await?.move_delivery(delivery, before).await?)
}

/// Holds everything back, or lets it go on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_queue(desk: State<'_, Desk>, paused: bool) -> Result<(), Trouble> {
    Ok(desk.session().await?.pause_queue(paused).await?)
}

//! What is done for artists.

use jiff::Timestamp;
use tauri::State;

use crate::desk::Desk;
use crate::shown::artists::Sample;
use crate::shown::trouble::Trouble;

/// Has an address told when an artist's music is live. False where it was told already.
#[tauri::command]
#[specta::specta]
pub(crate) async fn subscribe(desk: State<'_, Desk>, artist: String, email: String) -> Result<bool, Trouble> {
    Ok(desk.session().await?.subscribe(&artist, &email).await?)
}

/// Has it told no longer. False where it was not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unsubscribe(desk: State<'_, Desk>, artist: String, email: String) -> Result<bool, Trouble> {
    Ok(desk.session().await?.unsubscribe(&artist, &email).await?)
}

/// The letter that an artist's followers will get, before there is any.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sample_letter(desk: State<'_, Desk>, artist: String) -> Result<Sample, Trouble> {
    let session = desk.session().await?;
    Ok(Sample::of(session.view().sample_letter(&artist, Timestamp::now())))
}

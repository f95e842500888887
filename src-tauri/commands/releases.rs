//! What is done with releases.

use desktop::{Decision, Session, Verdict};
use jiff::Timestamp;
use release::ReleaseId;
use tauri::State;

use super::decode;
use crate::desk::Desk;
use crate::shown::release::{Release, Seen};
use crate::shown::showing::Showing;
use crate::shown::trouble::Trouble;

/// Who decides, as the release's history names it: a workspace on one machine knows no accounts. A cloud knows by itself.
const BY: &str = "the desk";

/// A release from inside. Null where there is none of that id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn release(
    desk: State<'_, Desk>,
    showing: State<'_, Showing>,
    id: String,
) -> Result<Option<Release>, Trouble> {
    let id = decode::release_id(&id)?;
    let session = desk.session().await?;
    let Some(release) = showing.release(&session, id) else { return Ok(None) };
    // Before its manifest arrived there is none to be read; what is known without it is shown.
    let delivered = session.release_details(id).await.ok();
    Ok(Some(match delivered {
        Some(manifest) => release.with_delivered(&manifest.release),
        None => release,
    }))
}

/// A release manager approves what was heard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn approve(desk: State<'_, Desk>, release: String, seen: Seen) -> Result<(), Trouble> {
    decide(&desk.session().await?, decode::release_id(&release)?, &seen, Verdict::Approve).await
}

/// A release manager turns it down, and says what is to be mended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reject(desk: State<'_, Desk>, release: String, seen: Seen, reason: String) -> Result<(), Trouble> {
    decide(&desk.session().await?, decode::release_id(&release)?, &seen, Verdict::Reject { reason }).await
}

/// Takes a release back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn withdraw(desk: State<'_, Desk>, release: String, reason: String) -> Result<(), Trouble> {
    let release = decode::release_id(&release)?;
    Ok(desk.session().await?.withdraw(release, &reason).await?)
}

/// Has the cloud try a failed release again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_again(desk: State<'_, Desk>, release: String) -> Result<(), Trouble> {
    let release = decode::release_id(&release)?;
    Ok(desk.session().await?.try_again(release).await?)
}

/// Makes a draft of a release as it was delivered, to be mended, and answers with the draft's id, which is the release's.
/// Its files may be on another computer: delivering it sends what was mended. Where there is a draft, it is that one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mend(desk: State<'_, Desk>, release: String) -> Result<String, Trouble> {
    let release = decode::release_id(&release)?;
    Ok(desk.session().await?.mend(release).await?.to_string())
}

/// A decision is about what the person had before them: where something newer came since, the cloud refuses it.
async fn decide(session: &Session, release: ReleaseId, seen: &Seen, verdict: Verdict) -> Result<(), Trouble> {
    let delivery = decode::delivery_id(&seen.delivery)?;
    let metadata = seen.metadata.parse().map_err(|error| Trouble::of_page(format!("Nothing was decided: {error}.")))?;
    let view = session.view();
    let heard = match view.release(release) {
        Some(known) if known.delivery == delivery => {
            known.tracks.iter().flat_map(|track| &track.renditions).map(|rendition| rendition.recipe).collect()
        }
        _ => Default::default(),
    };
    let at = Timestamp::now();
    Ok(session.decide(Decision { release, delivery, heard, metadata, verdict, by: BY.to_owned(), at }).await?)
}

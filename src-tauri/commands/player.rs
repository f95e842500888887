//! What is heard.

use std::time::Duration;

use desktop::player::Command;
use desktop::{DeskSettings, Session};
use tauri::State;

use super::decode;
use crate::desk::Desk;
use crate::shown::player::{Listen, Player, Source, Waveform};
use crate::shown::trouble::Trouble;

/// Tells the player something.
#[tauri::command]
#[specta::specta]
pub(crate) async fn listen(desk: State<'_, Desk>, listen: Listen) -> Result<(), Trouble> {
    let session = desk.session().await?;
    let order = match listen {
        Listen::List { sources, start_at, position_ms } => {
            let sources = sources.into_iter().map(decode::source).collect::<Result<Vec<_>, _>>()?;
            let start_at = usize::try_from(start_at).unwrap_or(usize::MAX);
            return Ok(session.play(sources, start_at, Duration::from_millis(position_ms)).await?);
        }
        // Kept for the next start; the session tells the player.
        Listen::Volume { volume } => {
            return set(&session, |settings| settings.volume = decode::volume(volume)).await;
        }
        Listen::Device { id } => return set(&session, |settings| settings.output_device = id).await,
        Listen::Play => Command::Play,
        Listen::Pause => Command::Pause,
        Listen::PlayOrPause => Command::PlayOrPause,
        Listen::Stop => Command::Stop,
        Listen::Next => Command::Next,
        Listen::Previous => Command::Previous,
        Listen::Seek { position_ms } => Command::Seek(Duration::from_millis(position_ms)),
        Listen::RefreshDevices => Command::RefreshDevices,
    };
    session.player().send(order);
    Ok(())
}

/// What is heard now. Later states are pushed as the event `player`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn player(desk: State<'_, Desk>) -> Result<Player, Trouble> {
    Ok(Player::of(&desk.session().await?.player().view()))
}

/// How a source looks; of a rendition, its master's.
#[tauri::command]
#[specta::specta]
pub(crate) async fn waveform(desk: State<'_, Desk>, source: Source) -> Result<Waveform, Trouble> {
    let (session, source) = (desk.session().await?, decode::source(source)?);
    let shape = session.waveform(source).await?;
    Ok(Waveform::of(&shape.waveform, shape.sample_rate))
}

async fn set(session: &Session, change: impl FnOnce(&mut DeskSettings)) -> Result<(), Trouble> {
    let mut settings = DeskSettings::clone(&session.view().settings);
    change(&mut settings);
    Ok(session.set_desk(settings).await?)
}

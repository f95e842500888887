//! What the pages may ask for: decode, ask the session, return.

#[macro_use]
mod list;

#[cfg(test)]
mod agreement_tests;
mod artists;
pub(crate) mod cloud;
mod decode;
mod desk;
mod files;
mod player;
mod queue;
mod releases;
mod settings;
mod window;

use tauri::State;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::desk::Desk;
use crate::events::QuitAsked;
use crate::shown::desk::Survey;
use crate::shown::player::Player;
use crate::shown::showing::Showing;
use crate::shown::trouble::Trouble;
use crate::shown::{Changed, Shown};

/// Everything that the window shows. What changes later is pushed as the event `changed`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn view(desk: State<'_, Desk>, showing: State<'_, Showing>) -> Result<Shown, Trouble> {
    Ok(showing.all(&desk.session().await?))
}

/// Opens the workspace once more where it could not be, as after another Lacquer let it go. Rejects where it still cannot be.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_again(desk: State<'_, Desk>) -> Result<(), Trouble> {
    desk.again().await.map(drop)
}

/// Every command and event, as the app answers them and as `ui/src/bindings.ts` types them.
pub(crate) fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        .error_handling(ErrorHandlingMode::Throw)
        .disable_serde_phases()
        .commands(every_command!(collect_commands))
        .events(collect_events![Changed, Player, QuitAsked])
        .typ::<Survey>()
        .typ::<Trouble>()
}

//! The window: the only Rust that names Tauri. Commands decode, ask the session and return; views are pushed.

mod arguments;
mod clipboard;
mod closing;
mod commands;
mod demo;
mod desk;
mod diagnostics;
mod dialogs;
mod events;
mod instance;
mod picture;
mod pushing;
mod shown;
mod survey;
mod theme;
mod tray;
mod window;
mod working;
mod written_path;

use std::path::{Path, PathBuf};
use std::time::Duration;

use desktop::Workspaces;

use tauri::{Manager as _, RunEvent, WindowEvent};
use tauri_plugin_window_state::StateFlags;

pub use arguments::Arguments;

use crate::desk::Desk;
use crate::shown::showing::Showing;

/// How long the session may take to end: what is not done by then is done again at the next start.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Opens the window on a workspace and returns when it is closed.
///
/// # Errors
/// Where the system has no web view. What is wrong with the workspace is shown in the window.
pub fn run(arguments: Arguments) -> Result<(), tauri::Error> {
    let builder = commands::builder();
    let workspace = arguments.workspace().map_or_else(chosen, Path::to_owned);
    let context = tauri::generate_context!();
    let placed = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    let app = tauri::Builder::default()
        // The first plugin: a second start ends here.
        .plugin(instance::plugin(&context.config().identifier, &workspace))
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(placed).build())
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol(shown::picture::SCHEME, picture::answer)
        .invoke_handler(builder.invoke_handler())
        .on_window_event(|window, event| match event {
            WindowEvent::CloseRequested { api, .. } => closing::close(window.app_handle(), api),
            WindowEvent::ThemeChanged(_) => {
                if let Some(window) = window.get_webview_window(window::LABEL) {
                    theme::paint(&window);
                }
            }
            _ => {}
        })
        .setup(move |app| {
            builder.mount_events(app);
            let (desk, opened) = Desk::new();
            app.manage(desk);
            app.manage(Showing::default());
            app.manage(theme::Chosen::default());
            app.manage(commands::cloud::Joins::default());
            window::open(app)?;
            tray::make(app);
            working::start(app.handle(), workspace, &arguments, opened);
            Ok(())
        })
        .build(context)?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            let desk = app.state::<Desk>();
            desk.leave();
            tauri::async_runtime::block_on(async {
                if tokio::time::timeout(LAST_WORDS, desk.close()).await.is_err() {
                    tracing::warn!("the session did not end in time");
                }
            });
        }
    });
    Ok(())
}

/// The workspace that opens when nobody names one. Empty where the system names no folder for a person's data, which the
/// window then says.
fn chosen() -> PathBuf {
    Workspaces::of_this_computer().map(|workspaces| workspaces.chosen()).unwrap_or_default()
}

//! The window: the only Rust that names Tauri. Commands decode, ask the session and return; views are pushed.

mod commands;
mod desk;
mod shown;

use std::path::PathBuf;

use desktop::{Home, Options, Session};
use tauri::{AppHandle, Emitter as _, Manager as _, RunEvent};

use crate::desk::Desk;
use crate::shown::Shown;

/// Opens the window on a workspace and returns when it is closed.
///
/// # Errors
/// Where the system has no web view. What is wrong with the workspace is shown in the window.
pub fn run(workspace: Option<PathBuf>) -> Result<(), tauri::Error> {
    let app = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![commands::view])
        .setup(|app| {
            let (desk, opened) = Desk::new();
            app.manage(desk);
            tauri::async_runtime::spawn(work(app.handle().clone(), workspace, opened));
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(app.state::<Desk>().close());
        }
    });
    Ok(())
}

/// Opens the session and pushes its views until it ends.
async fn work(app: AppHandle, workspace: Option<PathBuf>, opened: desk::Opened) {
    let session = open(workspace).await;
    let views = session.as_ref().ok().map(Session::views);
    opened.with(session);
    let Some(mut views) = views else { return };
    while views.changed().await.is_ok() {
        let shown = Shown::of(&views.borrow_and_update());
        // The window may be gone already; the session is closed elsewhere.
        let _ = app.emit("view", shown);
    }
}

async fn open(workspace: Option<PathBuf>) -> Result<Session, String> {
    let folder = match workspace {
        Some(folder) => folder,
        None => Home::default_root().map_err(|error| error.to_string())?,
    };
    Session::open(&folder, Options::default()).await.map_err(|error| error.to_string())
}

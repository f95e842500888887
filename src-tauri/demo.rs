//! The album that a first start offers.

use std::path::PathBuf;

use tauri::path::BaseDirectory;
use tauri::{AppHandle, Manager as _};

use crate::shown::trouble::Trouble;

/// Where it lies: with the installed app's resources, or beside a program that was built here.
pub(crate) fn album(app: &AppHandle) -> Result<PathBuf, Trouble> {
    let installed = app.path().resolve("demo-album", BaseDirectory::Resource).ok();
    // Tauri knows a folder that cargo builds in by the name `target`, which it need not have.
    let built = std::env::current_exe().ok().map(|program| program.with_file_name("demo-album"));
    installed.into_iter().chain(built).find(|path| path.is_dir()).ok_or_else(|| {
        Trouble::new(
            "The demo album is not where Lacquer was installed.",
            "Install Lacquer again, or drop an album of yours.",
        )
    })
}

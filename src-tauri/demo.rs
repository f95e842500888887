//! The album that a first start offers.

use std::path::PathBuf;

use tauri::path::BaseDirectory;
use tauri::{AppHandle, Manager as _};

use crate::shown::trouble::Trouble;

/// Where it lies: with the installed app's resources, or beside a program that was built here.
pub(crate) fn album(app: &AppHandle) -> Result<PathBuf, Trouble> {
    let path = app.path().resolve("demo-album", BaseDirectory::Resource).ok();
    path.filter(|path| path.is_dir()).ok_or_else(|| {
        Trouble::new(
            "The demo album is not where Lacquer was installed.",
            "Install Lacquer again, or drop an album of yours.",
        )
    })
}

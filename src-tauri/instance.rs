//! One window a workspace: a second start on the same one shows the first, and hands over what it was given.

use std::path::{Path, PathBuf};

use clap::Parser as _;
use release::Sha256;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager as _, Wry};

use crate::desk::Desk;
use crate::shown::trouble::Trouble;
use crate::{Arguments, dialogs, window};

/// The plugin that finds a first start by a name on the session's bus. Where there is no bus, the workspace's lock keeps
/// the second one out, and its window says so.
pub(crate) fn plugin(identifier: &str, workspace: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(bus_name(identifier, workspace))
        .callback(|app, arguments, folder| {
            window::show(app);
            match Arguments::try_parse_from(arguments) {
                Ok(arguments) => import(app, arguments.absolute_paths(Path::new(&folder))),
                Err(error) => tracing::warn!(%error, "a second start had arguments that are none"),
            }
        })
        .build()
}

/// Imports what the program was given, once the workspace is open.
pub(crate) fn import(app: &AppHandle, paths: Vec<PathBuf>) {
    if paths.is_empty() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // Why it is not open, the page says.
        let Ok(session) = app.state::<Desk>().session().await else { return };
        if let Err(error) = session.import(paths).await {
            dialogs::trouble(&app, &Trouble::from(error));
        }
    });
}

/// A name that goes with the workspace, wherever it is started from.
fn bus_name(identifier: &str, folder: &Path) -> String {
    let folder = folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_owned());
    let hash = Sha256::of(folder.as_os_str().as_encoded_bytes()).to_string();
    format!("{identifier}.w{}", &hash[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_has_one_name_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let name = |path: &Path| bus_name("fm.lacquer", path);
        let one = name(folder.path());
        assert_eq!(one, name(&folder.path().join(".").join("..").join(folder.path().file_name().unwrap())));
        assert_ne!(one, name(&folder.path().join("other")));
        // As D-Bus wants names: elements of letters, digits, hyphens and underscores, no digit at the beginning.
        for element in one.split('.') {
            assert!(element.starts_with(|c: char| c.is_ascii_alphabetic()), "{one}");
            assert!(element.chars().all(|c| c.is_ascii_alphanumeric()), "{one}");
        }
    }
}

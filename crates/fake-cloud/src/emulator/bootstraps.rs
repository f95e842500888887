use std::path::PathBuf;
use std::process::Command;

use super::EmulatorError;
use super::process::root;

/// The folder with the functions' real programs, built with optimisation and with the crash points that
/// `LACQUER_KILL_AT` names. `LACQUER_BOOTSTRAPS` says where they are already; else this builds them, once: cargo keeps
/// those who ask at the same time apart.
///
/// # Errors
/// If they do not build.
pub fn bootstraps() -> Result<PathBuf, EmulatorError> {
    if let Some(folder) = std::env::var_os("LACQUER_BOOTSTRAPS") {
        return Ok(folder.into());
    }
    let built = Command::new(root().join("scripts/bootstraps"))
        .output()
        .map_err(EmulatorError::io("starting scripts/bootstraps"))?;
    if !built.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&built.stderr));
        return Err(EmulatorError::NotBuilt);
    }
    // Its last line is the folder.
    let written = String::from_utf8_lossy(&built.stdout).into_owned();
    written.lines().last().map(PathBuf::from).ok_or(EmulatorError::NotBuilt)
}

use super::{Desk, DeskError, SetAside};
use crate::settings::DeskSettings;

/// The one row: settings are small and belong together.
const NAME: &str = "desk";

impl Desk {
    /// The settings of this desk; the usual ones where none were chosen or where they cannot be read.
    pub(crate) fn settings(&mut self) -> Result<(DeskSettings, Option<SetAside>), DeskError> {
        let stored: Option<String> = self
            .connection
            .query_row("SELECT value FROM settings WHERE name = ?1", [NAME], |row| row.get(0))
            .map(Some)
            .or_else(|error| if error == rusqlite::Error::QueryReturnedNoRows { Ok(None) } else { Err(error) })
            .map_err(|source| self.error(source))?;
        let Some(value) = stored else { return Ok((DeskSettings::default(), None)) };
        let read = serde_json::from_str(&value).map_err(|error| error.to_string());
        let usable = |settings: DeskSettings| settings.check().map(|()| settings).map_err(|error| error.to_string());
        match read.and_then(usable) {
            Ok(settings) => Ok((settings, None)),
            Err(reason) => {
                self.put_aside("settings", NAME, &value, &reason).map_err(|source| self.error(source))?;
                let place = "desk.db, table set_aside".to_owned();
                Ok((DeskSettings::default(), Some(SetAside { what: "the settings of this desk", place, reason })))
            }
        }
    }

    /// Puts the settings of this desk on disk.
    pub(crate) fn save_settings(&mut self, settings: &DeskSettings) -> Result<(), DeskError> {
        let value = serde_json::to_string(settings).expect("settings always serialise");
        self.connection
            .execute(
                "INSERT INTO settings (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (NAME, value),
            )
            .map_err(|source| self.error(source))?;
        Ok(())
    }
}

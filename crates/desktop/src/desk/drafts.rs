use release::ReleaseId;

use super::{Desk, DeskError, SetAside};
use crate::draft::Draft;

impl Desk {
    /// Puts a draft on disk.
    pub(crate) fn save_draft(&mut self, draft: &Draft) -> Result<(), DeskError> {
        self.connection
            .execute(
                "INSERT INTO drafts (release, body) VALUES (?1, ?2)
                 ON CONFLICT (release) DO UPDATE SET body = excluded.body",
                (draft.release.id.to_string(), draft.to_json()),
            )
            .map_err(|source| self.error(source))?;
        fail::fail_point!("desktop.draft-saved");
        Ok(())
    }

    /// Forgets a draft.
    pub(crate) fn remove_draft(&mut self, release: ReleaseId) -> Result<(), DeskError> {
        self.connection
            .execute("DELETE FROM drafts WHERE release = ?1", [release.to_string()])
            .map_err(|source| self.error(source))?;
        fail::fail_point!("desktop.draft-removed");
        Ok(())
    }

    /// Reads every draft; those that cannot be read are set aside.
    pub(crate) fn drafts(&mut self) -> Result<(Vec<Draft>, Vec<SetAside>), DeskError> {
        let rows = self.draft_rows().map_err(|source| self.error(source))?;
        let (mut drafts, mut set_aside) = (Vec::new(), Vec::new());
        for (key, body) in rows {
            match Draft::from_json(&body) {
                Ok(draft) if draft.release.id.to_string() == key => drafts.push(draft),
                Ok(_) => set_aside.push((key, body, "it is stored under another release's id".to_owned())),
                Err(error) => set_aside.push((key, body, error.to_string())),
            }
        }
        let mut notes = Vec::new();
        for (key, body, reason) in set_aside {
            self.put_aside("drafts", &key, &body, &reason).map_err(|source| self.error(source))?;
            let place = "desk.db, table set_aside".to_owned();
            notes.push(SetAside { what: "a draft", place, reason });
        }
        Ok((drafts, notes))
    }

    fn draft_rows(&self) -> rusqlite::Result<Vec<(String, String)>> {
        // As text whatever the bytes are: a row that is not UTF-8 is set aside like any other that cannot be read.
        let mut query = self.connection.prepare("SELECT release, CAST(body AS BLOB) FROM drafts ORDER BY release")?;
        let rows = query
            .query_map((), |row| Ok((row.get(0)?, String::from_utf8_lossy(row.get_ref(1)?.as_blob()?).into_owned())))?;
        rows.collect()
    }

    /// The body of a row that was set aside.
    #[cfg(test)]
    pub(super) fn set_aside_body(&self, key: &str) -> rusqlite::Result<String> {
        self.connection.query_row("SELECT body FROM set_aside WHERE key = ?1", [key], |row| row.get(0))
    }
}

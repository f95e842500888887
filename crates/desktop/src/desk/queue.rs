use std::path::PathBuf;

use release::{DeliveryId, Manifest};
use rusqlite::{OptionalExtension as _, Row};
use serde::{Deserialize, Serialize};

use super::{Desk, DeskError, SetAside};
use crate::delivery::{Delivery, DeliveryState, Shipment, ShippedFile, Trouble};
use crate::import::stored_path;

/// A delivery to be queued.
#[derive(Debug)]
pub(crate) struct NewDelivery<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) files: &'a [ShippedFile],
    pub(crate) sources: &'a [PathBuf],
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct StoredSource(#[serde(with = "stored_path")] PathBuf);

const SERIALISES: &str = "text and paths of this system always serialise";

impl NewDelivery<'_> {
    /// The delivery as the queue will know it.
    pub(crate) fn summary(&self) -> Delivery {
        let release = &self.manifest.release;
        Delivery {
            id: self.manifest.delivery,
            release: release.id,
            title: release.display_title(),
            bytes: self.files.iter().map(|file| file.asset.bytes).sum(),
            state: DeliveryState::Waiting,
            trouble: None,
            content: self.manifest.metadata_hash(),
            upc: release.upc.valid().cloned(),
            sources: self.sources.to_vec(),
        }
    }
}

impl Desk {
    /// Puts a delivery at the end of the queue.
    pub(crate) fn add_delivery(&mut self, new: &NewDelivery<'_>) -> Result<Delivery, DeskError> {
        let summary = new.summary();
        let sources: Vec<StoredSource> = summary.sources.iter().cloned().map(StoredSource).collect();
        self.connection
            .execute(
                "INSERT INTO deliveries (delivery, release, title, upc, sources, content, bytes, manifest, files, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                (
                    summary.id.to_string(),
                    summary.release.to_string(),
                    &summary.title,
                    summary.upc.as_ref().map(ToString::to_string),
                    serde_json::to_string(&sources).expect(SERIALISES),
                    summary.content.to_string(),
                    i64::try_from(summary.bytes).unwrap_or(i64::MAX),
                    new.manifest.to_json(),
                    serde_json::to_string(new.files).expect(SERIALISES),
                    summary.state.as_str(),
                ),
            )
            .map_err(|source| self.error(source))?;
        fail::fail_point!("desktop.queued");
        Ok(summary)
    }

    /// Notes how far a delivery is.
    pub(crate) fn set_delivery_state(
        &mut self,
        delivery: DeliveryId,
        state: DeliveryState,
        trouble: Option<&Trouble>,
    ) -> Result<(), DeskError> {
        let trouble = trouble.map(|trouble| serde_json::to_string(trouble).expect("text always serialises"));
        self.connection
            .execute(
                "UPDATE deliveries SET state = ?2, trouble = ?3 WHERE delivery = ?1",
                (delivery.to_string(), state.as_str(), trouble),
            )
            .map_err(|source| self.error(source))?;
        fail::fail_point!("desktop.queue-noted");
        Ok(())
    }

    /// Puts a delivery before another one, or at the end of the queue.
    pub(crate) fn move_delivery(&mut self, delivery: DeliveryId, before: Option<DeliveryId>) -> Result<(), DeskError> {
        self.move_row(&delivery.to_string(), before.map(|before| before.to_string()))
            .map_err(|source| self.error(source))?;
        fail::fail_point!("desktop.queue-moved");
        Ok(())
    }

    fn move_row(&mut self, delivery: &str, before: Option<String>) -> rusqlite::Result<()> {
        let work = self.connection.transaction()?;
        let old: Vec<(i64, String)> = work
            .prepare("SELECT position, delivery FROM deliveries ORDER BY position")?
            .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut new: Vec<&str> = old.iter().map(|(_, id)| id.as_str()).filter(|id| *id != delivery).collect();
        let to = before.and_then(|before| new.iter().position(|id| *id == before)).unwrap_or(new.len());
        if new.len() < old.len() {
            new.insert(to, delivery);
        }
        let moved: Vec<(i64, &str)> = old
            .iter()
            .zip(&new)
            .filter(|((_, before), now)| before != *now)
            .map(|((position, _), now)| (*position, *now))
            .collect();
        // No two rows may have one position, not even on the way.
        for sign in [-1, 1] {
            for (position, id) in &moved {
                work.execute("UPDATE deliveries SET position = ?1 WHERE delivery = ?2", (sign * position, id))?;
            }
        }
        work.commit()
    }

    /// The queue in its order, without manifests and files; rows that cannot be read are set aside.
    pub(crate) fn deliveries(&mut self) -> Result<(Vec<Delivery>, Vec<SetAside>), DeskError> {
        let rows = self.delivery_rows().map_err(|source| self.error(source))?;
        let (mut deliveries, mut set_aside) = (Vec::new(), Vec::new());
        for (position, row) in rows {
            match row {
                Ok(delivery) => deliveries.push(delivery),
                Err(reason) => {
                    self.put_delivery_aside(position, &reason).map_err(|source| self.error(source))?;
                    let place = "desk.db, table set_aside".to_owned();
                    set_aside.push(SetAside { what: "a delivery of the queue", place, reason });
                }
            }
        }
        Ok((deliveries, set_aside))
    }

    /// Lets a delivery go on with the files as they are now; what it says stays.
    pub(crate) fn requeue(&mut self, delivery: DeliveryId, files: &[ShippedFile]) -> Result<(), DeskError> {
        let files = serde_json::to_string(files).expect(SERIALISES);
        self.connection
            .execute(
                "UPDATE deliveries SET files = ?2, state = ?3, trouble = NULL WHERE delivery = ?1",
                (delivery.to_string(), files, DeliveryState::Waiting.as_str()),
            )
            .map_err(|source| self.error(source))?;
        fail::fail_point!("desktop.requeued");
        Ok(())
    }

    /// What a delivery hands over; none where it is gone or cannot be read.
    pub(crate) fn manifest(&self, delivery: DeliveryId) -> Result<Option<Manifest>, DeskError> {
        Ok(self.shipment(delivery)?.ok().and_then(|shipment| Manifest::from_json(&shipment.manifest).ok()))
    }

    /// What a delivery needs to be sent; text where that cannot be read.
    pub(crate) fn shipment(&self, delivery: DeliveryId) -> Result<Result<Shipment, String>, DeskError> {
        let row: Option<(Vec<u8>, String)> = self
            .connection
            .query_row("SELECT manifest, files FROM deliveries WHERE delivery = ?1", [delivery.to_string()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(|source| self.error(source))?;
        let Some((manifest, files)) = row else { return Ok(Err("it is no longer in the queue".to_owned())) };
        if let Err(error) = Manifest::from_json(&manifest) {
            return Ok(Err(error.to_string()));
        }
        Ok(serde_json::from_str(&files).map(|files| Shipment { manifest, files }).map_err(|error| error.to_string()))
    }

    fn delivery_rows(&self) -> rusqlite::Result<Vec<(i64, Result<Delivery, String>)>> {
        let mut query = self.connection.prepare(
            "SELECT position, delivery, release, title, upc, sources, content, bytes, state, trouble
             FROM deliveries ORDER BY position",
        )?;
        let rows = query.query_map((), |row| Ok((row.get(0)?, delivery_of(row))))?;
        rows.collect()
    }

    fn put_delivery_aside(&mut self, position: i64, reason: &str) -> rusqlite::Result<()> {
        let work = self.connection.transaction()?;
        work.execute(
            "INSERT INTO set_aside (origin, key, body, reason)
             SELECT 'deliveries', delivery, CAST(manifest AS TEXT), ?2 FROM deliveries WHERE position = ?1",
            (position, reason),
        )?;
        work.execute("DELETE FROM deliveries WHERE position = ?1", [position])?;
        work.commit()
    }
}

fn delivery_of(row: &Row<'_>) -> Result<Delivery, String> {
    fn text(row: &Row<'_>, column: &str) -> Result<String, String> {
        row.get(column).map_err(|error| error.to_string())
    }
    fn parsed<T: std::str::FromStr<Err: ToString>>(row: &Row<'_>, column: &str) -> Result<T, String> {
        text(row, column)?.parse().map_err(|error: T::Err| error.to_string())
    }
    let state = text(row, "state")?;
    let upc: Option<String> = row.get("upc").map_err(|error| error.to_string())?;
    let trouble: Option<String> = row.get("trouble").map_err(|error| error.to_string())?;
    let sources: Vec<StoredSource> = serde_json::from_str(&text(row, "sources")?).map_err(|error| error.to_string())?;
    let bytes: i64 = row.get("bytes").map_err(|error| error.to_string())?;
    Ok(Delivery {
        id: parsed(row, "delivery")?,
        release: parsed(row, "release")?,
        title: text(row, "title")?,
        bytes: u64::try_from(bytes).unwrap_or(0),
        state: DeliveryState::from_str(&state).ok_or_else(|| format!("\"{state}\" is not a state of a delivery"))?,
        // Only words for people: without them the delivery has still failed.
        trouble: trouble.and_then(|json| serde_json::from_str(&json).ok()),
        content: parsed(row, "content")?,
        upc: upc.and_then(|upc| upc.parse().ok()),
        sources: sources.into_iter().map(|StoredSource(path)| path).collect(),
    })
}

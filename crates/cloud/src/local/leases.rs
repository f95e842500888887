use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::database::{Database, instant, millis};
use crate::ports::{Lease, LeaseOutcome, Leases, PortError};

/// Leases in the workspace's database.
#[derive(Debug, Clone)]
pub(super) struct SqliteLeases {
    pub(super) database: Database,
}

impl SqliteLeases {
    /// Ends all leases: one process has the workspace, and whoever held them before it is dead.
    pub(super) fn recover(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        transaction.execute("UPDATE leases SET until = 0", []).map(drop)
    }
}

#[async_trait]
impl Leases for SqliteLeases {
    async fn acquire(&self, job: &str, now: Timestamp, until: Timestamp) -> Result<LeaseOutcome, PortError> {
        let job = job.to_owned();
        self.database
            .write(format!("taking the lease of {job}"), move |transaction| {
                // A row that ran out stays, so that tokens only grow.
                let token: Option<i64> = transaction
                    .query_row(
                        "INSERT INTO leases (job, token, until) VALUES (?1, 1, ?3)
                         ON CONFLICT (job) DO UPDATE SET token = token + 1, until = ?3 WHERE until <= ?2
                         RETURNING token",
                        params![job, millis(now), millis(until)],
                        |row| row.get(0),
                    )
                    .optional()?;
                match token {
                    Some(token) => Ok(LeaseOutcome::Taken(Lease { job, token: token.unsigned_abs() })),
                    None => {
                        let until =
                            transaction
                                .query_row("SELECT until FROM leases WHERE job = ?1", [&job], |row| row.get(0))?;
                        Ok(LeaseOutcome::Held { until: instant(until) })
                    }
                }
            })
            .await
    }

    async fn extend(&self, lease: &Lease, until: Timestamp) -> Result<bool, PortError> {
        self.set(lease, millis(until)).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), PortError> {
        self.set(lease, 0).await.map(drop)
    }
}

impl SqliteLeases {
    async fn set(&self, lease: &Lease, until: i64) -> Result<bool, PortError> {
        let lease = lease.clone();
        self.database
            .write(format!("keeping the lease of {}", lease.job), move |transaction| {
                let rows = transaction.execute(
                    "UPDATE leases SET until = ?3 WHERE job = ?1 AND token = ?2",
                    params![lease.job, i64::try_from(lease.token).unwrap_or(i64::MAX), until],
                )?;
                Ok(rows == 1)
            })
            .await
    }
}

use async_trait::async_trait;
use rusqlite::{Row, params};

use super::database::{Database, instant, millis};
use crate::catalogue::folded_name;
use crate::ports::{EmailAddress, PortError, Subscription, Subscriptions};

/// Subscriptions in the workspace's database.
#[derive(Debug, Clone)]
pub(super) struct SqliteSubscriptions {
    pub(super) database: Database,
}

#[async_trait]
impl Subscriptions for SqliteSubscriptions {
    async fn subscribe(&self, subscription: &Subscription) -> Result<bool, PortError> {
        let subscription = subscription.clone();
        self.database
            .write("adding a subscription", move |transaction| {
                let rows = transaction.execute(
                    "INSERT INTO subscriptions (folded_artist, folded_email, artist, email, since)
                     VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                    params![
                        folded_name(&subscription.artist),
                        subscription.email.folded(),
                        subscription.artist,
                        subscription.email.as_str(),
                        millis(subscription.since),
                    ],
                )?;
                Ok(rows == 1)
            })
            .await
    }

    async fn unsubscribe(&self, artist: &str, email: &EmailAddress) -> Result<bool, PortError> {
        let (artist, email) = (folded_name(artist), email.folded());
        self.database
            .write("removing a subscription", move |transaction| {
                let rows = transaction.execute(
                    "DELETE FROM subscriptions WHERE folded_artist = ?1 AND folded_email = ?2",
                    params![artist, email],
                )?;
                Ok(rows == 1)
            })
            .await
    }

    async fn of(&self, artist: &str) -> Result<Vec<Subscription>, PortError> {
        let artist = folded_name(artist);
        self.database
            .read("reading subscriptions", move |connection| {
                connection
                    .prepare_cached(
                        "SELECT artist, email, since FROM subscriptions WHERE folded_artist = ?1 ORDER BY folded_email",
                    )?
                    .query_map([artist], subscription)?
                    .collect()
            })
            .await
    }

    async fn all(&self) -> Result<Vec<Subscription>, PortError> {
        self.database
            .read("reading subscriptions", |connection| {
                connection
                    .prepare_cached(
                        "SELECT artist, email, since FROM subscriptions ORDER BY folded_artist, folded_email",
                    )?
                    .query_map([], subscription)?
                    .collect()
            })
            .await
    }
}

fn subscription(row: &Row<'_>) -> rusqlite::Result<Subscription> {
    let email: EmailAddress = row.get_ref(1)?.as_str()?.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            1,
            rusqlite::types::Type::Text,
            Box::<crate::ports::AddressError>::new(error),
        )
    })?;
    Ok(Subscription { artist: row.get(0)?, email, since: instant(row.get(2)?) })
}

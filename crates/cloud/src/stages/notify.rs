use std::sync::Arc;

use super::StageError;
use crate::Letter;
use crate::catalogue::{EntryId, News};
use crate::ports::{Mailer, Outbox, Subscriptions};

/// What it takes to tell an artist's followers.
#[derive(Debug, Clone)]
pub struct Notify {
    /// Who follows whom.
    pub subscriptions: Arc<dyn Subscriptions>,
    /// Where letters go.
    pub mailer: Arc<dyn Mailer>,
    /// Where it is noted that they went.
    pub outbox: Arc<dyn Outbox>,
    /// Whether the label wants followers to be written to.
    pub artists_mail: bool,
}

/// Writes to everyone who follows the artist of a piece of news, and marks its entry done.
///
/// Where the label does not want letters, it is settled without one.
///
/// Where it stops on the way it is done again from the start, and the mailer knows the letters that it has.
///
/// # Errors
/// Where a port fails; the entry is still to be done then.
pub async fn notify(ports: &Notify, entry: &EntryId, news: &News) -> Result<(), StageError> {
    let mut letters = Vec::new();
    let followers = if ports.artists_mail { ports.subscriptions.of(&news.artist).await? } else { Vec::new() };
    if !ports.artists_mail {
        tracing::info!(%entry, artist = news.artist, "not sent: letters to followers are switched off");
    }
    for follower in followers {
        let letter = Letter::new(entry, news, &follower);
        let mailed = ports.mailer.send(&letter).await?;
        fail::fail_point!("notify.mail-written");
        letters.push((letter, mailed));
    }
    ports.outbox.done(entry, &letters).await?;
    fail::fail_point!("notify.entry-marked");
    Ok(())
}

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Mailed, Mailer, PortError, Subscriptions};
use crate::Letter;
use crate::catalogue::{EntryId, News};

/// Tells everyone who follows an artist of a piece of news.
#[async_trait]
pub trait Herald: Send + Sync + Debug {
    /// Tells all who follow the artist of the news. Asked again under the same name, nobody is told twice where the
    /// service can tell. Answers with the letters to single addresses, where it wrote such.
    async fn tell(&self, name: &EntryId, news: &News) -> Result<Vec<(Letter, Mailed)>, PortError>;
}

/// A herald who writes to each follower.
#[derive(Debug, Clone)]
pub struct Letters {
    /// Who follows whom.
    pub subscriptions: Arc<dyn Subscriptions>,
    /// Where letters go.
    pub mailer: Arc<dyn Mailer>,
}

#[async_trait]
impl Herald for Letters {
    async fn tell(&self, name: &EntryId, news: &News) -> Result<Vec<(Letter, Mailed)>, PortError> {
        let mut letters = Vec::new();
        for follower in self.subscriptions.of(&news.artist).await? {
            let letter = Letter::new(name, news, &follower);
            let mailed = self.mailer.send(&letter).await?;
            fail::fail_point!("notify.mail-written");
            letters.push((letter, mailed));
        }
        Ok(letters)
    }
}

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sns::error::ProvideErrorMetadata as _;
use release::LabelId;

use super::text::{subject, within};
use super::{SnsTopics, failure};
use crate::api::wire::Announcement;
use crate::catalogue::{EntryId, News};
use crate::ports::{Herald, Mailed, PortError};
use crate::{Letter, Wording};

/// A message has at most 256 KB, all told.
const LONGEST_BODY: usize = 240 * 1024;

/// After how long what was told is noted again: in all a small part of the minute that the function has.
const NOTED_AGAIN_AFTER: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_millis(400), Duration::from_millis(800), Duration::from_millis(1600)];

#[async_trait]
impl Herald for SnsTopics {
    /// Publishes to the artist's topic. Where the program ends between that and noting it, or cannot note it, it is
    /// published again; and so it is where SNS's answer was lost, by the client itself: SNS cannot tell.
    async fn tell(&self, name: &EntryId, news: &News) -> Result<Vec<(Letter, Mailed)>, PortError> {
        let label = &news.key.label;
        if self.book.was_announced(label, name.within_label()).await? {
            return Ok(Vec::new());
        }
        let topic = self.topic(label, &news.artist);
        let wording = Wording::new(news, "this address");
        let (subject, body) = (subject(&wording.subject), within(&wording.body, LONGEST_BODY));
        let sent = self.client.publish().topic_arn(&topic).subject(&subject).message(&body).send().await;
        let reference = match sent {
            Ok(sent) => sent.message_id().unwrap_or_default().to_owned(),
            // Nobody follows this artist, or ever did.
            Err(error) if matches!(error.code(), Some("NotFound" | "NotFoundException")) => return Ok(Vec::new()),
            Err(error) => return Err(failure::of(format!("telling the followers of {}", news.artist), error)),
        };
        fail::fail_point!("notify.mail-written");
        let announcement = Announcement {
            name: name.within_label().to_owned(),
            release: news.key.release,
            artist: news.artist.clone(),
            title: news.title.clone(),
            subject,
            body,
            at: self.clock.now(),
            reference,
        };
        self.note(label, &announcement).await?;
        Ok(Vec::new())
    }
}

impl SnsTopics {
    /// Keeps what was told. A book that fails for a moment is asked again, for what is not noted is told again.
    async fn note(&self, label: &LabelId, announcement: &Announcement) -> Result<(), PortError> {
        for wait in NOTED_AGAIN_AFTER {
            match self.book.announce(label, announcement).await {
                Err(error) if error.passing => {
                    tracing::warn!(%error, "what was told could not be noted, and is noted again");
                    tokio::time::sleep(wait).await;
                }
                noted => return noted,
            }
        }
        self.book.announce(label, announcement).await
    }
}

//! Artists' followers by SNS.

mod book;
mod check;
mod follow;
mod herald;
mod pasted;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use aws_sdk_sns::Client;
use aws_sdk_sns::error::ProvideErrorMetadata as _;
use release::{LabelId, Sha256};

use super::failure;
use crate::catalogue::folded_name;
use crate::ports::{Clock, EmailAddress, PortError};

pub use book::{FollowBook, Follower};

/// Followers by SNS: a topic per artist of a label, made when somebody first follows the artist. The service asks each
/// address whether its owner agrees, and writes to those who do.
#[derive(Clone)]
pub struct SnsTopics {
    client: Client,
    prefix: String,
    book: Arc<dyn FollowBook>,
    clock: Arc<dyn Clock>,
}

impl SnsTopics {
    /// Topics whose ARNs begin with `prefix`. Nothing is asked of the service yet.
    #[must_use]
    pub fn new(client: Client, prefix: String, book: Arc<dyn FollowBook>, clock: Arc<dyn Clock>) -> Self {
        Self { client, prefix, book, clock }
    }

    /// The topic of an artist: its name is made of what cannot change, for a topic keeps its name for ever.
    fn topic(&self, label: &LabelId, artist: &str) -> String {
        let artist = Sha256::of(folded_name(artist).as_bytes()).to_string();
        format!("{}{label}-{}", self.prefix, &artist[..16])
    }

    async fn make_topic(&self, label: &LabelId, artist: &str) -> Result<String, PortError> {
        let arn = self.topic(label, artist);
        let name = arn.rsplit(':').next().unwrap_or(&arn);
        // Shown as who an e-mail is from. Making a topic that is there answers with it, where the attributes agree: they
        // are set only after.
        let made = self.client.create_topic().name(name).send().await;
        let made = made.map_err(|error| failure::of(format!("making the topic of {artist}"), error))?;
        let arn = made.topic_arn().unwrap_or(&arn).to_owned();
        let shown = text::display_name(artist);
        let named = self.client.set_topic_attributes().topic_arn(&arn);
        let named = named.attribute_name("DisplayName").attribute_value(shown).send().await;
        named.map_err(|error| failure::of(format!("naming the topic of {artist}"), error))?;
        let kept = self.client.set_topic_attributes().topic_arn(&arn);
        let kept = kept.attribute_name("Policy").attribute_value(policy(&arn)).send().await;
        kept.map_err(|error| failure::of(format!("keeping others from the topic of {artist}"), error))?;
        Ok(arn)
    }

    /// Asks the owner of an address, or finds that there is nothing to ask.
    async fn subscribe(&self, topic: &str, email: &EmailAddress) -> Result<(), PortError> {
        let asked = self.client.subscribe().topic_arn(topic).protocol("email").endpoint(email.as_str());
        let asked = asked.return_subscription_arn(true).send().await;
        asked.map(drop).map_err(|error| failure::of("asking an address whether it wants news", error))
    }

    /// The e-mail subscriptions of a topic: by folded address, the ARN of one that is confirmed. A topic that is not
    /// there has none.
    async fn subscriptions(&self, topic: &str) -> Result<BTreeMap<String, Option<String>>, PortError> {
        let mut pages = self.client.list_subscriptions_by_topic().topic_arn(topic).into_paginator().send();
        let mut found = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let page = match page {
                Err(error) if error.code() == Some("NotFound") => return Ok(BTreeMap::new()),
                page => page.map_err(|error| failure::of("listing who follows an artist", error))?,
            };
            for subscription in page.subscriptions() {
                let Some(email) = subscription.endpoint().filter(|_| subscription.protocol() == Some("email")) else {
                    continue;
                };
                let arn = subscription.subscription_arn().filter(|arn| arn.starts_with("arn:")).map(ToOwned::to_owned);
                // An address whose owner agreed counts as such, even where it was asked again.
                let known = found.entry(email.to_lowercase()).or_insert(None);
                *known = known.take().or(arn);
            }
        }
        Ok(found)
    }
}

/// Who may use a topic: those whom the account's own policies let, and nobody without TLS. The policy that SNS gives a new
/// topic lets in everybody who is anything in the account, and so the sessions of other labels' people.
fn policy(topic: &str) -> String {
    let mut parts = topic.split(':').skip(1);
    let (partition, account) = (parts.next().unwrap_or("aws"), parts.nth(2).unwrap_or_default());
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AccountDecides",
                "Effect": "Allow",
                "Principal": { "AWS": format!("arn:{partition}:iam::{account}:root") },
                "Action": [
                    "sns:Publish", "sns:Subscribe", "sns:ListSubscriptionsByTopic", "sns:GetTopicAttributes",
                    "sns:SetTopicAttributes", "sns:AddPermission", "sns:RemovePermission", "sns:DeleteTopic",
                ],
                "Resource": topic,
            },
            {
                "Sid": "OnlyByTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": topic,
                "Condition": { "Bool": { "aws:SecureTransport": "false" } },
            },
        ],
    })
    .to_string()
}

/// Without the client, which holds credentials.
impl fmt::Debug for SnsTopics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnsTopics").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

//! What artists' topics tell.

use serde_json::{Value, json};

use super::asking::{sns, sqs};
use super::{LABEL, LabelCloud};
use crate::emulator::{Deployment, EmulatorError};

/// What a topic told whoever subscribed to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The topic.
    pub topic: String,
    /// An e-mail's subject.
    pub subject: String,
    /// An e-mail's text.
    pub text: String,
}

impl LabelCloud {
    /// The topics of the label's artists. An artist has one once somebody follows it.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn topics(&self) -> Result<Vec<String>, EmulatorError> {
        let listed = sns(&self.deployed, "ListTopics", &[]).await?;
        let prefix = format!("{}{LABEL}-", self.deployed.topic_prefix);
        let topics = listed.split("<TopicArn>").skip(1).filter_map(|rest| rest.split_once("</TopicArn>"));
        Ok(topics.map(|(topic, _)| topic.to_owned()).filter(|topic| topic.starts_with(&prefix)).collect())
    }

    /// Has a queue hear all that the artists' topics tell, for [`LabelCloud::news`]; those that there are by now.
    /// Answers with how many.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn hear_topics(&self) -> Result<usize, EmulatorError> {
        let topics = self.topics().await?;
        let attributes = json!({ "QueueUrl": self.news, "AttributeNames": ["QueueArn"] });
        let attributes = sqs(&self.deployed, "GetQueueAttributes", &attributes).await?;
        let queue = attributes["Attributes"]["QueueArn"].as_str().unwrap_or_default();
        for topic in &topics {
            let asked = [("TopicArn", topic.as_str()), ("Protocol", "sqs"), ("Endpoint", queue)];
            sns(&self.deployed, "Subscribe", &asked).await?;
        }
        Ok(topics.len())
    }

    /// The link in the e-mail that asked an address last, where the emulator asks ([`Settings::asks`]).
    ///
    /// [`Settings::asks`]: crate::emulator::Settings::asks
    #[must_use]
    pub fn link_for(&self, email: &str) -> Option<String> {
        let asked = format!("{email} was asked: ");
        self.emulator.log().lines().rev().find_map(|line| line.strip_prefix(&asked)).map(ToOwned::to_owned)
    }

    /// What the topics told since the last time.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn news(&self) -> Result<Vec<News>, EmulatorError> {
        let mut news = Vec::new();
        loop {
            let asked = json!({ "QueueUrl": self.news, "MaxNumberOfMessages": 10 });
            let received = sqs(&self.deployed, "ReceiveMessage", &asked).await?;
            let Some(messages) = received["Messages"].as_array().filter(|messages| !messages.is_empty()) else {
                return Ok(news);
            };
            for message in messages {
                let told: Value =
                    serde_json::from_str(message["Body"].as_str().unwrap_or_default()).unwrap_or_default();
                let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
                news.push(News { topic: text("TopicArn"), subject: text("Subject"), text: text("Message") });
                let done = json!({ "QueueUrl": self.news, "ReceiptHandle": message["ReceiptHandle"] });
                sqs(&self.deployed, "DeleteMessage", &done).await?;
            }
        }
    }
}

/// Makes the queue that hears what topics tell, and answers with its URL.
pub(super) async fn queue(deployed: &Deployment) -> Result<String, EmulatorError> {
    let made = sqs(deployed, "CreateQueue", &json!({ "QueueName": "news" })).await?;
    Ok(made["QueueUrl"].as_str().unwrap_or_default().to_owned())
}

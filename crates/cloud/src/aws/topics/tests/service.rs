//! SNS, as far as its documentation says what it does with topics and e-mail: subscriptions wait for their token, and
//! what was published went to those that had been confirmed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use aws_sdk_sns::config::retry::RetryConfig;
use aws_sdk_sns::config::{BehaviorVersion, Credentials, Region};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

pub(super) const PREFIX: &str = "arn:aws:sns:eu-west-1:123456789012:lacquer-artist-";

/// Refused so, a question gets no answer.
pub(super) const SILENCE: &str = "Silence";

#[derive(Debug, Default)]
pub(super) struct Contents {
    /// By ARN.
    pub(super) topics: BTreeMap<String, Topic>,
    /// How often an address was asked.
    pub(super) asked: BTreeMap<String, u32>,
    /// How often topics' followers were asked about, from the first page on.
    pub(super) lists: usize,
    /// What such a question is answered with, where it is not.
    pub(super) refusing: Option<&'static str>,
    /// Subject, text and readers of what was published.
    pub(super) published: Vec<(String, String, Vec<String>)>,
}

#[derive(Debug, Default)]
pub(super) struct Topic {
    pub(super) display_name: String,
    pub(super) policy: String,
    pub(super) subscriptions: Vec<Subscription>,
}

#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) email: String,
    pub(super) token: String,
    pub(super) confirmed: bool,
    pub(super) authenticated: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Service {
    contents: Arc<Mutex<Contents>>,
    address: String,
    _stop: Arc<DropGuard>,
}

impl Service {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let contents = Arc::<Mutex<Contents>>::default();
        let stop = CancellationToken::new();
        let (shared, stopped) = (Arc::clone(&contents), stop.clone());
        tokio::spawn(async move {
            while let Some(Ok((stream, _))) = stopped.run_until_cancelled(listener.accept()).await {
                tokio::spawn(answer(stream, Arc::clone(&shared)));
            }
        });
        Self { contents, address, _stop: Arc::new(stop.drop_guard()) }
    }

    pub(super) fn client(&self) -> aws_sdk_sns::Client {
        let config = aws_sdk_sns::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::for_tests())
            // Tried again as often as elsewhere, and at once.
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
            .endpoint_url(&self.address);
        aws_sdk_sns::Client::from_conf(config.build())
    }

    pub(super) fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap()
    }

    /// The token in the e-mail that an address got last.
    pub(super) fn token(&self, email: &str) -> String {
        let contents = self.contents();
        let mut all = contents.topics.values().flat_map(|topic| &topic.subscriptions);
        all.find(|subscription| subscription.email == email && !subscription.confirmed).unwrap().token.clone()
    }
}

/// Answers the requests of a connection.
async fn answer(mut stream: TcpStream, contents: Arc<Mutex<Contents>>) {
    let mut read = Vec::new();
    loop {
        let Some((body, rest)) = request(&read) else {
            let mut more = [0; 4096];
            match stream.read(&mut more).await {
                Ok(count) if count > 0 => read.extend_from_slice(&more[..count]),
                _ => return,
            }
            continue;
        };
        let acted = contents.lock().unwrap().act(&form(&body));
        let (status, xml) = match acted {
            Err(SILENCE) => std::future::pending().await,
            Ok((action, result)) => {
                (200, format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"))
            }
            Err(code) => (
                if code == "NotFound" { 404 } else { 400 },
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
                ),
            ),
        };
        let head = format!("HTTP/1.1 {status} x\r\ncontent-type: text/xml\r\ncontent-length: {}\r\n\r\n", xml.len());
        if stream.write_all((head + &xml).as_bytes()).await.is_err() {
            return;
        }
        read = rest;
    }
}

/// The body of a request that is there in full, and what follows it.
fn request(read: &[u8]) -> Option<(String, Vec<u8>)> {
    let end = read.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).map_or("0", str::trim);
    let (start, length): (usize, usize) = (end + 4, length.parse().unwrap());
    let body = read.get(start..start + length)?;
    Some((String::from_utf8(body.to_vec()).unwrap(), read[start + length..].to_vec()))
}

fn form(body: &str) -> BTreeMap<String, String> {
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), super::super::pasted::decoded(&value.replace('+', " ")))).collect()
}

impl Contents {
    fn act(&mut self, form: &BTreeMap<String, String>) -> Result<(String, String), &'static str> {
        let text = |name: &str| form.get(name).cloned().unwrap_or_default();
        let (action, arn) = (text("Action"), text("TopicArn"));
        let result = match action.as_str() {
            "CreateTopic" => {
                let arn = format!("arn:aws:sns:eu-west-1:123456789012:{}", text("Name"));
                self.topics.entry(arn.clone()).or_default();
                format!("<TopicArn>{arn}</TopicArn>")
            }
            "SetTopicAttributes" => {
                let topic = self.topics.get_mut(&arn).ok_or("NotFound")?;
                let attribute = match text("AttributeName").as_str() {
                    "DisplayName" => &mut topic.display_name,
                    "Policy" => &mut topic.policy,
                    _ => return Err("InvalidParameter"),
                };
                *attribute = text("AttributeValue");
                String::new()
            }
            "Subscribe" => {
                let email = text("Endpoint");
                let topic = self.topics.get_mut(&arn).ok_or("NotFound")?;
                *self.asked.entry(email.clone()).or_default() += 1;
                let token = format!("{:048}", self.asked.values().sum::<u32>());
                match topic.subscriptions.iter_mut().find(|known| known.email == email) {
                    Some(known) if known.confirmed => {}
                    Some(known) => known.token = token,
                    None => {
                        topic.subscriptions.push(Subscription { email, token, confirmed: false, authenticated: false })
                    }
                }
                "<SubscriptionArn>pending confirmation</SubscriptionArn>".to_owned()
            }
            "ListSubscriptionsByTopic" => {
                if let Some(code) = self.refusing {
                    return Err(code);
                }
                // A page has two, so that pages are read.
                let start: usize = text("NextToken").parse().unwrap_or(0);
                self.lists += usize::from(start == 0);
                let all = &self.topics.get(&arn).ok_or("NotFound")?.subscriptions;
                let page: String = all.iter().skip(start).take(2).map(|one| member(&arn, one)).collect();
                let next =
                    if all.len() > start + 2 { format!("<NextToken>{}</NextToken>", start + 2) } else { String::new() };
                format!("<Subscriptions>{page}</Subscriptions>{next}")
            }
            "ConfirmSubscription" => {
                let topic = self.topics.get_mut(&arn).ok_or("NotFound")?;
                let token = text("Token");
                let found = topic.subscriptions.iter_mut().find(|known| known.token == token && !known.confirmed);
                let found = found.ok_or("InvalidParameter")?;
                found.confirmed = true;
                found.authenticated = text("AuthenticateOnUnsubscribe") == "true";
                format!("<SubscriptionArn>{arn}:{}</SubscriptionArn>", found.token)
            }
            "Unsubscribe" => {
                let of = text("SubscriptionArn");
                for (arn, topic) in &mut self.topics {
                    topic.subscriptions.retain(|known| !known.confirmed || format!("{arn}:{}", known.token) != of);
                }
                String::new()
            }
            "Publish" => {
                let (subject, message) = (text("Subject"), text("Message"));
                if subject.chars().count() >= 100 || subject.chars().any(char::is_control) {
                    return Err("InvalidParameter");
                }
                let topic = self.topics.get(&arn).ok_or("NotFound")?;
                let readers = topic.subscriptions.iter().filter(|known| known.confirmed);
                let readers = readers.map(|known| known.email.clone()).collect();
                self.published.push((subject, message, readers));
                format!("<MessageId>m{}</MessageId>", self.published.len())
            }
            _ => return Err("InvalidAction"),
        };
        Ok((action, result))
    }
}

fn member(topic: &str, subscription: &Subscription) -> String {
    let Subscription { email, token, confirmed, .. } = subscription;
    let arn = if *confirmed { format!("{topic}:{token}") } else { "PendingConfirmation".to_owned() };
    format!(
        "<member><TopicArn>{topic}</TopicArn><Protocol>email</Protocol><SubscriptionArn>{arn}</SubscriptionArn>\
         <Owner>1</Owner><Endpoint>{email}</Endpoint></member>"
    )
}

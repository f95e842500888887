//! A deployment on the emulator, and a label in it with somebody who follows its artist.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use cloud::aws::table::Table;
use cloud::catalogue::{Decision, Event, Fact, Findings, Record, ReleaseKey, State, Verdict, folded_name};
use cloud::ports::{Catalogue as _, Overdue as _, Renditions as _, Stored, SystemClock};
use cloud::stages::{Recorder, record};
use fake_cloud::emulator::{Deployment, Emulator, Function, Settings, Stack, bootstraps};
use jiff::Timestamp;
use release::Sha256;
use serde_json::Value;
use upload::{ObjectStore as _, S3Settings, S3Store};

use crate::album::Album;

pub(crate) const LABEL: &str = "night-office";
/// A label whose deliveries nobody disturbs.
pub(crate) const UNDISTURBED: &str = "undisturbed";
/// As usual, and with a note of each rendition that is begun and ended.
const LOG: &str = "info,aws_config=warn,aws_smithy_runtime=warn,aws_smithy_runtime_api=warn,aws_runtime=warn,hyper=warn,\
                   lambda_runtime=warn,figures=off,ledger=info";
/// Who is followed.
const ARTIST: &str = "Vesper Bloom";

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) cloud: Deployment,
    pub(crate) masters: S3Store,
    pub(crate) renditions: S3Store,
    pub(crate) table: Arc<Table>,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    /// The queues that hear what the artist's topics tell, by label.
    pub(crate) news: BTreeMap<&'static str, String>,
}

fn credentials() -> Credentials {
    Credentials::new("test", "test", None, None, "tests")
}

impl World {
    pub(crate) async fn new(settings: Settings) -> Self {
        let emulator = Emulator::start_with(settings).await.unwrap();
        // What a dead function was at is taken over within seconds, rather than minutes.
        let stack = Stack::default().variable("LACQUER_TAKE_OVER_SECONDS", "2").variable("LACQUER_LOG", LOG);
        let cloud = emulator.deploy(&bootstraps().unwrap(), &stack).await.unwrap();
        let (region, endpoint) = (Region::new(cloud.region.clone()), cloud.endpoint.clone());
        let sqs = aws_sdk_sqs::Config::builder().behavior_version(BehaviorVersion::latest()).region(region.clone());
        let sqs =
            aws_sdk_sqs::Client::from_conf(sqs.endpoint_url(&endpoint).credentials_provider(credentials()).build());
        let sns = aws_sdk_sns::Config::builder().behavior_version(BehaviorVersion::latest()).region(region.clone());
        let sns =
            aws_sdk_sns::Client::from_conf(sns.endpoint_url(&endpoint).credentials_provider(credentials()).build());
        let dynamodb = aws_sdk_dynamodb::Config::builder().behavior_version(BehaviorVersion::latest()).region(region);
        let dynamodb = aws_sdk_dynamodb::Client::from_conf(
            dynamodb.endpoint_url(&endpoint).credentials_provider(credentials()).build(),
        );
        let mut news = BTreeMap::new();
        for label in [LABEL, UNDISTURBED] {
            news.insert(label, follow(&sqs, &sns, &cloud, label).await);
        }
        Self {
            masters: store(&cloud, &cloud.masters),
            renditions: store(&cloud, &cloud.renditions),
            table: Arc::new(Table::new(dynamodb.clone(), cloud.table.clone(), Arc::new(SystemClock))),
            emulator,
            cloud,
            sqs,
            dynamodb,
            news,
        }
    }

    pub(crate) async fn record(&self, album: &Album) -> Option<Record> {
        self.table.load(&key(album)).await.unwrap().map(|stored| stored.record)
    }

    /// Waits until a release stands where it is to stand; fails where it stands as failed, or for ever.
    pub(crate) async fn stands(&self, album: &Album, state: State) -> Record {
        self.comes_to(album, state, Some(State::Failed)).await
    }

    /// Waits until a release stands as failed.
    pub(crate) async fn fails(&self, album: &Album) -> Record {
        self.comes_to(album, State::Failed, Some(State::InReview)).await
    }

    /// Waits until a release that stands as failed waits for its review.
    pub(crate) async fn recovers(&self, album: &Album) -> Record {
        self.comes_to(album, State::InReview, None).await
    }

    async fn comes_to(&self, album: &Album, state: State, must_not: Option<State>) -> Record {
        for _ in 0..1200 {
            let record = self.record(album).await;
            match record {
                Some(record) if record.state == state => return record,
                Some(record) if Some(record.state) == must_not => panic!("{:?}", record.timeline),
                _ => tokio::time::sleep(ASK_AGAIN).await,
            }
        }
        panic!("{:?}\n{}", self.record(album).await, self.emulator.log());
    }

    /// Approves what waits for it.
    pub(crate) async fn approve(&self, record_in_review: &Record) {
        self.approve_in(Arc::clone(&self.table), record_in_review).await;
    }

    /// Approves what waits for it, by a table with a clock of its own.
    pub(crate) async fn approve_in(&self, table: Arc<Table>, record_in_review: &Record) {
        let accepted = record_in_review.current.accepted().unwrap();
        let (delivery, now) = (record_in_review.current.id, Timestamp::now());
        let decision = Decision {
            release: record_in_review.key.release,
            delivery,
            heard: accepted.recipes().collect(),
            metadata: accepted.metadata,
            verdict: Verdict::Approve,
            by: "manager@example.org".to_owned(),
            at: now,
        };
        let event = Event { key: record_in_review.key.clone(), delivery, fact: Fact::Decided(decision) };
        let recorder = Recorder { catalogue: table, clock: Arc::new(SystemClock) };
        record(&recorder, &event).await.unwrap().unwrap();
    }

    /// Waits until something holds that the emulator's log tells.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn() -> bool) {
        for _ in 0..600 {
            if holds() {
                return;
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        panic!("{what} does not come\n{}", self.emulator.log());
    }

    /// What a function has written to its log, as far as it is of a message with these words.
    pub(crate) fn said(&self, function: Function, words: &str) -> Vec<Value> {
        let lines = self.entries(function).into_iter();
        lines.filter(|entry| entry["message"].as_str().is_some_and(|message| message.contains(words))).collect()
    }

    /// All that a function has written to its log, in the order in which it came.
    pub(crate) fn entries(&self, function: Function) -> Vec<Value> {
        // What a function wrote stands behind its name; the emulator repeats it without.
        let (log, name) = (self.emulator.log(), format!("{}: ", self.cloud.name_of(function)));
        // A process may be killed within a line.
        log.lines().filter_map(|line| serde_json::from_str(line.strip_prefix(&name)?).ok()).collect()
    }

    /// Takes an album from its files to live.
    pub(crate) async fn go_live(&self, album: &Album) -> Record {
        album.deliver(&self.masters).await;
        let in_review = self.stands(album, State::InReview).await;
        self.approve(&in_review).await;
        self.stands(album, State::Live).await
    }

    /// Has a release go live at an instant, in the place of its date, which begins with a day.
    pub(crate) async fn is_due(&self, album: &Album, due: Timestamp) {
        let Stored { version, mut record } = self.table.load(&key(album)).await.unwrap().unwrap();
        let Findings::Accepted(accepted) = &mut record.current.intake else { panic!("{record:?}") };
        accepted.due = Some(due);
        self.table.save(&record, Some(version), &[]).await.unwrap();
    }

    /// Waits until a release was told of, and answers with all that was said of it.
    pub(crate) async fn heard_of(&self, album: &Album) -> Vec<String> {
        let mut heard = Vec::new();
        for _ in 0..600 {
            heard.extend(self.news_of(album).await);
            if !heard.is_empty() && self.is_quiet().await {
                heard.extend(self.news_of(album).await);
                return heard;
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        panic!("nothing was told of {}: {}", album.manifest.release.title, self.emulator.log());
    }

    /// Waits until nothing of a delivery is under way: no message, and no errand.
    pub(crate) async fn rests(&self, album: &Album) {
        for _ in 0..600 {
            let open = self.table.errands(Timestamp::MAX, 1000).await.unwrap();
            let delivery = album.manifest.delivery.to_string();
            if !open.iter().any(|entry| entry.id.as_str().contains(&delivery)) && self.is_quiet().await {
                return;
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        panic!("{} does not come to rest\n{}", album.manifest.release.title, self.emulator.log());
    }

    /// What was said of a release since the last time.
    pub(crate) async fn news_of(&self, album: &Album) -> Vec<String> {
        let news = &self.news[album.label.as_str()];
        let received = self.sqs.receive_message().queue_url(news).max_number_of_messages(10).send().await.unwrap();
        let bodies = received.messages().iter().filter_map(|message| message.body().map(str::to_owned));
        let bodies: Vec<String> = bodies.filter(|body| body.contains(&album.manifest.release.title)).collect();
        for message in received.messages() {
            let handle = message.receipt_handle().unwrap();
            self.sqs.delete_message().queue_url(news).receipt_handle(handle).send().await.unwrap();
        }
        bodies
    }

    /// Whether nothing is under way in any queue.
    pub(crate) async fn is_quiet(&self) -> bool {
        let Deployment { intake_queue, transcode_queue, catalogue_queue, .. } = &self.cloud;
        for queue in [intake_queue, transcode_queue, catalogue_queue] {
            if self.held_by(queue).await > 0 {
                return false;
            }
        }
        true
    }

    /// How many messages a queue holds, received or not.
    pub(crate) async fn held_by(&self, queue: &str) -> u64 {
        let asked = self.sqs.get_queue_attributes().queue_url(queue).attribute_names("All".into()).send();
        let attributes = asked.await.unwrap().attributes.unwrap_or_default();
        let number = |name: &str| {
            attributes.iter().find(|(key, _)| key.as_str() == name).map_or(0, |(_, value)| value.parse().unwrap())
        };
        number("ApproximateNumberOfMessages") + number("ApproximateNumberOfMessagesNotVisible")
    }

    /// Sees that all is there that a live release has, and that no message was given up.
    pub(crate) async fn is_whole(&self, record: &Record) {
        let recipes: Vec<_> = record.current.accepted().unwrap().recipes().collect();
        let facts = self.table.facts(&record.key.label, &recipes).await.unwrap();
        for rendition in record.current.tracks().iter().flat_map(|track| &track.renditions) {
            let stored = self.renditions.confirm(&rendition.key).await.unwrap();
            let stored = stored.unwrap_or_else(|| panic!("{} is not there", rendition.key));
            assert_eq!(stored.bytes, facts[&rendition.recipe].sound.bytes, "{}", rendition.key);
        }
        assert_eq!(facts.len(), recipes.len());
        let cloud = &self.cloud;
        let dead = [
            &cloud.intake_dead_letters,
            &cloud.transcode_dead_letters,
            &cloud.catalogue_dead_letters,
            &cloud.notify_dead_letters,
        ];
        for queue in dead {
            assert_eq!(self.held_by(queue).await, 0, "{queue}\n{}", self.emulator.log());
        }
    }
}

/// A bucket of a deployment, as its owner has it.
pub(crate) fn store(cloud: &Deployment, bucket: &str) -> S3Store {
    let settings = S3Settings {
        bucket: bucket.to_owned(),
        region: cloud.region.clone(),
        endpoint: Some(cloud.endpoint.clone()),
        path_style: true,
        full_object_checksums: false,
    };
    S3Store::new(settings, credentials())
}

/// Polled things are asked again after this.
pub(crate) const ASK_AGAIN: Duration = Duration::from_millis(100);

pub(crate) fn key(album: &Album) -> ReleaseKey {
    ReleaseKey { label: album.label.clone(), release: album.manifest.release.id }
}

/// Has a queue hear what the artist's topic of a label tells, and answers with its URL.
async fn follow(sqs: &aws_sdk_sqs::Client, sns: &aws_sdk_sns::Client, cloud: &Deployment, label: &str) -> String {
    let hash = Sha256::of(folded_name(ARTIST).as_bytes()).to_string();
    let topic = format!("{}{label}-{}", cloud.topic_prefix, &hash[..16]);
    let name = topic.rsplit(':').next().unwrap();
    let topic = sns.create_topic().name(name).send().await.unwrap().topic_arn.unwrap();
    let queue = sqs.create_queue().queue_name(format!("news-{label}")).send().await.unwrap().queue_url.unwrap();
    let asked = sqs.get_queue_attributes().queue_url(&queue).attribute_names("QueueArn".into()).send().await.unwrap();
    let arn = asked.attributes.unwrap_or_default().into_values().next().unwrap();
    sns.subscribe().topic_arn(topic).protocol("sqs").endpoint(arn).send().await.unwrap();
    queue
}

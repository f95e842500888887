//! The table on an emulator, which checks what DynamoDB checks of an item's and a transaction's size, of conditions and of
//! tokens; its indexes are never behind, and its pages end only where they are told to.

mod contract;
mod faults;
mod items;
mod limits;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use fake_cloud::emulator::Emulator;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;

use super::Table;
use crate::catalogue::sample::start;
use crate::ports::Clock;

/// A clock that goes on by a millisecond whenever it is looked at, so that what is stored later sorts later.
#[derive(Debug, Default)]
pub(super) struct Ticking(AtomicI64);

impl Ticking {
    pub(super) fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        start() + SignedDuration::from_millis(self.0.fetch_add(1, Ordering::Relaxed))
    }

    async fn until(&self, _: Timestamp) {
        std::future::pending().await
    }
}

/// One for all tests: it ends with the process.
async fn endpoint() -> &'static str {
    static EMULATOR: OnceCell<Emulator> = OnceCell::const_new();
    EMULATOR.get_or_init(async || Emulator::start().await.unwrap()).await.endpoint()
}

pub(super) fn client(endpoint: &str) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_config(RetryConfig::standard().with_initial_backoff(std::time::Duration::from_millis(1)))
        .endpoint_url(endpoint)
        .build();
    Client::from_conf(config)
}

/// A table of its own that is empty.
pub(super) struct Fixture {
    pub(super) clock: Arc<Ticking>,
    pub(super) name: String,
}

impl Fixture {
    pub(super) async fn new() -> Self {
        static TABLES: AtomicU32 = AtomicU32::new(0);
        let name = format!("catalogue-{}", TABLES.fetch_add(1, Ordering::Relaxed));
        create(&client(endpoint().await), &name).await;
        Self { clock: Arc::default(), name }
    }

    pub(super) async fn table(&self) -> Table {
        self.table_by(endpoint().await)
    }

    /// The table by way of another address.
    pub(super) fn table_by(&self, endpoint: &str) -> Table {
        Table::new(client(endpoint), &self.name, Arc::clone(&self.clock) as _)
    }
}

/// As the template does.
async fn create(client: &Client, name: &str) {
    let key = |name: String, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let schema =
        |prefix: &str| vec![key(format!("{prefix}pk"), KeyType::Hash), key(format!("{prefix}sk"), KeyType::Range)];
    let index = |name: &str| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .set_key_schema(Some(schema(name)))
            .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
            .build()
            .unwrap()
    };
    let attributes = ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"].map(|name| {
        let text = ScalarAttributeType::S;
        AttributeDefinition::builder().attribute_name(name).attribute_type(text).build().unwrap()
    });
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes.to_vec()))
        .set_key_schema(Some(schema("")))
        .global_secondary_indexes(index("gsi1"))
        .global_secondary_indexes(index("gsi2"))
        .send()
        .await
        .unwrap();
}

/// What the adapter relies on is what is deployed.
#[test]
fn the_template_makes_such_a_table() {
    let template = include_str!("../../../../../../infra/template.yaml");
    let table = template.split("Type: AWS::DynamoDB::Table").nth(1).unwrap();
    let table = table.split("Type: AWS::").next().unwrap();
    for line in [
        "{ AttributeName: pk, KeyType: HASH }",
        "{ AttributeName: sk, KeyType: RANGE }",
        "IndexName: gsi1",
        "{ AttributeName: gsi1pk, KeyType: HASH }",
        "{ AttributeName: gsi1sk, KeyType: RANGE }",
        "IndexName: gsi2",
        "{ AttributeName: gsi2pk, KeyType: HASH }",
        "{ AttributeName: gsi2sk, KeyType: RANGE }",
        "StreamViewType: NEW_IMAGE",
        "AttributeName: expires",
    ] {
        assert!(table.contains(line), "{line}");
    }
    // An index with all attributes would double what each write costs.
    assert_eq!(table.matches("ProjectionType: KEYS_ONLY").count(), 2);
}

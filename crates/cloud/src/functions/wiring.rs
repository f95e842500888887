use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use thiserror::Error;
use upload::{S3Settings, S3Store};

use super::batch::Order;
use super::call::{QueueFunction, take_calls};
use super::catalogue::Catalogued;
use super::errands::Errands;
use super::inbox::SqsInbox;
use super::intake::TakeIn;
use super::notify::{Outgoing, ReadEntry};
use super::serve::Stage;
use super::surroundings::{Surroundings, SurroundingsError};
use super::sweep::Sweep;
use super::telemetry;
use super::transcode::MakeRenditions;
use crate::QueueName;
use crate::aws::table::{Table, read_entry};
use crate::aws::{Queues, SnsTopics, SqsQueue};
use crate::ports::{Clock, SystemClock};
use crate::stages::{Dispatch, Intake, Masters, Notify, Recorder, Transcode};

/// Why a function cannot start.
#[derive(Debug, Error)]
enum StartError {
    /// Its surroundings are not what they should be.
    #[error(transparent)]
    Surroundings(#[from] SurroundingsError),
    /// The runtime gives it nothing to sign its requests with.
    #[error("there are no credentials to use AWS with")]
    NoCredentials,
}

/// Takes in the deliveries whose manifests S3 tells of.
///
/// # Errors
/// Where it cannot start, or the runtime's own interface fails.
pub async fn intake() -> Result<(), lambda_runtime::Error> {
    let wires = Wires::lay().await?;
    let table = wires.table();
    let recorder = Recorder { catalogue: Arc::new(table.clone()), clock: clock() };
    // Whether a release is reviewed is asked of its label, each time.
    let ports = Intake { masters: wires.masters()?, recorder, review: true };
    let stage = TakeIn { ports, labels: Arc::new(table), bucket: wires.surroundings.masters.clone() };
    take_calls(wires.queue_function(QueueName::Intake, stage)).await
}

/// Makes tracks' renditions.
///
/// # Errors
/// Where it cannot start, or the runtime's own interface fails.
pub async fn transcode() -> Result<(), lambda_runtime::Error> {
    let wires = Wires::lay().await?;
    let table = Arc::new(wires.table());
    let ports = Transcode {
        masters: wires.masters()?,
        renditions: Arc::new(wires.store(&wires.surroundings.renditions)?),
        facts: Arc::clone(&table) as _,
        catalogue: Arc::clone(&table) as _,
        leases: table,
        queue: Arc::new(wires.queues()),
        clock: clock(),
        scratch: std::env::temp_dir(),
        lease: wires.surroundings.take_over,
    };
    take_calls(wires.queue_function(QueueName::Transcode, MakeRenditions { ports })).await
}

/// Takes what happened to releases to their records; on its schedule, does what time brings and what was missed.
///
/// # Errors
/// Where it cannot start, or the runtime's own interface fails.
pub async fn catalogue() -> Result<(), lambda_runtime::Error> {
    let wires = Wires::lay().await?;
    let table = Arc::new(wires.table());
    let recorder = Recorder { catalogue: Arc::clone(&table) as _, clock: clock() };
    let sweep = Sweep { recorder: recorder.clone(), overdue: table, errands: wires.errands() };
    let function = wires.queue_function(QueueName::Catalogue, Catalogued { recorder });
    take_calls(QueueFunction { order: Order::Groups, sweep: Some(sweep), ..function }).await
}

/// Does what was just written into the outbox, as the table's stream tells.
///
/// # Errors
/// Where it cannot start, or the runtime's own interface fails.
pub async fn notify() -> Result<(), lambda_runtime::Error> {
    let wires = Wires::lay().await?;
    let read: ReadEntry = Box::new(|item| read_entry(item).map_err(Into::into));
    take_calls(Outgoing { errands: wires.errands(), read, clock: clock() }).await
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// What every function is wired with. Clients ask nothing of their services yet, and connect when they are first used.
pub(super) struct Wires {
    pub(super) surroundings: Surroundings,
    pub(super) sdk: SdkConfig,
}

impl Wires {
    /// Reads the surroundings, and has everything said from here on written out.
    pub(super) async fn lay() -> Result<Self, lambda_runtime::Error> {
        #[cfg(feature = "failpoints")]
        crate::kill_at::arm();
        let surroundings = Surroundings::read(&|name| std::env::var(name).ok()).map_err(StartError::from)?;
        telemetry::begin(&surroundings);
        let sdk = aws_config::load_defaults(BehaviorVersion::latest()).await;
        Ok(Self { surroundings, sdk })
    }

    pub(super) fn table(&self) -> Table {
        Table::new(aws_sdk_dynamodb::Client::new(&self.sdk), self.surroundings.table.clone(), clock())
    }

    pub(super) fn queues(&self) -> SqsQueue {
        let Surroundings { intake_queue, transcode_queue, catalogue_queue, .. } = &self.surroundings;
        let queues = Queues {
            intake: intake_queue.clone(),
            transcode: transcode_queue.clone(),
            catalogue: catalogue_queue.clone(),
        };
        SqsQueue::new(aws_sdk_sqs::Client::new(&self.sdk), queues)
    }

    pub(super) fn topics(&self) -> SnsTopics {
        let prefix = self.surroundings.topic_prefix.clone();
        SnsTopics::new(aws_sdk_sns::Client::new(&self.sdk), prefix, Arc::new(self.table()), clock())
    }

    pub(super) fn store(&self, bucket: &str) -> Result<S3Store, lambda_runtime::Error> {
        let credentials = self.sdk.credentials_provider().ok_or(StartError::NoCredentials)?;
        let settings = S3Settings {
            bucket: bucket.to_owned(),
            region: self.surroundings.region.clone(),
            endpoint: self.surroundings.endpoint.clone(),
            path_style: self.surroundings.path_style,
            full_object_checksums: self.surroundings.object_checksums,
        };
        Ok(S3Store::new(settings, credentials))
    }

    pub(super) fn masters(&self) -> Result<Masters, lambda_runtime::Error> {
        let store = Arc::new(self.store(&self.surroundings.masters)?);
        Ok(Masters { store: Arc::clone(&store) as _, reader: store })
    }

    fn errands(&self) -> Errands {
        let table = Arc::new(self.table());
        let notify = Notify {
            herald: Arc::new(self.topics()),
            outbox: Arc::clone(&table) as _,
            catalogue: Arc::clone(&table) as _,
            artists_mail: true,
        };
        Errands {
            dispatch: Dispatch { queue: Arc::new(self.queues()), notify },
            labels: Arc::clone(&table) as _,
            leases: table,
            clock: clock(),
            lease: Errands::LEASE.min(self.surroundings.take_over),
        }
    }

    fn queue_function(&self, name: QueueName, stage: impl Stage + 'static) -> QueueFunction {
        // Manifests are small and wait for the network; a transcode uses all the cores that there are.
        let at_once = if name == QueueName::Intake { 4 } else { 1 };
        QueueFunction {
            stage: Box::new(stage),
            inbox: Box::new(SqsInbox { queues: self.queues(), name }),
            order: Order::Free,
            at_once,
            max_receives: self.surroundings.max_receives,
            take_over: self.surroundings.take_over.max(Duration::from_secs(1)),
            clock: clock(),
            sweep: None,
        }
    }
}

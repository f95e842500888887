use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::{Value, json};
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::batch::Order;
use super::event::{Received, UnreadableBatch, Wake, WakeError};
use super::serve::{self, Inbox, Server, Stage};
use super::sweep::Sweep;
use crate::ports::Clock;
use crate::stages::StageError;

/// A function, ready to be called.
#[async_trait]
pub(super) trait Function: Send + Sync {
    /// Answers a call; soon after `stop` it ends, done or not.
    async fn call(&self, payload: Value, stop: &CancellationToken) -> Result<Value, CallError>;
}

/// Why a call failed as a whole. AWS makes it again, with the same batch.
#[derive(Debug, Error)]
pub(super) enum CallError {
    /// It was called with something that it does not know.
    #[error(transparent)]
    Wake(#[from] WakeError),
    /// It was called with a batch that cannot be read.
    #[error(transparent)]
    Batch(#[from] UnreadableBatch),
    /// What an operator ordered did not go well.
    #[error("{0}")]
    Order(String),
}

/// Takes calls for as long as AWS keeps the process.
///
/// # Errors
/// Where the runtime's own interface fails.
pub(super) async fn take_calls(function: impl Function) -> Result<(), lambda_runtime::Error> {
    let function = &function;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let stop = stop_before(event.context.deadline(), SystemTime::now());
        let called = function.call(event.payload, stop.token()).await;
        if let Err(error) = &called {
            tracing::error!(%error, "a call is refused");
        }
        called.map_err(|error| Diagnostic { error_type: "Refused".to_owned(), error_message: error.to_string() })
    }))
    .await
}

/// Asks work to end a while before AWS ends the process, so that a message comes back soon rather than after its time-out.
pub(super) fn stop_before(deadline: SystemTime, now: SystemTime) -> Stop {
    let after = time_to_work(deadline.duration_since(now).unwrap_or_default());
    let token = CancellationToken::new();
    let timer = tokio::spawn({
        let token = token.clone();
        async move {
            tokio::time::sleep(after).await;
            tracing::warn!("the time of this call is nearly over: what is not done is done by another");
            token.cancel();
        }
    });
    Stop { token, _timer: AbortOnDropHandle::new(timer) }
}

/// How much of the time that is left is for work.
fn time_to_work(left: Duration) -> Duration {
    const MARGIN: Duration = Duration::from_secs(10);
    left.saturating_sub(MARGIN.min(left / 4))
}

/// When work has to end. The timer ends with it.
#[derive(Debug)]
pub(super) struct Stop {
    token: CancellationToken,
    _timer: AbortOnDropHandle<()>,
}

impl Stop {
    /// Is cancelled then.
    pub(super) fn token(&self) -> &CancellationToken {
        &self.token
    }
}

/// A function that serves a queue.
pub(super) struct QueueFunction {
    /// What it does with messages.
    pub(super) stage: Box<dyn Stage>,
    /// Where they come from.
    pub(super) inbox: Box<dyn Inbox>,
    /// Whether they are in order.
    pub(super) order: Order,
    /// How many are worked on at a time, where they are not in order.
    pub(super) at_once: usize,
    /// How often a message is received before its queue gives it up.
    pub(super) max_receives: u32,
    /// After how long without a sign of life a message is taken up by another.
    pub(super) take_over: Duration,
    /// The time.
    pub(super) clock: Arc<dyn Clock>,
    /// What its schedule has it do, where it has one.
    pub(super) sweep: Option<Sweep>,
}

#[async_trait]
impl Function for QueueFunction {
    async fn call(&self, payload: Value, stop: &CancellationToken) -> Result<Value, CallError> {
        match (Wake::read(&payload)?, &self.sweep) {
            (Wake::Batch(batch), _) => Ok(self.server().serve(&batch, stop).await.answer()),
            (Wake::Sweep, Some(sweep)) => Ok(sweep.run(stop).await.answer()),
            (Wake::Sweep, None) => Err(WakeError::Unknown.into()),
            (Wake::Order(message), _) => {
                let span = serve::span(&message, &Received::by_an_operator());
                let worked = self.stage.work(&message, stop).instrument(span).await;
                worked
                    .map(|()| json!({ "done": true }))
                    .map_err(|error: StageError| CallError::Order(error.to_string()))
            }
        }
    }
}

impl QueueFunction {
    fn server(&self) -> Server<'_> {
        Server {
            stage: self.stage.as_ref(),
            inbox: self.inbox.as_ref(),
            order: self.order,
            at_once: self.at_once,
            max_receives: self.max_receives,
            take_over: self.take_over,
            clock: Arc::clone(&self.clock),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_before_the_process_does() {
        for (left, expected) in [(900, 890), (60, 50), (20, 15), (0, 0)] {
            assert_eq!(time_to_work(Duration::from_secs(left)), Duration::from_secs(expected));
        }
    }

    #[tokio::test]
    async fn work_whose_time_is_over_is_asked_to_end() {
        let now = SystemTime::now();
        // By a clock that was set meanwhile.
        stop_before(now - Duration::from_secs(5), now).token().cancelled().await;
    }
}

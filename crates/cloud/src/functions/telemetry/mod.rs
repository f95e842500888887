//! What a function says of itself, on its standard output, where CloudWatch reads it: lines of JSON. Those of the log
//! carry the trace id of the delivery that is worked on; those of the metrics are in the embedded metric format.

mod metrics;

use std::io;

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

use super::surroundings::Surroundings;
use metrics::Metrics;

/// What is logged unless `LACQUER_LOG` says otherwise. Never the SDK's bodies and headers: they hold credentials.
const USUAL: &str = "info,aws_config=warn,aws_smithy_runtime=warn,aws_smithy_runtime_api=warn,aws_runtime=warn,hyper=warn,\
                     lambda_runtime=warn,figures=off,ledger=off";

/// Has everything that is said from here on written out.
pub(super) fn begin(surroundings: &Surroundings) {
    let filter = std::env::var("LACQUER_LOG").ok().and_then(|text| EnvFilter::try_new(text).ok());
    let log = log(io::stdout, filter.unwrap_or_else(|| EnvFilter::new(USUAL)));
    let metrics = Metrics::new(&surroundings.stack, &surroundings.function)
        .with_filter(tracing_subscriber::filter::filter_fn(|metadata| metadata.target() == "figures"));
    // An error would mean that somebody began before: what they began goes on.
    let _ = tracing_subscriber::registry().with(log).with(metrics).try_init();
}

/// What writes the log: a line of JSON for all that is said, with what is worked on in its `span`.
fn log<S, W>(writer: W, filter: EnvFilter) -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(writer)
        .with_filter(filter)
}

/// What a test hears of the log, as it is written.
#[cfg(test)]
pub(super) fn heard<W>(writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::registry().with(log(writer, EnvFilter::new(USUAL)))
}

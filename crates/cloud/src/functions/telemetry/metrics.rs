use std::io::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Writes every figure as a line in CloudWatch's embedded metric format: no call to a service, and none to wait for.
#[derive(Debug)]
pub(super) struct Metrics {
    stack: String,
    function: String,
}

impl Metrics {
    /// Of a function of a deployment.
    pub(super) fn new(stack: &str, function: &str) -> Self {
        Self { stack: stack.to_owned(), function: function.to_owned() }
    }

    fn line(&self, figure: &Figure, now: Timestamp) -> Value {
        json!({
            "_aws": {
                "Timestamp": now.as_millisecond(),
                "CloudWatchMetrics": [{
                    "Namespace": "Lacquer",
                    "Dimensions": [["Stack", "Function"]],
                    "Metrics": [{ "Name": figure.name, "Unit": figure.unit }],
                }],
            },
            "Stack": self.stack,
            "Function": self.function,
            &figure.name: figure.value,
        })
    }
}

impl<S: Subscriber> Layer<S> for Metrics {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut figure = Figure::default();
        event.record(&mut figure);
        let line = format!("{}\n", self.line(&figure, Timestamp::now()));
        // Figures are witnesses: work goes on where nobody hears them.
        let _ = std::io::stdout().write_all(line.as_bytes());
    }
}

/// What an event of a figure says.
#[derive(Debug, Default)]
struct Figure {
    name: String,
    unit: String,
    value: u64,
}

impl Visit for Figure {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "name" => value.clone_into(&mut self.name),
            "unit" => value.clone_into(&mut self.unit),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "value" {
            self.value = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::figures::{self, Unit};

    /// As CloudWatch's user guide has it ("Specification: Embedded metric format").
    #[test]
    fn a_figure_is_a_line_in_the_embedded_metric_format() {
        let figure = Figure { name: "QueueAge".to_owned(), unit: "Milliseconds".to_owned(), value: 1250 };
        let now = "2026-11-22T12:00:00.5Z".parse().unwrap();
        let line = Metrics::new("lacquer", "IntakeFunction").line(&figure, now);
        insta::assert_json_snapshot!(line, @r#"
        {
          "Function": "IntakeFunction",
          "QueueAge": 1250,
          "Stack": "lacquer",
          "_aws": {
            "CloudWatchMetrics": [
              {
                "Dimensions": [
                  [
                    "Stack",
                    "Function"
                  ]
                ],
                "Metrics": [
                  {
                    "Name": "QueueAge",
                    "Unit": "Milliseconds"
                  }
                ],
                "Namespace": "Lacquer"
              }
            ],
            "Timestamp": 1795348800500
          }
        }
        "#);
    }

    #[test]
    fn figures_are_read_from_their_events() {
        #[derive(Clone, Default)]
        struct Heard(Arc<Mutex<Vec<(String, String, u64)>>>);
        impl<S: Subscriber> Layer<S> for Heard {
            fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
                let mut figure = Figure::default();
                event.record(&mut figure);
                self.0.lock().unwrap().push((figure.name, figure.unit, figure.value));
            }
        }
        let heard = Heard::default();
        // Where there is one alone, what another test's thread says first is taken for what nobody listens to.
        let _other = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(heard.clone()), || {
            figures::note("RenditionBytes", Unit::Bytes, 7);
            figures::count("Done");
        });
        let expected = [("RenditionBytes", "Bytes", 7), ("Done", "Count", 1)];
        let expected = expected.map(|(name, unit, value)| (name.to_owned(), unit.to_owned(), value));
        assert_eq!(*heard.0.lock().unwrap(), expected);
    }
}

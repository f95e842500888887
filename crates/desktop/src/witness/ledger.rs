//! A test instrument: what was begun and what was finished, in a file that outlives a killed process.

use std::fmt::{Debug, Write as _};
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Mutex;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The target of the events that belong in the ledger.
const TARGET: &str = "ledger";

/// Writes every event of the ledger as a line of JSON, in one write, before the event returns: what the file says
/// happened did happen, whenever the process dies.
pub(super) struct Ledger {
    file: Mutex<File>,
}

impl Ledger {
    /// Appends to a file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: Mutex::new(OpenOptions::new().create(true).append(true).open(path)?) })
    }
}

impl<S: Subscriber> Layer<S> for Ledger {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut line = Line(Map::new());
        event.record(&mut line);
        let text = format!("{}\n", Value::Object(line.0));
        // The ledger is a witness: a disk that is full must not change what the program does.
        if let Ok(mut file) = self.file.lock() {
            let _ = file.write_all(text.as_bytes());
        }
    }
}

/// An event's fields.
struct Line(Map<String, Value>);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = write!(text, "{value:?}");
        self.0.insert(field.name().to_owned(), Value::String(text));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    #[test]
    fn a_line_is_in_the_file_as_soon_as_its_event_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let subscriber = tracing_subscriber::registry().with(Ledger::open(&path).unwrap());
        tracing::subscriber::with_default(subscriber, || {
            let item = "masters/a\"b.flac#3";
            tracing::info!(target: "ledger", act = "part", item = %item, step = "begin");
            tracing::info!(act = "other", "elsewhere");
            assert_eq!(
                std::fs::read_to_string(&path).unwrap(),
                "{\"act\":\"part\",\"item\":\"masters/a\\\"b.flac#3\",\"step\":\"begin\"}\n"
            );
        });
    }
}

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::until;

/// What the app wrote down of its work as it did it.
pub(crate) struct Ledger(PathBuf);

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    pub(crate) act: String,
    pub(crate) item: String,
    pub(crate) step: String,
}

impl Ledger {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        let field = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        text.lines()
            // A line that a kill cut off is no line.
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .map(|line| Entry { act: field(&line, "act"), item: field(&line, "item"), step: field(&line, "step") })
            .collect()
    }

    pub(crate) fn count(&self, act: &str, step: &str) -> usize {
        self.entries().iter().filter(|entry| entry.act == act && entry.step == step).count()
    }

    /// Waits until an act has come to a step so many times.
    pub(crate) async fn wait_for(&self, act: &str, step: &str, times: usize) {
        until(&format!("{act} {step}s {times} times"), async || (self.count(act, step) >= times).then_some(())).await;
    }

    /// Asserts that nothing was begun again after it had been finished.
    pub(crate) fn assert_nothing_done_twice(&self) {
        let mut finished = HashSet::new();
        let entries = self.entries();
        assert!(!entries.is_empty(), "the ledger is empty");
        for Entry { act, item, step } in entries {
            if step == "begin" {
                assert!(!finished.contains(&(act.clone(), item.clone())), "{act} {item} was begun again after its end");
            } else {
                finished.insert((act, item));
            }
        }
    }
}

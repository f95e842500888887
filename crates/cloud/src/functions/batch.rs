use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::event::Received;

/// How the messages of a batch depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Not at all.
    Free,
    /// Those of a group are in order: after one that failed, the later ones of its group have to wait.
    Groups,
}

/// Which messages of a batch failed: those come again, the others are removed from the queue.
#[derive(Debug, Default)]
pub(super) struct Failures {
    ids: Vec<String>,
    groups: BTreeSet<Option<String>>,
}

impl Failures {
    /// Notes that a message failed.
    pub(super) fn add(&mut self, message: &Received) {
        self.ids.push(message.id.clone());
        self.groups.insert(message.group.clone());
    }

    /// Whether a message may not be worked on, since one before it failed. It has failed then, too.
    pub(super) fn hold_up(&self, message: &Received, order: Order) -> bool {
        order == Order::Groups && self.groups.contains(&message.group)
    }

    /// The answer to SQS.
    pub(super) fn answer(self) -> Value {
        answer(self.ids)
    }
}

/// The answer to a table's stream: all from this sequence number on come again.
pub(super) fn stream_answer(first_failed: Option<String>) -> Value {
    answer(first_failed)
}

fn answer(failed: impl IntoIterator<Item = String>) -> Value {
    let failures = failed.into_iter().map(|name| json!({ "itemIdentifier": name }));
    json!({ "batchItemFailures": failures.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str, group: Option<&str>) -> Received {
        Received {
            id: id.to_owned(),
            receipt: String::new(),
            body: String::new(),
            receives: 1,
            sent: None,
            group: group.map(str::to_owned),
        }
    }

    /// The answer where messages of these names cannot be done.
    fn answer_of(batch: &[Received], bad: &[&str], order: Order) -> Value {
        let mut failures = Failures::default();
        for message in batch {
            if failures.hold_up(message, order) || bad.contains(&message.id.as_str()) {
                failures.add(message);
            }
        }
        failures.answer()
    }

    #[test]
    fn only_what_failed_comes_again() {
        let batch = [message("a", None), message("b", None), message("c", None)];
        assert_eq!(answer_of(&batch, &["a"], Order::Free), json!({ "batchItemFailures": [{ "itemIdentifier": "a" }] }));
        assert_eq!(answer_of(&batch, &[], Order::Free), json!({ "batchItemFailures": [] }));
    }

    #[test]
    fn in_a_group_all_behind_a_failure_come_again() {
        let batch = [
            message("a", Some("1")),
            message("b", Some("2")),
            message("c", Some("1")),
            message("d", Some("3")),
            message("e", Some("2")),
            message("f", Some("1")),
        ];
        let names = |value: Value| -> Vec<String> {
            let all = value["batchItemFailures"].as_array().unwrap().clone();
            all.iter().map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(answer_of(&batch, &["a"], Order::Groups)), ["a", "c", "f"]);
        assert_eq!(names(answer_of(&batch, &["c", "e"], Order::Groups)), ["c", "e", "f"]);
        assert_eq!(names(answer_of(&batch, &["f"], Order::Groups)), ["f"]);
    }

    #[test]
    fn a_stream_goes_on_from_the_first_failure() {
        let named = json!({ "batchItemFailures": [{ "itemIdentifier": "222" }] });
        assert_eq!(stream_answer(Some("222".to_owned())), named);
        assert_eq!(stream_answer(None), json!({ "batchItemFailures": [] }));
    }
}

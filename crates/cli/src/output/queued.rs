//! A delivery that is still in the queue, as people and programs read it.

use desktop::{Delivery, DeliveryState, View};
use release::{DeliveryId, ReleaseId};
use serde::Serialize;

use super::Terminal;
use super::release::ReasonJson;

/// A queued delivery in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct QueuedJson<'a> {
    release: ReleaseId,
    delivery: DeliveryId,
    title: &'a str,
    state: &'static str,
    bytes: u64,
    /// Why it cannot be sent, where that is so.
    trouble: Option<ReasonJson<'a>>,
}

impl<'a> QueuedJson<'a> {
    pub(crate) fn new(view: &View, queued: &'a Delivery) -> Self {
        let state = if is_held_back(view, queued) { DeliveryState::Paused } else { queued.state };
        let trouble = queued.trouble.as_ref();
        Self {
            release: queued.release,
            delivery: queued.id,
            title: &queued.title,
            state: state.as_str(),
            bytes: queued.bytes,
            trouble: trouble.map(|trouble| ReasonJson { message: &trouble.message, help: &trouble.help }),
        }
    }
}

/// What is not handed over yet, in the order in which it is sent.
pub(crate) fn in_queue(view: &View) -> impl Iterator<Item = &Delivery> {
    view.queue.iter().map(|queued| &*queued.delivery).filter(|delivery| !delivery.state.is_over())
}

/// A line: state, title, the release's id; then what it waits for.
pub(crate) fn say_line(terminal: &Terminal, view: &View, queued: &Delivery) {
    let (word, what) = match (&queued.trouble, is_held_back(view, queued)) {
        (Some(trouble), _) => ("not sent", format!("{} {}", trouble.message, trouble.help)),
        (None, true) => ("held back", "waits for somebody to let it go on, in the window's room \"Queue\"".to_owned()),
        (None, false) => ("to be sent", "goes on when it is delivered again, or when the window is open".to_owned()),
    };
    let title = if queued.title.is_empty() { "Untitled" } else { &queued.title };
    terminal.say(format_args!("{word:<12} {}  {title}", queued.release));
    terminal.say(format_args!("{:<12} {what}", ""));
}

fn is_held_back(view: &View, queued: &Delivery) -> bool {
    match queued.state {
        DeliveryState::Paused => true,
        DeliveryState::Waiting => view.settings.queue_paused,
        DeliveryState::Failed | DeliveryState::Cancelled | DeliveryState::Sent => false,
    }
}

use std::collections::BTreeSet;

use release::ReleaseId;

use super::Session;
use crate::delivery::DeliveryState;
use crate::view::View;
use crate::workspace::State;

impl Session {
    /// What would stop if the program ended now, in words: `2 releases are being sent and 1 is being transcoded.` None
    /// where nothing would. All of it goes on when the workspace is opened again; what a person holds back is no work,
    /// and neither is a release that waits for its date.
    #[must_use]
    pub fn work_under_way(view: &View) -> Option<String> {
        let waiting = view.queue.iter().map(|one| &one.delivery).filter(|one| one.state == DeliveryState::Waiting);
        let sending: BTreeSet<ReleaseId> =
            waiting.filter(|_| !view.settings.queue_paused).map(|one| one.release).collect();
        let is_made = |state| matches!(state, State::Received | State::Transcoding);
        let transcoding = view.releases.iter().filter(|one| is_made(one.state)).count();
        in_words(sending.len(), transcoding, view.imports.len())
    }
}

fn in_words(sending: usize, transcoding: usize, imports: usize) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    // What is counted is named once.
    let mut releases = |count: usize, doing: &str| {
        let what = match (parts.is_empty(), count) {
            (_, 0) => return,
            (true, 1) => "1 release is".to_owned(),
            (true, count) => format!("{count} releases are"),
            (false, 1) => "1 is".to_owned(),
            (false, count) => format!("{count} are"),
        };
        parts.push(format!("{what} being {doing}"));
    };
    releases(sending, "sent");
    releases(transcoding, "transcoded");
    match imports {
        0 => {}
        1 => parts.push("1 import is running".to_owned()),
        count => parts.push(format!("{count} imports are running")),
    }
    let last = parts.pop()?;
    Some(if parts.is_empty() { format!("{last}.") } else { format!("{} and {last}.", parts.join(", ")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_is_said_in_one_sentence() {
        for (sending, transcoding, imports, words) in [
            (0, 0, 0, None),
            (1, 0, 0, Some("1 release is being sent.")),
            (2, 1, 0, Some("2 releases are being sent and 1 is being transcoded.")),
            (1, 3, 0, Some("1 release is being sent and 3 are being transcoded.")),
            (0, 2, 0, Some("2 releases are being transcoded.")),
            (0, 0, 1, Some("1 import is running.")),
            (0, 1, 2, Some("1 release is being transcoded and 2 imports are running.")),
            (2, 1, 1, Some("2 releases are being sent, 1 is being transcoded and 1 import is running.")),
        ] {
            assert_eq!(in_words(sending, transcoding, imports).as_deref(), words);
        }
    }
}

use std::collections::VecDeque;
use std::sync::Arc;

use super::Draft;

/// What was done to a draft, so that it can be undone and done again: whole drafts, which is sure to bring back all
/// that there was.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    done: VecDeque<Moment>,
    undone: Vec<Moment>,
    /// What the last step belongs to, while nothing else was done since.
    gesture: Option<String>,
}

/// A draft before or after a step.
#[derive(Debug, Clone)]
struct Moment {
    draft: Arc<Draft>,
    words: String,
}

impl History {
    /// The most steps that are kept.
    pub(crate) const LONGEST: usize = 200;

    /// The most tracks that the drafts which are kept have together: of a draft of 500 tracks, 40 steps are kept.
    /// Each takes up some two kilobytes a track.
    const MOST_TRACKS: usize = 20_000;

    /// Notes a step that led from one draft to another. Steps of the same gesture, one right after the other, are one:
    /// a gesture is a visit to a field, and what is undone is the visit.
    pub(crate) fn note(&mut self, before: Arc<Draft>, now: &Draft, words: String, gesture: Option<String>) {
        self.undone.clear();
        if gesture.is_none() || gesture != self.gesture {
            self.done.push_back(Moment { draft: before, words });
        } else if self.done.back().is_some_and(|moment| *moment.draft == *now) {
            // What was typed was taken back by hand.
            self.done.pop_back();
            self.gesture = None;
            return;
        }
        self.gesture = gesture;
        let tracks = now.release.tracks.len().max(1);
        let most = (Self::MOST_TRACKS / tracks).clamp(1, Self::LONGEST);
        while self.done.len() > most {
            self.done.pop_front();
        }
    }

    /// What would be undone, in words.
    pub(crate) fn undo_in_words(&self) -> Option<&str> {
        self.done.back().map(|moment| moment.words.as_str())
    }

    /// What would be done again, in words.
    pub(crate) fn redo_in_words(&self) -> Option<&str> {
        self.undone.last().map(|moment| moment.words.as_str())
    }

    /// The draft before the last step.
    pub(crate) fn before(&self) -> Option<Arc<Draft>> {
        self.done.back().map(|moment| Arc::clone(&moment.draft))
    }

    /// The draft after the step that was undone last.
    pub(crate) fn after(&self) -> Option<Arc<Draft>> {
        self.undone.last().map(|moment| Arc::clone(&moment.draft))
    }

    /// The last step was undone; `now` is the draft that it had led to.
    pub(crate) fn undone(&mut self, now: Arc<Draft>) {
        self.gesture = None;
        if let Some(Moment { words, .. }) = self.done.pop_back() {
            self.undone.push(Moment { draft: now, words });
        }
    }

    /// The step that was undone last was done again; `now` is the draft before it.
    pub(crate) fn redone(&mut self, now: Arc<Draft>) {
        self.gesture = None;
        if let Some(Moment { words, .. }) = self.undone.pop() {
            self.done.push_back(Moment { draft: now, words });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::draft::sample;

    /// A draft and its history, as the session has them.
    struct Edited {
        draft: Arc<Draft>,
        history: History,
    }

    impl Edited {
        fn new(tracks: usize) -> Self {
            let mut draft = sample::draft(1, "/album");
            for number in 1..=tracks {
                sample::add_track(&mut draft, number as u128, number as u32, "/album/file.wav", b"one", "One");
            }
            Self { draft: Arc::new(draft), history: History::default() }
        }

        fn title(&self) -> &str {
            &self.draft.release.title
        }

        fn set(&mut self, title: &str, gesture: Option<&str>) {
            let mut next = Draft::clone(&self.draft);
            next.release.title = title.to_owned();
            let before = std::mem::replace(&mut self.draft, Arc::new(next));
            self.history.note(before, &self.draft, format!("\"{title}\""), gesture.map(str::to_owned));
        }

        fn undo(&mut self) -> bool {
            let Some(before) = self.history.before() else { return false };
            self.history.undone(std::mem::replace(&mut self.draft, before));
            true
        }

        fn redo(&mut self) -> bool {
            let Some(after) = self.history.after() else { return false };
            self.history.redone(std::mem::replace(&mut self.draft, after));
            true
        }
    }

    #[test]
    fn a_gesture_is_one_step() {
        let mut edited = Edited::new(1);
        edited.set("a", None);
        for text in ["ab", "abc", "abcd"] {
            edited.set(text, Some("visit 1"));
        }
        edited.set("x", Some("visit 2"));
        assert_eq!((edited.history.undo_in_words(), edited.history.redo_in_words()), (Some("\"x\""), None));
        edited.undo();
        assert_eq!((edited.title(), edited.history.redo_in_words()), ("abcd", Some("\"x\"")));
        edited.undo();
        assert_eq!((edited.title(), edited.history.undo_in_words()), ("a", Some("\"a\"")));
        edited.redo();
        assert_eq!(edited.title(), "abcd");
        // The visit ended with the undoing, whatever it is called.
        edited.set("abcde", Some("visit 1"));
        edited.undo();
        assert_eq!(edited.title(), "abcd");
    }

    #[test]
    fn what_was_typed_and_deleted_again_is_no_step() {
        let mut edited = Edited::new(1);
        edited.set("a", None);
        edited.set("ab", Some("visit"));
        edited.set("a", Some("visit"));
        assert_eq!(edited.history.undo_in_words(), Some("\"a\""));
        edited.set("ac", Some("visit"));
        edited.undo();
        assert_eq!(edited.title(), "a");
    }

    #[test]
    fn as_many_steps_are_kept_as_there_is_room_for() {
        for (tracks, kept) in [(1, 200), (100, 200), (500, 40), (30_000, 1)] {
            let mut edited = Edited::new(tracks);
            for number in 0..=kept {
                edited.set(&number.to_string(), None);
            }
            let mut undone = 0;
            while edited.undo() {
                undone += 1;
            }
            assert_eq!((undone, edited.title()), (kept, "0"), "{tracks} tracks");
        }
    }

    #[derive(Debug, Clone)]
    enum Deed {
        Set(u8, Option<u8>),
        Undo,
        Redo,
    }

    fn deed() -> impl Strategy<Value = Deed> {
        prop_oneof![
            3 => (any::<u8>(), prop::option::of(0..3_u8)).prop_map(|(text, gesture)| Deed::Set(text, gesture)),
            2 => Just(Deed::Undo),
            1 => Just(Deed::Redo),
        ]
    }

    proptest! {
        /// Whatever was done: undoing all of it leads to the beginning, and doing all of it again to where it was.
        #[test]
        fn all_the_way_back_and_forth(deeds in prop::collection::vec(deed(), 0..60)) {
            let mut edited = Edited::new(1);
            for deed in deeds {
                match deed {
                    Deed::Set(text, gesture) => {
                        edited.set(&text.to_string(), gesture.map(|number| number.to_string()).as_deref());
                    }
                    Deed::Undo => drop(edited.undo()),
                    Deed::Redo => drop(edited.redo()),
                }
            }
            while edited.redo() {}
            let (end, mut steps) = (edited.draft.clone(), 0);
            while edited.undo() {
                steps += 1;
            }
            prop_assert_eq!(edited.title(), "");
            for _ in 0..steps {
                prop_assert!(edited.redo());
            }
            prop_assert_eq!(&edited.draft, &end);
            prop_assert!(!edited.redo());
        }
    }
}

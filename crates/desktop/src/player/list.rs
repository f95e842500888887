use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::elsewhere::Elsewhere;

/// A piece to be played.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// What whoever plays it knows it by: a track's id, a rendition's recipe.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where its sound is.
    pub sound: Sound,
}

/// Where sound is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sound {
    /// In a file on this machine.
    File(PathBuf),
    /// Not on this machine: it is read while it is heard.
    Elsewhere(Elsewhere),
}

/// A place in a play list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// Which piece, counted from 0.
    pub(super) index: usize,
    /// How far into it.
    pub(super) position: Duration,
}

/// What is played in which order, and where in it the player is.
#[derive(Debug, Clone, Default)]
pub(super) struct PlayList {
    pub(super) items: Arc<[Item]>,
    pub(super) place: Place,
}

impl PlayList {
    /// How far into a piece "previous" still means the one before.
    const BACK: Duration = Duration::from_secs(3);

    /// The pieces, at one of them; at the last where there are not so many.
    pub(super) fn new(items: Vec<Item>, start_at: usize, position: Duration) -> Self {
        let index = start_at.min(items.len().saturating_sub(1));
        Self { items: items.into(), place: Place { index, position } }
    }

    pub(super) fn item(&self) -> Option<&Item> {
        self.items.get(self.place.index)
    }

    /// The beginning of the current piece.
    pub(super) fn beginning(&self) -> Place {
        Place { index: self.place.index, position: Duration::ZERO }
    }

    /// The beginning of the next piece.
    pub(super) fn next(&self) -> Option<Place> {
        let index = self.place.index + 1;
        (index < self.items.len()).then_some(Place { index, position: Duration::ZERO })
    }

    /// Where "previous" leads to.
    pub(super) fn previous(&self) -> Place {
        let Place { index, position } = self.place;
        let index = if position > Self::BACK { index } else { index.saturating_sub(1) };
        Place { index, position: Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pieces: usize, index: usize, seconds: u64) -> PlayList {
        let item = |n: usize| Item { id: n.to_string(), title: String::new(), sound: Sound::File(PathBuf::new()) };
        PlayList::new((0..pieces).map(item).collect(), index, Duration::from_secs(seconds))
    }

    #[test]
    fn next_and_previous_go_through_the_list() {
        // Pieces, where it is: index and seconds; index of next and of previous.
        for (pieces, index, seconds, next, previous) in [
            (3, 0, 0, Some(1), 0),
            (3, 1, 0, Some(2), 0),
            (3, 1, 3, Some(2), 0),
            (3, 1, 4, Some(2), 1),
            (3, 2, 4, None, 2),
            (3, 2, 1, None, 1),
            (3, 9, 0, None, 1),
            (1, 0, 0, None, 0),
            (0, 0, 0, None, 0),
        ] {
            let list = list(pieces, index, seconds);
            assert_eq!(list.next().map(|place| place.index), next, "after {index} of {pieces}");
            assert_eq!(list.previous().index, previous, "before {index} of {pieces}, {seconds} s");
        }
    }
}

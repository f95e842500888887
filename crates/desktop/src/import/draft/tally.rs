use std::collections::HashMap;

use release::FieldName;

use crate::import::Note;

/// What several files say of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    /// What most say; of those that as many say, what is said first.
    pub(super) used: String,
    /// How many say it.
    pub(super) files: usize,
    /// What else is said, the most frequent first, with how many say it.
    pub(super) others: Vec<(String, usize)>,
}

impl Tally {
    /// Counts texts; none where there is none.
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for text in texts {
            let place = *places.entry(text).or_insert_with(|| {
                counts.push((text, 0));
                counts.len() - 1
            });
            counts[place].1 += 1;
        }
        // Stable, so that what was said first stays first among equals.
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut counts = counts.into_iter().map(|(text, count)| (text.to_owned(), count));
        let (used, files) = counts.next()?;
        Some(Self { used, files, others: counts.collect() })
    }

    /// Tells a person of the contradiction.
    pub(super) fn into_note(self, field: FieldName) -> Note {
        Note::Contradiction { field, used: self.used, files: self.files, others: self.others }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn most_decide_and_the_first_among_equals() {
        let tally = Tally::of(["b", "a", "c", "a", "b"]).unwrap();
        assert_eq!((tally.used.as_str(), tally.files), ("b", 2));
        assert_eq!(tally.others, [("a".to_owned(), 2), ("c".to_owned(), 1)]);
        assert_eq!(Tally::of([]), None);
    }

    proptest! {
        #[test]
        fn every_voice_is_counted_once(texts in proptest::collection::vec("[a-d]", 1..20)) {
            let tally = Tally::of(texts.iter().map(String::as_str)).unwrap();
            let others: usize = tally.others.iter().map(|(_, count)| count).sum();
            prop_assert_eq!(tally.files + others, texts.len());
            prop_assert!(tally.others.iter().all(|(_, count)| *count <= tally.files));
        }
    }
}

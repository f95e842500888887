//! Titles and versions, of the release and its tracks.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation as _;

use super::phrase::{quoted, thousands, track_name};
use super::{Problem, emoji, featuring, is_blank};
use crate::{Field, FieldName, Release, Track};

/// The longest title, as people count characters, that is taken without a word.
const LONGEST: usize = 120;

/// What stores add themselves, or do not want to hear.
const SUPERFLUOUS: [&str; 4] = ["original mix", "album version", "exclusive", "limited edition"];

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    let field = Field::of_release(FieldName::Title);
    let title = Title { field, of: "The release", title: &release.title, version: &release.version };
    let mut problems = title.problems();
    problems.extend(kind_in_title(release));
    problems.extend(differs_from_only_track(release));
    for track in &release.tracks {
        let field = Field::of_track(track.id, FieldName::Title);
        let of = track_name(release, track);
        problems.extend(Title { field, of: &of, title: &track.title, version: &track.version }.problems());
    }
    problems.extend(titles_twice(release));
    problems
}

/// A title and its version, and what they belong to.
struct Title<'a> {
    field: Field,
    of: &'a str,
    title: &'a str,
    version: &'a str,
}

impl Title<'_> {
    fn problems(&self) -> Vec<Problem> {
        let version = Field { name: FieldName::Version, ..self.field };
        let parts = [(self.field, self.title), (version, self.version)];
        let mut problems: Vec<Problem> = self.empty().into_iter().chain(self.long()).chain(self.cases()).collect();
        for (field, text) in parts {
            problems.extend(self.control_characters(field, text));
            problems.extend(self.emoji(field, text));
            problems.extend(self.featuring(field, text));
            problems.extend(self.superfluous(field, text));
        }
        problems
    }

    fn empty(&self) -> Option<Problem> {
        is_blank(self.title).then(|| {
            let help = "Enter the title as it is to be shown.";
            Problem::error(self.field, "title-missing", format!("{} has no title.", self.of), help)
        })
    }

    fn control_characters(&self, field: Field, text: &str) -> Option<Problem> {
        let culprit = text.chars().find(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))?;
        let what = match culprit {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => "a line break".to_owned(),
            '\t' => "a tab".to_owned(),
            other => format!("the control character U+{:04X}", u32::from(other)),
        };
        Some(Problem::error(
            field,
            "title-control-character",
            format!("The {} {} holds {what}.", field.name.words(), quoted(text)),
            "Type the text anew, on one line.",
        ))
    }

    fn emoji(&self, field: Field, text: &str) -> Option<Problem> {
        let emoji = emoji::first(text)?;
        Some(Problem::error(
            field,
            "title-emoji",
            format!("The {} {} holds an emoji, {emoji}. Stores refuse them.", field.name.words(), quoted(text)),
            "Take it out, or write the word.",
        ))
    }

    fn long(&self) -> Option<Problem> {
        let length = self.title.trim().graphemes(true).count();
        (length > LONGEST).then(|| {
            Problem::warning(
                self.field,
                "title-long",
                format!("{} has a title of {} characters.", self.of, thousands(length as u64)),
                format!("Players cut off what does not fit. Up to {LONGEST} characters is safe."),
            )
        })
    }

    fn cases(&self) -> Option<Problem> {
        let (code, how) = if is_all_capitals(self.title) {
            ("title-all-capitals", "capitals")
        } else if is_all_small(self.title) {
            ("title-all-lower-case", "lower case")
        } else {
            return None;
        };
        Some(Problem::warning(
            self.field,
            code,
            format!("The title {} is all in {how}.", quoted(self.title)),
            "Write it as in a sentence or a headline, unless the artist means it so.",
        ))
    }

    fn featuring(&self, field: Field, text: &str) -> Option<Problem> {
        let word = featuring::misspelt(text)?;
        Some(Problem::warning(
            field,
            "title-featuring",
            format!("The {} {} names a guest with {}.", field.name.words(), quoted(text), quoted(word)),
            "Write (feat. A, B & C) or (with X), or enter the guest as featured artist only.",
        ))
    }

    fn superfluous(&self, field: Field, text: &str) -> Option<Problem> {
        let words = words(text);
        let phrase = SUPERFLUOUS.iter().find(|phrase| holds(&words, phrase))?;
        Some(Problem::warning(
            field,
            "title-superfluous",
            format!("The {} {} says \"{phrase}\".", field.name.words(), quoted(text)),
            "Leave it out: it tells listeners nothing about the recording.",
        ))
    }
}

fn kind_in_title(release: &Release) -> Option<Problem> {
    let title = release.display_title();
    let words = words(&title);
    let word = ["single", "ep"].into_iter().find(|word| holds(&words, word))?;
    let written = if word == "ep" { "EP" } else { "Single" };
    Some(Problem::warning(
        Field::of_release(FieldName::Title),
        "title-names-kind",
        format!("The title {} says \"{written}\".", quoted(&title)),
        "Leave it out: stores show the release type themselves.",
    ))
}

fn differs_from_only_track(release: &Release) -> Option<Problem> {
    let [track] = release.tracks.as_slice() else { return None };
    let (title, only) = (release.display_title(), track.display_title());
    (!is_blank(&title) && !is_blank(&only) && key(&title) != key(&only)).then(|| {
        Problem::warning(
            Field::of_release(FieldName::Title),
            "title-differs-from-track",
            format!("The release is {}, and its only track is {}.", quoted(&title), quoted(&only)),
            "Give a release of one track the title of the track.",
        )
    })
}

fn titles_twice(release: &Release) -> Vec<Problem> {
    let mut first: HashMap<String, &Track> = HashMap::new();
    let mut problems = Vec::new();
    for track in release.tracks.iter().filter(|track| !is_blank(&track.title)) {
        let holder = *first.entry(key(&track.display_title())).or_insert(track);
        if holder.id != track.id {
            problems.push(Problem::warning(
                Field::of_track(track.id, FieldName::Title),
                "title-twice",
                format!("{} and {} have the same title.", track_name(release, holder), track_name(release, track)),
                "Enter a version, such as \"Live\" or \"Reprise\", where they are different recordings.",
            ));
        }
    }
    problems
}

/// Titles are the same where only case and spaces differ.
fn key(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn words(text: &str) -> Vec<String> {
    text.unicode_words().map(str::to_lowercase).collect()
}

fn holds(words: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words.windows(phrase.len()).any(|window| window == phrase)
}

/// Short ones ("DNA", "II", "SOS") are names and abbreviations.
fn is_all_capitals(title: &str) -> bool {
    const SHORT: usize = 4;
    title.chars().filter(|c| c.is_uppercase()).count() > SHORT && !title.chars().any(char::is_lowercase)
}

fn is_all_small(title: &str) -> bool {
    // Georgian's everyday letters count as small ones, and its capitals are for headlines.
    let is_small = |c: char| c.is_lowercase() && !matches!(c, '\u{10d0}'..='\u{10ff}');
    let cased: Vec<char> = title.chars().filter(|c| is_small(*c) || c.is_uppercase()).collect();
    cased.len() > 1 && cased.iter().all(|c| is_small(*c))
}

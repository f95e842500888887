use std::fmt;
use std::path::PathBuf;

use release::FieldName;
use serde::{Deserialize, Serialize};

use super::stored_path;

/// Something a person should look at in what was imported, though nothing was left out for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Note {
    /// Files of one release say different things of it.
    Contradiction {
        /// Which of the release's fields.
        field: FieldName,
        /// What most files say, and the draft has.
        used: String,
        /// How many files say it.
        files: usize,
        /// What others say, most frequent first, with how many say it.
        others: Vec<(String, usize)>,
    },
    /// The tags' date has no day.
    DateWithoutDay {
        /// Which of the release's dates.
        field: FieldName,
        /// What the tags say.
        text: String,
    },
    /// The tags promise more tracks than were found.
    TracksMissing {
        /// The disc.
        disc: u32,
        /// How many tracks its tags promise.
        promised: u32,
        /// How many there are.
        found: u32,
    },
    /// A folder is named after one disc, and the tags of files in it name another.
    OtherDisc {
        /// The folder.
        #[serde(with = "stored_path")]
        folder: PathBuf,
        /// The disc that the folder's name says.
        named: u32,
        /// The disc that the tags say, and the draft has.
        tagged: u32,
    },
    /// A file's tags cannot be read; its sound can.
    TagsUnreadable {
        /// The file.
        #[serde(with = "stored_path")]
        path: PathBuf,
        /// What the reader of tags says.
        why: String,
    },
    /// A file's name, from which values were taken, is not Unicode.
    NameNotUnicode {
        /// The file.
        #[serde(with = "stored_path")]
        path: PathBuf,
    },
}

impl Note {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Contradiction { field, .. } => {
                format!("Check the {}, and whether all files belong here.", field.words())
            }
            Self::DateWithoutDay { field, .. } => format!("Enter the {} with its day.", field.words()),
            Self::TracksMissing { .. } => "See whether files are missing from the folder.".to_owned(),
            Self::OtherDisc { .. } => "Check the tracks' discs.".to_owned(),
            Self::TagsUnreadable { .. } => "Enter its title, artist and codes by hand.".to_owned(),
            Self::NameNotUnicode { .. } => "Check the values that come from its name.".to_owned(),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contradiction { field, used, files, others } => {
                write!(f, "The files do not agree on the {}: {} \"{used}\"", field.words(), say(*files))?;
                for (other, count) in others {
                    write!(f, ", {} \"{other}\"", say(*count))?;
                }
                f.write_str(".")
            }
            Self::DateWithoutDay { field, text } => {
                write!(f, "The {} in the tags is \"{text}\", which names no day, and was not used.", field.words())
            }
            Self::TracksMissing { disc, promised, found } => {
                write!(f, "The tags promise {promised} tracks on disc {disc}, and {found} were found.")
            }
            Self::OtherDisc { folder, named, tagged } => write!(
                f,
                "The folder {} is named after disc {named}, and tags in it say disc {tagged}.",
                folder.display()
            ),
            Self::TagsUnreadable { path, why } => write!(f, "The tags of {} cannot be read: {why}.", path.display()),
            Self::NameNotUnicode { path } => write!(f, "The name of {} is not Unicode.", path.display()),
        }
    }
}

fn say(files: usize) -> String {
    if files == 1 { "1 says".to_owned() } else { format!("{files} say") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a person reads, and what a stored draft holds: neither changes by accident.
    #[test]
    fn every_note_says_what_to_look_at() {
        let path = || PathBuf::from("/album/01 Title.wav");
        let notes = [
            Note::Contradiction {
                field: FieldName::Upc,
                used: "190295810726".to_owned(),
                files: 2,
                others: vec![("190295810733".to_owned(), 1)],
            },
            Note::DateWithoutDay { field: FieldName::ReleaseDate, text: "2024".to_owned() },
            Note::TracksMissing { disc: 1, promised: 12, found: 11 },
            Note::OtherDisc { folder: PathBuf::from("/album/CD2"), named: 2, tagged: 1 },
            Note::TagsUnreadable { path: path(), why: "the reason".to_owned() },
            Note::NameNotUnicode { path: path() },
        ];
        let mut shown = String::new();
        for note in notes {
            let stored = serde_json::to_string(&note).unwrap();
            assert_eq!(serde_json::from_str::<Note>(&stored).unwrap(), note);
            shown.push_str(&format!("{note} {}\n  {stored}\n", note.help()));
        }
        insta::assert_snapshot!(shown);
    }
}

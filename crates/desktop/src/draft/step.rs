use std::collections::BTreeSet;

use release::{Field, FieldName, Release, TrackId};

use super::place::track_in_words;

/// What was done to a draft at once, for the words that stand behind "Undo".
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Texts were put into fields.
    Edited(Vec<Field>),
    /// Tracks were moved.
    Moved,
    /// Tracks were taken out.
    TookOut(Vec<TrackId>),
    /// Tracks that had been taken out were put back.
    PutBack(usize),
    /// A picture was chosen.
    Artwork,
    /// The picture was taken away.
    NoArtwork,
    /// The files were read again.
    ReadAgain,
}

impl Step {
    /// What was done to a release, which is given as it was before: `title of track 3`, `order of tracks`.
    pub(crate) fn in_words(&self, before: &Release) -> String {
        match self {
            Self::Edited(fields) => edited(before, fields),
            Self::Moved => "order of tracks".to_owned(),
            Self::TookOut(tracks) => match tracks.as_slice() {
                [track] => format!("removal of {}", track_of(before, *track)),
                tracks => format!("removal of {} tracks", tracks.len()),
            },
            Self::PutBack(1) => "return of a track".to_owned(),
            Self::PutBack(count) => format!("return of {count} tracks"),
            Self::Artwork => "artwork".to_owned(),
            Self::NoArtwork => "removal of the artwork".to_owned(),
            Self::ReadAgain => "reading the files again".to_owned(),
        }
    }
}

fn edited(before: &Release, fields: &[Field]) -> String {
    let names: BTreeSet<FieldName> = fields.iter().map(|field| field.name).collect();
    let places: BTreeSet<Option<TrackId>> = fields.iter().map(|field| field.track).collect();
    let name = match (names.len(), names.first()) {
        (1, Some(name)) => name.words().to_owned(),
        (count, _) => format!("{count} fields"),
    };
    match (places.len(), places.first().copied().flatten()) {
        (1, Some(track)) => format!("{name} of {}", track_of(before, track)),
        (1, None) => name,
        (count, Some(_)) => format!("{name} of {count} tracks"),
        // Of the release and of tracks.
        (_, None) => format!("{} fields", fields.iter().collect::<BTreeSet<_>>().len()),
    }
}

fn track_of(release: &Release, track: TrackId) -> String {
    match release.tracks.iter().find(|one| one.id == track) {
        Some(track) => track_in_words(release, track),
        None => "a track".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use release::{ReleaseId, Track};

    use super::*;

    #[test]
    fn what_was_done_is_said_as_a_person_would() {
        let id = |number| TrackId::new(Timestamp::UNIX_EPOCH, number);
        let mut release = Release::new(ReleaseId::new(Timestamp::UNIX_EPOCH, 1));
        release.tracks = (1..=3).map(|number| Track::new(id(number.into()), 1, number)).collect();
        let own = Field::of_release;
        let of = |track, name| Field::of_track(id(track), name);
        let words = |step: Step| step.in_words(&release);
        use FieldName::{Isrc, Title, Upc, Version};
        for (step, expected) in [
            (Step::Edited(vec![own(Title)]), "title"),
            (Step::Edited(vec![own(Title), own(Upc)]), "2 fields"),
            (Step::Edited(vec![of(3, Title)]), "title of track 3"),
            (Step::Edited(vec![of(3, Title), of(3, Isrc), of(3, Version)]), "3 fields of track 3"),
            (Step::Edited(vec![of(1, Isrc), of(2, Isrc)]), "ISRC of 2 tracks"),
            (Step::Edited(vec![of(1, Isrc), of(2, Title)]), "2 fields of 2 tracks"),
            (Step::Edited(vec![own(Title), of(2, Title)]), "2 fields"),
            (Step::Edited(vec![of(9, Title)]), "title of a track"),
            (Step::Moved, "order of tracks"),
            (Step::TookOut(vec![id(2)]), "removal of track 2"),
            (Step::TookOut(vec![id(2), id(3)]), "removal of 2 tracks"),
            (Step::PutBack(1), "return of a track"),
            (Step::PutBack(2), "return of 2 tracks"),
            (Step::Artwork, "artwork"),
            (Step::NoArtwork, "removal of the artwork"),
            (Step::ReadAgain, "reading the files again"),
        ] {
            assert_eq!(words(step), expected);
        }
        release.tracks[2].disc = 2;
        let title = Step::Edited(vec![of(3, Title)]);
        assert_eq!(title.in_words(&release), "title of disc 2, track 3");
    }
}

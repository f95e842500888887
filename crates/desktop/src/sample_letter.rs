//! What an artist's mail will look like, before there is any.

use cloud::Wording;
use cloud::catalogue::{Happening, News, NewsTrack, ReleaseKey, folded_name};
use jiff::Timestamp;
use release::{Release, ReleaseId};

use crate::view::View;
use crate::workspace::WorkspaceFile;

/// A letter as an artist's followers will get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleLetter {
    /// Who would get it: the first follower, or a made-up one.
    pub to: String,
    /// What they would read.
    pub wording: Wording,
    /// The title of the draft that it is about; none where the release is made up.
    pub draft: Option<String>,
}

impl View {
    /// The letter that an artist's followers will get: of the latest draft that credits the artist, on the day that it
    /// is to be live; of a made-up release where there is none with tracks.
    #[must_use]
    pub fn sample_letter(&self, artist: &str, now: Timestamp) -> SampleLetter {
        let wanted = folded_name(artist);
        let credits = |release: &Release| release.credited_artists().iter().any(|name| folded_name(name) == wanted);
        let drafts = self.drafts.iter().rev().map(|draft| &draft.draft.release);
        let draft = drafts.into_iter().find(|release| credits(release) && !release.tracks.is_empty());
        let to = self.subscriptions.iter().find(|subscription| folded_name(&subscription.artist) == wanted);
        let to = to.map_or_else(|| "name@example.org".to_owned(), |subscription| subscription.email.to_string());
        let news = news(&self.workspace, artist, draft, now);
        SampleLetter { wording: Wording::new(&news, &to), to, draft: draft.map(Release::display_title) }
    }
}

fn news(workspace: &WorkspaceFile, artist: &str, draft: Option<&Release>, now: Timestamp) -> News {
    let id = draft.map_or_else(|| ReleaseId::new(Timestamp::UNIX_EPOCH, 1), |release| release.id);
    let label = draft.map(|release| &release.label).filter(|label| !label.is_empty());
    let due = draft.and_then(|release| release.due().ok().flatten());
    News {
        what: Happening::Live,
        key: ReleaseKey { label: workspace.label.clone(), release: id },
        artist: artist.to_owned(),
        title: draft.map_or_else(|| "Title".to_owned(), Release::display_title),
        artist_line: draft.map_or_else(|| artist.to_owned(), Release::display_artist),
        label_name: label.unwrap_or(&workspace.label_name).clone(),
        since: due.map_or(now, |due| due.max(now)),
        time_zone: draft.map_or_else(|| "UTC".to_owned(), |release| release.time_zone.clone()),
        tracks: draft.map_or_else(made_up, tracks),
    }
}

fn tracks(release: &Release) -> Vec<NewsTrack> {
    let news = |track: &release::Track| NewsTrack {
        disc: track.disc,
        number: track.number,
        title: track.display_title(),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length, which is not negative")]
        milliseconds: track.master.as_ref().map_or(0, |master| (master.facts.seconds() * 1000.0).round() as u64),
    };
    release.tracks.iter().map(news).collect()
}

fn made_up() -> Vec<NewsTrack> {
    let track =
        |number, title: &str, milliseconds| NewsTrack { disc: 1, number, title: title.to_owned(), milliseconds };
    vec![track(1, "First track", 205_000), track(2, "Second track", 178_000)]
}

#[cfg(test)]
mod tests {
    use release::{Entry, Track, TrackId};

    use super::*;

    fn read(draft: Option<&Release>) -> Wording {
        let now = "2026-06-14T18:00:00Z".parse().unwrap();
        let workspace = WorkspaceFile::new("night-office".parse().unwrap(), "Night Office".to_owned(), now);
        Wording::new(&news(&workspace, "Vesper Bloom", draft, now), "vesper@example.org")
    }

    #[test]
    fn a_draft_s_letter_is_of_the_day_on_which_it_is_to_be_live() {
        let mut release = Release::new(ReleaseId::new(Timestamp::UNIX_EPOCH, 7));
        release.title = "Tidewater".to_owned();
        release.release_date = Entry::read("2026-12-04");
        release.time_zone = "Europe/Berlin".to_owned();
        let mut track = Track::new(TrackId::new(Timestamp::UNIX_EPOCH, 8), 1, 1);
        track.title = "Harbour Lights".to_owned();
        release.tracks.push(track);
        let wording = read(Some(&release));
        assert_eq!((wording.from.as_str(), wording.subject.as_str()), ("Night Office", "“Tidewater” is live"));
        for said in ["Hello Vesper Bloom,", "4 December 2026", "Harbour Lights", "vesper@example.org"] {
            assert!(wording.body.contains(said), "{said}: {}", wording.body);
        }
    }

    #[test]
    fn without_a_draft_a_release_is_made_up() {
        let wording = read(None);
        assert_eq!(wording.subject, "“Title” is live");
        assert!(
            wording.body.contains("14 June 2026") && wording.body.contains("First track (3:25)"),
            "{}",
            wording.body
        );
    }
}

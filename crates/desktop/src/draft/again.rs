//! Reading the same sources again: files are taken as they are now, and what a person entered stays.

use std::collections::{BTreeMap, HashMap};

use release::{Field, FieldName, Release, Track, TrackId};

use super::{AbsentTrack, Draft, SourceFile, TakenOut};
use crate::import::Origin;

impl Draft {
    /// What this draft becomes when its sources are read again as `found`: ids and what was entered by hand are this
    /// draft's, everything else is what the files now say.
    #[must_use]
    pub(crate) fn read_again(&self, found: Self) -> Self {
        let found = self.without_taken_out(found);
        let old = OldTracks::of(self);
        let same = old.matches(&found);
        let mut next = found.with_ids(self.release.id, &same);
        for field in self.origins.iter().filter(|(_, origin)| **origin == Origin::Hand).map(|(field, _)| *field) {
            next.keep(field, &self.release.text(field));
        }
        for absent in self.absent.iter().filter(|absent| same.values().any(|id| *id == absent.track.id)) {
            let mut was = Release::new(self.release.id);
            was.tracks.push(absent.track.clone());
            for name in &absent.by_hand {
                let field = Field::of_track(absent.track.id, *name);
                next.keep(field, &was.text(field));
            }
        }
        if self.is_by_hand(Field::of_release(FieldName::Artwork)) {
            next.release.artwork.clone_from(&self.release.artwork);
            next.artwork.clone_from(&self.artwork);
            next.origins.insert(Field::of_release(FieldName::Artwork), Origin::Hand);
        }
        next.absent = old.absent(self, &next.release);
        next.taken_out.clone_from(&self.taken_out);
        next.sort_tracks();
        next
    }

    /// The draft that a release which was delivered before becomes when sources of it are read, and its own draft is
    /// gone: only the ids are known.
    #[must_use]
    pub(crate) fn of_delivered(release: Release) -> Self {
        Self {
            release,
            sources: Vec::new(),
            origins: BTreeMap::new(),
            files: BTreeMap::new(),
            artwork: None,
            left_out: Vec::new(),
            notes: Vec::new(),
            absent: Vec::new(),
            taken_out: Vec::new(),
        }
    }

    /// What was found, without the tracks that a person took out: those of the same file, and those of the same bytes
    /// where no track of this draft has those bytes too.
    fn without_taken_out(&self, mut found: Self) -> Self {
        let is_taken_out = |track: &Track, file: Option<&SourceFile>| {
            let has_it = || self.release.tracks.iter().any(|there| same_bytes(there, track));
            let gone =
                |out: &TakenOut| same_path(out.file.as_ref(), file) || (same_bytes(&out.track, track) && !has_it());
            self.taken_out.iter().any(gone)
        };
        let gone: Vec<TrackId> = found
            .release
            .tracks
            .iter()
            .filter(|track| is_taken_out(track, found.files.get(&track.id)))
            .map(|track| track.id)
            .collect();
        found.release.tracks.retain(|track| !gone.contains(&track.id));
        found.files.retain(|track, _| !gone.contains(track));
        found.origins.retain(|field, _| field.track.is_none_or(|track| !gone.contains(&track)));
        found
    }

    /// Puts a value that a person entered back; a field that is no longer there has none to take.
    fn keep(&mut self, field: Field, text: &str) {
        if self.release.set(field, text).is_ok() {
            self.origins.insert(field, Origin::Hand);
        }
    }

    fn with_ids(mut self, release: release::ReleaseId, same: &HashMap<TrackId, TrackId>) -> Self {
        let id_of = |id: TrackId| same.get(&id).copied().unwrap_or(id);
        self.release.id = release;
        for track in &mut self.release.tracks {
            track.id = id_of(track.id);
        }
        self.origins = self
            .origins
            .into_iter()
            .map(|(field, origin)| (Field { track: field.track.map(id_of), ..field }, origin))
            .collect();
        self.files = self.files.into_iter().map(|(track, file)| (id_of(track), file)).collect();
        self
    }
}

/// Every track that the draft has or had, with its file.
struct OldTracks<'a>(Vec<(&'a Track, Option<&'a SourceFile>)>);

impl<'a> OldTracks<'a> {
    fn of(draft: &'a Draft) -> Self {
        let present = draft.release.tracks.iter().map(|track| (track, draft.files.get(&track.id)));
        let absent = draft.absent.iter().map(|absent| (&absent.track, absent.file.as_ref()));
        Self(present.chain(absent).collect())
    }

    /// Which of the found tracks is which of the old ones, by the strongest sign first: the same bytes at the same
    /// place, the same bytes, the same file, the same ISRC, the same number.
    fn matches(&self, found: &Draft) -> HashMap<TrackId, TrackId> {
        let mut same: HashMap<TrackId, TrackId> = HashMap::new();
        type Sign = fn(&Track, Option<&SourceFile>, &Track, Option<&SourceFile>) -> bool;
        const SIGNS: [Sign; 5] = [
            |old, file, new, now| same_bytes(old, new) && same_path(file, now),
            |old, _, new, _| same_bytes(old, new),
            |_, file, _, now| same_path(file, now),
            |old, _, new, _| old.isrc.valid().is_some() && old.isrc == new.isrc,
            |old, _, new, _| (old.disc, old.number) == (new.disc, new.number) && !different_isrcs(old, new),
        ];
        for sign in SIGNS {
            for track in &found.release.tracks {
                if same.contains_key(&track.id) {
                    continue;
                }
                let free = |id: TrackId| !same.values().any(|taken| *taken == id);
                let file = found.files.get(&track.id);
                let old = self.0.iter().find(|(old, old_file)| free(old.id) && sign(old, *old_file, track, file));
                if let Some((old, _)) = old {
                    same.insert(track.id, old.id);
                }
            }
        }
        same
    }

    /// The old tracks that are not in the release now.
    fn absent(&self, draft: &Draft, now: &Release) -> Vec<AbsentTrack> {
        let gone = self.0.iter().filter(|(track, _)| !now.tracks.iter().any(|there| there.id == track.id));
        gone.map(|(track, file)| AbsentTrack {
            track: (*track).clone(),
            file: file.cloned(),
            by_hand: match draft.absent.iter().find(|absent| absent.track.id == track.id) {
                Some(absent) => absent.by_hand.clone(),
                None => draft
                    .origins
                    .iter()
                    .filter(|(field, origin)| field.track == Some(track.id) && **origin == Origin::Hand)
                    .map(|(field, _)| field.name)
                    .collect(),
            },
        })
        .collect()
    }
}

fn same_bytes(old: &Track, new: &Track) -> bool {
    match (&old.master, &new.master) {
        (Some(old), Some(new)) => old.asset.sha256 == new.asset.sha256,
        _ => false,
    }
}

fn same_path(old: Option<&SourceFile>, new: Option<&SourceFile>) -> bool {
    matches!((old, new), (Some(old), Some(new)) if old.path == new.path)
}

fn different_isrcs(old: &Track, new: &Track) -> bool {
    matches!((old.isrc.valid(), new.isrc.valid()), (Some(old), Some(new)) if old != new)
}

//! The order of a draft's tracks, and which it has.

use std::collections::{BTreeMap, BTreeSet};

use release::{EditError, Field, FieldName, Track, TrackId};

use super::{Draft, TakenOut};
use crate::import::Origin;

impl Draft {
    /// Puts tracks onto a disc, in the order in which they are named: before a track of that disc, or behind its last.
    ///
    /// Discs are numbered from 1 without gaps afterwards, and their tracks too: a disc beyond the last is a new one,
    /// one that is left empty is gone, and disc 0 is a new first one. All numbers count as entered by hand then, since
    /// an order is: it stays when the files are read again, whatever their tags say.
    ///
    /// # Errors
    /// Where one of the tracks is not there. Nothing is changed then.
    pub fn move_tracks(&mut self, tracks: &[TrackId], disc: u32, before: Option<TrackId>) -> Result<(), EditError> {
        for id in tracks.iter().chain(&before) {
            self.place_of(*id)?;
        }
        // Where the place is before one of the moved tracks themselves, the next that stays is meant.
        let before = before.and_then(|before| {
            let from = self.release.tracks.iter().skip_while(move |track| track.id != before);
            from.take_while(|track| track.disc == disc).find(|track| !tracks.contains(&track.id)).map(|track| track.id)
        });
        let mut moved: Vec<Track> = Vec::new();
        for id in tracks {
            // A track that is named twice is moved once.
            if let Ok(place) = self.place_of(*id) {
                moved.push(Track { disc, ..self.release.tracks.remove(place) });
            }
        }
        let place = match before {
            Some(before) => self.place_of(before)?,
            None => self.release.tracks.partition_point(|track| track.disc <= disc),
        };
        self.release.tracks.splice(place..place, moved);
        self.renumber();
        for track in &self.release.tracks {
            for name in [FieldName::Disc, FieldName::Number] {
                self.origins.insert(Field::of_track(track.id, name), Origin::Hand);
            }
        }
        Ok(())
    }

    /// Takes tracks out, and closes the gaps in the numbers of the others. What they said is kept in
    /// [`Draft::taken_out`]: their files are not used when the sources are read again, until [`Draft::put_back`].
    ///
    /// # Errors
    /// Where one of the tracks is not there. Nothing is changed then.
    pub fn take_out(&mut self, tracks: &[TrackId]) -> Result<(), EditError> {
        for id in tracks {
            self.place_of(*id)?;
        }
        for id in tracks {
            // A track that is named twice is taken out once.
            let Ok(place) = self.place_of(*id) else { continue };
            let track = self.release.tracks.remove(place);
            self.close_gap(track.disc, track.number);
            let origins = self.origins.iter().filter(|(field, _)| field.track == Some(*id));
            let origins = origins.map(|(field, origin)| (field.name, *origin)).collect();
            self.origins.retain(|field, _| field.track != Some(*id));
            let file = self.files.remove(id);
            self.taken_out.push(TakenOut { track, file, origins });
        }
        Ok(())
    }

    /// Puts tracks back that were taken out, to the places that they had; the tracks that are there by now move on.
    ///
    /// # Errors
    /// Where one of them was not taken out. Nothing is changed then.
    pub fn put_back(&mut self, tracks: &[TrackId]) -> Result<(), EditError> {
        for id in tracks {
            if !self.taken_out.iter().any(|gone| gone.track.id == *id) {
                return Err(EditError::NoSuchTrack(*id));
            }
        }
        let (mut back, still_out): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.taken_out).into_iter().partition(|gone| tracks.contains(&gone.track.id));
        self.taken_out = still_out;
        // The one that was taken out last was numbered without the others.
        back.reverse();
        for TakenOut { track, file, origins } in back {
            let id = track.id;
            self.make_room(track.disc, track.number);
            self.files.extend(file.map(|file| (id, file)));
            self.origins.extend(origins.into_iter().map(|(name, origin)| (Field::of_track(id, name), origin)));
            self.release.tracks.push(track);
            self.sort_tracks();
        }
        Ok(())
    }

    fn place_of(&self, track: TrackId) -> Result<usize, EditError> {
        let place = self.release.tracks.iter().position(|there| there.id == track);
        place.ok_or(EditError::NoSuchTrack(track))
    }

    fn renumber(&mut self) {
        let discs: BTreeSet<u32> = self.release.tracks.iter().map(|track| track.disc).collect();
        let new_disc: BTreeMap<u32, u32> = discs.into_iter().zip(1..).collect();
        let mut last: BTreeMap<u32, u32> = BTreeMap::new();
        for track in &mut self.release.tracks {
            track.disc = new_disc[&track.disc];
            let number = last.entry(track.disc).or_default();
            *number += 1;
            track.number = *number;
        }
    }

    /// After a track of a number is gone.
    fn close_gap(&mut self, disc: u32, number: u32) {
        let on_disc = |track: &&mut Track| track.disc == disc;
        if !self.release.tracks.iter().any(|track| track.disc == disc) {
            for track in self.release.tracks.iter_mut().filter(|track| track.disc > disc) {
                track.disc -= 1;
                self.origins.insert(Field::of_track(track.id, FieldName::Disc), Origin::Hand);
            }
        } else if !self.release.tracks.iter().any(|track| (track.disc, track.number) == (disc, number)) {
            for track in self.release.tracks.iter_mut().filter(on_disc).filter(|track| track.number > number) {
                track.number -= 1;
                self.origins.insert(Field::of_track(track.id, FieldName::Number), Origin::Hand);
            }
        }
    }

    /// Before a track gets a number that another may have.
    fn make_room(&mut self, disc: u32, number: u32) {
        if self.release.tracks.iter().any(|track| (track.disc, track.number) == (disc, number)) {
            let behind = |track: &&mut Track| track.disc == disc && track.number >= number;
            for track in self.release.tracks.iter_mut().filter(behind) {
                track.number = track.number.saturating_add(1);
                self.origins.insert(Field::of_track(track.id, FieldName::Number), Origin::Hand);
            }
        }
    }
}

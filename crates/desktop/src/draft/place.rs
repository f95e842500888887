use release::{Field, Release, Track};

/// Where a field is, in words: `Release`, `Track 3 "Night Bus"`, `Disc 2, track 3 "Night Bus"`.
#[must_use]
pub fn place_in_words(release: &Release, field: Field) -> String {
    let Some(id) = field.track else { return "Release".to_owned() };
    let Some(track) = release.tracks.iter().find(|track| track.id == id) else { return "A track".to_owned() };
    let place = track_in_words(release, track);
    let place = place[..1].to_uppercase() + &place[1..];
    if track.title.is_empty() { place } else { format!("{place} \"{}\"", track.display_title()) }
}

/// Where a track is: `track 3`, `disc 2, track 3`.
pub(super) fn track_in_words(release: &Release, track: &Track) -> String {
    let number = track.number;
    let several_discs = release.tracks.iter().any(|other| other.disc != track.disc);
    if several_discs { format!("disc {}, track {number}", track.disc) } else { format!("track {number}") }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use release::{FieldName, ReleaseId, TrackId};

    use super::*;

    #[test]
    fn a_place_names_disc_track_and_title_where_they_tell_something() {
        let now = Timestamp::UNIX_EPOCH;
        let mut release = Release::new(ReleaseId::new(now, 1));
        let track = TrackId::new(now, 2);
        release.tracks.push(Track::new(track, 1, 3));
        let field = Field::of_track(track, FieldName::Isrc);
        assert_eq!(place_in_words(&release, Field::of_release(FieldName::Title)), "Release");
        assert_eq!(place_in_words(&release, field), "Track 3");
        release.tracks[0].title = "Night Bus".to_owned();
        release.tracks[0].version = "Live".to_owned();
        assert_eq!(place_in_words(&release, field), "Track 3 \"Night Bus (Live)\"");
        release.tracks.push(Track::new(TrackId::new(now, 4), 2, 1));
        assert_eq!(place_in_words(&release, field), "Disc 1, track 3 \"Night Bus (Live)\"");
    }
}

use release::{Asset, Release, Track, TrackId};

use crate::catalogue::Reason;

/// What is wrong in the store where an asset should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Nothing is there.
    Missing,
    /// Something else was there. It was moved aside, so that the asset can be sent anew.
    Different,
}

impl Flaw {
    /// What a person is told: whose file it is, and that it is to be sent anew.
    pub(super) fn reason(self, release: &Release, asset: &Asset) -> Reason {
        let (track, file) = owner(release, asset);
        let message = match self {
            Self::Missing => format!("{file} is not in the store."),
            Self::Different => {
                format!("{file} arrived damaged: its bytes are not those that were analysed. They were moved aside.")
            }
        };
        let help = "Deliver the release again: only what is missing is sent.".to_owned();
        Reason { track, resend: Some(asset.sha256), message, help }
    }
}

/// Whose file it is, in words at the start of a sentence.
fn owner(release: &Release, asset: &Asset) -> (Option<TrackId>, String) {
    let owns = |track: &&Track| track.master.as_ref().is_some_and(|master| master.asset.sha256 == asset.sha256);
    match release.tracks.iter().find(owns) {
        Some(track) => (Some(track.id), format!("The master of {}", track_name(release, track))),
        None => (None, "The artwork".to_owned()),
    }
}

/// `track 3 “Tidewater”`, with its disc where there are several.
pub(super) fn track_name(release: &Release, track: &Track) -> String {
    let (number, title) = (track.number, track.display_title());
    if release.tracks.iter().any(|other| other.disc != track.disc) {
        format!("track {number} of disc {} “{title}”", track.disc)
    } else {
        format!("track {number} “{title}”")
    }
}

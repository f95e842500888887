use release::{Asset, Release, Track, TrackId};

use crate::catalogue::Reason;

/// What is wrong in the store where an asset should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Nothing is there.
    Missing,
    /// Something else was there. It was moved aside, so that the asset can be sent anew.
    Different,
    /// The asset is there: the manifest that names it says something else of it than its bytes do.
    Misdescribed(Claim),
}

/// What a manifest says wrongly of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// How long it is, in bytes.
    Size,
    /// Its CRC-64/NVME.
    Checksum,
}

impl Flaw {
    /// What is wrong with a manifest that names an object of so many bytes.
    pub(super) fn misdescribed(asset: &Asset, bytes: u64) -> Self {
        Self::Misdescribed(if asset.bytes == bytes { Claim::Checksum } else { Claim::Size })
    }

    /// What a person is told: whose file it is, and what helps.
    pub(super) fn reason(self, release: &Release, asset: &Asset) -> Reason {
        const SEND: &str = "Deliver the release again: only what is missing is sent.";
        const DESCRIBE: &str =
            "Deliver the release again with a manifest that is right about it. The file need not be sent again.";
        let (track, file) = owner(release, asset);
        let resend = Some(asset.sha256);
        let (message, help, resend) = match self {
            Self::Missing => (format!("{file} is not in the store."), SEND, resend),
            Self::Different => {
                let what = "its bytes are not those that were analysed. They were moved aside.";
                (format!("{file} arrived damaged: {what}"), SEND, resend)
            }
            Self::Misdescribed(claim) => {
                let claim = match claim {
                    Claim::Size => "size",
                    Claim::Checksum => "checksum (CRC-64/NVME)",
                };
                (
                    format!("{file} arrived as it should be, but the manifest gives a wrong {claim} for it."),
                    DESCRIBE,
                    None,
                )
            }
        };
        Reason { track, resend, message, help: help.to_owned() }
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

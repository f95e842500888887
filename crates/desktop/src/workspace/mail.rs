use std::path::PathBuf;

use cloud::api::wire::{Announcement, FollowState, Following};
use cloud::local::MailView;
use cloud::ports::EmailAddress;
use jiff::Timestamp;
use release::ReleaseId;

/// What followers of an artist were told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its name: no other has the same.
    pub name: String,
    /// The release that it is about.
    pub release: Option<ReleaseId>,
    /// Who got it; none where a service sends it to all who follow the artist.
    pub to: Option<EmailAddress>,
    /// Who it is from, as displayed; none where a service signs it.
    pub from: Option<String>,
    /// The artist whose news it is.
    pub artist: String,
    /// The release's title.
    pub title: String,
    /// The subject, on one line.
    pub subject: String,
    /// The text, with line feeds.
    pub body: String,
    /// When.
    pub at: Timestamp,
    /// The file, where it was written into one.
    pub path: Option<PathBuf>,
}

/// That an address is to hear of an artist's releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The artist's name as it was entered.
    pub artist: String,
    /// Where news goes.
    pub email: EmailAddress,
    /// Since when.
    pub since: Timestamp,
    /// Whether its owner agreed.
    pub state: FollowState,
}

impl Mail {
    pub(super) fn of_letter(mail: MailView) -> Self {
        let MailView { letter, path } = mail;
        Self {
            name: letter.name,
            release: letter.release,
            to: Some(letter.to),
            from: Some(letter.from),
            artist: letter.artist,
            title: letter.title,
            subject: letter.subject,
            body: letter.body,
            at: letter.at,
            path: Some(path),
        }
    }

    pub(super) fn of_announcement(told: &Announcement) -> Self {
        Self {
            name: told.name.clone(),
            release: Some(told.release),
            to: None,
            from: None,
            artist: told.artist.clone(),
            title: told.title.clone(),
            subject: told.subject.clone(),
            body: told.body.clone(),
            at: told.at,
            path: None,
        }
    }
}

impl Subscription {
    /// In a workspace on this computer, whoever is entered is written to.
    pub(super) fn of_local(known: cloud::ports::Subscription) -> Self {
        let cloud::ports::Subscription { artist, email, since } = known;
        Self { artist, email, since, state: FollowState::Confirmed }
    }

    pub(super) fn of_cloud(known: &Following) -> Self {
        let Following { artist, email, since, state } = known.clone();
        Self { artist, email, since, state }
    }
}

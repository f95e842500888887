use std::collections::BTreeMap;

use desktop::{FollowState, View};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Who is told of what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Artists {
    /// Artists of drafts, releases and subscriptions, by name.
    pub(crate) artists: Vec<Artist>,
    /// What was sent, the latest first.
    pub(crate) mails: Vec<Mail>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Artist {
    pub(crate) name: String,
    /// Titles of releases that credit the artist.
    pub(crate) releases: Vec<String>,
    pub(crate) subscriptions: Vec<Subscription>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Subscription {
    pub(crate) email: String,
    pub(crate) since: String,
    pub(crate) state: SubscriptionState,
}

/// In a workspace on this computer everybody who is entered is told; a cloud asks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SubscriptionState {
    Pending,
    Confirmed,
}

/// An e-mail that was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Mail {
    /// Names it.
    pub(crate) id: String,
    /// Who got it; null where the cloud sent it to all who follow the artist.
    pub(crate) to: Option<String>,
    /// Null where the cloud's service signs it.
    pub(crate) from: Option<String>,
    pub(crate) artist: String,
    pub(crate) release: String,
    pub(crate) title: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) at: String,
    /// The file; null where it was written into none.
    pub(crate) path: Option<String>,
}

/// A letter as an artist's followers will get it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Sample {
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    /// The title of the draft that it is about; null where the release is made up.
    pub(crate) draft: Option<String>,
}

impl Sample {
    pub(crate) fn of(sample: desktop::SampleLetter) -> Self {
        let desktop::SampleLetter { to, wording, draft } = sample;
        let desktop::Wording { from, subject, body } = wording;
        Self { to, from, subject, body, draft }
    }
}

impl Artists {
    pub(super) fn of(view: &View) -> Self {
        let mut roll = Roll::default();
        for draft in view.drafts.iter().map(|draft| &draft.draft.release) {
            for name in draft.credited_artists() {
                roll.artist(&name).credit(draft.display_title());
            }
        }
        for mail in view.mails.iter() {
            roll.artist(&mail.artist).credit(mail.title.clone());
        }
        for subscription in view.subscriptions.iter() {
            roll.artist(&subscription.artist).subscriptions.push(Subscription {
                email: subscription.email.to_string(),
                since: subscription.since.to_string(),
                state: match subscription.state {
                    FollowState::Pending => SubscriptionState::Pending,
                    FollowState::Confirmed => SubscriptionState::Confirmed,
                },
            });
        }
        // An artist's account may follow those that it is mapped to.
        for name in view.cloud.iter().flat_map(|cloud| &cloud.artists) {
            roll.artist(name);
        }
        // Not every release has a draft here: what the cloud says of one is whom it is announced for, and a line of names.
        for release in view.releases.iter() {
            for name in &release.told {
                roll.artist(name).credit(release.title.clone());
            }
            if let Some(artist) = roll.known(&release.artist) {
                artist.credit(release.title.clone());
            }
        }
        Self { artists: roll.0.into_values().collect(), mails: view.mails.iter().map(Mail::of).collect() }
    }
}

/// Artists by their names. Two spellings of a name are one artist, as they are to whoever writes the mail.
#[derive(Default)]
struct Roll(BTreeMap<String, Artist>);

impl Roll {
    fn artist(&mut self, name: &str) -> &mut Artist {
        self.0.entry(desktop::folded_name(name)).or_insert_with(|| Artist {
            name: name.to_owned(),
            releases: Vec::new(),
            subscriptions: Vec::new(),
        })
    }

    fn known(&mut self, name: &str) -> Option<&mut Artist> {
        self.0.get_mut(&desktop::folded_name(name))
    }
}

impl Artist {
    fn credit(&mut self, title: String) {
        if !title.is_empty() && !self.releases.contains(&title) {
            self.releases.push(title);
        }
    }
}

impl Mail {
    pub(super) fn of(mail: &desktop::Mail) -> Self {
        Self {
            id: mail.name.clone(),
            to: mail.to.as_ref().map(ToString::to_string),
            from: mail.from.clone(),
            artist: mail.artist.clone(),
            release: mail.release.map(|release| release.to_string()).unwrap_or_default(),
            title: mail.title.clone(),
            subject: mail.subject.clone(),
            body: mail.body.clone(),
            at: mail.at.to_string(),
            path: mail.path.as_ref().map(|path| path.display().to_string()),
        }
    }
}

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::ReleaseView;
use cloud::api::wire::{FollowState, Role};
use cloud::catalogue::{State, folded_name};
use jiff::{SignedDuration, Timestamp};
use release::ReleaseId;

use super::cache::Heard;

/// A cloud tells followers within seconds. What it cannot send it tries again for hours, and nobody waits for that.
const WAITED_FOR: SignedDuration = SignedDuration::from_mins(1);

/// The releases whose artists' followers are being told right now that they are live: there is a follower who agreed, and
/// no announcement yet. Who may not see announcements knows of none.
pub(super) fn telling<'a>(
    heard: &Heard,
    releases: impl Iterator<Item = &'a Arc<ReleaseView>>,
    now: Timestamp,
) -> BTreeSet<ReleaseId> {
    let sees = |roles: &BTreeSet<Role>| roles.contains(&Role::Staff) || roles.contains(&Role::Manager);
    if !heard.me.as_ref().is_some_and(|me| me.settings.artists_mail && sees(&me.roles)) {
        return BTreeSet::new();
    }
    // Clocks differ: whatever is far from now is not just now.
    let just_now = |view: &ReleaseView| now.duration_since(view.since).abs() < WAITED_FOR;
    let fresh = releases.filter(|view| view.state == State::Live && just_now(view));
    fresh
        .filter(|view| view.told.iter().any(|artist| waits(heard, view, artist)))
        .map(|view| view.key.release)
        .collect()
}

/// Whether somebody is to hear of an artist's release, and nothing was announced yet.
fn waits(heard: &Heard, view: &ReleaseView, artist: &str) -> bool {
    let artist = folded_name(artist);
    let is_same = |other: &str| folded_name(other) == artist;
    let mut follows = heard.follows.iter().filter(|follow| follow.state == FollowState::Confirmed);
    let mut announced = heard.announcements.iter().filter(|told| told.release == view.key.release);
    follows.any(|follow| is_same(&follow.artist)) && !announced.any(|told| is_same(&told.artist))
}

#[cfg(test)]
mod tests {
    use cloud::api::wire::{Announcement, Following, LabelSettings, Me};

    use super::*;
    use crate::workspace::aws::sample;

    fn instant(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn live() -> Arc<ReleaseView> {
        let told = vec!["Ann Ash".to_owned(), "Vesper Bloom".to_owned()];
        Arc::new(ReleaseView { state: State::Live, since: instant(0), told, ..sample::release(1) })
    }

    fn heard() -> Heard {
        let label: release::LabelId = "low-tide".parse().unwrap();
        let following = Following {
            artist: "ANN ash".to_owned(),
            email: "fan@example.com".parse().unwrap(),
            since: instant(-100),
            state: FollowState::Confirmed,
        };
        let me = Me {
            email: "mira@low-tide.example".to_owned(),
            label: label.clone(),
            roles: [Role::Staff].into(),
            artists: Vec::new(),
            settings: LabelSettings::new(&label),
        };
        Heard { me: Some(me), follows: vec![following], ..Heard::default() }
    }

    fn is_telling(heard: &Heard, view: &Arc<ReleaseView>, seconds: i64) -> bool {
        telling(heard, [view].into_iter(), instant(seconds)).contains(&view.key.release)
    }

    #[test]
    fn a_follower_who_agreed_and_heard_nothing_yet_is_waited_for_a_while() {
        let (heard, live) = (heard(), live());
        assert!(is_telling(&heard, &live, 1));
        assert!(is_telling(&heard, &live, -20), "a clock that is behind");
        assert!(!is_telling(&heard, &live, 60), "nobody waits for what takes longer");
        assert!(!is_telling(&heard, &live, -3600), "a clock that is wrong");
    }

    #[test]
    fn nobody_is_waited_for_who_is_told_or_will_not_be() {
        let announcement = Announcement {
            name: "n-1".to_owned(),
            release: live().key.release,
            artist: "Ann  Ash".to_owned(),
            title: String::new(),
            subject: String::new(),
            body: String::new(),
            at: instant(1),
            reference: String::new(),
        };
        type Change = fn(&mut Heard);
        let cases: [(&str, Change); 5] = [
            ("has yet to agree", |heard| heard.follows[0].state = FollowState::Pending),
            ("follows somebody else", |heard| "Tom".clone_into(&mut heard.follows[0].artist)),
            ("letters are off", |heard| heard.me.as_mut().unwrap().settings.artists_mail = false),
            ("an artist's account", |heard| heard.me.as_mut().unwrap().roles = [Role::Artist].into()),
            ("nothing heard of yet", |heard| heard.me = None),
        ];
        for (case, change) in cases {
            let mut heard = heard();
            change(&mut heard);
            assert!(!is_telling(&heard, &live(), 1), "{case}");
        }
        let told = Heard { announcements: vec![announcement], ..heard() };
        assert!(!is_telling(&told, &live(), 1), "told");
        let ready = Arc::new(ReleaseView { state: State::Ready, ..ReleaseView::clone(&live()) });
        assert!(!is_telling(&heard(), &ready, 1), "not live");
    }
}

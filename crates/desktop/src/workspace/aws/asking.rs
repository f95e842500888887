//! Asks the cloud what is new, again and again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cloud::ReleaseView;
use cloud::api::wire::{Announcements, Follows, Me, Releases, Role};
use cloud::{Waiting, catalogue::State};
use jiff::Timestamp;
use tokio::sync::watch;

use super::api::Fetched;
use super::cache::Heard;
use super::error::ApiError;
use super::polling::{Asked, Polling};
use super::telling::telling;
use super::{Cloud, Known};
use crate::account::{AccountView, SignedIn};

/// What was asked before, so that what is the same is not sent again.
#[derive(Debug, Default)]
pub(super) struct Tags {
    releases: Option<(String, String)>,
    follows: Option<String>,
    announcements: Option<String>,
    /// How often it was asked since all of it was.
    since_all: u32,
    /// Whether it is known who asks.
    knows_me: bool,
}

/// As many releases as fit an answer well.
const PAGE: &str = "100";

/// What changes rarely is asked for this rarely, unless something else changed.
const ALL_EVERY: u32 = 10;

impl Cloud {
    /// Follows the cloud until it is dropped.
    pub(super) async fn follow(&self) {
        let mut polling = Polling::new();
        let mut accounts = self.0.account.views();
        loop {
            if self.0.is_eager.swap(false, Ordering::Relaxed) {
                polling.nudge();
            }
            let who = Who::of(&accounts.borrow_and_update());
            let asked = self.ask().await;
            let wait = polling.after(asked, crate::random::fraction());
            tokio::select! {
                () = rest(wait) => {}
                () = self.0.nudge.notified() => {}
                () = somebody_else(&mut accounts, who, wait.is_none()) => polling.nudge(),
            }
        }
    }

    /// Shows what becomes of the account, until it is dropped.
    pub(super) async fn show_account(&self) {
        let mut accounts = self.0.account.views();
        while accounts.changed().await.is_ok() {
            self.tell();
        }
    }

    /// Asks what is new, once, and shows it. Whoever asks at the same time waits for the other first.
    pub(super) async fn ask(&self) -> Asked {
        let mut tags = self.0.asking.lock().await;
        self.be_who_is_signed_in(&mut tags).await;
        match self.ask_all(&mut tags).await {
            Ok(changed) => {
                let was_in_trouble = self.known().trouble.take().is_some();
                if changed || was_in_trouble {
                    self.tell();
                }
                let known = self.known();
                Asked::Answered { changed, moves: known.moves(), due: known.due(self.0.clock.now()) }
            }
            Err(error) => {
                tracing::info!(code = error.code(), %error, "the cloud was asked what is new, in vain");
                let asked = match &error {
                    ApiError::SignIn(needed) if !needed.passing => Asked::SignedOut,
                    error if error.is_passing() => Asked::Failed { retry_after: error.retry_after() },
                    // Whoever runs the cloud may mend it meanwhile.
                    _ => Asked::Failed { retry_after: Some(Duration::from_secs(60)) },
                };
                let is_new = self.known().trouble.replace(error.clone()) != Some(error);
                if is_new {
                    self.tell();
                }
                asked
            }
        }
    }

    /// Asks for all that may be new, once.
    pub(in crate::workspace) async fn see_news(&self) {
        self.0.asking.lock().await.since_all = ALL_EVERY;
        self.ask().await;
    }

    /// Another account sees other things than the one before.
    async fn be_who_is_signed_in(&self, tags: &mut Tags) {
        let AccountView::SignedIn(signed_in) = self.0.account.view() else { return };
        if self.known().heard.subject.as_deref() == Some(&signed_in.subject) {
            return;
        }
        *tags = Tags::default();
        let heard = Heard { subject: Some(signed_in.subject), ..Heard::default() };
        let is_another = {
            let mut known = self.known();
            let before = std::mem::replace(&mut *known, Known { heard, ..Known::default() });
            before.heard.subject.is_some()
        };
        self.0.cache.clear().await;
        if is_another {
            self.tell();
        }
    }

    async fn ask_all(&self, tags: &mut Tags) -> Result<bool, ApiError> {
        let mut changed = false;
        tags.since_all += 1;
        let is_all = !tags.knows_me || tags.since_all >= ALL_EVERY;
        if is_all {
            changed |= self.ask_me().await?;
            (tags.knows_me, tags.since_all) = (true, 0);
        }
        let releases = self.ask_releases(tags).await?;
        changed |= releases;
        let is_telling = !self.known().telling.is_empty();
        if is_all || releases || is_telling || self.known().heard.at.is_none() {
            changed |= self.ask_follows(&mut tags.follows).await?;
            changed |= self.ask_announcements(&mut tags.announcements).await?;
        }
        {
            let (now, mut known) = (self.0.clock.now(), self.known());
            changed |= known.note_telling(now);
            known.heard.at = Some(now);
        }
        if changed {
            let heard = self.known().heard.clone();
            self.0.cache.save(&heard, &[]).await;
        }
        Ok(changed)
    }

    async fn ask_me(&self) -> Result<bool, ApiError> {
        let me: Me = self.0.api.get(&["me"], &[]).await?;
        let (changed, sees_other_things) = self.known().take_me(me);
        if sees_other_things {
            self.0.cache.clear().await;
        }
        Ok(changed)
    }

    async fn ask_releases(&self, tags: &mut Tags) -> Result<bool, ApiError> {
        let mut changed = false;
        loop {
            let since = self.known().heard.next.clone().unwrap_or_default();
            let mut query = vec![("limit", PAGE)];
            if !since.is_empty() {
                query.push(("since", since.as_str()));
            }
            let tag = tags.releases.as_ref().filter(|(asked, _)| *asked == since).map(|(_, tag)| tag.as_str());
            let (page, tag) = match self.0.api.get_new::<Releases>(&["releases"], &query, tag).await? {
                Fetched::Same => return Ok(changed),
                Fetched::New(page, tag) => (page, tag),
            };
            // A place that does not move on would be asked for ever.
            let goes_on = page.more && page.next != since;
            tags.releases = tag.filter(|_| !goes_on).map(|tag| (since, tag));
            let new: Vec<Arc<ReleaseView>> = {
                let mut known = self.known();
                known.heard.next = Some(page.next);
                let new = page.releases.into_iter().filter_map(|view| known.take(view)).collect();
                // Before it is shown: a release that is live looks done where nobody is being told.
                known.note_telling(self.0.clock.now());
                new
            };
            changed |= !new.is_empty();
            let heard = self.known().heard.clone();
            self.0.cache.save(&heard, &new).await;
            if !new.is_empty() {
                self.tell();
            }
            if !goes_on {
                return Ok(changed);
            }
        }
    }

    async fn ask_follows(&self, tag: &mut Option<String>) -> Result<bool, ApiError> {
        match self.0.api.get_new::<Follows>(&["subscriptions"], &[], tag.as_deref()).await? {
            Fetched::Same => Ok(false),
            Fetched::New(follows, new) => {
                *tag = new;
                let mut known = self.known();
                let changed = known.heard.follows != follows.subscriptions;
                known.heard.follows = follows.subscriptions;
                Ok(changed)
            }
        }
    }

    async fn ask_announcements(&self, tag: &mut Option<String>) -> Result<bool, ApiError> {
        match self.0.api.get_new::<Announcements>(&["announcements"], &[], tag.as_deref()).await {
            Ok(Fetched::Same) => Ok(false),
            Ok(Fetched::New(told, new)) => {
                *tag = new;
                let mut known = self.known();
                let changed = known.heard.announcements != told.announcements;
                known.heard.announcements = told.announcements;
                Ok(changed)
            }
            // Accounts that may not see them have none.
            Err(ApiError::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes what an order answered, and shows it.
    pub(super) async fn take(&self, view: ReleaseView) {
        let new = {
            let mut known = self.known();
            let new = known.take(view);
            known.note_telling(self.0.clock.now());
            new
        };
        if let Some(new) = new {
            let heard = self.known().heard.clone();
            self.0.cache.save(&heard, &[new]).await;
            self.tell();
        }
    }

    /// Asks who follows whom now, after that was changed.
    pub(super) async fn follows_changed(&self) {
        let mut tags = self.0.asking.lock().await;
        // What fails here is asked for again by itself.
        if let Ok(true) = self.ask_follows(&mut tags.follows).await {
            let heard = self.known().heard.clone();
            self.0.cache.save(&heard, &[]).await;
            self.tell();
        }
    }

    /// Asks who asks, after how the label works was changed.
    pub(super) async fn settings_changed(&self) {
        let _one = self.0.asking.lock().await;
        if let Ok(true) = self.ask_me().await {
            let heard = self.known().heard.clone();
            self.0.cache.save(&heard, &[]).await;
            self.tell();
        }
    }
}

impl Known {
    /// Takes who asks. Says whether that is another than before, and whether they see other things.
    fn take_me(&mut self, me: Me) -> (bool, bool) {
        let before = self.heard.me.as_ref();
        let sees_other_things =
            before.is_some_and(|before| (&before.artists, &before.roles) != (&me.artists, &me.roles));
        let changed = before != Some(&me);
        if sees_other_things {
            // What was hidden before has not changed since, and would never be listed.
            self.heard.next = None;
            self.releases.clear();
        }
        self.heard.me = Some(me);
        (changed, sees_other_things)
    }

    /// Takes a release; gives it back where it is another than is known. What is older than that does not count: an
    /// answer may overtake another.
    fn take(&mut self, view: ReleaseView) -> Option<Arc<ReleaseView>> {
        let release = view.key.release;
        if let Some(known) = self.releases.get(&release)
            && (**known == view || super::last_change(known) > super::last_change(&view))
        {
            return None;
        }
        let view = Arc::new(view);
        self.releases.insert(release, Arc::clone(&view));
        Some(view)
    }

    /// Whether a release is on its way by itself.
    fn moves(&self) -> bool {
        let on_their_way = |view: &Arc<ReleaseView>| matches!(view.state, State::Received | State::Transcoding);
        !self.telling.is_empty() || self.releases.values().any(on_their_way)
    }

    /// Notes whose followers are being told by now; true where that is news.
    fn note_telling(&mut self, now: Timestamp) -> bool {
        let telling = telling(&self.heard, self.releases.values(), now);
        let is_news = telling != self.telling;
        self.telling = telling;
        is_news
    }

    /// How long until the next release's date comes.
    fn due(&self, now: Timestamp) -> Option<Duration> {
        let dates = self.releases.values().filter_map(|view| match view.waits_for {
            Waiting::Date(due) => Some(due),
            _ => None,
        });
        // One that is long over is late for another reason.
        let next = dates.filter(|due| now.duration_since(*due).as_secs() < 300).min()?;
        Some(Duration::try_from(next.duration_since(now)).unwrap_or_default())
    }
}

async fn rest(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}

/// Who is signed in, as far as it matters to what is asked.
#[derive(Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    /// Somebody is about to be.
    Coming,
    Account {
        subject: String,
        roles: BTreeSet<Role>,
    },
}

impl Who {
    fn of(view: &AccountView) -> Self {
        match view {
            AccountView::SignedOut | AccountView::Ended { .. } => Self::Nobody,
            AccountView::SigningIn { .. } => Self::Coming,
            AccountView::SignedIn(SignedIn { subject, roles, .. }) => {
                Self::Account { subject: subject.clone(), roles: roles.clone() }
            }
        }
    }
}

/// Returns when somebody else than before is signed in, or nobody, or the same person anew. New tokens for the same person
/// come every few minutes, and are no reason to ask, unless it waits for `any` change.
async fn somebody_else(accounts: &mut watch::Receiver<AccountView>, mut before: Who, any: bool) {
    loop {
        if accounts.changed().await.is_err() {
            return std::future::pending().await;
        }
        let now = Who::of(&accounts.borrow_and_update());
        match now {
            Who::Coming => before = now,
            now if any || now != before => return,
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "asking_tests.rs"]
mod tests;

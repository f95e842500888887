use super::super::answer::Answer;
use super::super::error::ApiError;
use super::super::wire::{Announcements, Confirmation, Follow, Followed, Follows};
use super::super::{Account, Api, Call};
use super::sight::Sight;
use super::{named, written};
use crate::ports::{Asker, EmailAddress, FollowError};

/// How many announcements are listed.
const LAST: usize = 100;

/// `GET /v1/subscriptions`: staff see all; an artist's account its own address, on its own artists.
pub(in super::super) async fn list(api: &Api, account: &Account) -> Result<Answer, ApiError> {
    let sight = Sight::of(api, account).await?;
    let mut subscriptions = api.followers.list(&account.label).await?;
    subscriptions.retain(|one| may_touch(&sight, account, &one.artist, &one.email));
    Ok(Answer::json(&Follows { subscriptions }).tagged())
}

/// `POST /v1/subscriptions`.
pub(in super::super) async fn follow(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let Follow { artist, email } = call.json()?;
    let artist = touched(api, account, &artist, &email).await?;
    let state = api.followers.follow(&account.label, &artist, &email, &asker(account)).await?;
    Ok(Answer::json(&Followed { state }))
}

/// `POST /v1/subscriptions/confirmation`.
pub(in super::super) async fn confirm(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let Confirmation { artist, email, pasted } = call.json()?;
    let artist = touched(api, account, &artist, &email).await?;
    let pasted = written("pasted", &pasted, 8192)?;
    api.followers.confirm(&account.label, &artist, &email, &pasted).await?;
    Ok(Answer::done())
}

/// `POST /v1/subscriptions/resend`.
pub(in super::super) async fn resend(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let Follow { artist, email } = call.json()?;
    let artist = touched(api, account, &artist, &email).await?;
    api.followers.resend(&account.label, &artist, &email, &asker(account)).await?;
    Ok(Answer::done())
}

/// `POST /v1/subscriptions/removal`.
pub(in super::super) async fn unfollow(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let Follow { artist, email } = call.json()?;
    let artist = touched(api, account, &artist, &email).await?;
    if api.followers.unfollow(&account.label, &artist, &email).await? {
        Ok(Answer::done())
    } else {
        Err(FollowError::Unknown { artist, email }.into())
    }
}

/// `GET /v1/announcements`.
pub(in super::super) async fn announcements(api: &Api, account: &Account) -> Result<Answer, ApiError> {
    let announcements = api.announcements.latest(&account.label, LAST).await?;
    Ok(Answer::json(&Announcements { announcements }).tagged())
}

/// The artist's name, where the account may have that address follow them.
async fn touched(api: &Api, account: &Account, artist: &str, email: &EmailAddress) -> Result<String, ApiError> {
    let artist = named("artist", artist)?;
    if may_touch(&Sight::of(api, account).await?, account, &artist, email) {
        Ok(artist)
    } else {
        Err(ApiError::Forbidden("An artist's account subscribes its own address to its own artists, and nothing else."))
    }
}

/// How often an account may have addresses asked in a day. Staff begin with a whole roster; an artist has one address,
/// and some names.
fn asker(account: &Account) -> Asker {
    Asker { account: account.subject.clone(), a_day: if account.is_staff() { 500 } else { 20 } }
}

fn may_touch(sight: &Sight, account: &Account, artist: &str, email: &EmailAddress) -> bool {
    matches!(sight, Sight::All) || (sight.takes_in(artist) && email.folded() == account.email.folded())
}

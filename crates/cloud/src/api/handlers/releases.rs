use release::Recipe;

use super::super::answer::Answer;
use super::super::error::ApiError;
use super::super::wire::Releases;
use super::super::{Account, Api, Call};
use super::release_key;
use super::sight::Sight;
use crate::ReleaseView;
use crate::catalogue::{Accepted, Record};
use crate::ports::Changed;

/// How many releases a page has where nobody says, and at most.
const USUAL: usize = 50;
const MOST: usize = 200;

/// How long the text is at most that says where to go on, in bytes.
const PLACE: usize = 1024;

/// How large a page may grow, in bytes: a function's answer has six million at most.
const PAGE: usize = 4 * 1024 * 1024;

/// `GET /v1/releases`.
pub(in super::super) async fn page(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let mut limit: usize = match call.query("limit") {
        Some(_) => call.parsed("limit")?,
        None => USUAL,
    };
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::field("limit", format!("must be from 1 to {MOST}")));
    }
    let since = call.query("since").filter(|since| !since.is_empty());
    if since.is_some_and(|since| since.len() > PLACE) {
        return Err(ApiError::field("since", "is not what an earlier page said"));
    }
    let sight = Sight::of(api, account).await?;
    loop {
        let changed = api.changes.since(&account.label, since, limit).await?;
        let asked = changed.records.len();
        let json = json(api, &sight, changed).await?;
        // Of long releases fewer fit. One always does.
        if json.len() <= PAGE || asked <= 1 {
            return Ok(Answer::stored(json.into()).tagged());
        }
        limit = (asked / 2).max(1);
    }
}

async fn json(api: &Api, sight: &Sight, changed: Changed) -> Result<Vec<u8>, ApiError> {
    let records: Vec<Record> = changed
        .records
        .into_iter()
        .map(|stored| stored.record)
        .filter(|record| sight.takes_in_release(record))
        .collect();
    let releases = views(api, sight, &records).await?;
    let page = Releases { releases, next: changed.next, more: changed.more };
    Ok(serde_json::to_vec(&page).expect("what the API says always serialises"))
}

/// Records as those see them who have that sight, with the facts of their renditions.
async fn views(api: &Api, sight: &Sight, records: &[Record]) -> Result<Vec<ReleaseView>, ApiError> {
    // Of one label, which the token named.
    let Some(label) = records.first().map(|record| &record.key.label) else {
        return Ok(Vec::new());
    };
    let accepted = records.iter().filter_map(|record| record.current.accepted());
    let recipes: Vec<Recipe> = accepted.flat_map(Accepted::recipes).collect();
    let facts = api.renditions.facts(label, &recipes).await?;
    Ok(records.iter().map(|record| sight.shown(ReleaseView::new(record, &facts))).collect())
}

/// `GET /v1/releases/{release}`.
pub(in super::super) async fn one(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let sight = Sight::of(api, account).await?;
    let record = sight.release(api, &release_key(account, call)?).await?;
    Ok(view(api, &sight, &record).await?.tagged())
}

/// A record as people see it.
pub(super) async fn view(api: &Api, sight: &Sight, record: &Record) -> Result<Answer, ApiError> {
    let views = views(api, sight, std::slice::from_ref(record)).await?;
    views.first().map(Answer::json).ok_or(ApiError::NotFound("release"))
}

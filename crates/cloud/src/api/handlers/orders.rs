use super::super::answer::Answer;
use super::super::error::ApiError;
use super::super::wire::{DecisionOrder, Withdrawing};
use super::super::{Account, Api, Call};
use super::releases::view;
use super::sight::{Sight, seen};
use super::{release_key, written};
use crate::catalogue::{Decision, Event, Fact, Record, Verdict};
use crate::stages::{Recorder, record};

/// How long a reason may be, in characters.
const REASON: usize = 2000;

/// `POST /v1/releases/{release}/decision`.
pub(in super::super) async fn decide(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let key = release_key(account, call)?;
    let order: DecisionOrder = call.json()?;
    let verdict = match order.verdict {
        Verdict::Approve => Verdict::Approve,
        Verdict::Reject { reason } => Verdict::Reject { reason: written("verdict.reject.reason", &reason, REASON)? },
    };
    let known = seen(api, account, &key).await?;
    let decision = Decision {
        release: key.release,
        delivery: order.delivery,
        heard: order.heard,
        metadata: order.metadata,
        verdict,
        by: account.email.to_string(),
        at: api.clock.now(),
    };
    ordered(api, &known, order.delivery, Fact::Decided(decision)).await
}

/// `POST /v1/releases/{release}/withdrawal`.
pub(in super::super) async fn withdraw(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let key = release_key(account, call)?;
    let order: Withdrawing = call.json()?;
    let reason = written("reason", &order.reason, REASON)?;
    let known = seen(api, account, &key).await?;
    ordered(api, &known, known.current.id, Fact::Withdrawn { reason }).await
}

/// `POST /v1/releases/{release}/retry`: verifies the files of a failed release anew, and makes what is missing.
pub(in super::super) async fn retry(api: &Api, account: &Account, call: &Call) -> Result<Answer, ApiError> {
    let known = seen(api, account, &release_key(account, call)?).await?;
    ordered(api, &known, known.current.id, Fact::TriedAgain).await
}

/// Takes an order to a release that there is, and answers with the release as it is then.
async fn ordered(api: &Api, known: &Record, delivery: release::DeliveryId, fact: Fact) -> Result<Answer, ApiError> {
    let recorder = Recorder { catalogue: api.catalogue.clone(), clock: api.clock.clone() };
    let event = Event { key: known.key.clone(), delivery, fact };
    record(&recorder, &event).await??;
    let stored = api.catalogue.load(&known.key).await?.ok_or(ApiError::NotFound("release"))?;
    // Whoever gives orders sees all of it.
    view(api, &Sight::All, &stored.record).await
}

//! What the table does when requests are refused, answers are lost, and pages are short.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Fixture;
use super::wire::{Way, Wire};
use crate::catalogue::sample::{accepted, accepting, event, key, play, ready};
use crate::catalogue::{Fact, Record, ReleaseKey};
use crate::ports::{Catalogue as _, Changes as _, Outbox as _, Overdue as _, Renditions as _, SaveError};

fn error(name: &str) -> Way {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{name}","message":"as the test wants"}}"#);
    Way::Answered(400, body)
}

fn arrived(number: u128) -> Record {
    let record = play(None, &[event(1, Fact::Arrived)]).0.unwrap();
    let release = release::ReleaseId::new(crate::catalogue::sample::start(), number);
    Record { key: ReleaseKey { release, ..key() }, ..record }
}

#[tokio::test]
async fn who_is_throttled_may_come_again_and_who_is_refused_may_not() {
    let fixture = Fixture::new().await;
    for (name, passing) in [
        ("ThrottlingException", true),
        ("ProvisionedThroughputExceededException", true),
        ("InternalServerError", true),
        ("AccessDeniedException", false),
        ("ResourceNotFoundException", false),
        ("ValidationException", false),
    ] {
        let wire = Wire::new(move |_, _| error(name)).await;
        let error = fixture.table_by(&wire.endpoint).load(&key()).await.unwrap_err();
        assert_eq!(error.passing, passing, "{name}");
        let words = error.to_string();
        assert!(words.contains(&key().to_string()) && words.contains(name) && words.contains("as the test wants"));
    }
    // Nobody is there.
    let table = fixture.table_by("http://127.0.0.1:1");
    assert!(table.load(&key()).await.unwrap_err().passing);
}

#[tokio::test]
async fn a_lost_answer_to_a_transaction_is_neither_a_conflict_nor_a_second_one() {
    let fixture = Fixture::new().await;
    let asked = Arc::new(AtomicU32::new(0));
    let wire = Wire::new({
        let asked = Arc::clone(&asked);
        move |operation, _| match operation {
            "TransactWriteItems" if asked.fetch_add(1, Ordering::Relaxed) == 0 => Way::Lost,
            _ => Way::Through,
        }
    })
    .await;
    let table = fixture.table_by(&wire.endpoint);
    let (record, changes) = play(None, &[accepting(1, 1, accepted(1, 2))]);
    table.save(&record.unwrap(), None, &changes[0].outbox).await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    assert_eq!(table.load(&key()).await.unwrap().unwrap().version, 1);
    assert_eq!(table.errands(jiff::Timestamp::MAX, 10).await.unwrap(), changes[0].outbox);
}

#[tokio::test]
async fn a_transaction_that_met_another_is_tried_again() {
    const MET: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","message":"-",
        "CancellationReasons":[{"Code":"TransactionConflict","Message":"-"}]}"#;
    let fixture = Fixture::new().await;
    let met = AtomicU32::new(0);
    let wire = Wire::new(move |operation, _| match operation {
        "TransactWriteItems" if met.fetch_add(1, Ordering::Relaxed) < 2 => Way::Answered(400, MET.to_owned()),
        _ => Way::Through,
    })
    .await;
    fixture.table_by(&wire.endpoint).save(&arrived(1), None, &[]).await.unwrap();
}

#[tokio::test]
async fn of_those_who_save_at_once_one_does() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    table.save(&arrived(1), None, &[]).await.unwrap();
    let (record, _) = play(Some(arrived(1)), &[accepting(1, 1, accepted(1, 1))]);
    let record = Record { key: arrived(1).key, ..record.unwrap() };
    let saves = futures::future::join_all((0..8).map(|_| table.save(&record, Some(1), &[]))).await;
    assert_eq!(saves.iter().filter(|saved| saved.is_ok()).count(), 1, "{saves:?}");
    assert!(saves.iter().all(|saved| matches!(saved, Ok(()) | Err(SaveError::Conflict))), "{saves:?}");
    assert_eq!(table.load(&record.key).await.unwrap().unwrap().version, 2);
}

/// A page ends at 1 MB, whatever was asked for; the emulator's do when they are told to after two items.
#[tokio::test]
async fn short_pages_and_batches_lose_nothing() {
    let fixture = Fixture::new().await;
    let mut full = false;
    let wire = Wire::new(move |operation, body| match operation {
        "Query" => {
            let mut query: serde_json::Value = serde_json::from_str(body).unwrap();
            query["Limit"] = query["Limit"].as_u64().unwrap_or(2).min(2).into();
            Way::Changed(query.to_string())
        }
        // Every other time it has no room for anything.
        "BatchGetItem" => {
            full = !full;
            if full { unprocessed(body) } else { Way::Through }
        }
        _ => Way::Through,
    })
    .await;
    let table = fixture.table_by(&wire.endpoint);
    for number in 0..23 {
        table.save(&arrived(number), None, &[]).await.unwrap();
    }
    assert_eq!(table.list(&key().label).await.unwrap().len(), 23);
    assert_eq!(table.standing(jiff::Timestamp::MAX, 100).await.unwrap().len(), 23);
    assert_eq!(table.standing(jiff::Timestamp::MAX, 7).await.unwrap().len(), 7);
    let changed = table.since(&key().label, None, 20).await.unwrap();
    assert!(changed.more && changed.records.len() == 20);
    let rest = table.since(&key().label, Some(&changed.next), 20).await.unwrap();
    assert!(!rest.more && rest.records.len() == 3);

    let recipes: Vec<_> = accepted(1, 60).recipes().collect();
    let twice: Vec<_> = recipes.iter().chain(&recipes).copied().collect();
    for recipe in &recipes {
        crate::ports::Renditions::put(&table, &key().label, *recipe, &crate::ports::contract::facts()).await.unwrap();
    }
    assert_eq!(table.facts(&key().label, &twice).await.unwrap().len(), recipes.len());
}

/// Says of all that was asked for that it was not looked at.
fn unprocessed(body: &str) -> Way {
    let batch: serde_json::Value = serde_json::from_str(body).unwrap();
    Way::Answered(200, serde_json::json!({ "Responses": {}, "UnprocessedKeys": batch["RequestItems"] }).to_string())
}

#[tokio::test]
async fn an_errand_that_cannot_be_read_keeps_no_other_waiting() {
    let fixture = Fixture::new().await;
    let table = fixture.table().await;
    let (record, changes) = play(None, &[accepting(1, 1, accepted(1, 1)), ready(1, 1)]);
    let outbox: Vec<_> = changes.into_iter().flat_map(|change| change.outbox).collect();
    table.save(&record.unwrap(), None, &outbox).await.unwrap();
    let mut broken = super::super::outbox::entry_item(&outbox[0], crate::catalogue::sample::start()).unwrap();
    broken.remove("entry");
    table.put("testing", broken, None).await.unwrap();
    assert_eq!(table.errands(jiff::Timestamp::MAX, 1).await.unwrap(), outbox[1..]);
    let error = table.open(&outbox[0].id).await.unwrap_err();
    assert!(error.to_string().contains(&format!("O#{}/O", outbox[0].id)), "{error}");
}

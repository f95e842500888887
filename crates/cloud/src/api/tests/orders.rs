use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ARTIST, Answered, Cloud, MANAGER, STAFF};
use crate::api::wire::DecisionOrder;
use crate::catalogue::{Errand, ReleaseKey, Verdict, sample};

impl Cloud {
    async fn decides(&self, key: &ReleaseKey, order: &DecisionOrder) -> Answered {
        self.post(MANAGER, &format!("/v1/releases/{}/decision", key.release), order).await
    }
}

#[tokio::test]
async fn a_manager_approves_what_was_heard_and_the_cloud_says_who_and_when() {
    let cloud = Cloud::new().await;
    let (key, accepted) = cloud.in_review(1).await;
    let good = DecisionOrder {
        delivery: sample::delivery(1),
        heard: accepted.recipes().collect(),
        metadata: accepted.metadata,
        verdict: Verdict::Approve,
    };
    let void = [
        (DecisionOrder { delivery: sample::delivery(2), ..good.clone() }, "not-in-review"),
        (DecisionOrder { metadata: release::Sha256::of(b"another"), ..good.clone() }, "other-metadata"),
        (
            DecisionOrder { heard: [sample::accepted(2, 1).recipes().next().unwrap()].into(), ..good.clone() },
            "other-renditions",
        ),
        (DecisionOrder { heard: [].into(), ..good.clone() }, "not-heard"),
    ];
    for (order, code) in void {
        let answered = cloud.decides(&key, &order).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::CONFLICT, code));
    }
    // An order about a delivery that never came changes nothing.
    assert_eq!(cloud.memory.record(&key).unwrap().current.id, sample::delivery(1));

    let approved = cloud.decides(&key, &good).await;
    assert_eq!((approved.status, &approved.body["state"]), (StatusCode::OK, &json!("live")));
    let decision = cloud.memory.record(&key).unwrap().current.decision.unwrap();
    assert_eq!((decision.by.as_str(), decision.at), (MANAGER.2, cloud.now()));
    assert_eq!(cloud.decides(&key, &good).await.code(), "", "the same once more is no other");
    let told: Vec<String> =
        cloud.memory.errands().iter().flat_map(|entry| entry.news()).map(|(_, news)| news.artist).collect();
    assert_eq!(told, ["Vesper Bloom"]);
}

#[tokio::test]
async fn a_rejection_needs_words() {
    let cloud = Cloud::new().await;
    let (key, accepted) = cloud.in_review(1).await;
    let order = |reason: &str| DecisionOrder {
        delivery: sample::delivery(1),
        heard: [].into(),
        metadata: accepted.metadata,
        verdict: Verdict::Reject { reason: reason.to_owned() },
    };
    for reason in ["", " \n", &"x".repeat(2001), "a\u{0}b"] {
        let answered = cloud.decides(&key, &order(reason)).await;
        assert_eq!(
            (answered.code(), &answered.body["errors"][0]["field"]),
            ("fields", &json!("verdict.reject.reason"))
        );
    }
    let mut without = json!(order("x"));
    for (verdict, field) in [(json!({}), "verdict"), (json!({ "reject": {} }), "verdict.reject")] {
        without["verdict"] = verdict;
        let answered = cloud.post(MANAGER, &format!("/v1/releases/{}/decision", key.release), &without).await;
        assert_eq!((answered.code(), &answered.body["errors"][0]["field"]), ("fields", &json!(field)));
    }
    let rejected = cloud.decides(&key, &order(" Track 2 clicks. ")).await;
    assert_eq!(rejected.body["state"], "rejected");
    let last = rejected.body["timeline"].as_array().unwrap().iter().map(|moment| moment["what"].as_str().unwrap());
    assert!(last.into_iter().any(|what| what == "Rejected by manager@example.org: Track 2 clicks."));
}

#[tokio::test]
async fn an_artist_sees_where_a_release_stands_and_not_what_staff_wrote() {
    let cloud = Cloud::new().await;
    let (key, accepted) = cloud.in_review(1).await;
    let verdict = Verdict::Reject { reason: "Track 2 clicks.".to_owned() };
    let order = DecisionOrder { delivery: sample::delivery(1), heard: [].into(), metadata: accepted.metadata, verdict };
    assert_eq!(cloud.decides(&key, &order).await.body["state"], "rejected");
    for path in ["/v1/releases".to_owned(), format!("/v1/releases/{}", key.release)] {
        let (staff, artist) = (cloud.get(STAFF, &path).await.body, cloud.get(ARTIST, &path).await.body);
        assert!(staff.to_string().contains("Rejected by manager@example.org: Track 2 clicks."), "{staff}");
        assert!(!artist.to_string().contains("manager@") && !artist.to_string().contains("clicks"), "{artist}");
        let view = artist.get("releases").map_or(&artist, |releases| &releases[0]);
        let stood: Vec<&str> =
            view["timeline"].as_array().unwrap().iter().map(|moment| moment["state"].as_str().unwrap()).collect();
        assert_eq!(stood, ["received", "transcoding", "in-review", "rejected"]);
    }
}

/// Those who were told of a release are told why it is taken back, and nobody else is.
#[tokio::test]
async fn an_artist_sees_why_a_release_was_withdrawn_where_it_had_been_live() {
    let cloud = Cloud::new().await;
    for (number, live) in [(1, false), (2, true)] {
        let (key, accepted) = cloud.in_review(number).await;
        let path = format!("/v1/releases/{}", key.release);
        if live {
            let (metadata, verdict) = (accepted.metadata, Verdict::Approve);
            let order =
                DecisionOrder { delivery: sample::delivery(1), heard: accepted.recipes().collect(), metadata, verdict };
            assert_eq!(cloud.decides(&key, &order).await.body["state"], "live");
        }
        cloud.post(MANAGER, &format!("{path}/withdrawal"), json!({ "reason": "A dispute." })).await;
        for (account, expected) in [(STAFF, true), (ARTIST, live)] {
            let timeline = cloud.get(account, &path).await.body["timeline"].to_string();
            assert_eq!(timeline.contains("Withdrawn: A dispute."), expected, "{timeline}");
            assert!(timeline.contains("Withdrawn"), "{timeline}");
        }
    }
}

#[tokio::test]
async fn withdrawal_and_retry() {
    let cloud = Cloud::new().await;
    let key = cloud.failed(1).await;
    let path = format!("/v1/releases/{}", key.release);
    let retried = cloud.ask(Some(STAFF), Method::POST, &format!("{path}/retry"), None).await;
    assert_eq!((&retried.body["state"], &retried.body["attempt"]), (&json!("received"), &json!(2)));
    assert!(matches!(&cloud.memory.errands()[0].errand, Errand::Send(_)), "its files are verified anew");
    let again = cloud.ask(Some(STAFF), Method::POST, &format!("{path}/retry"), None).await;
    assert_eq!(again.code(), "not-failed");

    let withdrawal = format!("{path}/withdrawal");
    assert_eq!(cloud.post(MANAGER, &withdrawal, json!({ "reason": " " })).await.code(), "fields");
    let withdrawn = cloud.post(MANAGER, &withdrawal, json!({ "reason": "A wrong mix." })).await;
    assert_eq!(withdrawn.body["state"], "withdrawn");
    assert_eq!(cloud.post(MANAGER, &withdrawal, json!({ "reason": "Again." })).await.code(), "already-withdrawn");

    let nothing = format!("/v1/releases/{}/retry", release::ReleaseId::new(sample::start(), 77));
    assert_eq!(cloud.ask(Some(STAFF), Method::POST, &nothing, None).await.code(), "not-found");
    assert_eq!(cloud.get(STAFF, "/v1/releases").await.body["releases"].as_array().map(Vec::len), Some(1));
    assert_eq!(cloud.ask(Some(STAFF), Method::POST, "/v1/releases/x/retry", None).await.code(), "not-found");
}

#[tokio::test]
async fn a_decision_on_a_delivery_that_was_superseded_says_so() {
    let cloud = Cloud::new().await;
    let (record, _) = sample::play(None, &[sample::refused(2, 1, "It has no tracks.")]);
    let key = cloud.keep("night-office", 1, record.unwrap()).await;
    let order = json!({
        "delivery": sample::delivery(1), "heard": [], "metadata": release::Sha256::of(b"x"), "verdict": "approve",
    });
    let answered = cloud.post(MANAGER, &format!("/v1/releases/{}/decision", key.release), order).await;
    assert_eq!(answered.code(), "superseded");
    assert_eq!(
        answered.body["detail"],
        Value::from("A newer delivery of this release came since. Hear and decide on that one.")
    );
}

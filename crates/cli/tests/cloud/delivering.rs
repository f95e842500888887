//! An album goes all the way from a shell, in a label's own cloud.

use std::time::Duration;

use fake_cloud::label_cloud::{LabelCloud, MANAGER, STAFF};
use insta::assert_snapshot;
use reqwest::Method;
use serde_json::json;

use crate::album::{BY_HAND, night_bus};
use crate::desk::{Desk, approve, ask, withdraw};

#[tokio::test(flavor = "multi_thread")]
async fn an_album_is_delivered_waits_for_a_review_is_approved_live_and_taken_back_and_its_followers_are_told() {
    let cloud = LabelCloud::start().await.unwrap();
    let desk = Desk::joined(&cloud, STAFF).await;
    night_bus(&desk.shell);
    let subscribed = desk.run(&["subscribe", "Ann Ash", "fan@example.com"]).await;
    assert_snapshot!("subscribed", subscribed.text());
    assert_eq!(cloud.hear_topics().await.unwrap(), 1);

    let delivered = desk.run(&[&["deliver", "Night Bus"], &BY_HAND[..]].concat()).await;
    assert_eq!(delivered.exit, 4, "{}\n{}", delivered.text(), cloud.emulator.log());
    assert_snapshot!("delivered", delivered.stdout);
    let again = desk.run(&["deliver", "Night Bus"]).await;
    assert_eq!(again.exit, 4, "{}", again.text());
    assert!(again.stdout.ends_with("\"Night Bus\" waits for a release manager to hear it.\n"), "{}", again.text());
    let waits = desk.run(&["status"]).await;
    assert_snapshot!("status_in_review", waits.text());

    approve(&cloud, MANAGER).await;
    let live = loop {
        let live = desk.run(&["status", "Night Bus"]).await;
        assert!([0, 4].contains(&live.exit), "{}", live.text());
        // The letter may be on its way yet.
        if live.exit == 0 && live.stdout.contains("E-mail") {
            break live;
        }
    };
    assert_snapshot!("status_live", live.text());
    let news = cloud.news().await.unwrap();
    let subjects: Vec<&str> = news.iter().map(|news| news.subject.as_str()).collect();
    assert_eq!(subjects, ["“Night Bus” is live"]);
    for word in ["Ann Ash", "Night Bus", "Terminus", "Last Stop"] {
        assert!(news[0].text.contains(word), "{}", news[0].text);
    }

    withdraw(&cloud, MANAGER, "The mix of “Terminus” is an old one.").await;
    let withdrawn = loop {
        let withdrawn = desk.run(&["status", "Night Bus"]).await;
        if withdrawn.exit == 3 {
            break withdrawn;
        }
        assert_eq!(withdrawn.exit, 0, "{}", withdrawn.text());
    };
    assert_snapshot!("status_withdrawn", withdrawn.text());
    let mut news = Vec::new();
    while news.is_empty() || is_under_way(&cloud).await {
        news.extend(cloud.news().await.unwrap());
        // Asked again after a while, so that there is time for what is waited for.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(news.len(), 1, "{news:?}");
    assert_snapshot!("told_that_it_is_withdrawn", format!("{}\n\n{}", news[0].subject, undated(&news[0].text)));
    assert_eq!(cloud.dead_letters().await.unwrap(), 0, "{}", cloud.emulator.log());
}

/// Whether anything is still to be done, or told.
async fn is_under_way(cloud: &LabelCloud) -> bool {
    cloud.under_way().await.unwrap() > 0 || cloud.items().await.unwrap().iter().any(|item| item.waits)
}

/// Without the day on which it was written.
fn undated(text: &str) -> String {
    let (before, rest) = text.split_once(" was taken back on ").unwrap();
    let (_, after) = rest.split_once(". ").unwrap();
    format!("{before} was taken back on DATE. {after}")
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_reviews_it_is_waited_for_until_it_is_live_and_its_followers_are_told() {
    let cloud = LabelCloud::start().await.unwrap();
    let desk = Desk::joined_without_keyring(&cloud, MANAGER).await;
    let settings = json!({ "label_name": "Night Office", "review": false, "artists_mail": true });
    ask(&cloud, MANAGER, Method::PUT, "label", Some(&settings)).await;
    night_bus(&desk.shell);
    let subscribed = desk.run(&["subscribe", "Ann Ash", "fan@example.com", "--sign-in"]).await;
    assert_eq!(subscribed.exit, 0, "{}", subscribed.text());
    cloud.hear_topics().await.unwrap();
    let delivered = desk.run(&[&["deliver", "Night Bus", "--sign-in"], &BY_HAND[..]].concat()).await;
    assert_eq!(delivered.exit, 0, "{}\n{}", delivered.text(), cloud.emulator.log());
    // Said once, in so many words; without being told to, nobody is asked to sign in.
    assert_eq!(delivered.stderr.matches("is signed in until this command ends.").count(), 1, "{}", delivered.stderr);
    let unasked = desk.run(&["deliver", "Night Bus"]).await;
    assert_eq!(unasked.exit, 1, "{}", unasked.text());
    assert!(unasked.stderr.contains("Nobody is signed in to Night Office."), "{}", unasked.text());
    assert_snapshot!("delivered_live", delivered.stdout);
    assert_eq!(cloud.news().await.unwrap().len(), 1, "who follows the artist was told before it ended");
}

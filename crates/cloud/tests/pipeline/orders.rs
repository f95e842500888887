//! The API's function is killed while a person gives an order.

use cloud::ReleaseView;
use cloud::api::wire::DecisionOrder;
use cloud::catalogue::{State, Verdict};
use fake_cloud::emulator::Function;
use fake_cloud::label_cloud::{LABEL, LabelCloud, MANAGER};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::album::Album;
use crate::caller::Caller;
use crate::world::{ASK_AGAIN, store};

/// A manager, and the label's cloud.
struct Office<'a> {
    cloud: &'a LabelCloud,
    manager: Caller<'a>,
}

impl Office<'_> {
    /// Waits until a release stands where it is to stand.
    async fn stands(&self, album: &Album, state: State) -> ReleaseView {
        let path = format!("/v1/releases/{}", album.manifest.release.id);
        for _ in 0..600 {
            // Nobody knows it until its manifest was read.
            let (status, release): (_, Value) = self.manager.ask(Method::GET, &path, None).await;
            if status == StatusCode::OK {
                let release: ReleaseView = serde_json::from_value(release).unwrap();
                assert_ne!(release.state, State::Failed, "{:?}", release.reasons);
                if release.state == state {
                    return release;
                }
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        panic!("{} is not {state}\n{}", album.manifest.release.title, self.cloud.emulator.log());
    }

    async fn approve(&self, release: &ReleaseView) -> (StatusCode, Value) {
        let order = DecisionOrder {
            delivery: release.delivery,
            heard: release.tracks.iter().flat_map(|track| &track.renditions).map(|one| one.recipe).collect(),
            metadata: release.metadata.unwrap(),
            verdict: Verdict::Approve,
        };
        let path = format!("/v1/releases/{}/decision", release.key.release);
        self.manager.ask(Method::POST, &path, Some(serde_json::to_value(order).unwrap())).await
    }

    /// Waits until nothing is under way, and answers with what the topic told.
    async fn told(&self) -> Vec<String> {
        for _ in 0..600 {
            let waits = self.cloud.items().await.unwrap().iter().any(|item| item.waits);
            if !waits && self.cloud.under_way().await.unwrap() == 0 {
                let news = self.cloud.news().await.unwrap();
                return news.into_iter().map(|news| news.subject).collect();
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        panic!("it does not come to rest\n{}", self.cloud.emulator.log());
    }

    /// What the table has of a release, without its ids.
    async fn items(&self, album: &Album) -> Vec<String> {
        let (release, delivery) = (album.manifest.release.id.to_string(), album.manifest.delivery.to_string());
        let keys = self.cloud.items().await.unwrap().into_iter().map(|item| item.pk);
        let ours = keys.filter(|key| key.contains(&release) || key.contains(&delivery));
        let mut ours: Vec<_> =
            ours.map(|key| key.replace(&release, "RELEASE").replace(&delivery, "DELIVERY")).collect();
        ours.sort();
        ours
    }
}

#[tokio::test]
async fn an_api_that_is_killed_while_a_manager_approves_leaves_one_approval_and_one_piece_of_news() {
    let cloud = LabelCloud::start().await.unwrap();
    let office = Office { cloud: &cloud, manager: Caller::new(&cloud, MANAGER) };
    let follow = json!({ "artist": "Vesper Bloom", "email": "fan@example.com" });
    let (status, said): (_, Value) = office.manager.ask(Method::POST, "/v1/subscriptions", Some(follow)).await;
    assert!(status.is_success(), "{said}");
    assert_eq!(cloud.hear_topics().await.unwrap(), 1);
    let masters = store(&cloud.deployed, &cloud.deployed.masters);
    let (undisturbed, album) = (Album::new(LABEL, 1, 1), Album::new(LABEL, 2, 1));
    undisturbed.deliver(&masters).await;
    album.deliver(&masters).await;
    let in_review = office.stands(&undisturbed, State::InReview).await;
    assert_eq!(office.approve(&in_review).await.0, StatusCode::OK);

    // Before the approval is stored, it is as if it had not been given; after, it counts.
    let in_review = office.stands(&album, State::InReview).await;
    for (point, left) in [("catalogue.before-commit", State::InReview), ("catalogue.committed", State::Live)] {
        cloud.deployed.kill_at(Function::Api, point).await.unwrap();
        let (status, said) = office.approve(&in_review).await;
        assert_eq!(status, StatusCode::BAD_GATEWAY, "{said}");
        assert_eq!(office.stands(&album, left).await.state, left);
    }
    assert_eq!(cloud.deaths(Function::Api), 2, "{}", cloud.emulator.log());
    let (status, said) = office.approve(&in_review).await;
    assert_eq!(
        (status, &said["detail"]),
        (StatusCode::CONFLICT, &json!("This release is live, and waits for no decision."))
    );

    let mut told = office.told().await;
    told.sort();
    assert_eq!(told, ["“Tidewater 1” is live", "“Tidewater 2” is live"]);
    assert_eq!(cloud.dead_letters().await.unwrap(), 0, "{}", cloud.emulator.log());
    let (one, other) = (office.stands(&undisturbed, State::Live).await, office.stands(&album, State::Live).await);
    let happened =
        |release: &ReleaseView| release.timeline.iter().map(|moment| moment.what.clone()).collect::<Vec<_>>();
    assert_eq!((happened(&other), &other.told), (happened(&one), &one.told));
    assert_eq!(office.items(&album).await, office.items(&undisturbed).await);
}

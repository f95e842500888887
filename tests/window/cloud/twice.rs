//! The same, with every message of every queue delivered twice.

use fake_cloud::emulator::{Delivery, Settings, Stack};
use fake_cloud::label_cloud::LabelCloud;

use super::label::{ARTIST, Label, TITLE, is_told};
use crate::stage::{Stage, album};

#[tokio::test]
async fn every_message_twice_and_the_demo_album_ends_the_same() {
    let stage = Stage::new();
    let settings = Settings { delivery: Delivery::Again, patience: Some(0.5), ..Settings::default() };
    let cloud = LabelCloud::start_with(settings, Stack::default()).await.unwrap();
    let label = Label { stage: &stage, cloud: &cloud };
    let workspace = label.workspace(&[(album(), &[])]).await;
    let app = label.signed_in(&workspace).await;
    label.subscribe(&app, ARTIST).await;
    label.deliver(&app, TITLE).await;
    label.is_whole(1, 3).await;
    is_told(&cloud.news().await.unwrap(), TITLE, 1);
}

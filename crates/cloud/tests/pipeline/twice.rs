//! Every message twice, one after the other and at the same time.

use fake_cloud::emulator::{Delivery, Settings};

use crate::album::Album;
use crate::world::{LABEL, World};

async fn goes_live_once(delivery: Delivery) {
    let world = World::new(Settings { delivery, patience: Some(0.5) }).await;
    let album = Album::new(LABEL, 1, 2);
    let live = world.go_live(&album).await;
    world.is_whole(&live).await;
    let heard = world.heard_of(&album).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    world.is_whole(&live).await;
}

#[tokio::test]
async fn every_message_again_changes_nothing() {
    goes_live_once(Delivery::Again).await;
}

#[tokio::test]
async fn every_message_to_two_functions_at_once_changes_nothing() {
    goes_live_once(Delivery::TwiceAtOnce).await;
}

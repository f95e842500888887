//! Every message twice, one after the other and at the same time.

use fake_cloud::emulator::{Delivery, Settings};

use crate::album::Album;
use crate::ledger::{begun, notes};
use crate::world::{LABEL, World};

async fn goes_live_once(delivery: Delivery) {
    let world = World::new(Settings { delivery, patience: Some(0.5), ..Settings::default() }).await;
    let album = Album::new(LABEL, 1, 2);
    let live = world.go_live(&album).await;
    world.is_whole(&live).await;
    let heard = world.heard_of(&album).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    world.is_whole(&live).await;
    world.rests(&album).await;

    // Whoever came second found the renditions made, or somebody at them.
    let made = begun(&notes(&world, LABEL, &album.manifest.delivery.to_string()));
    assert_eq!(made.len(), live.current.accepted().unwrap().recipes().count());
    assert!(made.values().all(|count| *count == 1), "{made:?}");
}

#[tokio::test]
async fn every_message_again_changes_nothing() {
    goes_live_once(Delivery::Again).await;
}

#[tokio::test]
async fn every_message_to_two_functions_at_once_changes_nothing() {
    goes_live_once(Delivery::TwiceAtOnce).await;
}

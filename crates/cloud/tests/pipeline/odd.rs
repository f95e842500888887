//! What is not as it should be ends as `failed` with a reason that a person understands, or in the dead letters.

use cloud::catalogue::State;
use fake_cloud::emulator::Settings;

use crate::album::Album;
use crate::material::put;
use crate::world::{ASK_AGAIN, LABEL, World};

#[tokio::test]
async fn a_damaged_master_is_moved_aside_and_a_false_manifest_is_buried() {
    let world = World::new(Settings { patience: Some(0.2), ..Settings::default() }).await;
    let mut album = Album::new(LABEL, 1, 2);
    album.damage_a_master();
    album.deliver(&world.masters).await;
    // Named like a manifest, where none can be.
    put(&world.masters, "night-office/elsewhere.delivery.json", b"{}").await;

    let failed = loop {
        match world.record(&album).await {
            Some(record) if record.state == State::Failed => break record,
            Some(record) if record.state == State::InReview => panic!("{:?}", record.timeline),
            _ => tokio::time::sleep(ASK_AGAIN).await,
        }
    };
    let reasons = failed.current.reasons();
    assert!(reasons[0].message.contains("Tone 1") && reasons[0].message.contains("damaged"), "{reasons:?}");
    assert_eq!(reasons[0].resend, Some(album.manifest.release.tracks[0].master.as_ref().unwrap().asset.sha256));

    while world.held_by(&world.cloud.intake_dead_letters).await == 0 {
        tokio::time::sleep(ASK_AGAIN).await;
    }
    let log = world.emulator.log();
    assert!(log.contains("is not the key of a delivery's manifest"), "{log}");
}

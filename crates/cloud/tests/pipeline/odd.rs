//! What is not as it should be ends as `failed` with a reason that a person understands, or in the dead letters.

use cloud::Message;
use fake_cloud::emulator::{Deployment, Function, Settings};
use serde_json::Value;

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

    let failed = world.fails(&album).await;
    let reasons = failed.current.reasons();
    assert!(reasons[0].message.contains("Tone 1") && reasons[0].message.contains("damaged"), "{reasons:?}");
    assert_eq!(reasons[0].resend, Some(album.manifest.release.tracks[0].master.as_ref().unwrap().asset.sha256));

    while world.held_by(&world.cloud.intake_dead_letters).await == 0 {
        tokio::time::sleep(ASK_AGAIN).await;
    }
    let log = world.emulator.log();
    assert!(log.contains("is not the key of a delivery's manifest"), "{log}");
}

#[tokio::test]
async fn a_delivery_that_cannot_be_taken_in_is_failed_and_buried_and_goes_on_once_it_can() {
    let world = World::new(Settings { patience: Some(0.2), ..Settings::default() }).await;
    let album = Album::new(LABEL, 1, 1);
    // Somebody took the manifest away before it was read.
    let key = album.manifest_key();
    let announced = Message::Manifest { key: key.clone(), version: None, trace: None }.to_json();
    let Deployment { intake_queue, intake_dead_letters, .. } = &world.cloud;
    world.sqs.send_message().queue_url(intake_queue).message_body(announced).send().await.unwrap();
    let failed = world.fails(&album).await;
    let said = failed.current.reasons().into_iter().map(|reason| format!("{}\n{}", reason.message, reason.help));
    assert_eq!(
        said.collect::<Vec<_>>(),
        [format!(
            "The delivery could not be taken in: {key} is not in the store. Send the file again.\n\
             Try the release again when that is mended, or deliver it anew."
        )]
    );
    let given_up = || world.said(Function::Intake, "given up");
    world.until("the fifth time", || given_up().len() >= 5).await;
    while world.held_by(intake_dead_letters).await == 0 {
        tokio::time::sleep(ASK_AGAIN).await;
    }
    let receives: Vec<Value> = given_up().iter().map(|entry| entry["receives"].clone()).collect();
    assert_eq!(receives, [1, 2, 3, 4, 5]);
    assert_eq!((world.held_by(intake_queue).await, world.held_by(intake_dead_letters).await), (0, 1));
    assert_eq!(world.record(&album).await, Some(failed), "what is told again changes nothing");

    // It is there again, and S3 says so.
    album.deliver(&world.masters).await;
    world.recovers(&album).await;
}

//! The named crash points are where they are said to be. What killing a process there does is tested from outside.

use std::sync::{Arc, Mutex};

use super::{Workspace, mails_when, release_at};
use crate::CRASH_POINTS;
use crate::catalogue::State;
use crate::testing::Album;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_passes_every_crash_point() {
    let passed: Arc<Mutex<Vec<&str>>> = Arc::default();
    for point in CRASH_POINTS {
        let passed = Arc::clone(&passed);
        fail::cfg_callback(point, move || passed.lock().unwrap().push(point)).unwrap();
    }
    let workspace = Workspace::new();
    let cloud = workspace.open();
    cloud.subscribe("Vesper Bloom", "fan@example.org").await.unwrap();
    let worker = cloud.spawn();
    Album::new(1).deliver(cloud.masters().as_ref(), 1).await;
    cloud.notice();
    release_at(&cloud, State::Live).await;
    mails_when(&cloud, 1).await;
    worker.stop().await;

    let passed = passed.lock().unwrap();
    let missed: Vec<&str> = CRASH_POINTS.into_iter().filter(|point| !passed.contains(point)).collect();
    assert_eq!(missed, Vec::<&str>::new());
}

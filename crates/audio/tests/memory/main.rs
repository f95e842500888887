//! Memory does not grow with a file's length, and no file, whatever it holds, takes more than a bounded amount.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod counted;
mod endless;
#[path = "../peers/machine.rs"]
mod machine;
mod mutated;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use audio::{Control, Order, analyse, render};
use release::{Tags, profile};

use crate::counted::peak_of;
use crate::endless::Endless;

const MIB: usize = 1024 * 1024;

/// Tests in one process share its memory, so only one counts at a time.
fn alone() -> MutexGuard<'static, ()> {
    static COUNTING: Mutex<()> = Mutex::new(());
    COUNTING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn analysing_takes_the_same_memory_whatever_the_length() {
    let _alone = alone();
    let taken = |seconds| {
        peak_of(|| {
            let analysis = analyse(Endless::wav(44_100, seconds), &Control::none()).unwrap();
            assert_eq!(analysis.facts.frames, seconds * 44_100);
        })
    };
    let (short, long) = (taken(60), taken(1200));
    assert!(long < short + MIB / 4, "{short} bytes for a minute, {long} for twenty");
    assert!(long < 8 * MIB, "{long} bytes");
}

#[test]
fn rendering_takes_the_same_memory_whatever_the_length() {
    let _alone = alone();
    let folder = machine::folder();
    let tags = Tags::default();
    let taken = |seconds| {
        let orders = profile::ALL.map(|profile| Order {
            profile,
            tags: &tags,
            picture: None,
            preview_start: Duration::from_secs(1),
            path: folder.path().join(profile.name),
        });
        peak_of(|| {
            let rendered = render(Endless::wav(48_000, seconds), &orders, &Control::none()).unwrap();
            assert_eq!(rendered.renditions[0].frames, seconds * 48_000);
        })
    };
    // Both are longer than the preview, whose thirty seconds are kept.
    let (short, long) = (taken(35), taken(140));
    assert!(long < short + 4 * MIB, "{short} bytes for 35 seconds, {long} for 140");
    assert!(long < 64 * MIB, "{long} bytes");
}

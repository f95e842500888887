use std::time::Duration;

use audio::{Control, Order, analyse, render};
use release::{Tags, profile};

use crate::counted::{alone, peak_of};
use crate::endless::Endless;
use crate::machine;

const MIB: usize = 1024 * 1024;

#[test]
fn analysing_takes_the_same_memory_whatever_the_length() {
    let _alone = alone();
    let taken = |seconds| {
        peak_of(|| {
            let analysis = analyse(Endless::wav(44_100, seconds), &Control::none()).unwrap();
            assert_eq!(analysis.facts.frames, seconds * 44_100);
        })
    };
    let (short, long) = (taken(30), taken(600));
    assert!(long < short + MIB / 4, "{short} bytes for half a minute, {long} for ten");
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
    let (short, long) = (taken(31), taken(90));
    assert!(long < short + 4 * MIB, "{short} bytes for 31 seconds, {long} for 90");
    assert!(long < 48 * MIB, "{long} bytes");
}

//! What the device is playing, from the frames that it took.

use std::collections::VecDeque;
use std::time::Duration;

use super::list::Place;

/// Where pieces begin among the frames that were made for a device.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    /// The device's frames a second.
    rate: u32,
    marks: VecDeque<Mark>,
}

/// From here on, a piece is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The frame on the device, counted from its opening.
    pub(super) at: u64,
    /// The piece, counted from 0.
    pub(super) index: usize,
    /// The frame of the piece that it is.
    pub(super) frame: u64,
    /// The piece's frames a second.
    pub(super) rate: u32,
    /// The piece's length in frames, where its file tells.
    pub(super) frames: Option<u64>,
}

impl Timeline {
    pub(super) fn new(rate: u32) -> Self {
        Self { rate, marks: VecDeque::new() }
    }

    /// A piece, or a part of one, is added behind those that are there.
    pub(super) fn push(&mut self, mark: Mark) {
        self.marks.push_back(mark);
    }

    /// Forgets what was to come from a frame on: it is not played any more.
    pub(super) fn cut(&mut self, at: u64) {
        self.marks.retain(|mark| mark.at < at);
    }

    /// What the device plays when it has taken so many frames, and how long that piece is. Forgets what is over.
    pub(super) fn place(&mut self, taken: u64) -> Option<(Place, Option<Duration>)> {
        while self.marks.get(1).is_some_and(|next| next.at <= taken) {
            self.marks.pop_front();
        }
        let mark = self.marks.front()?;
        let since = u128::from(taken.saturating_sub(mark.at)) * u128::from(mark.rate) / u128::from(self.rate);
        let frame = mark.frame + u64::try_from(since).unwrap_or(0);
        // A header that promises too little does not hold the time back.
        let length = mark.frames.map(|frames| duration(frames.max(frame), mark.rate));
        Some((Place { index: mark.index, position: duration(frame, mark.rate) }, length))
    }
}

const NANOS: u128 = 1_000_000_000;

/// The time of a frame, to the nearest nanosecond, from which [`frame`] finds it again.
pub(super) fn duration(frame: u64, rate: u32) -> Duration {
    let nanos = (u128::from(frame) * NANOS + u128::from(rate) / 2) / u128::from(rate);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// The frame at a time, to the nearest.
pub(super) fn frame(time: Duration, rate: u32) -> u64 {
    u64::try_from((time.as_nanos() * u128::from(rate) + NANOS / 2) / NANOS).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(at: u64, index: usize, frame: u64) -> Mark {
        Mark { at, index, frame, rate: 44_100, frames: Some(441_000) }
    }

    fn place(timeline: &mut Timeline, taken: u64) -> (usize, u128) {
        let place = timeline.place(taken).unwrap().0;
        (place.index, place.position.as_millis())
    }

    #[test]
    fn the_position_is_that_of_the_frames_the_device_took() {
        let mut timeline = Timeline::new(88_200);
        assert_eq!(timeline.place(0), None);
        timeline.push(mark(0, 0, 44_100));
        timeline.push(mark(88_200, 1, 0));
        timeline.push(mark(176_400, 2, 0));
        assert_eq!(place(&mut timeline, 0), (0, 1000));
        assert_eq!(place(&mut timeline, 44_100), (0, 1500));
        assert_eq!(place(&mut timeline, 88_199), (0, 1999));
        assert_eq!(place(&mut timeline, 88_200), (1, 0));
        // Going elsewhere: what was to come does not.
        timeline.cut(100_000);
        timeline.push(mark(100_000, 0, 4_410));
        assert_eq!(place(&mut timeline, 99_999), (1, 133));
        assert_eq!(place(&mut timeline, 100_000), (0, 100));
        assert_eq!(place(&mut timeline, 300_000), (0, 2367));
        assert_eq!(timeline.marks.len(), 1);
    }

    proptest! {
        #[test]
        fn a_frame_is_found_again_by_its_time(
            wanted in 0_u64..10_000_000_000,
            rate in prop::sample::select(vec![8_000_u32, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000, 768_000]),
        ) {
            prop_assert_eq!(frame(duration(wanted, rate), rate), wanted);
        }
    }
}

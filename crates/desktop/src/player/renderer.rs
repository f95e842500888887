use std::fmt;
use std::sync::Arc;

use cpal::I24;
use rtrb::Consumer;

use super::gain::Gain;
use super::wire::{Cut, Wire};

/// Makes what a device plays: takes frames from the ring, sets how loud they are, and fades where they begin or end in
/// the middle. It runs on the device's thread: it does not allocate, lock, log or wait.
pub struct Renderer {
    ring: Consumer<f32>,
    wire: Arc<Wire>,
    channels: usize,
    /// Frames of silence after which the player may let the device go.
    idle: u64,
    gain: Gain,
    /// The cut that was passed last.
    passed: Option<Cut>,
    /// Whether the next frame begins at full volume.
    begins: bool,
    /// Whether it waits, behind a cut, until there is enough not to run dry at once.
    waits: bool,
    taken: u64,
    silent: u64,
}

/// A sample as a device wants it.
pub(super) trait DeviceSample: Copy {
    /// The nearest to a sample whose full scale is −1 to 1.
    fn nearest(sample: f32) -> Self;
}

impl DeviceSample for f32 {
    fn nearest(sample: f32) -> Self {
        sample
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a float stays within the integer's range")]
impl DeviceSample for i32 {
    fn nearest(sample: f32) -> Self {
        (f64::from(sample) * 2_147_483_648.0).round() as Self
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a float stays within the integer's range")]
impl DeviceSample for i16 {
    fn nearest(sample: f32) -> Self {
        (sample * 32_768.0).round() as Self
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it was brought within the integer's range")]
impl DeviceSample for I24 {
    fn nearest(sample: f32) -> Self {
        let sample = (f64::from(sample) * 8_388_608.0).round().clamp(-8_388_608.0, 8_388_607.0);
        Self::new(sample as i32).unwrap_or_default()
    }
}

impl Renderer {
    pub(super) fn new(ring: Consumer<f32>, wire: Arc<Wire>, rate: u32, channels: u16, idle: u64) -> Self {
        Self {
            ring,
            wire,
            channels: usize::from(channels),
            idle,
            gain: Gain::silent(rate),
            passed: None,
            begins: false,
            waits: false,
            taken: 0,
            silent: 0,
        }
    }

    /// Whether so many frames can be rendered without running dry. Devices do not wait; what stands in for one may.
    pub(super) fn is_ready(&self, frames: usize) -> bool {
        let there = self.taken + self.available() as u64;
        let is_cut = self.wire.cut().frame > self.taken;
        !self.wire.is_running() || is_cut || there >= self.wire.end() || there >= self.taken + frames as u64
    }

    /// Fills a device's buffer with whole frames.
    pub(super) fn render<T: DeviceSample>(&mut self, out: &mut [T]) {
        let frames = out.len() / self.channels;
        let (is_running, volume, cut) = (self.wire.is_running(), self.wire.volume(), self.wire.cut());
        let (taken_before, silent_before) = (self.taken, self.silent);
        let mut done = 0;
        while done < frames {
            self.pass(cut);
            let is_heard = is_running && self.taken >= cut.frame;
            if !is_heard && self.gain.is_silent() {
                if self.drop_until(cut.frame) {
                    continue;
                }
                break;
            }
            if is_heard && self.waits && !self.has_enough(frames - done) {
                break;
            }
            let target = if is_heard { volume } else { 0.0 };
            if is_heard && std::mem::take(&mut self.begins) {
                self.gain.set(volume);
            }
            let rest = &mut out[done * self.channels..frames * self.channels];
            let limit = if self.taken < cut.frame { cut.frame - self.taken } else { u64::MAX };
            let played = self.play(rest, target, is_heard, limit);
            if played == 0 {
                break;
            }
            done += played;
        }
        out[done * self.channels..].fill(T::nearest(0.0));
        let rest = (frames - done) as u64;
        self.silent = if done > 0 { rest } else { self.silent.saturating_add(rest) };
        self.wire.note(self.taken, self.silent);
        let is_low = self.available() < self.ring.buffer().capacity() / self.channels / 2;
        let is_idle = silent_before < self.idle && self.silent >= self.idle;
        if (is_low && self.taken != taken_before) || is_idle {
            self.wire.wake_player();
        }
    }

    fn available(&self) -> usize {
        self.ring.slots() / self.channels
    }

    /// Whether there are frames for a buffer, or as many as there will be, or half a ring; then it waits no more.
    fn has_enough(&mut self, frames: usize) -> bool {
        let there = self.available();
        let half = self.ring.buffer().capacity() / self.channels / 2;
        self.waits = there < frames.min(half) && self.taken + (there as u64) < self.wire.end();
        !self.waits
    }

    /// Sees to it that sound behind a cut begins as the cut says.
    fn pass(&mut self, cut: Cut) {
        if self.taken >= cut.frame && self.passed != Some(cut) {
            self.passed = Some(cut);
            self.begins = !cut.fades_in;
            self.waits = true;
        }
    }

    /// Drops what is not to be heard. False where there is nothing to drop.
    fn drop_until(&mut self, frame: u64) -> bool {
        let unwanted = usize::try_from(frame.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        let count = unwanted.min(self.available());
        if let Ok(chunk) = self.ring.read_chunk(count * self.channels) {
            chunk.commit_all();
            self.taken += count as u64;
        }
        count > 0
    }

    /// Plays frames towards a volume, until there are none, the limit is reached, or what is not to be heard any more has
    /// become silent. Gives back how many it played.
    fn play<T: DeviceSample>(&mut self, out: &mut [T], target: f32, is_heard: bool, limit: u64) -> usize {
        let most = (out.len() / self.channels).min(self.available());
        let most = usize::try_from(limit).map_or(most, |limit| most.min(limit));
        let Ok(chunk) = self.ring.read_chunk(most * self.channels) else { return 0 };
        let (first, second) = chunk.as_slices();
        let mut samples = first.iter().chain(second);
        let mut played = 0;
        for frame in out.chunks_exact_mut(self.channels).take(most) {
            let gain = self.gain.towards(target);
            for (out, sample) in frame.iter_mut().zip(&mut samples) {
                *out = T::nearest(sample * gain);
            }
            played += 1;
            if !is_heard && gain == 0.0 {
                break;
            }
        }
        chunk.commit(played * self.channels);
        self.taken += played as u64;
        played
    }
}

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renderer").field("channels", &self.channels).field("taken", &self.taken).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rtrb::{Producer, RingBuffer};

    use super::*;

    const RATE: u32 = 44_100;
    /// What the gain may change by from a frame to the next.
    const STEP: f32 = 1.0 / 441.0 + 1e-6;

    struct Bench {
        ring: Producer<f32>,
        wire: Arc<Wire>,
        renderer: Renderer,
        put: u64,
    }

    impl Bench {
        fn new() -> Self {
            let (ring, taking) = RingBuffer::new(4096);
            let wire = Arc::new(Wire::new(std::thread::current(), 1.0, false));
            let renderer = Renderer::new(taking, Arc::clone(&wire), RATE, 1, 22_050);
            Self { ring, wire, renderer, put: 0 }
        }

        fn fill(&mut self) {
            while self.ring.push(1.0).is_ok() {
                self.put += 1;
            }
        }

        fn render(&mut self, frames: usize) -> Vec<f32> {
            let mut out = vec![9.0; frames];
            self.renderer.render(&mut out);
            out
        }
    }

    #[derive(Debug, Clone)]
    enum Act {
        Run(bool),
        Volume(f32),
        Jump,
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![any::<bool>().prop_map(Act::Run), (0.0_f32..=1.0).prop_map(Act::Volume), Just(Act::Jump)]
    }

    proptest! {
        #[test]
        fn nothing_that_is_done_is_heard_as_a_click(acts in prop::collection::vec((act(), 1_usize..1500), 1..30)) {
            let mut bench = Bench::new();
            bench.fill();
            let mut last = bench.render(100)[99];
            prop_assert_eq!(last, 1.0);
            for (act, frames) in acts {
                match act {
                    Act::Run(is_running) => bench.wire.set_running(is_running),
                    Act::Volume(volume) => bench.wire.set_volume(volume),
                    Act::Jump => bench.wire.set_cut(Cut { frame: bench.put, fades_in: true }),
                }
                // The player does not let the ring run dry, but after a jump it is empty for a moment.
                for part in [frames.min(500), frames] {
                    bench.fill();
                    for sample in bench.render(part) {
                        prop_assert!((sample - last).abs() <= STEP, "from {last} to {sample}");
                        last = sample;
                    }
                }
            }
        }
    }

    #[test]
    fn what_begins_by_itself_begins_at_once_even_after_a_pause() {
        let mut bench = Bench::new();
        bench.fill();
        assert_eq!(bench.render(300), vec![1.0; 300]);
        bench.wire.set_running(false);
        assert_eq!(bench.render(600)[500..], [0.0; 100]);
        bench.wire.set_cut(Cut { frame: bench.put, fades_in: false });
        assert_eq!(bench.render(100), [0.0; 100]);
        bench.fill();
        bench.wire.set_running(true);
        assert_eq!(bench.render(300), vec![1.0; 300]);
        assert_eq!(bench.wire.taken(), 4096 + 300);
    }

    #[test]
    fn an_empty_ring_is_silence_and_the_rest_is_played_when_it_is_there() {
        let mut bench = Bench::new();
        assert_eq!(bench.render(64), [0.0; 64]);
        bench.fill();
        assert_eq!(bench.render(5000), [vec![1.0; 4096], vec![0.0; 904]].concat());
        assert_eq!((bench.wire.taken(), bench.wire.silent()), (4096, 904));
        assert!(!bench.renderer.is_ready(1));
        bench.wire.set_end(4096);
        assert!(bench.renderer.is_ready(1));
    }

    #[test]
    fn integers_are_the_nearest_and_stay_within_their_range() {
        let cases: [(f32, i16, i32, i32); 5] = [
            (0.0, 0, 0, 0),
            (1.0, i16::MAX, i32::MAX, 8_388_607),
            (-1.0, i16::MIN, i32::MIN, -8_388_608),
            (-2.0, i16::MIN, i32::MIN, -8_388_608),
            (-12_345.0 / 32_768.0, -12_345, -12_345 << 16, -12_345 << 8),
        ];
        for (sample, sixteen, thirty_two, twenty_four) in cases {
            assert_eq!(i16::nearest(sample), sixteen);
            assert_eq!(i32::nearest(sample), thirty_two);
            assert_eq!(I24::nearest(sample).inner(), twenty_four);
        }
        assert_eq!(i16::nearest(1.6 / 32_768.0), 2);
    }
}

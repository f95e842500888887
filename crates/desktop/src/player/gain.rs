//! How loud, without clicks.

/// A factor that goes to where it is wanted in small steps, so that no step is heard.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gain {
    current: f32,
    /// The most that it changes from a frame to the next.
    step: f32,
}

impl Gain {
    /// How long it takes from silence to full, in seconds: shorter is heard as a click, longer as a delay.
    const FADE_SECONDS: f32 = 0.01;

    /// Silence, at a rate in Hz.
    #[expect(clippy::cast_precision_loss, reason = "a step need not be exact")]
    pub(super) fn silent(rate: u32) -> Self {
        Self { current: 0.0, step: 1.0 / (Self::FADE_SECONDS * rate as f32) }
    }

    /// Frames that a fade takes, at a rate in Hz.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
    #[expect(clippy::cast_precision_loss, reason = "a fade need not be exact")]
    pub(super) fn fade_frames(rate: u32) -> usize {
        (Self::FADE_SECONDS * rate as f32).ceil() as usize
    }

    pub(super) fn is_silent(self) -> bool {
        self.current == 0.0
    }

    /// Takes a value at once: where what comes begins by itself, or nothing was heard.
    pub(super) fn set(&mut self, value: f32) {
        self.current = value;
    }

    /// The factor of the next frame, on its way to a value.
    pub(super) fn towards(&mut self, value: f32) -> f32 {
        let distance = value - self.current;
        // Arriving exactly keeps samples at full volume what they are.
        self.current = if distance.abs() <= self.step { value } else { self.current + self.step.copysign(distance) };
        self.current
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_arrives_exactly_within_ten_milliseconds_and_never_jumps(
            rate in 8_000_u32..=192_000,
            from in 0.0_f32..=1.0,
            to in 0.0_f32..=1.0,
        ) {
            let mut gain = Gain::silent(rate);
            gain.set(from);
            let mut last = from;
            let frames = rate / 100 + 2;
            for _ in 0..frames {
                let next = gain.towards(to);
                prop_assert!((next - last).abs() <= gain.step * 1.001);
                prop_assert!((next - from) * (to - from) >= 0.0 && (0.0..=1.0).contains(&next));
                last = next;
            }
            prop_assert_eq!(last, to);
        }
    }
}

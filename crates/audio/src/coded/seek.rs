//! Going to a frame of coded sound.

use symphonia::core::formats::{SeekMode, SeekTo};
use symphonia::core::units::Timestamp;

use super::{CodedReader, contained, demuxer};
use crate::block::Samples;

/// Where the packets of a file lie on its clock.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    /// Whether a tick is a frame.
    pub(super) ticks_are_frames: bool,
    /// The time of the first packet; before nought where an encoder's delay is cut off.
    pub(super) first_packet: Option<i64>,
    /// The time of the first sample that came out.
    pub(super) first_sample: Option<i64>,
    /// The time of the first of the samples that were decoded last.
    pub(super) last_decoded: i64,
}

impl Clock {
    /// The frame that a time is, counted from the first sample.
    fn frame(&self, time: i64) -> Option<u64> {
        u64::try_from(time - self.first_sample?).ok()
    }
}

impl CodedReader<'_> {
    /// Goes to a frame: the next sample is its first, or there is none where the sound is shorter. False where the file
    /// cannot be gone back in; nothing can be read then.
    pub(crate) fn seek(&mut self, frame: u64) -> bool {
        let found = contained(|| self.seek_by_clock(frame) || self.seek_by_counting(frame)).unwrap_or(false);
        self.has_ended |= !found;
        found
    }

    /// Decodes on from a little before the frame, and cuts by the time that packets bear.
    fn seek_by_clock(&mut self, frame: u64) -> bool {
        /// Frames after which a lossy decoder gives what it would have given had it started at the beginning: the last
        /// frames' overlap, and of MP3 what the bit reservoir reaches back to.
        const LEAD_IN: i64 = 16 * 1152;
        let clock = self.clock;
        let (Some(first_packet), Some(first_sample)) = (clock.first_packet, clock.first_sample) else { return false };
        let Some(target) = i64::try_from(frame).ok().and_then(|frame| first_sample.checked_add(frame)) else {
            return false;
        };
        let lead_in = if self.format.codec.is_lossless() { 0 } else { LEAD_IN };
        if !clock.ticks_are_frames || !self.go_to(target.saturating_sub(lead_in).max(first_packet)) {
            return false;
        }
        let mut is_first = true;
        while let Some(samples) = self.decode_next() {
            let Some(start) = self.clock.frame(self.clock.last_decoded) else { continue };
            if is_first && start > frame {
                return false;
            }
            is_first = false;
            let frames = self.frames_of(&samples);
            if start + frames > frame {
                self.first = Some(self.cut(samples, frame.saturating_sub(start)));
                return true;
            }
        }
        !(is_first && self.is_promised(frame))
    }

    /// Decodes everything from the beginning.
    fn seek_by_counting(&mut self, frame: u64) -> bool {
        if !self.go_to(self.clock.first_packet.unwrap_or(0)) {
            return false;
        }
        let mut at = 0;
        while let Some(samples) = self.decode_next() {
            let frames = self.frames_of(&samples);
            if at + frames > frame {
                self.first = Some(self.cut(samples, frame - at));
                return true;
            }
            at += frames;
        }
        !(at == 0 && self.is_promised(frame))
    }

    /// Whether the header says that there is such a frame.
    fn is_promised(&self, frame: u64) -> bool {
        self.declared_frames.is_some_and(|declared| frame < declared)
    }

    fn go_to(&mut self, time: i64) -> bool {
        let to = SeekTo::Timestamp { ts: Timestamp::new(time), track_id: self.track };
        // Once they are at the end, symphonia's readers of MP4 and CAF do not go back.
        if self.has_ended {
            self.demuxer = self.demuxer.take().and_then(|ended| demuxer(ended.into_inner(), self.found).ok());
        }
        self.first = None;
        self.has_ended = false;
        self.decoder.reset();
        self.demuxer.as_mut().is_some_and(|demuxer| demuxer.seek(SeekMode::Accurate, to).is_ok())
    }

    fn frames_of(&self, samples: &Samples) -> u64 {
        (samples.len() / usize::from(self.format.channels)) as u64
    }

    /// The samples from a frame on.
    fn cut(&self, samples: Samples, frames: u64) -> Samples {
        let start = usize::try_from(frames).map_or(usize::MAX, |frames| frames * usize::from(self.format.channels));
        match samples {
            Samples::Int(samples) => Samples::Int(samples[start.min(samples.len())..].to_vec()),
            Samples::Float(samples) => Samples::Float(samples[start.min(samples.len())..].to_vec()),
        }
    }
}

//! From files to the device's rate and channels, one piece after the other.

use std::fs::File;
use std::io;
use std::sync::Arc;

use audio::{AudioError, Resampler, SampleReader};

use super::channels::spread;
use super::list::{Item, Place};
use super::timeline::{Mark, Timeline, frame};
use super::view::Skipped;

/// How much sound is decoded ahead of the device, in seconds, and with it how much memory playing takes.
pub const RING_SECONDS: u32 = 1;

/// A piece that is open, at the place from which it is played.
#[derive(Debug)]
pub(super) struct Opened {
    reader: SampleReader,
    index: usize,
    frame: u64,
}

impl Opened {
    /// Opens the piece at a place or, where it cannot be played, the first after it that can, and says which could not.
    pub(super) fn first(items: &[Item], place: Place, skipped: &mut Vec<Skipped>) -> Option<Self> {
        let mut place = Some(place);
        while let Some(Place { index, position }) = place {
            let item = items.get(index)?;
            let opened = Self::open(item, index, |reader| frame(position, reader.format().sample_rate));
            match opened {
                Ok(opened) => return Some(opened),
                Err(error) => skipped.push(missed(item, &error)),
            }
            place = Some(Place { index: index + 1, ..Place::default() });
        }
        None
    }

    /// Opens a piece at a frame.
    fn open(item: &Item, index: usize, start: impl FnOnce(&SampleReader) -> u64) -> Result<Self, AudioError> {
        let file = File::open(&item.path).map_err(AudioError::Read)?;
        let mut reader = SampleReader::open(file)?;
        let wanted = start(&reader);
        let frame = reader.declared_frames().map_or(wanted, |frames| wanted.min(frames));
        if frame > 0 {
            reader.seek(frame)?;
        }
        Ok(Self { reader, index, frame })
    }

    /// Which piece it is, counted from 0.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Whether it is played from its very beginning.
    pub(super) fn begins(&self) -> bool {
        self.frame == 0
    }

    /// Its frames a second.
    pub(super) fn rate(&self) -> u32 {
        self.reader.format().sample_rate
    }
}

/// Makes a play list's frames for a device, in order and without gaps.
#[derive(Debug)]
pub(super) struct Feed {
    items: Arc<[Item]>,
    opened: Option<Opened>,
    rate: u32,
    channels: u16,
    resampling: Option<Resampling>,
    /// Frames that were made since the device was opened.
    made: u64,
    spread: Vec<f32>,
    /// What was made last.
    block: Vec<f32>,
}

/// A rate that is being changed, over any number of pieces of the same one.
#[derive(Debug)]
struct Resampling {
    resampler: Resampler,
    from: u32,
    /// Frames that went in.
    frames: u64,
    /// The frame on the device that its first is.
    start: u64,
}

impl Feed {
    /// Goes on from an opened piece, `made` being the frames that the device has already.
    pub(super) fn new(
        items: Arc<[Item]>,
        opened: Opened,
        (rate, channels): (u32, u16),
        made: u64,
        timeline: &mut Timeline,
    ) -> Self {
        let (spread, block) = (Vec::new(), Vec::new());
        let mut feed = Self { items, opened: None, rate, channels, resampling: None, made, spread, block };
        feed.take(opened, timeline);
        feed
    }

    /// Makes the next frames. None once the list is at its end; [`Self::made`] is then the end.
    pub(super) fn next(&mut self, timeline: &mut Timeline, skipped: &mut Vec<Skipped>) -> Option<&[f32]> {
        self.block.clear();
        while self.block.is_empty() {
            let opened = self.opened.as_mut()?;
            let channels = opened.reader.format().channels;
            self.spread.clear();
            match opened.reader.read() {
                Ok(Some(samples)) => {
                    spread(samples, channels, self.channels, &mut self.spread);
                    self.make();
                    continue;
                }
                Ok(None) => {}
                Err(error) => skipped.extend(self.items.get(opened.index).map(|item| missed(item, &error))),
            }
            let next = Place { index: opened.index + 1, ..Place::default() };
            self.opened = None;
            match Opened::first(&self.items, next, skipped) {
                Some(opened) => self.take(opened, timeline),
                None => self.finish_resampling(),
            }
        }
        Some(&self.block)
    }

    /// Frames that were made since the device was opened.
    pub(super) fn made(&self) -> u64 {
        self.made
    }

    /// Goes on with a piece.
    fn take(&mut self, opened: Opened, timeline: &mut Timeline) {
        let rate = opened.rate();
        if self.resampling.as_ref().is_some_and(|resampling| resampling.from != rate) {
            self.finish_resampling();
        }
        if rate != self.rate && self.resampling.is_none() {
            let resampler = Resampler::new(rate, self.rate, self.channels);
            self.resampling = Some(Resampling { resampler, from: rate, frames: 0, start: self.made });
        }
        // What went into a resampler before is still on its way, so that this piece begins later than what was made.
        let at = self.resampling.as_ref().map_or(self.made, |resampling| resampling.end(self.rate));
        let frames = opened.reader.declared_frames();
        timeline.push(Mark { at, index: opened.index, frame: opened.frame, rate, frames });
        self.opened = Some(opened);
    }

    /// Adds what was spread to the block, at the device's rate.
    fn make(&mut self) {
        match &mut self.resampling {
            Some(resampling) => {
                resampling.frames += (self.spread.len() / usize::from(self.channels)) as u64;
                resampling.resampler.push(&self.spread, &mut self.block);
            }
            None => self.block.extend_from_slice(&self.spread),
        }
        self.count();
    }

    /// Adds what is still in the resampler to the block.
    fn finish_resampling(&mut self) {
        if let Some(resampling) = self.resampling.take() {
            let before = self.block.len();
            resampling.resampler.finish(&mut self.block);
            self.made += ((self.block.len() - before) / usize::from(self.channels)) as u64;
        }
    }

    fn count(&mut self) {
        self.made += (self.block.len() / usize::from(self.channels)) as u64;
    }
}

impl Resampling {
    /// The frame on the device that comes after all that went in.
    fn end(&self, rate: u32) -> u64 {
        let (rate, from) = (u128::from(rate), u128::from(self.from));
        let frames = (u128::from(self.frames) * rate + from / 2) / from;
        self.start + u64::try_from(frames).unwrap_or(u64::MAX)
    }
}

fn missed(item: &Item, error: &AudioError) -> Skipped {
    let (reason, help) = match error {
        AudioError::Read(error) if error.kind() == io::ErrorKind::NotFound => {
            ("The file is no longer there.".to_owned(), Some("Put it back, or connect the disk that it is on."))
        }
        error => (error.to_string(), error.help()),
    };
    Skipped { item: item.clone(), reason, help }
}

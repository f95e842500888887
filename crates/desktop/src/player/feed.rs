//! From files to the device's rate and channels, one piece after the other.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::task::Poll;

use audio::{AudioError, Resampler, SampleReader};

use super::apart::{Apart, Header, Next};
use super::channels::spread;
use super::elsewhere::RangeError;
use super::list::{Item, Place, Sound};
use super::timeline::{Mark, Timeline, frame};
use super::view::Skipped;

/// How much sound is decoded ahead of the device, in seconds, and with it how much memory playing takes.
pub const RING_SECONDS: u32 = 1;

/// A piece that is open, at the place from which it is played.
#[derive(Debug)]
pub(super) struct Opened {
    reading: Reading,
    header: Header,
    index: usize,
}

/// Where a piece's samples come from.
#[derive(Debug)]
enum Reading {
    /// A file, which is decoded as it is wanted.
    Here(Box<SampleReader>),
    /// The network, which may keep everybody waiting.
    Apart(Apart),
}

/// Looks for the piece at a place or, where it cannot be played, the first after it that can.
#[derive(Debug)]
pub(super) struct Search {
    items: Arc<[Item]>,
    place: Option<Place>,
    /// The one at the place, while it is being opened.
    apart: Option<Apart>,
}

impl Search {
    pub(super) fn new(items: Arc<[Item]>, place: Place) -> Self {
        Self { items, place: Some(place), apart: None }
    }

    /// What was found, if anything; says which could not be played. The thread is woken when there is more to see.
    pub(super) fn poll(&mut self, skipped: &mut Vec<Skipped>) -> Poll<Option<Opened>> {
        while let Some(Place { index, position }) = self.place {
            let Some(item) = self.items.get(index) else { break };
            let opened = match &item.sound {
                Sound::File(path) => File::open(path).map_err(AudioError::Read).and_then(|file| {
                    Opened::of_file(file, index, |reader| frame(position, reader.format().sample_rate))
                }),
                Sound::Elsewhere(elsewhere) => {
                    let apart = self.apart.get_or_insert_with(|| Apart::start(elsewhere, position));
                    match (apart.header(), self.apart.take()) {
                        (Poll::Pending, apart) => {
                            self.apart = apart;
                            return Poll::Pending;
                        }
                        (Poll::Ready(Ok(header)), Some(apart)) => {
                            Ok(Opened { reading: Reading::Apart(apart), header, index })
                        }
                        (Poll::Ready(Ok(_)), None) => continue,
                        (Poll::Ready(Err(error)), _) => Err(error),
                    }
                }
            };
            match opened {
                Ok(opened) => return Poll::Ready(Some(opened)),
                Err(error) => skipped.push(missed(item, &error)),
            }
            self.place = Some(Place { index: index + 1, ..Place::default() });
        }
        self.place = None;
        Poll::Ready(None)
    }

    /// Begins to open what is elsewhere, so that it is there when it is wanted.
    fn prepare(&mut self) {
        if let Some(Place { index, position }) = self.place
            && let Some(Item { sound: Sound::Elsewhere(elsewhere), .. }) = self.items.get(index)
        {
            self.apart.get_or_insert_with(|| Apart::start(elsewhere, position));
        }
    }

    /// What is in the way, where something is.
    pub(super) fn trouble(&self) -> Option<String> {
        self.apart.as_ref().and_then(Apart::trouble)
    }
}

impl Opened {
    /// Opens a file at a frame.
    fn of_file(file: File, index: usize, start: impl FnOnce(&SampleReader) -> u64) -> Result<Self, AudioError> {
        let mut reader = SampleReader::open(file)?;
        let wanted = start(&reader);
        let frames = reader.declared_frames();
        let frame = frames.map_or(wanted, |frames| wanted.min(frames));
        if frame > 0 {
            reader.seek(frame)?;
        }
        let format = reader.format();
        let header = Header { rate: format.sample_rate, channels: format.channels, frames, frame };
        Ok(Self { reading: Reading::Here(Box::new(reader)), header, index })
    }

    /// Which piece it is, counted from 0.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Whether it is played from its very beginning.
    pub(super) fn begins(&self) -> bool {
        self.header.frame == 0
    }

    /// Its frames a second.
    pub(super) fn rate(&self) -> u32 {
        self.header.rate
    }

    fn next(&mut self) -> Result<Next<'_>, AudioError> {
        match &mut self.reading {
            Reading::Here(reader) => Ok(reader.read()?.map_or(Next::End, Next::Block)),
            Reading::Apart(apart) => apart.next(),
        }
    }

    /// Whether the next piece may be fetched without keeping this one waiting.
    fn has_all(&self) -> bool {
        match &self.reading {
            Reading::Here(_) => true,
            Reading::Apart(apart) => apart.has_all(),
        }
    }
}

/// Makes a play list's frames for a device, in order and without gaps.
#[derive(Debug)]
pub(super) struct Feed {
    items: Arc<[Item]>,
    opened: Option<Opened>,
    /// The next piece, once it is looked for.
    coming: Option<Search>,
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
        let mut feed =
            Self { items, opened: None, coming: None, rate, channels, resampling: None, made, spread, block };
        feed.take(opened, timeline);
        feed
    }

    /// Makes the next frames. At the end of the list, [`Self::made`] is the end.
    pub(super) fn next(&mut self, timeline: &mut Timeline, skipped: &mut Vec<Skipped>) -> Next<'_> {
        self.block.clear();
        while self.block.is_empty() {
            if let Some(opened) = &mut self.opened {
                let (channels, index) = (opened.header.channels, opened.index);
                self.spread.clear();
                match opened.next() {
                    Ok(Next::Block(samples)) => {
                        spread(samples, channels, self.channels, &mut self.spread);
                        self.make();
                        self.prepare();
                        continue;
                    }
                    Ok(Next::Wait) => return Next::Wait,
                    Ok(Next::End) => {}
                    Err(error) => skipped.extend(self.items.get(index).map(|item| missed(item, &error))),
                }
                self.look_for_next(index);
                self.opened = None;
            }
            let Some(coming) = &mut self.coming else { return Next::End };
            match coming.poll(skipped) {
                Poll::Pending => return Next::Wait,
                Poll::Ready(Some(opened)) => {
                    self.coming = None;
                    self.take(opened, timeline);
                }
                Poll::Ready(None) => {
                    self.coming = None;
                    self.finish_resampling();
                }
            }
        }
        Next::Block(&self.block)
    }

    /// What is in the way, while something is waited for.
    pub(super) fn trouble(&self) -> Option<String> {
        match (&self.opened, &self.coming) {
            (Some(Opened { reading: Reading::Apart(apart), .. }), _) => apart.trouble(),
            (None, Some(coming)) => coming.trouble(),
            _ => None,
        }
    }

    /// Has the next piece fetched while this one is heard, so that there is no gap between the two.
    fn prepare(&mut self) {
        if self.coming.is_none()
            && let Some(index) = self.opened.as_ref().filter(|opened| opened.has_all()).map(Opened::index)
        {
            self.look_for_next(index);
            if let Some(coming) = &mut self.coming {
                coming.prepare();
            }
        }
    }

    fn look_for_next(&mut self, index: usize) {
        let next = Place { index: index + 1, ..Place::default() };
        self.coming.get_or_insert_with(|| Search::new(Arc::clone(&self.items), next));
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
        let Header { frame, frames, .. } = opened.header;
        timeline.push(Mark { at, index: opened.index, frame, rate, frames });
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
    let elsewhere = match error {
        AudioError::Read(error) => error.get_ref().and_then(|error| error.downcast_ref::<RangeError>()),
        _ => None,
    };
    let (reason, help) = match (elsewhere, error) {
        (Some(error), _) => (error.message.clone(), error.help),
        (None, AudioError::Read(error)) if error.kind() == io::ErrorKind::NotFound => {
            ("The file is no longer there.".to_owned(), Some("Put it back, or connect the disk that it is on."))
        }
        (None, error) => (error.to_string(), error.help()),
    };
    Skipped { item: item.clone(), reason, help }
}

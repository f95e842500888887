//! Many renditions of a master from one decode:
//!
//! ```text
//! decode ─┬─► meter
//!         ├─► rendition at the master's rate …
//!         └─► resampler ─┬─► meter
//!                        └─► rendition at another rate …
//! ```
//!
//! The caller's thread decodes; every other stage is a thread behind a bounded channel. All end when one fails: it lets
//! go of its end of a channel, whoever feeds it lets go of all the others, and so on up to the decoder.

mod excerpt;
mod feed;
mod order;
mod rendition;

use std::collections::BTreeMap;
use std::fs;
use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

use release::Loudness;
use release::profile::Rate;

use self::feed::{Halt, Inlet, Outlets};
pub use self::order::{Order, Rendered, Rendition};
use crate::block::{Depth, Samples, Shape};
use crate::decoder::Decoder;
use crate::meter::Meter;
use crate::resample::Resampler;
use crate::{AudioError, Control, Source};

/// Makes renditions of a master in one decode, a thread an encoder. The caller keeps the source by passing `&mut` of
/// it. Where one fails, or the work is cancelled, all end soon and what was written of them is removed.
///
/// # Errors
/// [`AudioError`]; that of a rendition names its file.
pub fn render(source: impl Source, orders: &[Order<'_>], control: &Control) -> Result<Rendered, AudioError> {
    let mut decoder = Decoder::open(source)?;
    let master = decoder.shape();
    let codec = decoder.format().codec;
    thread::scope(|scope| {
        let mut outlets = Outlets::default();
        let mut resampled: BTreeMap<u32, Outlets> = BTreeMap::new();
        let mut makers = Vec::new();
        for order in orders {
            let rate = rate_of(order, master);
            let (inlet, shape) = if rate == master.sample_rate {
                (outlets.inlet(), master)
            } else {
                (resampled.entry(rate).or_default().inlet(), at_rate(master, rate))
            };
            makers.push(scope.spawn(move || rendition::make(&inlet, order, shape, codec, control)));
        }
        let mut meters = BTreeMap::new();
        let mut resamplers = Vec::new();
        let inlet = outlets.inlet();
        meters.insert(master.sample_rate, scope.spawn(move || measure(&inlet, master)));
        for (rate, mut next) in resampled {
            let inlet = next.inlet();
            meters.insert(rate, scope.spawn(move || measure(&inlet, at_rate(master, rate))));
            let inlet = outlets.inlet();
            resamplers.push(scope.spawn(move || resample(&inlet, next, master, rate)));
        }

        let mut failure = Failure::default();
        let mut reporter = control.reporter();
        failure.note(decode(&mut decoder, outlets, control, |fraction| reporter.report(fraction.min(0.99))));
        for resampler in resamplers {
            failure.join(resampler);
        }
        let meters: BTreeMap<u32, Option<Loudness>> =
            meters.into_iter().map(|(rate, meter)| (rate, failure.join(meter))).collect();
        let loudness = |rate| meters.get(&rate).copied().flatten().unwrap_or_default();
        let made: Vec<Option<Rendition>> = makers.into_iter().map(|maker| failure.join(maker)).collect();
        if let Some(error) = failure.into_error() {
            remove_finished(orders, &made);
            return Err(error);
        }
        reporter.report(1.0);
        let measured = |(order, rendition): (&Order<'_>, Rendition)| match order.profile.excerpt {
            Some(_) => rendition,
            None => Rendition { loudness: loudness(rendition.sample_rate), ..rendition },
        };
        let renditions = orders.iter().zip(made.into_iter().flatten()).map(measured).collect();
        Ok(Rendered { facts: decoder.facts(), loudness: loudness(master.sample_rate), renditions })
    })
}

fn rate_of(order: &Order<'_>, master: Shape) -> u32 {
    match order.profile.rate {
        Rate::Master => master.sample_rate,
        Rate::Fixed(rate) => rate,
    }
}

fn at_rate(master: Shape, sample_rate: u32) -> Shape {
    Shape { sample_rate, channels: master.channels, depth: Depth::Float }
}

fn decode(
    decoder: &mut Decoder<'_>,
    outlets: Outlets,
    control: &Control,
    mut report: impl FnMut(f64),
) -> Result<(), Halt> {
    while let Some(block) = decoder.next()? {
        control.check()?;
        outlets.send(block)?;
        report(decoder.fraction());
    }
    control.check()?;
    outlets.end()
}

fn measure(inlet: &Inlet, shape: Shape) -> Result<Loudness, Halt> {
    let mut meter = Meter::new(shape);
    while let Some(block) = inlet.next()? {
        meter.add(&block);
    }
    Ok(meter.loudness())
}

fn resample(inlet: &Inlet, outlets: Outlets, master: Shape, rate: u32) -> Result<(), Halt> {
    let mut resampler = Resampler::new(master.sample_rate, rate, master.channels);
    let mut floats = Vec::new();
    while let Some(block) = inlet.next()? {
        let mut out = Vec::new();
        resampler.push(block.floats(master.depth, &mut floats), &mut out);
        if !out.is_empty() {
            outlets.send(Samples::Float(out))?;
        }
    }
    let mut out = Vec::new();
    resampler.finish(&mut out);
    outlets.send(Samples::Float(out))?;
    outlets.end()
}

/// The first error of all stages. Those that were abandoned have none of their own.
#[derive(Default)]
struct Failure {
    was_abandoned: bool,
    error: Option<AudioError>,
}

impl Failure {
    fn join<T>(&mut self, stage: ScopedJoinHandle<'_, Result<T, Halt>>) -> Option<T> {
        self.note(stage.join().unwrap_or_else(|panic| resume_unwind(panic)))
    }

    fn note<T>(&mut self, result: Result<T, Halt>) -> Option<T> {
        match result {
            Ok(value) => return Some(value),
            Err(Halt::Abandoned) => self.was_abandoned = true,
            Err(Halt::Failed(error)) => {
                self.error.get_or_insert(error);
            }
        }
        None
    }

    fn into_error(self) -> Option<AudioError> {
        assert!(self.error.is_some() || !self.was_abandoned, "a stage is abandoned only when another failed");
        self.error
    }
}

/// An encoder removes what it did not finish; this removes what others finished before the work failed.
fn remove_finished(orders: &[Order<'_>], made: &[Option<Rendition>]) {
    for (order, _) in orders.iter().zip(made).filter(|(_, made)| made.is_some()) {
        // The error that led here is the one to tell.
        let _ = fs::remove_file(&order.path);
    }
}

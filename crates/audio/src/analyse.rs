use release::{AudioFacts, Loudness};
use serde::{Deserialize, Serialize};

use crate::decoder::Decoder;
use crate::meter::Meter;
use crate::waveform::Drawing;
use crate::{AudioError, Control, Source, Waveform};

/// What one pass over a recording tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Format, length, damage.
    pub facts: AudioFacts,
    /// How loud it is.
    pub loudness: Loudness,
    /// Its shape.
    pub waveform: Waveform,
}

/// Decodes a source from end to end, once. The caller keeps the source by passing `&mut` of it.
///
/// # Errors
/// [`AudioError`], where nothing can be decoded or the source cannot be read. Damage inside is in the facts instead.
pub fn analyse(source: impl Source, control: &Control) -> Result<Analysis, AudioError> {
    let mut decoder = Decoder::open(source)?;
    let shape = decoder.shape();
    let mut meter = Meter::new(shape);
    let mut drawing = Drawing::new(shape);
    let mut reporter = control.reporter();
    while let Some(samples) = decoder.next()? {
        control.check()?;
        meter.add(&samples);
        drawing.add(&samples);
        reporter.report(decoder.fraction());
    }
    reporter.report(1.0);
    Ok(Analysis { facts: decoder.facts(), loudness: meter.loudness(), waveform: drawing.finish() })
}

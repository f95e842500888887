use ebur128::{EbuR128, Mode};
use release::Loudness;

use crate::block::{Samples, Shape};

/// Measures loudness and peaks (EBU R 128, ITU-R BS.1770-4).
pub(crate) struct Meter {
    ebu: EbuR128,
    shape: Shape,
    floats: Vec<f32>,
}

impl Meter {
    pub(crate) fn new(shape: Shape) -> Self {
        // The histogram keeps its size whatever the length; the gate's steps of 0.1 LU even out.
        let mode = Mode::I | Mode::TRUE_PEAK | Mode::SAMPLE_PEAK | Mode::HISTOGRAM;
        let ebu = EbuR128::new(u32::from(shape.channels), shape.sample_rate, mode)
            .expect("rate and channels were checked when the file was opened");
        Self { ebu, shape, floats: Vec::new() }
    }

    pub(crate) fn add(&mut self, samples: &Samples) {
        let floats = samples.floats(self.shape.depth, &mut self.floats);
        self.ebu.add_frames_f32(floats).expect("samples come in whole frames");
    }

    pub(crate) fn loudness(&self) -> Loudness {
        let peak = |of: &dyn Fn(u32) -> Result<f64, ebur128::Error>| {
            let highest = (0..self.ebu.channels()).filter_map(|channel| of(channel).ok()).fold(0.0, f64::max);
            Some(20.0 * highest.log10()).filter(|decibels| decibels.is_finite())
        };
        Loudness {
            integrated_lufs: self.ebu.loudness_global().ok().filter(|lufs| lufs.is_finite()),
            true_peak_dbtp: peak(&|channel| self.ebu.true_peak(channel)),
            sample_peak_dbfs: peak(&|channel| self.ebu.sample_peak(channel)),
        }
    }
}

use std::f64::consts::TAU;

/// Lets a band of frequencies through, with gentle slopes.
#[derive(Debug, Clone)]
pub(crate) struct Band {
    low: f64,
    high: f64,
    below: [f64; 2],
    above: [f64; 2],
}

impl Band {
    /// Between two frequencies in Hz, at a sample rate.
    pub(crate) fn new(rate: f64, low: f64, high: f64) -> Self {
        Self { low: pole(rate, low), high: pole(rate, high), below: [0.0; 2], above: [0.0; 2] }
    }

    pub(crate) fn next(&mut self, sample: f64) -> f64 {
        let mut x = sample;
        for state in &mut self.above {
            *state += self.high * (x - *state);
            x = *state;
        }
        for state in &mut self.below {
            *state += self.low * (x - *state);
            x -= *state;
        }
        x
    }
}

/// The coefficient of a filter of one pole at a frequency.
pub(crate) fn pole(rate: f64, hertz: f64) -> f64 {
    let w = TAU * hertz / rate;
    w / (1.0 + w)
}

/// A stretch of interleaved samples.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Samples {
    /// Integers at the master's depth: a 16-bit sample is −32768 to 32767.
    Int(Vec<i32>),
    /// Full scale is −1 to 1.
    Float(Vec<f32>),
}

/// How samples are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Frames a second, in Hz.
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    pub(crate) depth: Depth,
}

/// What a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// An integer of so many bits.
    Int(u8),
    /// A floating-point number.
    Float,
}

impl Samples {
    pub(crate) fn empty(depth: Depth) -> Self {
        match depth {
            Depth::Int(_) => Self::Int(Vec::new()),
            Depth::Float => Self::Float(Vec::new()),
        }
    }

    /// Samples of all channels.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Int(samples) => samples.len(),
            Self::Float(samples) => samples.len(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples as parts of full scale, in a buffer that is used again.
    pub(crate) fn floats<'a>(&'a self, depth: Depth, buffer: &'a mut Vec<f32>) -> &'a [f32] {
        match self {
            Self::Float(samples) => samples,
            Self::Int(samples) => {
                // A power of two, so that multiplying by its inverse is as exact as dividing by it.
                #[expect(clippy::cast_possible_truncation, reason = "a power of two has no digits to lose")]
                let scale = full_scale(depth).recip() as f32;
                buffer.clear();
                #[expect(clippy::cast_precision_loss, reason = "24 bits fit exactly; of 32 the lowest are rounded")]
                buffer.extend(samples.iter().map(|sample| *sample as f32 * scale));
                buffer
            }
        }
    }
}

/// What an integer sample is divided by to be a part of full scale.
pub(crate) fn full_scale(depth: Depth) -> f64 {
    match depth {
        Depth::Int(bits) => 2.0_f64.powi(i32::from(bits) - 1),
        Depth::Float => 1.0,
    }
}

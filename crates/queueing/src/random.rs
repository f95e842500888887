/// Chance that is the same on every run: SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The chance of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Evenly from 0 to 1, without 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what an f64 holds")]
    pub fn even(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly from one number to another.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.even()
    }

    /// A whole number from one to another, both included.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between two u32")]
    pub fn whole(&mut self, fewest: u32, most: u32) -> u32 {
        self.between(f64::from(fewest), f64::from(most) + 1.0) as u32
    }

    /// Exponential, by its mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.even()).ln()
    }

    /// Normal, with mean 0 and deviation 1 (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.even()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.even()).cos()
    }

    /// A triangle's: from `low` to `high`, most often at `peak`.
    pub fn triangle(&mut self, low: f64, peak: f64, high: f64) -> f64 {
        let (even, part) = (self.even(), (peak - low) / (high - low));
        if even < part {
            low + (even * (high - low) * (peak - low)).sqrt()
        } else {
            high - ((1.0 - even) * (high - low) * (high - peak)).sqrt()
        }
    }

    /// How often something happens that happens so often on average (Poisson, as a count of exponential gaps).
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mut sum = self.exponential(1.0);
        let mut count = 0;
        while sum < mean {
            count += 1;
            sum += self.exponential(1.0);
        }
        count
    }

    /// One of several by their shares, which need not add up to 1.
    pub fn one_of<'a, T>(&mut self, all: &'a [T], share: impl Fn(&T) -> f64) -> &'a T {
        let mut left = self.even() * all.iter().map(&share).sum::<f64>();
        for one in all {
            left -= share(one);
            if left < 0.0 {
                return one;
            }
        }
        all.last().expect("there is something to choose from")
    }
}

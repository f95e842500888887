/// Numbers of which the middle, the tail and the greatest are wanted.
#[derive(Debug, Clone, Default)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// One more.
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Their mean; 0 of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of a simulation are far below 2^53")]
    pub fn mean(&self) -> f64 {
        if self.0.is_empty() { 0.0 } else { self.0.iter().sum::<f64>() / self.0.len() as f64 }
    }

    /// The value that this share of them does not exceed, by nearest rank; 0 of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of a simulation are far below 2^53")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank among them")]
    pub fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
    }

    /// The greatest; 0 of nothing.
    #[must_use]
    pub fn most(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }
}

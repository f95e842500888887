//! What is chosen at a desk, and holds for nobody else.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The settings of one desk. Those that everybody in a workspace shares are in [`crate::WorkspaceFile`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeskSettings {
    /// Nothing is sent while this is set.
    pub queue_paused: bool,
    /// Parts of files that are sent at a time, 1 to 16.
    pub parallel_parts: u8,
    /// The most bytes that are sent in a second, from 1,000 on; as many as can be without one.
    pub rate_limit: Option<u64>,
    /// How loud sound is played: a factor from 0 to 1.
    pub volume: f32,
    /// The device that sound is played on, by its id; the system's choice without one.
    pub output_device: Option<String>,
    /// How the window looks.
    pub theme: Theme,
    /// Whether the first welcome was seen.
    pub welcomed: bool,
}

/// How the window looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system does.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// Why settings are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum SettingsError {
    /// Too few or too many parts at a time.
    #[error("{0} parts cannot be sent at a time. Choose a number from 1 to 16.")]
    ParallelParts(u8),
    /// So slow that nothing would arrive.
    #[error("A limit of {0} bytes a second lets nothing through. Choose 1,000 or more, or no limit.")]
    RateLimit(u64),
    /// Not a volume.
    #[error("{0} is not a volume. Choose a number from 0 to 1.")]
    Volume(f32),
}

impl DeskSettings {
    /// How many parts may be sent at a time.
    pub const PARALLEL_PARTS: RangeInclusive<u8> = 1..=16;

    /// The least that sending can be limited to, in bytes a second.
    pub const LEAST_RATE: u64 = 1_000;

    /// Whether they can be used.
    ///
    /// # Errors
    /// Where one of them is out of its range, with the range.
    pub fn check(&self) -> Result<(), SettingsError> {
        if !Self::PARALLEL_PARTS.contains(&self.parallel_parts) {
            return Err(SettingsError::ParallelParts(self.parallel_parts));
        }
        if let Some(rate) = self.rate_limit.filter(|rate| *rate < Self::LEAST_RATE) {
            return Err(SettingsError::RateLimit(rate));
        }
        // Not a number is in no range.
        if !(0.0..=1.0).contains(&self.volume) {
            return Err(SettingsError::Volume(self.volume));
        }
        Ok(())
    }
}

impl Default for DeskSettings {
    fn default() -> Self {
        Self {
            queue_paused: false,
            parallel_parts: 4,
            rate_limit: None,
            volume: 1.0,
            output_device: None,
            theme: Theme::default(),
            welcomed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_refused_with_the_range() {
        let usual = DeskSettings::default;
        for (settings, told) in [
            (
                DeskSettings { parallel_parts: 0, ..usual() },
                "0 parts cannot be sent at a time. Choose a number from 1 to 16.",
            ),
            (
                DeskSettings { parallel_parts: 17, ..usual() },
                "17 parts cannot be sent at a time. Choose a number from 1 to 16.",
            ),
            (
                DeskSettings { rate_limit: Some(999), ..usual() },
                "A limit of 999 bytes a second lets nothing through. Choose 1,000 or more, or no limit.",
            ),
            (DeskSettings { volume: 1.5, ..usual() }, "1.5 is not a volume. Choose a number from 0 to 1."),
            (DeskSettings { volume: f32::NAN, ..usual() }, "NaN is not a volume. Choose a number from 0 to 1."),
        ] {
            assert_eq!(settings.check().unwrap_err().to_string(), told);
        }
        let widest = DeskSettings { parallel_parts: 16, rate_limit: Some(1_000), volume: 0.0, ..usual() };
        assert_eq!((usual().check(), widest.check()), (Ok(()), Ok(())));
    }

    /// Settings as earlier versions wrote them.
    #[test]
    fn what_was_not_asked_for_yet_is_as_usual() {
        let read = |text| serde_json::from_str::<DeskSettings>(text).unwrap();
        assert_eq!(read(r#"{"queue_paused":true}"#), DeskSettings { queue_paused: true, ..DeskSettings::default() });
        assert_eq!(read("{}"), DeskSettings::default());
        let chosen = DeskSettings {
            queue_paused: true,
            parallel_parts: 7,
            rate_limit: Some(250_000),
            volume: 0.25,
            output_device: Some("alsa:hw".to_owned()),
            theme: Theme::Light,
            welcomed: true,
        };
        let text = r#"{"queue_paused":true,"parallel_parts":7,"rate_limit":250000,"volume":0.25,"output_device":"alsa:hw","theme":"light","welcomed":true}"#;
        assert_eq!((serde_json::to_string(&chosen).unwrap().as_str(), read(text)), (text, chosen));
    }
}

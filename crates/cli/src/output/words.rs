//! Sizes, lengths and levels as people read them.

use release::{AudioFormat, Codec, Container, Loudness};

/// `412 MB`, `3.1 MB`, `18 kB`: thousands, as disks are sold.
pub(crate) fn bytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let mut amount = bytes as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if amount < 999.5 {
            return match unit {
                "bytes" => format!("{bytes} bytes"),
                _ if amount < 9.95 => format!("{amount:.1} {unit}"),
                _ => format!("{amount:.0} {unit}"),
            };
        }
        amount /= 1000.0;
    }
    format!("{amount:.1} TB")
}

/// `0:24`, `1:02:03`: rounded down, as players do.
pub(crate) fn length(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "for people, and saturating")]
    let all = seconds.max(0.0) as u64;
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// `44.1 kHz`.
pub(crate) fn rate(hertz: u32) -> String {
    format!("{} kHz", f64::from(hertz) / 1000.0)
}

/// `−14.2 LUFS, −1.3 dBTP`.
pub(crate) fn loudness(loudness: &Loudness) -> String {
    match (loudness.integrated_lufs, loudness.true_peak_dbtp) {
        (Some(lufs), Some(peak)) => format!("{} LUFS, {} dBTP", level(lufs), level(peak)),
        (None, Some(peak)) => format!("too short or too quiet for LUFS, {} dBTP", level(peak)),
        (_, None) => "silent".to_owned(),
    }
}

/// `FLAC, 48 kHz, 24 bit, stereo`.
pub(crate) fn format(format: &AudioFormat) -> String {
    let mut parts = vec![kind(format), rate(format.sample_rate)];
    parts.extend(format.bit_depth.map(|bits| format!("{bits} bit")));
    parts.push(channels(format.channels));
    parts.join(", ")
}

/// `48 kHz 24 bit`.
pub(crate) fn resolution(hertz: u32, bits: Option<u8>) -> String {
    match bits {
        Some(bits) => format!("{} {bits} bit", rate(hertz)),
        None => rate(hertz),
    }
}

/// `stereo`.
pub(crate) fn channels(channels: u16) -> String {
    match channels {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        more => format!("{more} channels"),
    }
}

/// A title as far as a line of a list has room for it.
pub(crate) fn short(title: &str) -> String {
    const ROOM: usize = 48;
    if title.chars().count() <= ROOM {
        return title.to_owned();
    }
    let kept: String = title.chars().take(ROOM - 1).collect();
    format!("{}…", kept.trim_end())
}

/// `1 track`, `3 tracks`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

fn kind(format: &AudioFormat) -> String {
    let container = match format.container {
        Container::Wav => "WAV",
        Container::Rf64 => "RF64",
        Container::Aiff => "AIFF",
        Container::Caf => "CAF",
        Container::Flac => "FLAC",
        Container::Mp4 => "M4A",
        Container::Mp3 => "MP3",
        Container::Adts => "AAC",
        Container::Ogg => "Ogg",
    };
    match format.codec {
        Codec::Pcm | Codec::Flac | Codec::Mp3 => container.to_owned(),
        Codec::PcmFloat => format!("{container} (floating-point)"),
        Codec::Alac => format!("{container} (ALAC)"),
        Codec::Aac if format.container == Container::Adts => container.to_owned(),
        Codec::Aac => format!("{container} (AAC)"),
        Codec::Vorbis => format!("{container} (Vorbis)"),
        Codec::OtherLossy => format!("{container} (lossy)"),
    }
}

fn level(decibels: f64) -> String {
    let text = format!("{decibels:.1}");
    // A minus as wide as a digit; and nothing is minus zero.
    if text == "-0.0" { "0.0".to_owned() } else { text.replace('-', "−") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (amount, words) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (3_140_000, "3.1 MB"),
            (9_960_000, "10 MB"),
            (412_000_000, "412 MB"),
            (5_000_000_000_000, "5.0 TB"),
        ] {
            assert_eq!(bytes(amount), words);
        }
    }

    #[test]
    fn lengths_are_as_players_show_them() {
        for (seconds, words) in [(0.0, "0:00"), (59.99, "0:59"), (83.5, "1:23"), (3_723.0, "1:02:03"), (-1.0, "0:00")] {
            assert_eq!(length(seconds), words);
        }
    }

    #[test]
    fn levels_have_a_real_minus() {
        let quiet = Loudness { integrated_lufs: Some(-14.23), true_peak_dbtp: Some(-0.04), sample_peak_dbfs: None };
        assert_eq!(loudness(&quiet), "−14.2 LUFS, 0.0 dBTP");
        assert_eq!(loudness(&Loudness::default()), "silent");
        assert_eq!(rate(44_100), "44.1 kHz");
        assert_eq!(rate(96_000), "96 kHz");
    }
}

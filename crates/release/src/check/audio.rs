//! Masters, as far as decoding them has found facts.

use std::collections::BTreeMap;

use super::Problem;
use super::phrase::{counted, decibels, kilohertz, listed, track_name};
use crate::{Codec, Container, Field, FieldName, Master, Release, Track, preview_start};

const RATES: [u32; 6] = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];
const HIGHEST_TRUE_PEAK_DBTP: f64 = -1.0;

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    let mut problems: Vec<Problem> = mixed_rates(release).into_iter().collect();
    for track in &release.tracks {
        let name = track_name(release, track);
        let field = Field::of_track(track.id, FieldName::Master);
        match &track.master {
            None => problems.push(Problem::error(
                field,
                "master-missing",
                format!("{name} has no master."),
                "Add its file, or take the track out.",
            )),
            Some(master) => {
                problems.extend(Sound { field, name: &name, master }.problems());
                problems.extend(preview_after_end(track, &name, master));
            }
        }
    }
    problems.extend(mono_among_stereo(release));
    problems
}

struct Sound<'a> {
    field: Field,
    name: &'a str,
    master: &'a Master,
}

impl Sound<'_> {
    fn problems(&self) -> Vec<Problem> {
        // Of a file that must be replaced, its rate, depth and peak are of no interest.
        match self.lossy().or_else(|| self.container()) {
            Some(problem) => [Some(problem), self.empty(), self.truncated(), self.undecodable()],
            None if self.master.facts.frames == 0 => [self.empty(), self.undecodable(), None, None],
            None => {
                let of_format = [self.rate(), self.depth(), self.channels(), self.true_peak()];
                let of_file = [self.truncated(), self.undecodable()];
                return of_file.into_iter().chain(of_format).flatten().collect();
            }
        }
        .into_iter()
        .flatten()
        .collect()
    }

    fn lossy(&self) -> Option<Problem> {
        let format = &self.master.facts.format;
        let codec = match format.codec {
            Codec::Mp3 => "MP3",
            Codec::Aac => "AAC",
            Codec::Vorbis => "Ogg Vorbis",
            Codec::OtherLossy => "a lossy codec",
            Codec::Pcm | Codec::PcmFloat | Codec::Flac | Codec::Alac => return None,
        };
        Some(self.error(
            "master-lossy",
            format!("{} is coded with {codec}, which drops part of the sound.", self.name),
            "Add the original as WAV, AIFF, FLAC, ALAC or CAF. Converting this file would not bring the sound back.",
        ))
    }

    fn container(&self) -> Option<Problem> {
        let format = &self.master.facts.format;
        let accepted = match format.codec {
            Codec::Flac => format.container == Container::Flac,
            Codec::Alac => matches!(format.container, Container::Mp4 | Container::Caf),
            _ => matches!(format.container, Container::Wav | Container::Rf64 | Container::Aiff | Container::Caf),
        };
        (!accepted).then(|| {
            self.error(
                "master-container",
                format!("{} is {} in {}.", self.name, codec_name(format.codec), container_name(format.container)),
                "Export it as WAV, AIFF, FLAC, ALAC or CAF.",
            )
        })
    }

    fn empty(&self) -> Option<Problem> {
        (self.master.facts.frames == 0).then(|| {
            self.error("master-empty", format!("{} has no sound in its file.", self.name), "Export the master anew.")
        })
    }

    fn truncated(&self) -> Option<Problem> {
        let facts = &self.master.facts;
        let declared = facts.declared_frames.filter(|_| facts.is_truncated() && facts.frames > 0)?;
        let rate = facts.format.sample_rate;
        Some(self.error(
            "master-truncated",
            format!(
                "{} ends after {}, and its file declares {}: {} missing.",
                self.name,
                length(facts.frames, rate),
                length(declared, rate),
                counted(declared - facts.frames, "frame is", "frames are"),
            ),
            "The file was cut off. Copy or export it anew.",
        ))
    }

    fn undecodable(&self) -> Option<Problem> {
        let packets = self.master.facts.undecodable_packets;
        (packets > 0).then(|| {
            self.error(
                "master-damaged",
                format!("{} has {} that cannot be decoded.", self.name, counted(packets, "packet", "packets")),
                "The file is damaged. Copy or export it anew.",
            )
        })
    }

    fn rate(&self) -> Option<Problem> {
        let rate = self.master.facts.format.sample_rate;
        if RATES.contains(&rate) {
            return None;
        }
        let message = format!("{} has a sample rate of {}.", self.name, kilohertz(rate));
        Some(if rate < RATES[0] {
            let help =
                "Stores need 44.1 kHz or more. Export it from the session; raising the rate of this file adds nothing.";
            self.error("master-rate", message, help)
        } else {
            self.error("master-rate", message, "Export it at 44.1, 48, 88.2, 96, 176.4 or 192 kHz.")
        })
    }

    fn depth(&self) -> Option<Problem> {
        let format = &self.master.facts.format;
        match (format.codec, format.bit_depth) {
            (Codec::PcmFloat, Some(32)) => Some(Problem::warning(
                self.field,
                "master-float",
                format!("{} is 32-bit floating point. Stores take 16 and 24 bit.", self.name),
                "It is delivered at 24 bit with dither. Export it at 24 bit to decide on that yourself.",
            )),
            (Codec::PcmFloat, Some(bits)) => Some(self.error(
                "master-depth",
                format!("{} is {bits}-bit floating point.", self.name),
                "Export it at 16 or 24 bit.",
            )),
            (_, None | Some(16 | 24)) => None,
            (_, Some(bits)) if bits < 16 => Some(self.error(
                "master-depth",
                format!("{} has {bits} bits a sample. Stores need 16 or 24.", self.name),
                "Export it from the session at 16 or 24 bit.",
            )),
            (_, Some(bits)) => Some(self.error(
                "master-depth",
                format!("{} has {bits} bits a sample. Stores take 16 and 24.", self.name),
                "Export it at 24 bit.",
            )),
        }
    }

    fn channels(&self) -> Option<Problem> {
        let channels = self.master.facts.format.channels;
        (!(1..=2).contains(&channels)).then(|| {
            self.error(
                "master-channels",
                format!("{} has {}. Stereo has two.", self.name, counted(channels.into(), "channel", "channels")),
                "Add the stereo master. Surround and immersive masters are not delivered yet.",
            )
        })
    }

    fn true_peak(&self) -> Option<Problem> {
        // To the hundredth that is shown: "−1.00 is above −1" helps nobody.
        let peak = (self.master.loudness.true_peak_dbtp? * 100.0).round() / 100.0;
        if peak.is_nan() || peak <= HIGHEST_TRUE_PEAK_DBTP {
            return None;
        }
        Some(Problem::warning(
            self.field,
            "master-true-peak",
            format!("{} has a true peak of {} dBTP. Above −1 dBTP, lossy forms may clip.", self.name, decibels(peak)),
            "Lower the master's ceiling to −1 dBTP, or accept it.",
        ))
    }

    fn error(&self, code: &'static str, message: String, help: &str) -> Problem {
        Problem::error(self.field, code, message, help)
    }
}

fn preview_after_end(track: &Track, name: &str, master: &Master) -> Option<Problem> {
    let (frames, rate) = (master.facts.frames, master.facts.format.sample_rate);
    let milliseconds = milliseconds(frames, rate);
    (frames > 0 && track.preview_start_ms >= milliseconds).then(|| {
        Problem::error(
            Field::of_track(track.id, FieldName::PreviewStart),
            "preview-after-end",
            format!(
                "{name} ends after {}, and its preview would start at {}.",
                length(frames, rate),
                preview_start::format(track.preview_start_ms),
            ),
            "Let the preview start earlier, so that there is something to hear.",
        )
    })
}

/// The master, where it may stay: what holds of a file that must be replaced says nothing about the release.
fn lossless(track: &Track) -> Option<&Master> {
    track.master.as_ref().filter(|master| master.facts.format.codec.is_lossless())
}

fn mixed_rates(release: &Release) -> Option<Problem> {
    let mut tracks_at: BTreeMap<u32, u64> = BTreeMap::new();
    for master in release.tracks.iter().filter_map(lossless) {
        *tracks_at.entry(master.facts.format.sample_rate).or_default() += 1;
    }
    let rates: Vec<String> = tracks_at
        .iter()
        .map(|(rate, tracks)| format!("{} ({})", kilohertz(*rate), counted(*tracks, "track", "tracks")))
        .collect();
    (rates.len() > 1).then(|| {
        Problem::warning(
            Field::of_release(FieldName::Tracks),
            "rates-mixed",
            format!("The release mixes sample rates: {}.", listed(&rates)),
            "Deliver every track at the rate of its session where they share one, or accept it.",
        )
    })
}

/// Whether a stereo version exists cannot be told from a file, but where the others are stereo it is worth a look.
fn mono_among_stereo(release: &Release) -> Vec<Problem> {
    let channels = |track: &Track| lossless(track).map(|master| master.facts.format.channels);
    if !release.tracks.iter().any(|track| channels(track) == Some(2)) {
        return Vec::new();
    }
    let mono = release.tracks.iter().filter(|track| channels(track) == Some(1));
    mono.map(|track| {
        Problem::hint(
            Field::of_track(track.id, FieldName::Master),
            "master-mono",
            format!("{} is mono, and other tracks are stereo.", track_name(release, track)),
            "Add the stereo master where there is one.",
        )
    })
    .collect()
}

fn milliseconds(frames: u64, rate: u32) -> u64 {
    u64::try_from(u128::from(frames) * 1000 / u128::from(rate.max(1))).unwrap_or(u64::MAX)
}

/// `3:12.5`.
fn length(frames: u64, rate: u32) -> String {
    let tenths = milliseconds(frames, rate) / 100;
    preview_start::format(tenths * 100)
}

fn codec_name(codec: Codec) -> &'static str {
    match codec {
        Codec::Pcm => "PCM",
        Codec::PcmFloat => "floating-point PCM",
        Codec::Flac => "FLAC",
        Codec::Alac => "ALAC",
        Codec::Mp3 => "MP3",
        Codec::Aac => "AAC",
        Codec::Vorbis => "Vorbis",
        Codec::OtherLossy => "a lossy codec",
    }
}

fn container_name(container: Container) -> &'static str {
    match container {
        Container::Wav => "WAV",
        Container::Rf64 => "RF64",
        Container::Aiff => "AIFF",
        Container::Caf => "CAF",
        Container::Flac => "FLAC",
        Container::Mp4 => "MP4",
        Container::Mp3 => "MP3",
        Container::Adts => "ADTS",
        Container::Ogg => "Ogg",
    }
}

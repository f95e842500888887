//! Notes, and the times at which they sound.

use crate::exact::Noise;

/// A note of a part: where it starts and how long it is held, in beats, its pitch (60 is middle C), and how hard it is
/// struck, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Note {
    pub(crate) start: f64,
    pub(crate) length: f64,
    pub(crate) pitch: i32,
    pub(crate) strength: f64,
}

/// How beats become seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tempo {
    /// Beats a minute.
    pub(crate) beats_a_minute: f64,
    /// How late the second of two halves of a beat comes, as a part of the beat: 0.5 is straight.
    pub(crate) swing: f64,
    /// Silence before the first beat, in seconds.
    pub(crate) lead_in: f64,
}

impl Tempo {
    pub(crate) fn seconds(&self, beat: f64) -> f64 {
        let whole = beat.floor();
        let part = beat - whole;
        let swung =
            if part < 0.5 { part * 2.0 * self.swing } else { self.swing + (part - 0.5) * 2.0 * (1.0 - self.swing) };
        self.lead_in + (whole + swung) * 60.0 / self.beats_a_minute
    }
}

/// The notes of a line such as `"A4:0+1.5 D5:1.5+.5"`: a name, the beat and the length in beats, from a beat on.
pub(crate) fn line(from: f64, strength: f64, text: &str) -> Vec<Note> {
    let note = |word: &str| -> Option<Note> {
        let (name, time) = word.split_once(':')?;
        let (start, length) = time.split_once('+')?;
        let (start, length): (f64, f64) = (start.parse().ok()?, length.parse().ok()?);
        // The first beat of a bar bears the most, the off-beats least.
        let weight = if start == 0.0 {
            1.0
        } else if start == start.floor() {
            0.93
        } else {
            0.84
        };
        Some(Note { start: from + start, length, pitch: pitch(name)?, strength: strength * weight })
    };
    text.split_whitespace().map(|word| note(word).unwrap_or_else(|| panic!("{word} is a note of the score"))).collect()
}

/// Notes that sound together.
pub(crate) fn chord(start: f64, length: f64, strength: f64, names: &str) -> Vec<Note> {
    let pitches = names.split_whitespace().map(|name| pitch(name).unwrap_or_else(|| panic!("{name} is a pitch")));
    pitches.map(|pitch| Note { start, length, pitch, strength }).collect()
}

/// `F#5` as 78; none for what is no name of a pitch.
pub(crate) fn pitch(name: &str) -> Option<i32> {
    let mut chars = name.chars();
    let step = match chars.next()? {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let rest = chars.as_str();
    let (sign, octave) = match rest.strip_prefix('#') {
        Some(octave) => (1, octave),
        None => rest.strip_prefix('b').map_or((0, rest), |octave| (-1, octave)),
    };
    let octave: i32 = octave.parse().ok()?;
    Some(12 * (octave + 1) + step + sign)
}

/// The frequency of a pitch in equal temperament, A4 at 440 Hz.
pub(crate) fn hertz(pitch: i32) -> f64 {
    const SEMITONE: f64 = 1.059_463_094_359_295_3;
    let mut hertz = 440.0;
    for _ in 0..(pitch - 69).abs() {
        if pitch > 69 { hertz *= SEMITONE } else { hertz /= SEMITONE }
    }
    hertz
}

/// Moves every note by a few milliseconds and a little strength, as hands do.
pub(crate) fn by_hand(notes: &mut [Note], beats: f64, seed: u64) {
    let mut noise = Noise::new(seed);
    for note in notes {
        note.start = (note.start + noise.next() * beats).max(0.0);
        note.strength *= 1.0 + 0.07 * noise.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pitches_and_pitches_frequencies() {
        assert_eq!(["C4", "A4", "F#5", "Bb3", "C-1"].map(pitch), [Some(60), Some(69), Some(78), Some(58), Some(0)]);
        assert_eq!(["H4", "", "A", "A#", "Ax"].map(pitch), [None; 5]);
        assert!((hertz(60) - 261.625_565).abs() < 1e-5 && (hertz(93) - 1760.0).abs() < 1e-6);
    }

    #[test]
    fn swing_moves_the_off_beats_alone() {
        let tempo = Tempo { beats_a_minute: 60.0, swing: 0.6, lead_in: 0.25 };
        assert_eq!([0.0, 0.5, 1.0, 1.75].map(|beat| tempo.seconds(beat)), [0.25, 0.85, 1.25, 2.05]);
    }

    #[test]
    fn a_line_is_read_from_its_beat_on() {
        let notes = line(8.0, 0.5, "A4:0+1.5 F#5:1.5+.5");
        let expected = [
            Note { start: 8.0, length: 1.5, pitch: 69, strength: 0.5 },
            Note { start: 9.5, length: 0.5, pitch: 78, strength: 0.42 },
        ];
        assert_eq!(notes, expected);
    }
}

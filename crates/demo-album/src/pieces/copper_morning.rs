//! "Copper Morning": D major, a walk at 92. A kalimba turns over the chords, a harp sings above it, and at the end both
//! stay where they began.

use crate::instruments::{Bass, Brush, Kick, Mallet, Pad, Pluck, Shaker};
use crate::mix::{Desk, Mastering, Room, Strip, master};
use crate::score::{Note, Tempo, by_hand, chord, line};
use crate::sound::Sound;

/// A bar: the pad's chord, the kalimba's six pitches from low to high, and the bass's two.
struct Bar {
    pad: &'static str,
    turning: [&'static str; 6],
    bass: [&'static str; 2],
}

const D: Bar = Bar { pad: "A3 D4 E4 F#4", turning: ["D4", "A4", "D5", "E5", "F#5", "A5"], bass: ["D2", "A2"] };
const A_OVER_C: Bar = Bar { pad: "A3 C#4 E4", turning: ["E4", "A4", "C#5", "E5", "A5", "B5"], bass: ["C#2", "E2"] };
const B_MINOR: Bar = Bar { pad: "A3 B3 D4 F#4", turning: ["D4", "A4", "B4", "D5", "F#5", "A5"], bass: ["B1", "F#2"] };
const G: Bar = Bar { pad: "G3 B3 D4 F#4", turning: ["D4", "G4", "B4", "D5", "F#5", "G5"], bass: ["G1", "D2"] };
const D_OVER_F: Bar = Bar { pad: "A3 D4 F#4", turning: ["D4", "A4", "D5", "F#5", "A5", "D6"], bass: ["F#2", "A2"] };
const E_MINOR: Bar = Bar { pad: "G3 B3 D4 E4", turning: ["E4", "G4", "B4", "D5", "E5", "G5"], bass: ["E2", "B1"] };
const A_SUSPENDED: Bar = Bar { pad: "A3 D4 E4", turning: ["E4", "A4", "D5", "E5", "A5", "B5"], bass: ["A1", "E2"] };

const BARS: [Bar; 11] = [D, G, D, A_OVER_C, B_MINOR, G, D_OVER_F, E_MINOR, G, A_SUSPENDED, G];

const MELODY: [&str; 11] = [
    "",
    "",
    "A4:0+1.5 D5:1.5+.5 F#5:2+2",
    "E5:0+1.5 F#5:1.5+.5 E5:2+1 C#5:3+1",
    "D5:0+1.5 C#5:1.5+.5 D5:2+.5 F#5:2.5+1.5",
    "B4:0+2.5 D5:2.5+.5 E5:3+1",
    "F#5:0+1.5 E5:1.5+.5 D5:2+.5 A5:2.5+1.5",
    "G5:0+1.5 F#5:1.5+.5 E5:2+1 B4:3+1",
    "D5:0+1 E5:1+1 F#5:2+.5 E5:2.5+.5 D5:3+1",
    "E5:0+2 C#5:2+1.5 D5:3.5+.5",
    "D5:0+1 F#5:1+1 B5:2+1.5 A5:3.5+.5",
];

/// The whole piece at a sample rate.
pub(crate) fn copper_morning(rate: f64) -> Sound {
    let tempo = Tempo { beats_a_minute: 92.0, swing: 0.53, lead_in: 0.12 };
    let mut desk = Desk::new(rate, 33.5, tempo);

    desk.play(&Pad { attack: 1.6, release: 2.2, open: 2_100.0 }, &pads(), Strip::new(0.072, 0.0, 0.55, 0.25));
    desk.play(&Mallet::KALIMBA, &turning(), Strip::new(0.105, -0.18, 0.30, 0.55));
    desk.play(&Pluck { ring: 1.6, touch: 4_200.0, damping: 9_000.0 }, &melody(), Strip::new(0.46, 0.14, 0.34, 0.12));
    desk.play(&Mallet::CELESTA, &glints(), Strip::new(0.12, 0.38, 0.75, 0.2));
    desk.play(&Bass, &basses(), Strip::new(0.165, 0.0, 0.03, 0.0));

    let beats = |places: &[f64], from: usize, strength: f64| -> Vec<Note> {
        let bars = from..BARS.len();
        let notes = bars.flat_map(|bar| places.iter().map(move |place| (bar, *place)));
        let mut notes: Vec<Note> =
            notes.map(|(bar, place)| Note { start: at(bar) + place, length: 0.25, pitch: 60, strength }).collect();
        by_hand(&mut notes, 0.008, 77);
        notes
    };
    desk.play(&Kick, &beats(&[0.0, 2.5], 4, 0.8), Strip::new(0.34, 0.0, 0.04, 0.0));
    desk.play(&Brush, &beats(&[1.0, 3.0], 4, 0.6), Strip::new(0.40, 0.08, 0.22, 0.0));
    desk.play(&Shaker, &beats(&[0.0, 1.0, 2.0, 3.0], 2, 0.42), Strip::new(0.40, -0.3, 0.12, 0.0));
    desk.play(&Shaker, &beats(&[0.5, 1.5, 2.5, 3.5], 2, 0.75), Strip::new(0.40, -0.3, 0.12, 0.0));

    let mix = desk.together(Room { seconds: 2.3, distance: 0.024, damping: 4_600.0 });
    master(mix, Mastering { gain: 1.42, fade_out: 2.6 })
}

#[expect(clippy::cast_precision_loss, reason = "there are eleven bars")]
fn at(bar: usize) -> f64 {
    bar as f64 * 4.0
}

fn pads() -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for (i, bar) in BARS.iter().enumerate() {
        notes.extend(chord(at(i), 4.0, 0.7, bar.pad));
    }
    notes.extend(chord(at(BARS.len()), 4.0, 0.75, "A3 D4 E4 F#4"));
    notes
}

/// Eighths over the chord, never twice the same way in a row.
fn turning() -> Vec<Note> {
    const WAYS: [[usize; 8]; 2] = [[0, 2, 4, 1, 3, 5, 2, 4], [0, 3, 1, 4, 2, 5, 3, 1]];
    let mut notes = Vec::new();
    for (i, bar) in BARS.iter().enumerate() {
        for (place, which) in (0..).zip(WAYS[i % 2]) {
            let start = at(i) + f64::from(place) * 0.5;
            let strength = if place % 4 == 0 { 0.82 } else { 0.56 };
            notes.extend(chord(start, 0.5, strength, bar.turning[which]));
        }
    }
    for (place, name) in (0..).zip(["D4", "A4", "D5", "E5", "F#5", "A5", "D6"]) {
        notes.extend(chord(at(BARS.len()) + f64::from(place) * 0.5, 2.0, 0.62 - 0.04 * f64::from(place), name));
    }
    by_hand(&mut notes, 0.012, 11);
    notes
}

fn melody() -> Vec<Note> {
    let mut notes: Vec<Note> = MELODY.iter().enumerate().flat_map(|(bar, text)| line(at(bar), 0.86, text)).collect();
    notes.extend(line(at(BARS.len()), 0.8, "F#5:0+4"));
    notes.extend(line(at(BARS.len()), 0.62, "D5:.06+4 A4:.12+4"));
    by_hand(&mut notes, 0.010, 23);
    notes
}

/// An octave above the melody's first notes of a bar, as light on brass.
fn glints() -> Vec<Note> {
    let mut notes = Vec::new();
    for (bar, name) in [(2, "F#6"), (4, "D6"), (6, "A6"), (8, "F#6"), (10, "B6"), (11, "F#6")] {
        notes.extend(chord(at(bar) + if bar == 2 { 2.0 } else { 0.0 }, 1.0, 0.7, name));
    }
    notes
}

fn basses() -> Vec<Note> {
    let mut notes = Vec::new();
    for (i, bar) in BARS.iter().enumerate().skip(1) {
        notes.extend(chord(at(i), 1.9, 0.85, bar.bass[0]));
        notes.extend(chord(at(i) + 2.5, 1.4, 0.66, bar.bass[1]));
    }
    notes.extend(chord(at(BARS.len()), 5.0, 0.8, "D2"));
    notes
}

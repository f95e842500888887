//! "Undertow": E minor at 74, late in the evening. An electric piano leans on the beat, a vibraphone answers itself, and a
//! dominant with too many alterations keeps pulling back to the start.

use crate::instruments::{Bass, Brush, Keys, Kick, Mallet, Pad, Rim, Shaker};
use crate::mix::{Desk, Mastering, Room, Strip, echo, master};
use crate::score::{Note, Tempo, by_hand, chord, line};
use crate::sound::Sound;

struct Bar {
    keys: &'static str,
    bass: &'static str,
    melody: &'static str,
}

const BARS: [Bar; 8] = [
    Bar {
        keys: "G3 B3 D4 F#4",
        bass: "E2:0+1.4 E2:1.75+.5 B1:2.5+1.2",
        melody: "B4:1+.5 D5:1.5+.5 E5:2+1 F#5:3+.5 E5:3.5+.5",
    },
    Bar { keys: "G3 C#4 F#4", bass: "A1:0+1.4 A1:1.75+.5 E2:2.5+1.2", melody: "C#5:0+1.5 E5:2+.5 F#5:2.5+.5 G5:3+1" },
    Bar {
        keys: "G3 B3 D4 E4",
        bass: "C2:0+1.4 C2:1.75+.5 G2:2.5+1.2",
        melody: "F#5:0+.5 G5:.5+.5 E5:1+1.5 D5:3+.5 B4:3.5+.5",
    },
    Bar {
        keys: "A3 D#4 G4",
        bass: "B1:0+1.4 B1:1.75+.5 F#2:2.5+1.2",
        melody: "D#5:0+1.5 B4:1.5+.5 G4:2+1 A4:3+.5 B4:3.5+.5",
    },
    Bar {
        keys: "G3 B3 C4 E4",
        bass: "A1:0+1.4 A1:1.75+.5 E2:2.5+1.2",
        melody: "C5:0+1 E5:1+.5 G5:1.5+1.5 E5:3+.5 B5:3.5+.5",
    },
    Bar {
        keys: "F#3 C4 E4 B4",
        bass: "D2:0+1.4 D2:1.75+.5 A1:2.5+1.2",
        melody: "B5:0+1 A5:1+.5 F#5:1.5+1 E5:2.5+.5 F#5:3+1",
    },
    Bar { keys: "F#3 A3 B3 D4", bass: "G1:0+1.4 G1:1.75+.5 D2:2.5+1.2", melody: "D5:0+1.5 F#5:1.5+.5 A5:2+2" },
    Bar {
        keys: "A3 D#4 G4",
        bass: "B1:0+1.4 B1:1.75+.5 F#2:2.5+1.2",
        melody: "G5:0+1 D#5:1+1 B4:2+1 C5:3+.5 D#5:3.5+.5",
    },
];

/// The whole piece at a sample rate.
pub(crate) fn undertow(rate: f64) -> Sound {
    let tempo = Tempo { beats_a_minute: 74.0, swing: 0.58, lead_in: 0.12 };
    let mut desk = Desk::new(rate, 32.0, tempo);

    desk.play(&Keys { tremolo: 2.466_666 }, &keys(), Strip::new(0.115, -0.06, 0.30, 0.25));
    let melody_strip = Strip::new(0.18, 0.16, 0.36, 0.2);
    let dotted_eighth = 60.0 / 74.0 * 0.75;
    desk.play_through(&Mallet::VIBRAPHONE, &melody(), melody_strip, |dry| echo(dry, dotted_eighth, 0.42), 0.26);
    desk.play(&Pad { attack: 2.4, release: 2.6, open: 1_300.0 }, &pads(), Strip::new(0.045, 0.0, 0.6, 0.3));
    desk.play(&Bass, &basses(), Strip::new(0.20, 0.0, 0.02, 0.0));

    desk.play(&Kick, &beats(&[(0.0, 0.9), (1.75, 0.55), (2.5, 0.75)], 1), Strip::new(0.40, 0.0, 0.03, 0.0));
    desk.play(&Brush, &beats(&[(1.0, 0.8), (3.0, 0.9)], 1), Strip::new(0.42, 0.05, 0.24, 0.0));
    desk.play(&Rim, &beats(&[(3.75, 0.5)], 2), Strip::new(0.16, 0.34, 0.4, 0.0));
    let eighths: Vec<(f64, f64)> = (0..8).map(|n| (f64::from(n) * 0.5, if n % 2 == 0 { 0.46 } else { 0.72 })).collect();
    desk.play(&Shaker, &beats(&eighths, 0), Strip::new(0.32, -0.34, 0.10, 0.0));

    let mix = desk.together(Room { seconds: 1.9, distance: 0.018, damping: 3_600.0 });
    master(mix, Mastering { gain: 1.0, fade_out: 2.4 })
}

#[expect(clippy::cast_precision_loss, reason = "there are eight bars")]
fn at(bar: usize) -> f64 {
    bar as f64 * 4.0
}

fn keys() -> Vec<Note> {
    let mut notes = Vec::new();
    for (i, bar) in BARS.iter().enumerate() {
        for (start, length, strength) in [(0.0, 2.3, 0.74), (2.5, 0.9, 0.52), (3.75, 0.2, 0.3)] {
            let mut struck = chord(at(i) + start, length, strength, bar.keys);
            // Rolled a little, from the lowest.
            for (place, note) in (0..).zip(&mut struck) {
                note.start += 0.022 * f64::from(place);
            }
            notes.extend(struck);
        }
    }
    let mut last = chord(at(BARS.len()), 4.6, 0.66, "G3 B3 D4 F#4 B4");
    for (place, note) in (0..).zip(&mut last) {
        note.start += 0.09 * f64::from(place);
    }
    notes.extend(last);
    by_hand(&mut notes, 0.007, 5);
    notes
}

fn melody() -> Vec<Note> {
    let mut notes: Vec<Note> =
        BARS.iter().enumerate().flat_map(|(bar, Bar { melody, .. })| line(at(bar), 0.8, melody)).collect();
    notes.extend(line(at(BARS.len()), 0.72, "E5:0+2 F#5:1.5+2 B5:2+3"));
    by_hand(&mut notes, 0.014, 31);
    notes
}

fn pads() -> Vec<Note> {
    let mut notes: Vec<Note> =
        BARS.iter().enumerate().flat_map(|(bar, Bar { keys, .. })| chord(at(bar), 4.0, 0.7, keys)).collect();
    notes.extend(chord(at(BARS.len()), 3.6, 0.7, "G3 B3 D4 F#4"));
    notes
}

fn basses() -> Vec<Note> {
    let mut notes: Vec<Note> =
        BARS.iter().enumerate().flat_map(|(bar, Bar { bass, .. })| line(at(bar), 0.85, bass)).collect();
    notes.extend(chord(at(BARS.len()), 4.4, 0.8, "E2"));
    by_hand(&mut notes, 0.005, 3);
    notes
}

/// The same places of every bar from one on, by their strengths.
fn beats(places: &[(f64, f64)], from: usize) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for bar in from..BARS.len() {
        for (place, strength) in places {
            notes.push(Note { start: at(bar) + place, length: 0.25, pitch: 60, strength: *strength });
        }
    }
    by_hand(&mut notes, 0.009, 41);
    notes
}

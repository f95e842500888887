//! "Lamp Out": five chords down from F to C at 66, for the end of the side. Bells over a breathing chord, and a harp that
//! climbs once a bar.

use crate::instruments::{Bass, Mallet, Pad, Pluck};
use crate::mix::{Desk, Mastering, Room, Strip, echo, master};
use crate::score::{Note, Tempo, by_hand, chord, line};
use crate::sound::Sound;

struct Bar {
    pad: &'static str,
    bass: &'static str,
    climb: &'static str,
    bells: &'static str,
}

const BARS: [Bar; 4] = [
    Bar {
        pad: "A3 C4 E4 G4",
        bass: "F2",
        climb: "F3:0+1 C4:.5+1 G4:1+1 A4:1.5+1 C5:2+1 E5:2.5+1",
        bells: "G5:.5+1 C6:1.5+1 E6:2.5+1.5",
    },
    Bar {
        pad: "G3 B3 D4 E4",
        bass: "E2",
        climb: "E3:0+1 B3:.5+1 G4:1+1 B4:1.5+1 D5:2+1 E5:2.5+1",
        bells: "D6:0+1 B5:1+.5 A5:1.5+1 G5:2.5+1.5",
    },
    Bar {
        pad: "F3 A3 C4 E4",
        bass: "D2",
        climb: "D3:0+1 A3:.5+1 F4:1+1 A4:1.5+1 C5:2+1 E5:2.5+1",
        bells: "A5:.5+1 C6:1.5+1 F6:2.5+.5 E6:3+1",
    },
    Bar {
        pad: "G3 A3 C4 D4",
        bass: "G1",
        climb: "G2:0+1 D3:.5+1 A3:1+1 C4:1.5+1 D4:2+1 G4:2.5+1",
        bells: "D6:0+1 C6:1+.5 A5:1.5+1 B5:3+1",
    },
];

/// The whole piece at a sample rate.
pub(crate) fn lamp_out(rate: f64) -> Sound {
    let tempo = Tempo { beats_a_minute: 66.0, swing: 0.5, lead_in: 0.12 };
    let mut desk = Desk::new(rate, 20.5, tempo);

    desk.play(&Pad { attack: 1.4, release: 2.8, open: 2_600.0 }, &pads(), Strip::new(0.08, 0.0, 0.5, 0.35));
    let bells = Strip::new(0.21, 0.2, 0.55, 0.4);
    desk.play_through(&Mallet::CELESTA, &self::bells(), bells, |dry| echo(dry, 60.0 / 66.0 * 0.75, 0.45), 0.30);
    desk.play(&Pluck { ring: 1.5, touch: 2_400.0, damping: 8_000.0 }, &climbs(), Strip::new(0.17, -0.22, 0.42, 0.3));
    desk.play(&Bass, &basses(), Strip::new(0.17, 0.0, 0.05, 0.0));

    let mix = desk.together(Room { seconds: 3.6, distance: 0.032, damping: 5_200.0 });
    master(mix, Mastering { gain: 0.92, fade_out: 3.0 })
}

#[expect(clippy::cast_precision_loss, reason = "there are four bars")]
fn at(bar: usize) -> f64 {
    bar as f64 * 4.0
}

fn pads() -> Vec<Note> {
    let mut notes: Vec<Note> =
        BARS.iter().enumerate().flat_map(|(bar, Bar { pad, .. })| chord(at(bar), 3.9, 0.8, pad)).collect();
    notes.extend(chord(at(BARS.len()), 3.4, 0.8, "G3 B3 D4 E4"));
    notes
}

fn bells() -> Vec<Note> {
    let mut notes: Vec<Note> =
        BARS.iter().enumerate().flat_map(|(bar, Bar { bells, .. })| line(at(bar), 0.74, bells)).collect();
    notes.extend(line(at(BARS.len()), 0.72, "C6:0+1 G5:1+1 E6:2+3"));
    by_hand(&mut notes, 0.014, 13);
    notes
}

fn climbs() -> Vec<Note> {
    let mut notes: Vec<Note> =
        BARS.iter().enumerate().flat_map(|(bar, Bar { climb, .. })| line(at(bar), 0.8, climb)).collect();
    notes.extend(line(at(BARS.len()), 0.74, "C3:0+4 G3:.5+4 D4:1+4 E4:1.5+4 B4:2+4"));
    by_hand(&mut notes, 0.012, 17);
    notes
}

fn basses() -> Vec<Note> {
    let mut notes: Vec<Note> =
        BARS.iter().enumerate().flat_map(|(bar, Bar { bass, .. })| chord(at(bar), 3.8, 0.8, bass)).collect();
    notes.extend(chord(at(BARS.len()), 4.4, 0.8, "C2"));
    notes
}

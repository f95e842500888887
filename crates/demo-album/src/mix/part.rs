use crate::exact::pan;
use crate::instruments::{Instrument, Tone};
use crate::mix::{Room, reverberate};
use crate::score::{Note, Tempo, hertz};
use crate::sound::Sound;

/// The desk on which parts come together: what is heard as it is, and what is sent to the room.
pub(crate) struct Desk {
    tempo: Tempo,
    dry: Sound,
    sent: Sound,
}

/// Where and how loud a part is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strip {
    /// Factor of amplitude.
    pub(crate) gain: f64,
    /// From −1, left, to 1, right.
    pub(crate) place: f64,
    /// How much goes to the room.
    pub(crate) room: f64,
    /// How far the notes are spread by pitch, as on a keyboard, from 0 to 1.
    pub(crate) spread: f64,
}

impl Strip {
    pub(crate) const fn new(gain: f64, place: f64, room: f64, spread: f64) -> Self {
        Self { gain, place, room, spread }
    }
}

impl Desk {
    pub(crate) fn new(rate: f64, seconds: f64, tempo: Tempo) -> Self {
        Self { tempo, dry: Sound::silence(rate, seconds), sent: Sound::silence(rate, seconds) }
    }

    /// Lets an instrument play notes.
    pub(crate) fn play(&mut self, instrument: &impl Instrument, notes: &[Note], strip: Strip) {
        for (seed, note) in (1..).zip(notes) {
            let start = self.tempo.seconds(note.start);
            let held = self.tempo.seconds(note.start + note.length) - start;
            let pitch = hertz(note.pitch);
            let seed = seed * 0x1_0001 + u64::from(note.pitch.unsigned_abs());
            let tone = Tone { hertz: pitch, held, strength: note.strength, seed };
            let frames = instrument.play(&tone, self.dry.rate);
            let place = strip.place + strip.spread * f64::from(note.pitch - 66) / 36.0;
            let gains = pan(place.clamp(-0.9, 0.9)).map(|gain| gain * strip.gain);
            self.sent.add(start, frames.iter().copied(), gains.map(|gain| gain * strip.room));
            self.dry.add(start, frames, gains);
        }
    }

    /// Lets an instrument play into an effect of its own, whose result is heard beside it.
    pub(crate) fn play_through(
        &mut self,
        instrument: &impl Instrument,
        notes: &[Note],
        strip: Strip,
        effect: impl Fn(&Sound) -> Sound,
        amount: f64,
    ) {
        let mut alone = Self::new(self.dry.rate, 0.0, self.tempo);
        alone.dry.frames = vec![[0.0; 2]; self.dry.frames.len()];
        alone.sent.frames = vec![[0.0; 2]; self.dry.frames.len()];
        alone.play(instrument, notes, strip);
        let wet = effect(&alone.dry);
        self.dry.mix(&alone.dry, 1.0);
        self.dry.mix(&wet, amount);
        self.sent.mix(&alone.sent, 1.0);
        self.sent.mix(&wet, amount * strip.room);
    }

    /// All parts together, in the room.
    pub(crate) fn together(self, room: Room) -> Sound {
        let mut sum = self.dry;
        sum.mix(&reverberate(&self.sent, room), 1.0);
        sum
    }
}

//! Where sound goes: to a sound card, or to a file.

mod capture;
mod card;

use std::ffi::OsStr;
use std::fmt;
use std::sync::mpsc::Sender;

pub use super::renderer::Renderer;
pub use capture::{Capture, CaptureControls, CaptureDevice, Pace};
pub use card::SoundCard;

/// Devices that play sound. It is used on the player's thread only.
pub trait Output {
    /// The devices that there are.
    fn devices(&mut self) -> Vec<Device>;

    /// How a device, or the system's choice where none is named, would play sound of a rate in Hz.
    ///
    /// # Errors
    /// Where there is no such device, or it cannot be used.
    fn plan(&mut self, device: Option<&str>, rate: u32) -> Result<Plan, OutputError>;

    /// Opens a device and plays what the renderer makes, until the stream is dropped. Whatever ends it before is told
    /// to `lost`.
    ///
    /// # Errors
    /// Where it cannot be opened.
    fn open(&mut self, plan: &Plan, renderer: Renderer, lost: Lost) -> Result<Box<dyn OpenStream>, OutputError>;
}

/// A device that is playing; it is let go when this is dropped.
pub trait OpenStream {
    /// There is more to be played.
    fn feed(&self) {}
}

/// A device, as people choose one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// What it is chosen by; the same in every run.
    pub id: String,
    /// Its name, as the system says it.
    pub name: String,
}

/// How a device plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The device; the system's choice where there is none.
    pub device: Option<String>,
    /// Its name.
    pub name: String,
    /// Frames a second, in Hz.
    pub rate: u32,
    /// Its channels.
    pub channels: u16,
    /// How it wants its samples.
    pub form: Form,
}

/// A device's samples, in the order in which they are liked: the first takes what was decoded as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Floating-point numbers of 32 bits.
    Float32,
    /// Integers of 32 bits.
    Int32,
    /// Integers of 24 bits.
    Int24,
    /// Integers of 16 bits.
    Int16,
}

/// Why a device cannot be played on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    /// There is none at all.
    #[error("There is no sound device.")]
    NoDevice,
    /// The one that was chosen is not there.
    #[error("The sound device \"{0}\" is not connected.")]
    Gone(String),
    /// Another program has it.
    #[error("The sound device \"{0}\" is in use by another program.")]
    Busy(String),
    /// It was lost while it played, or it fails otherwise.
    #[error("The sound device \"{device}\" cannot be used: {reason}")]
    Unusable {
        /// Its name.
        device: String,
        /// What the system says.
        reason: String,
    },
}

impl OutputError {
    /// What the person can do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoDevice => "Connect headphones or speakers, then play again.",
            Self::Gone(_) => "Connect it again, or choose another device.",
            Self::Busy(_) => "Stop the other program, or choose another device.",
            Self::Unusable { .. } => "Play again, or choose another device.",
        }
    }
}

/// Where a stream tells that its device was lost.
#[derive(Clone)]
pub struct Lost {
    pub(super) sender: Sender<OutputError>,
    pub(super) player: std::thread::Thread,
}

impl Lost {
    /// Tells it.
    pub fn tell(&self, why: OutputError) {
        // Where nobody listens, the stream is being closed.
        let _ = self.sender.send(why);
        self.player.unpark();
    }
}

impl fmt::Debug for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lost").finish_non_exhaustive()
    }
}

/// The sound card, or what the variable `LACQUER_SOUND` names instead.
pub(super) fn from_environment() -> Box<dyn Output> {
    named(std::env::var_os("LACQUER_SOUND").as_deref())
}

fn named(name: Option<&OsStr>) -> Box<dyn Output> {
    let Some(name) = name.filter(|name| !name.is_empty()) else { return Box::new(SoundCard::default()) };
    let text = name.to_string_lossy();
    let device = |path: &str, pace| CaptureDevice {
        id: "file".to_owned(),
        name: "File".to_owned(),
        path: Some(path.into()),
        rates: Vec::new(),
        pace,
    };
    match text.split_once(':') {
        Some(("file", path)) => Box::new(Capture::new(vec![device(path, Pace::RealTime)])),
        Some(("quick-file", path)) => Box::new(Capture::new(vec![device(path, Pace::Quick)])),
        _ if text == "none" => Box::new(Capture::new(Vec::new())),
        _ => {
            tracing::warn!("LACQUER_SOUND is {text:?}, which is none of file:PATH, quick-file:PATH and none");
            Box::new(SoundCard::default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_puts_something_in_the_card_s_place() {
        let devices = |name: &str| named(Some(OsStr::new(name))).devices();
        assert_eq!(devices("file:/nowhere/a:b.raw")[0].name, "File");
        assert_eq!(devices("quick-file:/nowhere/a.raw")[0].name, "File");
        assert_eq!(devices("none"), []);
    }
}
